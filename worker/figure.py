"""A number of a report with all that is known of it, and why: what every stage after the reading works on.

:class:`schemas.metric.Metric` is written from it in one place, ``worker/report_writer.py``, at the very end.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

from worker.edits import Text
from worker.once import Once
from worker.parts import Cell, Heading, Sentence, Span

Kind = Literal["metric", "date", "ordinal", "marker", "name", "identifier", "word", "damaged", "bare", "vague", "cell"]

LONGEST_CLAUSE = 120  # characters
_TO_MARK = re.compile("[^,;:()。!?、]*")
_TO_STOP = re.compile("[^,;:。!?]*")


class Said(NamedTuple):
    """A field's value with its why.

    ``rule`` names the rule that decided it as ``field.name`` in lower-case ASCII (``period.carried``), ``words`` are
    those of the report that it went by, empty where it went by none.
    """

    value: str | None
    rule: str
    words: str = ""


NOTHING = Said(None, "")


class Place(NamedTuple):
    """Where a number stands: half-open, in code points, in the repaired text and in the file's decoded text."""

    start: int
    end: int
    raw_start: int
    raw_end: int

    @classmethod
    def of(cls, text: Text, start: int, end: int) -> Self:
        """The place of ``text.now[start:end]``."""
        return cls(start, end, *text.origin.span(start, end))


class Number(NamedTuple):
    """A number of the repaired text, ``now[start:end]``, with its kind, the reason for it, and the rule that gave it.

    Figures of the prose are ``metric``, what stands in tables ``cell``.
    """

    start: int
    end: int
    kind: Kind
    reason: str
    rule: str


@dataclass(frozen=True)
class Clause:
    """The words around a number: ``gap`` back to the number before it in its sentence, ``tail`` up to the next one.

    Both are of the repaired text, with its full-width forms folded.
    """

    gap: str
    tail: str

    @Once
    def before(self) -> str:
        """Its clause up to the number: from the last mark or number on."""
        return _tail(_TO_MARK, self.gap).strip()

    @Once
    def after(self) -> str:
        """Its clause after the unit: up to the next mark or number."""
        return _head(_TO_MARK, self.tail).strip()

    @Once
    def whole(self) -> str:
        """All of it, brackets and lists included: from the last comma or number to the next mark."""
        return _tail(_TO_STOP, self.gap) + self.after

    @property
    def lead(self) -> str:
        """What stands right before the number: no more than a long clause has, so that looking at it costs little."""
        return self.gap[-LONGEST_CLAUSE:]


class Figure(NamedTuple):
    """One number with its unit and its meaning.

    ``written`` is the number as it stands in the repaired text, folded; ``value`` a plain decimal or a fraction,
    ``value_high`` the upper end of a range. A figure of prose has its ``sentence`` and, in it, its ``clause``; one of a
    table has its ``cell``, and prose in a layout table has all three. ``words`` are what people see it in, the sentence
    or the labels; ``original`` the same in the file's script, where that is another.

    ``unit_at`` and ``period_at`` are the places in the file of what gave a table's figure its unit and its period: a
    label, a line over the table, a heading, the report's title; None for prose, and where nothing in the file did.
    ``damage`` names the damage that keeps a number from being published: it has a unit, a clause and no value.
    """

    place: Place
    written: str
    value: str
    unit: str
    indicator: Said = NOTHING
    period: Said = NOTHING
    status: Said = NOTHING
    qualifier: Said = NOTHING
    change: Said = NOTHING
    measure: Said = NOTHING
    scope: Said = NOTHING
    actor: Said = NOTHING
    words: str = ""
    value_high: str | None = None
    original: str | None = None
    clause: Clause | None = None
    sentence: Sentence | None = None
    cell: Cell | None = None
    headings: tuple[Heading, ...] = ()
    unit_at: Span | None = None
    period_at: Span | None = None
    damage: str = ""
    indicator_id: str | None = None
    confidence: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[Said, ...]:
        """The fields that say why they are as they are, in their order."""
        return self[4:12]  # as the types tell

    def having(self, **changes: Any) -> Self:
        """The figure with some fields replaced."""
        fields = list(self)
        for name, value in changes.items():
            fields[_PLACES[name]] = value
        return type(self)._make(fields)


_PLACES = {name: place for place, name in enumerate(Figure._fields)}
#: The fields that say why they are as they are, in the order of the figure.
SAID_FIELDS = tuple(name for name, kind in Figure.__annotations__.items() if kind is Said)


def _head(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0] if match else ""


def _tail(pattern: re.Pattern[str], text: str) -> str:
    return _head(pattern, text[::-1])[::-1]
