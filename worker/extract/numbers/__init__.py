"""Every number of a text, with its value and its unit."""
