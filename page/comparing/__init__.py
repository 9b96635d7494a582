"""One quantity over places and years: what can be compared, what is left out and why, and its plots."""
