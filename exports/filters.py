"""Which figures a table holds, and which condition left none."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from exports.columns import Row

_PART = r"\d{4}(?:H[12]|Q[1-4]|-\d{2}(?:-\d{2})?)?"
_PERIOD = re.compile(rf"(?:\.\.)?{_PART}(?:/{_PART})?", re.ASCII)

Condition = Callable[[Row], bool]


class Named(NamedTuple):
    """A condition as a user gave it: a field, and values of which one is enough; of ``confidence`` the least."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """In English.

        >>> str(Named("place", ("北京市", "天津市"))), str(Named("confidence", ("0.8",)))
        ('place 北京市 or 天津市', 'confidence of 0.8 or more')
        """
        values = " or ".join(self.values)
        return f"{self.field} of {values} or more" if self.field == "confidence" else f"{self.field} {values}"


@dataclass(frozen=True)
class Wanted:
    """Conditions that all have to hold. Of several values for one condition one is enough; none lets everything through.

    ``places``: the name of the place, its city or its province, or the beginning of its code. ``periods``: a period or a year.
    ``indicators``: an id, the beginning of one up to a dot or slash, or words that the name has.
    """

    places: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    min_confidence: float = 0.0

    def conditions(self) -> dict[Named, Condition]:
        """Those that are set, by what a user calls them."""
        chosen: dict[Named, Condition] = {}
        for name, values, fits in (
            ("place", self.places, _is_place),
            ("period", self.periods, _is_period),
            ("kind", self.kinds, _is_kind),
            ("indicator", self.indicators, _is_indicator),
            ("status", self.statuses, _is_status),
        ):
            if values:
                chosen[Named(name, values)] = _one_of(values, fits)
        if self.min_confidence:
            chosen[Named("confidence", (str(self.min_confidence),))] = self._is_sure
        return chosen

    def _is_sure(self, row: Row) -> bool:
        # A person's word is surer than any rule's.
        return bool(row["review"]) or float(row["confidence"] or 0) >= self.min_confidence


def is_period(text: str) -> bool:
    """Whether a time has a form that periods of figures have.

    >>> [is_period(text) for text in ("2023", "2023H1", "..2025-12", "2021/2025", "20x3", "2023年")]
    [True, True, True, True, False, False]
    """
    return _PERIOD.fullmatch(text) is not None


class Sieve:
    """Lets wanted rows through and counts, so that an empty table can say why it is empty."""

    def __init__(self, wanted: Wanted) -> None:
        self._conditions = wanted.conditions()
        self._met: Counter[Named] = Counter()
        self.seen = 0
        self.taken = 0

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that meet all conditions."""
        for row in rows:
            self.seen += 1
            met = [name for name, condition in self._conditions.items() if condition(row)]
            self._met.update(met)
            if len(met) == len(self._conditions):
                self.taken += 1
                yield row

    def met(self) -> dict[Named, int]:
        """How many of the rows that were seen meet each condition alone."""
        return {name: self._met[name] for name in self._conditions}


def _one_of(values: tuple[str, ...], fits: Callable[[Row, str], bool]) -> Condition:
    return lambda row: any(fits(row, value) for value in values)


def _is_place(row: Row, wanted: str) -> bool:
    if wanted.isdecimal():
        code = str(row["region_code"] or "")
        return code.startswith(wanted.rstrip("0") if len(wanted) == 6 else wanted)
    return wanted in (row["place"], row["city"], row["province"])


def _is_period(row: Row, wanted: str) -> bool:
    return wanted in (row["period"], row["year"])


def _is_kind(row: Row, wanted: str) -> bool:
    return wanted == row["kind"]


def _is_status(row: Row, wanted: str) -> bool:
    return wanted == row["status"]


def _is_indicator(row: Row, wanted: str) -> bool:
    id_ = str(row["indicator_id"] or "")
    if id_ == wanted or id_.startswith((f"{wanted}.", f"{wanted}/")):
        return True
    return bool(wanted.split()) and all(word in str(row["indicator"] or "") for word in wanted.split())
