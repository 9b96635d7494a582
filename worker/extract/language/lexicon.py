"""The tables of ``worker/data`` that reading figures rests on, loaded once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from string import ascii_letters
from typing import Any

from worker.extract.language.growth import Growth
from worker.extract.language.negations import kept_words
from worker.facts import load_facts
from worker.patterns import any_of

# Kinds whose unit may be followed by 次 to count occasions: 户次, 家次.
_COUNT_KINDS = frozenset({"person", "case", "item", "organisation", "vehicle", "document", "team", "dose", "place"})
_LATIN = frozenset(ascii_letters)


@dataclass(frozen=True)
class Lexicon:
    """Units with their kinds and the words that stand around a figure."""

    unit_kinds: dict[str, str]
    after_digits_only: frozenset[str]
    units: dict[str, re.Pattern[str]]  # by their first character, with the words that begin like one and are none
    no_occasions: tuple[str, ...]
    qualifiers_before: dict[str, tuple[tuple[str, str], ...]]  # by their last character, the longest first
    told_in_cells: tuple[tuple[str, str], ...]  # before a cell's number, the longest first
    qualifiers_after: dict[str, tuple[tuple[str, str], ...]]  # by their first one
    no_qualifiers: tuple[str, ...]
    changes: dict[str, str]
    change_before: re.Pattern[str]
    growth: Growth
    names: re.Pattern[str]
    zeros: re.Pattern[str]
    grammar: dict[str, frozenset[str]]

    def unit_at(self, text: str, place: int) -> str:
        """The longest known unit that starts there, or nothing; ``次`` joins a counted thing (户次), a rate its base (元/吨)."""
        units = self.units.get(text[place : place + 1])
        match = units.match(text, place) if units else None
        if not match or match["longer"]:
            return ""
        unit = match.group()
        if unit[-1] in _LATIN and text[match.end() : match.end() + 1] in _LATIN:
            return ""
        if unit[-1] == "次" and text.startswith(self.no_occasions, match.end() - 1):
            unit = unit[:-1]
        is_occasion = text.startswith("次", match.end()) and not text.startswith(self.no_occasions, match.end())
        if is_occasion and self.unit_kinds[unit] in _COUNT_KINDS and unit != "个":
            return unit + "次"
        return unit

    def kind_of(self, unit: str) -> str | None:
        """What a unit measures, or None where it is not known."""
        if unit in self.unit_kinds:
            return self.unit_kinds[unit]
        base = re.split("[/·]", unit)[0]
        if base != unit:
            return self.unit_kinds.get(base)
        return "visit" if unit.endswith("次") else None


def load_lexicon() -> Lexicon:
    """Read the tables. About a millisecond; hold on to the result."""
    table = load_facts("units")
    units = table["units"]
    kinds = {unit: row["kind"] for row in units for unit in row["words"]}
    qualifiers = load_facts("qualifiers")["qualifiers"]
    changes = load_facts("changes")
    names = load_facts("names")
    change_words = {word: row["change"] for row in changes["changes"] for word in row["words"]}
    return Lexicon(
        unit_kinds=kinds,
        after_digits_only=frozenset(unit for row in units if not row.get("numeral", True) for unit in row["words"]),
        units={
            first: re.compile(f"(?P<longer>{_beginning(first, table['longer']['words'])})|{any_of(words)}")
            for first, words in groupby(sorted(kinds), key=itemgetter(0))
        },
        no_occasions=tuple(table["no_occasions"]["words"]),
        qualifiers_before=_by_edge(((word, row["qualifier"]) for row in qualifiers for word in row["before"]), -1),
        told_in_cells=_told_in_cells(qualifiers),
        qualifiers_after=_by_edge(((word, row["qualifier"]) for row in qualifiers for word in row["after"]), 0),
        no_qualifiers=tuple(word for row in qualifiers for word in row.get("not_in", ())),
        changes=change_words,
        change_before=re.compile(
            f"(?P<word>{any_of(change_words)})了?(?P<reached>{any_of(changes['reached'])})?"
            f"(?:{any_of(changes['between'])})*$"
        ),
        growth=Growth(change_words),
        names=re.compile(any_of(word for row in names["names"] for word in row["words"])),
        zeros=re.compile(any_of(word for row in names["zeros"] for word in row["words"])),
        grammar={name: frozenset(words) for name, words in load_facts("indicators").items()}
        | {"negations": kept_words()},
    )


def _beginning(first: str, words: Iterable[str]) -> str:
    """Any of the words that begin with this character, as a pattern; one that nothing matches where none does."""
    return any_of(word for word in words if word[0] == first) or "(?!)"


def _told_in_cells(qualifiers: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The signs and words in front of a cell's number with what they say of it, the longest first."""
    signs = load_facts("tables")["signs"]
    rows = [(sign, qualifier) for qualifier in ("over", "under", "about") for sign in signs[qualifier]]
    for words in _by_edge(((word, row["qualifier"]) for row in qualifiers for word in row["before"]), -1).values():
        rows += words
    return tuple(sorted(rows, key=lambda told: -len(told[0])))


def _by_edge(rows: Iterable[tuple[str, str]], edge: int) -> dict[str, tuple[tuple[str, str], ...]]:
    """The rows by the character at one edge of their word, each group with the longest words first."""
    groups: dict[str, tuple[tuple[str, str], ...]] = {}
    for word, said in sorted(rows, key=lambda row: (-len(row[0]), row[0])):
        groups[word[edge]] = (*groups.get(word[edge], ()), (word, said))
    return groups
