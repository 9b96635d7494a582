"""The durable record of every file that was taken in."""
