"""Figures of the store as the rows that every table of figures has."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from exports import units
from exports.columns import NAMES, Row

#: A figure as :class:`store.views.Views` finds it.
FigureRow = sqlite3.Row
#: The same, or with what people say of it in its place.
Found = FigureRow | Mapping[str, Any]
#: What people say of a figure: exports.reviewed knows it, no store does.
_OF_PEOPLE = frozenset(("review", "read_value", "read_as", "review_note", "reviewed_by", "reviewed_at"))
#: Columns that have another name in the store, or that SQL knows as words of its own.
_NAMED = {"sentence": "sentence_text", "start": "place_start", "end": "place_end", "confidence_reasons": "reasons"}


def row_of(found: Found) -> Row:
    """A figure that :class:`store.views.Views` found, as :func:`exports.columns.rows_of` has it from its report."""
    said = found if isinstance(found, Mapping) else {}
    row: Row = {name: said.get(name) if name in _OF_PEOPLE else _cell(found, name) for name in NAMES}
    row["figure"] = found["number"] + 1  # in its report; the store's own is a key
    row["base"] = units.decimal_text(units.in_base(found["value"], found["unit"]))  # the store's is to sort by
    return row


def _cell(found: Found, name: str) -> str | float | int | None:
    cell: str | float | int | None = found[_NAMED.get(name, name)]
    return None if cell == "" else cell
