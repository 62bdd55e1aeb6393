"""A run as files and flags: its directory and record, and `Run`, which starts and ends it.

Imports `utils` alone.
"""
