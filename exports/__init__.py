"""Writes the reward of a run for use without this project, and reads it back, for `export.py`.

Imports `algorithm` and `utils`.
"""
