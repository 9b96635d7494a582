"""What people ask of filed reports: to be read again by today's rules."""
