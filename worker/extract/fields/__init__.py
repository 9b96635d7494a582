"""The rules for each field of a figure, a module a field."""
