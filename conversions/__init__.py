"""Writes recorded episodes of LIBERO's suites in another format, for `convert.py`.

Imports `envs.recorded` and `utils`.
"""
