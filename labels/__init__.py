"""Predicts learned rewards of data sets, part by part, and writes them where trainers read them.

Behind `label.py`. The reward model is an argument. Imports `envs.recorded` and `utils`.
"""
