"""Finders of damage and of what is no part of a report: text in, edits and flaws out."""
