"""Figures and tables of runs, from the files that the runs wrote."""
