"""Checkpoints: written atomically, and verified before they are read.

Imports only `utils`.
"""
