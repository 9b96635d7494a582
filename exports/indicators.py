"""The canonical indicators by their ids: what each is called, and what kind of quantity it is.

``data/indicators.json`` is made from the catalogue that reading goes by (``make generate``): a table can name what an id
means without reading anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Indicator:
    """An entry of the catalogue; ``wordings`` are other names that lead to it."""

    id: str
    name: str
    wordings: tuple[str, ...]
    unit_kind: str
    direction: str
    source: str


@cache
def catalogue() -> Mapping[str, Indicator]:
    """All of them, by id."""
    text = (files("exports") / "data" / "indicators.json").read_text(encoding="utf-8")
    return {row["id"]: Indicator(**{**row, "wordings": tuple(row["wordings"])}) for row in json.loads(text)}
