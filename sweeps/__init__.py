"""Sweeps: many runs of train.py, planned, scheduled on machines, and monitored."""
