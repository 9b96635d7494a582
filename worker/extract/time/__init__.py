"""Times that a text states, and the time at each place of it."""
