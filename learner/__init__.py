"""Where the data of an agent come from, and how often it learns from them."""
