"""Logging of a run: the logger, its sinks, the terminal, rews.npz.

Imports `utils` alone.
"""
