"""Formats, told by content. A reader is one module with one function: bytes to the text and the places of a file."""
