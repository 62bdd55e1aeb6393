"""Figures and tables of runs, from the numbers that they wrote.

Imports `utils` alone.
"""
