"""Checkpoints: each written whole or not at all, and proved sound before it is read.

Imports `utils` alone.
"""
