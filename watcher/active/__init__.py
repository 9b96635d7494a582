"""The one watcher that is active: its main loop, its threads, and what a pass of each of them does."""
