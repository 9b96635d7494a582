"""How likely all fields of a figure are right, and why."""
