"""The numbers and lines of a run: the logger, its sinks, the terminal, rews.npz.

Imports `utils` alone.
"""
