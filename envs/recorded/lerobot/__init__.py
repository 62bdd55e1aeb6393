"""LeRobot's data sets, v2.1 and v3.0: what is in them, how they are checked, read and written.

Imports `envs.recorded`, `envs.base` and `utils`; no other format.
"""
