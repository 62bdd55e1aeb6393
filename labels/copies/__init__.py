"""Copies of data sets with learned rewards in them: a module for each layout on disk, `writer` chooses.

Imports `envs.recorded` and `utils`.
"""
