"""Recorded episodes, of any format: opening, splitting, side files, decoded frames.

The modules here know no format; each format has a folder of its own, and formats do not import each other.
Imports `envs.base` and `utils`.
"""
