"""Areas that a figure can hold for: 全市, 我省, not those that it is compared with, ranked among or named after."""

import re
from functools import cache
from typing import NamedTuple

from worker.extract.language.reading_text import ReadingText
from worker.facts import load_facts
from worker.patterns import Pattern, any_of

# Both begin with one of a few characters, which a scan finds fast.
_WIDE = Pattern("[全我本](?:(?<=全)(?:{scopes.areas}|系统)|(?<=[我本])(?:{scopes.areas}|{scopes.areas.offices}))")
_LEVEL = Pattern(
    r"[省市县区各](?:(?<!各)(?:直|本级){scopes.areas.bodies}?|(?<=各){scopes.areas.each}(?:\([^()]{1,6}\))?"
    r"|(?<=[市县区])\([^()]{1,6}\))"
)
_NEAR = 24  # characters
_NO_SUBJECT = frozenset("dctmpufxrwyk")


class Area(NamedTuple):
    """``carries`` says that it holds for the clauses after its own as well."""

    name: str
    carries: bool


class _Words(NamedTuple):
    """``led_to`` stands around an area, with a tab in its place."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    led_to: re.Pattern[str]
    named: re.Pattern[str]


@cache
def _words() -> _Words:
    facts = load_facts("scopes")
    before = any_of((*facts["compared"]["words"], *facts["ranked"]["words"]))
    led_to = facts["led_to"]
    return _Words(
        re.compile(f"(?:{before})(?:了|到|至)?$"),
        re.compile(facts["after"]["pattern"]),
        re.compile(f"(?:{'|'.join(led_to['prepositions'])})\t(?:{'|'.join(led_to['words'])})"),
        re.compile(facts["named"]["pattern"]),
    )


def rank_of(region: str | None) -> int | None:
    """How far from the top a region stands, None where its name does not say.

    >>> rank_of("云南省"), rank_of("宁夏回族自治区"), rank_of("船营区"), rank_of(None)
    (1, 1, 3, None)
    """
    levels = load_facts("scopes")["levels"]
    if not region:
        return None
    if region.endswith(tuple(levels["provinces"])):
        return 1
    return next((rank for rank, ends in enumerate(levels["order"]) if region[-1] in ends), None)


def area_in(reading: ReadingText, clause: str, rank: int | None, *, before_figure: bool) -> Area | None:
    """The first area in the clause that it speaks of.

    ``rank`` is that of the report's own region: what is wider counts only where it opens the clause, as its subject.
    ``before_figure`` says that the clause ends at a figure, which an area right before it (全国31个) belongs to.
    """
    if "全" not in clause and "我" not in clause and "本" not in clause:
        return None
    for match in _WIDE.finditer(clause):
        area, left, right = match.group(), *_around(clause, match)
        if not (right or before_figure) or _is_aside(left, area, right):
            continue
        wider = _is_wider(area, rank)
        if not wider or (match.start() <= _NEAR and _opens(reading, left)):
            return Area(area, bool(right) or not wider)
    return None


def level_in(clause: str) -> str | None:
    """The level of administration that the clause names, which holds for its own figure alone: 市直单位, 各县(市)."""
    for match in _LEVEL.finditer(clause):
        if not _words().before.search(_around(clause, match)[0]):
            return match.group()
    return None


def _around(clause: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands before and after, as far as it matters."""
    return clause[max(0, match.start() - _NEAR) : match.start()], clause[match.end() : match.end() + _NEAR]


def _is_wider(area: str, rank: int | None) -> bool:
    """Whether an area is wider than the report's region: 全省 for a city. 全区 may be an autonomous region's."""
    own = rank_of(area)
    return None not in (own, rank) and own < rank and not (area[-1] == "区" and rank == 1)  # type: ignore[operator]


def _is_aside(left: str, area: str, right: str) -> bool:
    """Whether the words around an area say that the figure is not its own."""
    words = _words()
    if left.count("“") > left.count("”") or words.before.search(left) or words.after.match(right):
        return True
    is_named = area.startswith("全") and words.named.match(right)
    return bool(is_named or words.led_to.search(f"{left}\t{right}"))


def _opens(reading: ReadingText, left: str) -> bool:
    """Whether only times and adverbs stand before, and what gives a reason (由于), not what is led to (向全国)."""
    if left.endswith(tuple(load_facts("scopes")["led_to"]["prepositions"])):
        return False
    opening = reading.lexicon.grammar["opening"]
    return all(word.tag[0] in _NO_SUBJECT or word.text in opening for word in reading.words.cut(left))
