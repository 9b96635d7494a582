"""Measures of the product: how right it reads (score) and how fast (speed)."""
