"""The off-policy algorithms that learn from a reward, given or learned."""
