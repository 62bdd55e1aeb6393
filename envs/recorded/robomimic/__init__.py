"""HDF5 files in robomimic's layout, of any robot, cameras and vectors.

Imports `envs.recorded`, `envs.base` and `utils`; no other format.
"""
