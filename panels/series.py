"""One series of a panel, and whether a figure belongs to it."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import get_args

from exports.columns import Row
from exports.units import base_of, in_base
from schemas.metric import Measure

STATUSES = ("achieved", "planned")
DIRECTIONS = ("none", "increase", "decrease")

#: Whose figure it is when it is the whole place's: a scope that says no more than the place does.
_WHOLE = re.compile(r"全?(?:国|省|自治区|区|市|州|盟|县|旗|镇|乡|街道|域|社会|境)|我(?:国|省|区|市|县)")

_STOP = re.compile("[。;；!！?？]")
_CLAUSE = re.compile("(?<=[,，、])")
_NUMBER = re.compile(r"\d(?![\d年月日])")  # and no time
_SURE = 0.8  # a figure as sure as this is named rightly


def all_measures() -> tuple[str, ...]:
    """What kinds of quantity there are."""
    return get_args(Measure)


@dataclass(frozen=True)
class Series:
    """What is compared over places and years, and how its figures are known.

    A figure belongs to it by one of ``ids``; or by one of ``names``, which is its whole name; or by ``words``, groups of which
    each has one word in the name. ``without`` are words that the name must not have. ``units``: in any unit that turns into
    one of these; "" lets a bare number through. ``direction``: which way the title counts: with "decrease" a fall of 3 is 3
    and a rise of 3 is -3; with "none" or "increase" a fall is negative. ``hints`` are groups as in ``words``: a figure in whose
    sentence they stand may be meant, and an empty cell tells of it rather than that nothing is stated.
    """

    key: str
    title: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    hints: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    measures: tuple[str, ...] = ("level",)
    statuses: tuple[str, ...] = ("achieved",)
    direction: str = "none"

    @cached_property
    def bases(self) -> frozenset[str]:
        """The base units of its units."""
        return frozenset(map(base_of, self.units))

    @property
    def unit(self) -> str:
        """The unit that its title names: the first of its units, "" where any will do."""
        return self.units[0] if self.units else ""

    def has(self, row: Row) -> bool:
        """Whether a figure belongs to it, whatever its period and status."""
        return self._is_named(row) and self._is_measured(row) and is_whole(row["scope"])

    def may_be(self, row: Row) -> bool:
        """Whether a figure that does not belong to it may be one of it all the same, because it was named or measured wrongly.

        The words must be its own: in its name, or, where that is not sure, in its clause and those that lead up to it.
        """
        if row["indicator_id"] is not None and row["indicator_id"] not in self.ids:
            return False
        return (self._is_named(row) or self._is_said(row, own_words(row))) and self._would_do(row)

    def is_akin(self, row: Row) -> bool:
        """Whether a reader may look here for a figure that was read as another: of another indicator, measure or unit.

        Or the words stand in its sentence, but with another figure between.
        """
        name = str(row["indicator"] or "")
        if any(word in name for word in self.without):
            return False
        if row["indicator_id"] in self.ids:
            return True
        return self._is_said(row, words_before(row)) and self._would_do(row)

    def differs(self, row: Row) -> str:
        """What keeps a figure that is akin from being one of it: ``indicator``, ``unit``, ``measure``, or else ``words``."""
        if row["indicator_id"] is not None and row["indicator_id"] not in self.ids:
            return "indicator"
        if not self.takes(unit_of(row)):
            return "unit"
        return "words" if self._would_do(row) else "measure"

    def takes(self, unit: str) -> bool:
        """Whether a value in that unit can stand in it."""
        return not self.units or base_of(unit) in self.bases

    def signed(self, value: str, unit: str, change: object) -> Fraction:
        """A value in the base unit, with the sign that the title gives it."""
        number = in_base(value, unit)
        against = {"decrease": "increase"}.get(self.direction, "decrease")
        return -number if change == against else number

    def _is_named(self, row: Row) -> bool:
        name = str(row["indicator"] or "")
        if any(word in name for word in self.without):
            return False
        if row["indicator_id"] in self.ids or name in self.names:
            return True
        return bool(self.words) and all(any(word in name for word in group) for group in self.words)

    def _is_said(self, row: Row, before: str) -> bool:
        """Whether the name, or of a figure that is not sure the words before it, has those of the series or of its hints."""
        unsure = row["confidence"] is None or float(row["confidence"]) < _SURE
        near = str(row["indicator"] or "") + (before if unsure else "")
        groups = self.hints or self.words
        return any(name in near for name in self.names) or (
            bool(groups) and all(any(word in near for word in group) for group in groups)
        )

    def _would_do(self, row: Row) -> bool:
        return row["measure"] in ("level", "yearly_mean", *self.measures) and self.takes(unit_of(row))

    def _is_measured(self, row: Row) -> bool:
        # The mean of one year (年均浓度) is its level; only one over several years is of another kind.
        of_a_year = row["measure"] == "yearly_mean" and row["year"] is not None
        return ("level" if of_a_year else row["measure"]) in self.measures and self.takes(unit_of(row))


def unit_of(row: Row) -> str:
    """The unit of a figure, "" for a bare number."""
    return str(row["unit"] or "")


def words_before(row: Row) -> str:
    """The words of the sentence before the number, back to a full stop or semicolon; all where it is not found."""
    sentence, quote = str(row["sentence"] or ""), str(row["quote"] or "")
    at = sentence.find(quote)
    return sentence if at < 0 else _STOP.split(sentence[:at])[-1]


def own_words(row: Row) -> str:
    """Those of :func:`words_before` that no other figure stands behind: its clause, and clauses without a number before that.

    >>> own_words({"sentence": "全年败诉率为9.8%，其中，出庭率为97.6%。", "quote": "97.6%"})
    '其中，出庭率为'
    """
    clauses = _CLAUSE.split(words_before(row))
    kept = clauses[-1:]
    for clause in reversed(clauses[:-1]):
        if _NUMBER.search(clause):
            break
        kept.insert(0, clause)
    return "".join(kept)


def is_whole(scope: object) -> bool:
    """Whether a scope says no more than that it is the whole place's.

    >>> is_whole(None), is_whole("全市"), is_whole("市直")
    (True, True, False)
    """
    return scope is None or _WHOLE.fullmatch(str(scope)) is not None
