"""Checkpoints: written atomically, and verified before they are read.

Imports `utils` alone.
"""
