"""A module a room: its routes, what it looks up, and the template that it fills."""
