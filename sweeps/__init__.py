"""Many runs of train.py: which, in what order, on which machines, and how far they are.

Imports `utils` alone.
"""
