"""A report's figures as the search for relations sees them: exact, with their precision and the words around them."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from worker.draft import Draft
from worker.figure import Clause, Figure
from worker.once import Once
from worker.parts import Sentence

_MULTIPLIERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_WRITTEN = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?([十百千万亿]*)")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ONE = Fraction(1)
LONGEST = 40  # characters of a value; what is longer is no figure of a report
_NO_WORDS = Clause("", "")
_NO_SENTENCE = Sentence(-1, -1, -1, -1, opens=False)


class Term:
    """A figure of a relation; ``index`` is its place among the report's figures, None for a damaged number.

    ``step`` is what one in the last written digit is worth. ``value`` is None for a range, and where damage has
    destroyed it. ``clause`` and ``sentence`` are empty for a table's figure. Never changed; see :meth:`having_value`.
    """

    def __init__(self, figure: Figure, index: int | None, value: Fraction | None, step: Fraction) -> None:
        self.figure = figure
        self.index = index
        self.value = value
        self.step = step
        self.start = figure.place.start
        self.unit = figure.unit
        self.qualifier = figure.qualifier.value or "exact"
        self.change = figure.change.value
        self.period = figure.period.value
        self.name = figure.indicator.value or ""
        self.damage = figure.damage
        self.clause = figure.clause or _NO_WORDS
        self.sentence = figure.sentence or _NO_SENTENCE

    def having_value(self, value: Fraction | None) -> "Term":
        """The same with another value."""
        return Term(self.figure, self.index, value, self.step)

    @Once
    def amount(self) -> Fraction:
        """The value, zero where it is lost."""
        return self.value or Fraction(0)

    @Once
    def family(self) -> str:
        """What it can be added to or compared with: 件次 and 件 are one family, % and 个百分点 as well."""
        if self.unit in ("%", "个百分点"):
            return "%"
        return self.unit[:-1] if len(self.unit) > 1 and self.unit.endswith("次") else self.unit

    @Once
    def exact(self) -> bool:
        """Whether it stands for nothing but itself."""
        return self.low == self.high

    @Once
    def low(self) -> Fraction:
        """The least true value that a careful writer would give like this."""
        if self.qualifier in ("about", "under"):
            return self.amount - self._place
        return self.amount if self.qualifier == "over" or self.step == 1 else self.amount - self.step / 2

    @Once
    def high(self) -> Fraction:
        """The greatest such value; a figure may have been cut off instead of rounded."""
        if self.qualifier in ("about", "over"):
            return self.amount + self._place
        return self.amount if self.qualifier == "under" or self.step == 1 else self.amount + self.step

    @property
    def digits(self) -> int:
        """How many digits are significant as written: 4 in 41.67 and in 2647, 2 in 75."""
        return len(str(abs(int(self.amount / self.step)))) if self.step and self.amount else 1

    @Once
    def _place(self) -> Fraction:
        """What the last digit that is not zero is worth: 10 in 290多个."""
        place, whole = self.step, int(self.amount / self.step)
        while whole and whole % 10 == 0:
            whole //= 10
            place *= 10
        return place


Row = Sequence[Term]


def terms_of_prose(draft: Draft) -> list[list[Term]]:
    """The figures of the prose, sentence by sentence, with the numbers among them that damage has touched.

    Leaves out those in the cells of tables, whose relations are not said in sentences.
    """
    terms = [
        Term(figure, index, None if figure.value_high else _value(figure.value), _step(figure.written))
        for index, figure in enumerate(draft.figures)
        if figure.clause and not figure.cell and len(figure.value) <= LONGEST
    ]
    terms += [Term(figure, None, None, _ONE) for figure in draft.damaged]
    terms.sort(key=lambda term: term.figure.place[:2])
    return [list(row) for _, row in groupby(terms, key=attrgetter("sentence.start"))]


def term_of_cell(figure: Figure, index: int) -> Term:
    """A table's figure. Its caption may have multiplied it: 单位：万元."""
    value = None if figure.value_high else _value(figure.value)
    if value is not None and figure.written == figure.value and _PLAIN.fullmatch(figure.value):
        return Term(figure, index, value, _step_of(len(figure.value.partition(".")[2]), ""))
    digits = _WRITTEN.search(figure.written) if value else None
    written = digits[0].rstrip("十百千万亿").replace(",", "") if digits else ""
    if not digits or not value or not (bare := value if written == figure.value else _value(written)):
        return Term(figure, index, value, _step(figure.written))
    step = _step_of(len(digits[1] or ""), "")
    return Term(figure, index, value, step if bare is value else step * abs(value / bare))


def _value(written: str) -> Fraction:
    """What Fraction makes of it, which goes by a pattern where two numbers do."""
    whole, point, decimals = written.partition(".")
    if not (whole.isdigit() and whole.isascii()):
        return Fraction(written)
    if not point:
        return Fraction(int(whole))
    if not (decimals.isdigit() and decimals.isascii()):
        return Fraction(written)
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _step(written: str) -> Fraction:
    """What one in the last digit is worth; 1 for Chinese numerals, which are written out."""
    runs = _WRITTEN.findall(written)
    return _step_of(len(runs[-1][0]), runs[-1][1]) if runs else _ONE


@lru_cache(maxsize=256)
def _step_of(decimals: int, multipliers: str) -> Fraction:
    return Fraction(10) ** (sum(_MULTIPLIERS[char] for char in multipliers) - decimals)
