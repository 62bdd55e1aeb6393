"""Storage of whole episodes, and what is drawn from it; numpy only.

Imports `utils` alone.
"""
