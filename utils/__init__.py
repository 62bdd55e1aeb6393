"""Parts that know nothing of reinforcement learning, and the data structures everything else shares.

Imports nothing of ours.
"""
