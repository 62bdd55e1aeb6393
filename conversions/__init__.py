"""Writes recorded episodes, of LIBERO's suites or of own data, in another format, for `convert.py`.

Imports `envs.recorded` and `utils`.
"""
