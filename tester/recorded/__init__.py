"""Evaluation of a reward model on recorded episodes: metrics, baselines, tables and a figure.

Imports `utils` alone; the reward model and the episodes are arguments.
"""
