"""How well a reward fits recorded episodes: metrics, baselines, tables and a picture.

Imports `utils` alone; a reward model and episodes are handed to it.
"""
