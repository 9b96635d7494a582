"""The place that a report is about."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from worker.clean.lines import Line
from worker.facts import load_facts
from worker.structure.chains import NamedPlace, suffixed_name
from worker.structure.evidence import Evidence
from worker.structure.places import (
    called_at_start,
    is_national,
    names_two_places,
    office_holder,
    own_name,
    place_at_start,
    place_of,
)

_ORGANS_APART = re.compile(r"[\s、]+")
_MET_IN = re.compile(r"在([\u4e00-\u9fff]{2,30}?)第[一二三四五六七八九十]{1,3}届")
_YEAR_FIRST = re.compile(
    r"(?:(?:今年|去年)(?:以来|来(?=[,，、]))?|(?:过去)?一年来?|日前|近日|(?:\d{4}|[一二][〇○零九八七六五四三二一]{3})(?:学|财政)?年(?:度|以来)?)?[,，、]*"
)
_MONTHS_FIRST = re.compile(
    r"(?:\d{1,2}(?:[-—–至]\d{1,2})?月份?|[上下]半年|前?第?[一二三四]季度|前[\d一二三四五六七八九十]+个?月)?"
)


def find_region(evidence: Evidence, issuer: str | None, text: str, is_word: Callable[[str], bool]) -> NamedPlace | None:
    """The place of whoever reports, else the one that the title is about, else that of the speaker or the meeting.

    None for a report by organs of several places.

    The country, for an organ of the whole country that reports on no place in it; the seat, for an organ whose name
    does not say it; last, the place that the first paragraph begins with.
    """
    issuers = [place for organ in _ORGANS_APART.split(issuer or "") if (place := place_of(organ))]
    if len({place.name for place in issuers}) > 1:
        return None
    return next((place for place in chain(issuers, _candidates(evidence, issuer, text, is_word)) if place), None)


def _candidates(
    evidence: Evidence, issuer: str | None, text: str, is_word: Callable[[str], bool]
) -> Iterator[NamedPlace | None]:
    if evidence.title:
        yield from titled_places(evidence.title, is_word)
    for line in evidence.head:
        holder = office_holder(line.text)
        if holder:
            yield place_of(holder["organ"]) or own_name(holder["organ"])
    yield met_in(evidence.head)
    yield _country(evidence, issuer)
    yield _seat(issuer, evidence.title, evidence.head, text)
    yield _named_again(evidence.title, text)
    for paragraph in evidence.opening[:1]:
        yield place_at_start(_YEAR_FIRST.sub("", paragraph.partition("】")[2] or paragraph, count=1))


def titled_places(title: str, is_word: Callable[[str], bool]) -> Iterator[NamedPlace | None]:
    """The places that a title may be about, the likeliest first; none where it names two side by side."""
    beginnings = [
        _MONTHS_FIRST.sub("", _YEAR_FIRST.sub("", words, count=1), count=1) for words in title.split("关于", 1)
    ]
    if any(map(names_two_places, beginnings)):
        return
    found = [
        *(place_at_start(words, is_word) for words in beginnings),
        called_at_start(beginnings[0] or beginnings[-1]),
    ]
    yield from (place for place in found if place)


def met_in(head: Sequence[Line]) -> NamedPlace | None:
    """The place whose people's congress the report was given to."""
    for line in head:
        match = _MET_IN.search(line.text)
        place = place_at_start(match[1]) if match else None
        if place:
            return place
    return None


def _named_again(title: str | None, text: str) -> NamedPlace | None:
    """A place that no list has, with which the title begins and which the text names besides: 2023年青檀湾市外贸…."""
    words = _MONTHS_FIRST.sub("", _YEAR_FIRST.sub("", title or "", count=1), count=1)
    name = suffixed_name(words)
    return (
        NamedPlace(name)
        if name and len(name) > 2 and text.count(name[:-1]) > 1 and not names_two_places(words)
        else None
    )


def _country(evidence: Evidence, issuer: str | None) -> NamedPlace | None:
    country = load_facts("document")["country"]
    titled = _YEAR_FIRST.sub("", evidence.title or "", count=1)
    if (
        any(map(is_national, (issuer or "").split()))
        or re.match(country["titled"], titled)
        or any(re.search(country["met"], line.text) for line in evidence.head)
    ):
        return NamedPlace(country["name"])
    return None


def _seat(issuer: str | None, title: str | None, head: Sequence[Line], text: str) -> NamedPlace | None:
    """The place of an organ whose name does not say it; for one that two regions have, the region named more often."""
    seats = load_facts("document")["seats"]
    named = next((seats["places"][organ] for organ in (issuer or "").split() if organ in seats["places"]), None)
    if named:
        return NamedPlace(named)
    words = "\n".join((issuer or "", title or "", *(line.text for line in head)))
    if not any(word in words for word in seats["shared"]):
        return None
    one, other = seats["regions"]
    counts = text.count(one), text.count(other)
    return None if counts[0] == counts[1] else NamedPlace(one if counts[0] > counts[1] else other)
