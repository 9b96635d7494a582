"""What the labels of one row of a table, or of one column, say of all cells that they have: found out once for each."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from worker.extract.fields.statuses import words_of_plans
from worker.extract.language.reading_text import fold
from worker.extract.tables.headers import Dated, TableLabels
from worker.patterns import Pattern

# Under these a number in brackets is below zero, as accountants write it; elsewhere a bracket may mean anything.
_BELOW_ZERO = Pattern("{tables.signed}")
_CHANGES = Pattern("{tables.changes}|(?<!自然)增长")
_DOWN = Pattern("{tables.falls}|(?<![加增]或)减少")
_RATES = Pattern("{tables.rates}|{tables.rates.at_end}$")
_AMOUNTS = Pattern("{tables.amounts}$")
_PER = re.compile("[%‰]")
_LABELS = 8192


class EdgeUnit(NamedTuple):
    """The unit that the label numbered ``at`` states.

    ``is_part`` says that it is a per cent sign in the label; any other unit is not that of a rate, and ``inside`` says
    whether the labels inside this one call the cells rates (None where they do not say).
    """

    multipliers: str
    unit: str
    at: int
    is_part: bool
    inside: bool | None


class Edge(NamedTuple):
    """The labels of one row or one column, folded, outermost first, and what each cell there has from them.

    ``words`` are those of its name. ``is_signed`` says that a number in brackets is below zero; ``up`` and ``down`` are the
    first labels that speak of change and of a fall, ``is_rate`` says whether the cells are called rates. ``dated`` is the
    time that the nearest label states which does, as far as the labels across state no year; ``has_year`` says that one
    of these here is a year and no more. ``budget`` is the first label of a budget's column, ``of_plans`` are the words of the
    first one that names targets or budgets; ``is_past`` says that one tells of what was done.
    """

    labels: tuple[str, ...]
    words: tuple[str, ...]
    is_signed: bool
    up: str
    down: str
    unit: EdgeUnit | None
    is_rate: bool | None
    has_year: bool
    dated: Dated | None
    budget: str | None
    of_plans: str
    is_past: bool


class Edges(dict[tuple[tuple[str, ...], str | None], Edge]):
    """The edges of one table by their labels as the file has them, and the caption that holds there."""

    def __init__(self, table: TableLabels) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, key: tuple[tuple[str, ...], str | None]) -> Edge:
        table, labels, caption = self.table, tuple(map(_folded, key[0])), _folded(key[1] or "")
        edge = self[key] = Edge(
            labels,
            tuple(map(table.words, labels)),
            any(map(_BELOW_ZERO.search, labels)),
            next(filter(_is_change, labels), ""),
            next(filter(_is_fall, labels), ""),
            self._unit(labels, caption),
            _rate_in(labels),
            any(map(table.year_alone, labels)),
            table.dated(labels),
            table.budget_column(labels),
            next(filter(None, map(words_of_plans, labels)), ""),
            any(map(table.is_past, labels)),
        )
        return edge

    def _unit(self, labels: Sequence[str], caption: str) -> EdgeUnit | None:
        for at in range(len(labels) - 1, -1, -1):
            label = labels[at]
            if per := _per_in(label) if label != caption else None:
                return EdgeUnit("", per, at, is_part=True, inside=None)
            for multipliers, unit, _ in self.table.units_in(label):
                return EdgeUnit(multipliers, unit, at, is_part=False, inside=_rate_in(labels[at + 1 :]))
        return None


# A table has few labels, each of which may stand in many edges.


@lru_cache(maxsize=_LABELS)
def _folded(label: str) -> str:
    return fold(label)


@lru_cache(maxsize=_LABELS)
def _is_change(label: str) -> bool:
    return bool(_CHANGES.search(label))


@lru_cache(maxsize=_LABELS)
def _is_fall(label: str) -> bool:
    return bool(_DOWN.search(label))


@lru_cache(maxsize=_LABELS)
def _per_in(label: str) -> str | None:
    found = _PER.search(label)
    return found.group() if found else None


@lru_cache(maxsize=_LABELS)
def _tells_rate(label: str) -> bool | None:
    """Whether a label calls its cells rates; None where it says nothing of that."""
    if _AMOUNTS.search(label):
        return False
    return True if _RATES.search(label) else None


def _rate_in(labels: Sequence[str]) -> bool | None:
    """Whether the innermost of the labels that says so calls the cells rates: not in 增减 / 金额."""
    return next((told for told in map(_tells_rate, reversed(labels)) if told is not None), None)
