"""A sentence with its figures: clauses, what they pass on, and the words that decide."""
