"""What people drop: names that may be used, files written into the inbox whole, archives unpacked."""
