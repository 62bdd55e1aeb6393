"""What a reward model is fitted to offline: recorded episodes, and made ones that contrast with them.

Imports `algorithm.replay_buffer` and `utils`.
"""
