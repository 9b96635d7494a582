"""What is asked of the newest figures, and how the store finds it: by the condition that fewest figures meet.

How many meet a condition on a field is in the table of counts, exactly; so no plan is guessed.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from store import bigrams
from store.figure_rows import FACETS

#: Figures that are counted, and sentences that a search looks at before it goes by another condition.
MOST = 10_000
_MOST_SORTED = 50_000  # figures of several values, which come in no order
_FOUND = "figures.sentence IN (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?)"
_SEARCHED = "(SELECT searched FROM sentences WHERE sentences.sentence = figures.sentence)"
#: Fields of a report, which all of its figures share: the report is found by them, and its figures by their numbers.
_OF_REPORT = ("place", "province", "kind")
#: Figures by way of their reports; in the order of both, as they were put in.
BY_READING = (
    "readings CROSS JOIN figures ON figures.figure BETWEEN readings.first_figure"
    " AND readings.first_figure + readings.figures - 1"
)
#: A condition, and its values.
_Part = tuple[str, Sequence[Any]]
_LAST_READING = "(SELECT figures.reading FROM figures WHERE figures.figure < ? ORDER BY figures.figure DESC LIMIT 1)"


@dataclass(frozen=True)
class Asked:
    """Which of the newest figures: words of a search, and values of fields; of several of one field, one has to be met."""

    words: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    min_confidence: float = 0.0

    @classmethod
    def of(cls, words: str = "", min_confidence: float = 0.0, **fields: str | Sequence[str] | None) -> "Asked":
        """With the fields that have a value, or several.

        Raises:
            ValueError: a field is none of :data:`store.writing.FACETS`.
        """
        if unknown := [name for name in fields if name not in FACETS]:
            raise ValueError(f"{unknown[0]} is none of {', '.join(FACETS)}")
        pairs = {
            (name, one)
            for name, value in fields.items()
            for one in ([value] if isinstance(value, str) else value or ())
            if one
        }
        return cls(words, tuple(sorted(pairs)), min_confidence)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that something is asked of."""
        return tuple(dict.fromkeys(name for name, _ in self.fields))

    def values(self, field: str) -> tuple[str, ...]:
        """The values that are asked for in a field."""
        return tuple(value for name, value in self.fields if name == field)

    def without(self, field: str, value: str | None = None) -> "Asked":
        """The same without a field, or without one of its values."""
        kept = tuple(pair for pair in self.fields if pair[0] != field or value not in (None, pair[1]))
        return replace(self, fields=kept)


class Where(NamedTuple):
    """Conditions for SQL and their values, on ``figures``, or on them by way of their readings."""

    sql: str
    values: list[Any]
    by_reading: bool = False

    @property
    def source(self) -> str:
        """What stands behind FROM."""
        return BY_READING if self.by_reading else "figures"

    @property
    def last_first(self) -> str:
        """What stands behind ORDER BY: the figures that came last first, without sorting any."""
        return "readings.reading DESC, figures.figure DESC" if self.by_reading else "figures.figure DESC"

    def below(self, figure: int) -> "Where":
        """Only figures before one, whether or not that is there."""
        sql, values = f"{self.sql} AND figures.figure < ?", [*self.values, figure]
        if self.by_reading:
            sql, values = f"{sql} AND readings.reading <= {_LAST_READING}", [*values, figure]
        return Where(sql, values, self.by_reading)


def where(database: sqlite3.Connection, asked: Asked, most: int = MOST) -> Where:
    """The conditions, so written that SQLite goes by the one that fewest figures meet; + keeps it from the others.

    Where nothing but words is asked for, they are those of the last ``most`` sentences that have them, and so of as many figures
    or more.
    """
    counts = {name: _met(database, name, asked.values(name)) for name in asked.names}
    least = min(counts, key=lambda name: counts[name], default=None)
    if least is not None and not counts[least]:
        return Where("0", [])
    phrases, single = bigrams.of_search(asked.words)
    if asked.words.strip() and not phrases and not single:
        return Where("0", [])  # marks alone: nothing has them as words
    only_words = not asked.fields and not asked.min_confidence and not single
    by_words = bool(phrases) and (only_words or _few(database, phrases))
    goes_by = None if by_words or least is None or _unordered(asked, least, counts[least]) else least
    by_reading = not by_words and (goes_by is None or goes_by in _OF_REPORT)
    newest = "+figures.is_newest = 1" if by_words else f"{'readings' if by_reading else 'figures'}.is_newest = 1"
    found: list[_Part] = [(_FOUND, [phrases, most])] if by_words else []
    looked_for = single if by_words else bigrams.runs_of(asked.words)
    return _all_of(newest, [*_fields(asked, goes_by), *found, *_having(looked_for)], asked, by_reading=by_reading)


def beside_words(asked: Asked) -> Where:
    """The conditions on figures whose sentences are found by their words elsewhere: all but those of the index, and of fields."""
    return _all_of("+figures.is_newest = 1", _having(bigrams.of_search(asked.words)[1]), asked)


def _all_of(newest: str, parts: Sequence[_Part], asked: Asked, *, by_reading: bool = False) -> Where:
    every = [*parts]
    if asked.min_confidence:
        every.append(("figures.confidence >= ?", [asked.min_confidence]))
    sql = " AND ".join([newest, *(sql for sql, _ in every)])
    return Where(sql, [one for _, values in every for one in values], by_reading)


def _met(database: sqlite3.Connection, field: str, values: Sequence[str]) -> int:
    found = database.execute(
        f"SELECT coalesce(sum(figures), 0) FROM counts WHERE field = ? AND value IN ({marks(values)})",  # noqa: S608 - our own marks
        [field, *values],
    ).fetchone()
    return int(found[0])


def _few(database: sqlite3.Connection, phrases: str) -> bool:
    """Whether fewer sentences have the words than are looked at."""
    found = database.execute(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)", [phrases, MOST]
    ).fetchone()
    return int(found[0]) < MOST


def _unordered(asked: Asked, field: str, met: int) -> bool:
    """Whether so many figures of several values would have to be sorted that going through all in order is less."""
    return len(asked.values(field)) > 1 and met > _MOST_SORTED


def _fields(asked: Asked, goes_by: str | None) -> list[_Part]:
    found: list[_Part] = []
    for name in asked.names:
        values = asked.values(name)
        is_one_of = "= ?" if len(values) == 1 else f"IN ({marks(values)})"
        of = f"{'readings' if name in _OF_REPORT else 'figures'}.{name}" if name == goes_by else f"+figures.{name}"
        found.append((f"{of} {is_one_of}", values))
    return found


def _having(runs: Sequence[str]) -> list[_Part]:
    """By looking at the sentences of the figures that another condition leaves."""
    return [(f"instr({_SEARCHED}, ?)", [run]) for run in runs]


def marks(values: Sequence[Any]) -> str:
    """So many places for values."""
    return ", ".join("?" * len(values))
