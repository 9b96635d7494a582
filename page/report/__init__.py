"""The room of one report: what its text, its figures and the way they were read look like to a reader. Pure."""
