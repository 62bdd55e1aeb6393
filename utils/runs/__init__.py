"""A run as files and flags: its directory, its record, where it starts, what it has learned.

Imports `utils` alone.
"""
