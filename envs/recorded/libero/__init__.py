"""LIBERO's own HDF5 files: where they are, what is in them, how they are checked and listed.

Imports `envs.recorded`, `envs.base` and `utils`; no other format.
"""
