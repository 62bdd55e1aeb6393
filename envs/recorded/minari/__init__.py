"""Minari's data sets of offline reinforcement learning, in HDF5; the package `minari` is not needed.

Imports `envs.recorded`, `envs.base` and `utils`; no other format.
"""
