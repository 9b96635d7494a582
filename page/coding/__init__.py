"""Panels by codebooks as the room shows them: laid out in a grid, one cell open, and what a person says of it written down."""
