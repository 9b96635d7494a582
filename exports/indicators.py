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


def name_of(id_: str) -> str | None:
    """What an id means; with a part that a standard form gives, the part as the form has it; None for an unknown id.

    >>> name_of("economy.gdp"), name_of("economy.gdp/本年"), name_of("economy.nothing")
    ('地区生产总值', '地区生产总值（本年）', None)
    """
    known, _, part = id_.partition("/")
    found = catalogue().get(known)
    if found is None:
        return None
    return f"{found.name}（{part}）" if part else found.name
