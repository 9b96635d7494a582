"""What Redis has lost is published again, from the archive."""
