"""Learned rewards written beside or into data sets, for `label.py`.

Imports `envs.recorded` and `utils`.
"""
