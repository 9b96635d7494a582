"""Figures of tables, by the labels of rows and columns."""
