"""Hand-overs go to the queue, and how they ended comes back."""
