"""What a reward model is fitted to offline: recorded episodes, and made ones that contrast with them."""
