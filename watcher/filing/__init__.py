"""What has ended leaves the inbox for the archive, with its JSON beside it, and comes back when it is to be read again."""
