"""How good an agent is, apart from learning."""
