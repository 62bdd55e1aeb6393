"""What a run learns from: environments to act in, and recorded episodes.

Holds the two interfaces (`envs.base`), and a room for each kind. The program
`python -m envs.libero` stands at the top. Imports `utils` alone.
"""
