"""Figures as flat tables: one list of columns for every format. Knows reports, and neither how they are read nor Redis."""
