"""Evaluates policies and reward models, without learning.

`__main__` is the program `python -m tester`, and may import what programs may. All other modules get
environments and agents as arguments. Imports `utils` alone.
"""
