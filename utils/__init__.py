"""Parts independent of reinforcement learning, and the data structures that all other folders share.

Imports nothing of ours.
"""
