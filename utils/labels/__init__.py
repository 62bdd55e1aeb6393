"""The learned rewards of recorded episodes as plain values, and the table that holds them.

Imports `utils`.
"""
