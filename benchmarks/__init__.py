"""How fast the parts of a run are, against this machine's own limit and against others' programs."""
