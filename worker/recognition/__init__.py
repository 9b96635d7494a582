"""Whether a file is a report at all."""
