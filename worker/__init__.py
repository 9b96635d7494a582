"""Reads one report file at a time and publishes its figures.

``pipeline`` is pure; ``tasks`` is the thin edge around it.
"""

#: Part of every report event's id: raise it whenever the same bytes may read differently, and the
#: reports in the archive can be read anew and published again.
PIPELINE_VERSION = "6"
