"""The files and flags of a run: its directory and record, and `Run`, which manages its lifetime.

Imports `utils` alone.
"""
