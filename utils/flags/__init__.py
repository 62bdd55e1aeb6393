"""Flags: what one is, the table of all of them, their checks, and how a command line is read.

Imports `utils` alone.
"""
