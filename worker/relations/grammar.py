"""The words of ``worker/data/relations.toml``, ready for use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from worker.facts import load_facts
from worker.patterns import any_of

_NOTHING = r"(?!)"


@dataclass(frozen=True)
class Pair:
    """Words of two kinds that make up the whole; ``closed``: there is no third kind."""

    one: re.Pattern[str]
    other: re.Pattern[str]
    closed: bool
    closed_for: re.Pattern[str]

    def is_closed(self, whole: str) -> bool:
        """Whether there is no third kind of what the words of the whole name."""
        return self.closed or bool(self.closed_for.search(whole))

    def parts(self, first: str, second: str) -> bool:
        """Whether one of the two word groups names the one kind and the other the other."""
        return bool(
            (self.one.search(first) and self.other.search(second))
            or (self.other.search(first) and self.one.search(second))
        )


@dataclass(frozen=True)
class Grammar:
    """Patterns by what they tell."""

    among: re.Pattern[str]
    total: re.Pattern[str]
    plus: re.Pattern[str]
    open_list: re.Pattern[str]
    not_additive: re.Pattern[str]
    shares: re.Pattern[str]
    neutral: re.Pattern[str]
    own_base: re.Pattern[str]
    constant_prices: re.Pattern[str]
    last_year: re.Pattern[str]
    this_year: re.Pattern[str]
    complements: re.Pattern[str]
    old: re.Pattern[str]
    new: re.Pattern[str]
    change_clause: re.Pattern[str]
    more: re.Pattern[str]
    less: re.Pattern[str]
    demands: re.Pattern[str]
    reached_above: re.Pattern[str]
    reached_below: re.Pattern[str]
    generic_units: frozenset[str]
    table_total: re.Pattern[str]
    balances: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    of_pairs: re.Pattern[str]
    steps: tuple[tuple[re.Pattern[str], ...], ...]

    def pair_of(self, first: str, second: str) -> Pair | None:
        """The pair that the two word groups make, closed ones first."""
        if not self.of_pairs.search(first):
            return None
        found = [pair for pair in self.pairs if pair.parts(first, second)]
        return max(found, key=lambda pair: pair.closed, default=None)


def load_grammar() -> Grammar:
    """Compile the tables. About 15 milliseconds; hold on to the result."""
    facts = load_facts("relations")
    return Grammar(
        among=_pattern_of(facts["among"]),
        total=re.compile(
            f"(?<![{''.join(facts['total_not_before'])}])(?:{any_of(facts['total'])})"
            f"(?![{''.join(facts['total_not_after'])}])[^,;:。]{{0,4}}$"
        ),
        plus=re.compile(f"(?:^|[,、;])\\s*(?:{any_of(facts['plus'])})(?![{''.join(facts['plus_not_after'])}])[^,;]*$"),
        open_list=_pattern_of(facts["open_lists"]),
        not_additive=_pattern_of(facts["not_additive"]),
        shares=_pattern_of(facts["shares"]),
        neutral=_pattern_of(facts["neutral"]),
        own_base=_pattern_of(facts["own_base"]),
        constant_prices=_pattern_of(facts["constant_prices"]),
        last_year=_pattern_of(facts["last_year"]),
        this_year=_pattern_of(facts["this_year"]),
        complements=_pattern_of(facts["complements"]),
        old=_pattern_of(facts["old_terms"]),
        new=_pattern_of(facts["new_terms"]),
        change_clause=re.compile(
            f"(?:{any_of(facts['change_clause'])}|[0-9]{{4}}年|[,、 ])*+"
        ),  # possessive: 比上年 is one word or two
        more=_pattern_of(facts["more"]),
        less=_pattern_of(facts["less"]),
        demands=_pattern_of(facts["demands"]),
        reached_above=_pattern_of(facts["reached_above"]),
        reached_below=_pattern_of(facts["reached_below"]),
        generic_units=frozenset(facts["generic_units"]),
        table_total=re.compile(f".{{0,8}}(?:{any_of(facts['table_totals'])})|计"),
        balances=tuple(tuple(row["rows"]) for row in facts["balances"]),
        pairs=tuple(_pair(row) for row in facts["pairs"]),
        of_pairs=_pattern_of({word for row in facts["pairs"] for word in (*row["one"], *row["other"])}),
        steps=tuple(tuple(_pattern_of(words) for words in row["words"]) for row in facts["steps"]),
    )


def _pair(row: dict[str, Any]) -> Pair:
    return Pair(
        _pattern_of(row["one"]), _pattern_of(row["other"]), row["closed"], _pattern_of(row.get("closed_for", ()))
    )


def _pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(any_of(words) or _NOTHING)
