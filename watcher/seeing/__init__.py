"""What is seen of the inbox, and whether a file is complete: events, walks, mounts, writers."""
