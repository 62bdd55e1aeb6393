"""The off-policy algorithms that learn from a reward, given or learned.

Imports `algorithm.losses`, `algorithm.networks` and `utils`.
"""
