"""What a run learns from: environments to act in, and recorded episodes.

Holds the two interfaces (`envs.base`), and a room for each kind. Imports nothing of ours but `utils`.
"""
