"""Where the data of an agent come from, and how often it learns from them.

Imports `utils` alone; environments and agents are handed to it.
"""
