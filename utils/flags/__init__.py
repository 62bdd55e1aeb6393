"""Flags: the class, the table of all flags, their checks, and the parser of a command line.

Imports `utils` alone.
"""
