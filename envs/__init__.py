"""What a run learns from: environments to act in, and recorded episodes.

Holds the two interfaces (`envs.base`), and a room for each kind. The program `python -m envs.libero` and the
wrapper `envs.learned_reward` stand at the top. The wrapper alone loads runs. Imports `utils` and `loading`.
"""
