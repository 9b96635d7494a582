"""A figure of the store as rooms show it: text fit for a page, its sentence with the number told apart, and its links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from exports.indicators import catalogue
from exports.signs import sign_of
from page.shown.numbers import short
from page.shown.periods import period_text
from page.shown.reviewed import review_of
from page.shown.seen import visible
from page.wording import Wording
from store.known import Turn, place_key, turns
from store.tables import Found
from store.views import Views

SURE = 0.8  # a figure as sure as this is right but for one in twenty or so
_SPACES = re.compile(r"\s+")
_OF_NUMBERS = frozenset("0123456789.")
#: A number that no other figure of its sentence has.
ONLY = Turn(0, 1)


@dataclass(frozen=True)
class Shown:
    """A figure in the words of one language; ``before``, ``quote`` and ``after`` are its sentence around the number."""

    key: str
    value: str
    unit: str
    indicator: str
    indicator_id: str
    indicator_url: str
    indicator_name: str
    period: str
    place: str
    place_url: str
    status: str
    measure: str
    is_sure: bool
    review: str
    confidence: str
    scope: str
    section: str
    before: str
    quote: str
    after: str
    title: str
    path: str
    page: int | None
    url: str


def all_shown(views: Views, rows: Sequence[Found], t: Wording) -> list[Shown]:
    """Figures that the store found; where a sentence has the same number several times, it is asked which each is."""
    unclear = [row["sentence"] for row in rows if len(_places(row["sentence_text"], row["quote"])) > 1]
    known = turns(views, unclear)
    return [shown(row, t, known.get(row["figure"], ONLY)) for row in rows]


def shown(row: Found, t: Wording, turn: Turn = ONLY) -> Shown:
    """A figure; ``turn`` says which of the figures of the same words in its sentence it is."""
    before, quote, after = sentence_parts(row["sentence_text"], row["quote"], turn)
    place = row["place"] or ""
    confidence = row["confidence"]
    return Shown(
        key=f"{row['id']}-{row['revision']}-{row['number']}",
        value=value_text(row, t.language),
        unit=visible(row["unit"]),
        indicator=visible(row["indicator"] or ""),
        indicator_id=visible(row["indicator_id"] or ""),
        indicator_url=indicator_url(row["indicator_id"], row["indicator"]),
        indicator_name=indicator_name(row["indicator_id"], t) if row["indicator_id"] else "",
        period=period_text(row["period"], t),
        place=t.own(visible(place)),
        place_url=place_url(place_key(place, row["region_code"], row["province"])) if place else "",
        status=row["status"],
        measure=row["measure"],
        is_sure=bool(review_of(row)) or (confidence is not None and confidence >= SURE),
        review=review_of(row),
        confidence="" if confidence is None else f"{confidence:.2f}",
        scope=visible(row["scope"] or ""),
        section=visible(row["section"]),
        before=visible(before),
        quote=visible(quote),
        after=visible(after),
        title=visible(row["title"] or row["path"]),
        path=visible(row["path"]),
        page=row["page"],
        url=report_url(row["id"], row["revision"], row["number"] + 1),
    )


def value_text(row: Found, language: str) -> str:
    """The value, short and exact, with what qualifies it, and a sign where it is a change."""
    sign = sign_of(row["qualifier"], row["measure"], row["change"])
    high = row["value_high"]
    return sign + short(row["value"], language) + ("" if high is None else f"–{short(high, language)}")


def sentence_parts(sentence: str, quote: str, turn: Turn = ONLY) -> tuple[str, str, str]:
    """A sentence before, at and after a number; all of it before where the number stands in it otherwise.

    Where it stands in it more often, it is the one of its turn, if there are as many figures as such places.

    >>> sentence_parts("收到5件，审结15件。", "15件"), sentence_parts("收到5件，审结5件。", "5件")
    (('收到5件，审结', '15件', '。'), ('收到5件，审结5件。', '', ''))
    >>> sentence_parts("收到5件，审结5件。", "5件", Turn(1, 2))
    ('收到5件，审结', '5件', '。')
    """
    places = _places(sentence, quote)
    if len(places) != turn.of:
        return sentence, "", ""
    at = places[turn.place]
    end = at + len(_bare(quote))
    return sentence[:at], sentence[at:end], sentence[end:]


def _bare(quote: str) -> str:
    """The sentence is cleaned, the quote is as the file has it."""
    return _SPACES.sub("", quote)


def _places(sentence: str, quote: str) -> list[int]:
    number, found, at = _bare(quote), list[int](), -1
    while (at := _alone(sentence, number, at + 1)) >= 0:
        found.append(at)
    return found


def _alone(sentence: str, number: str, start: int) -> int:
    """Where a number stands next that is no part of a longer one; -1 for nowhere."""
    if not number:
        return -1
    while (at := sentence.find(number, start)) >= 0:
        end = at + len(number)
        longer_before = number[0].isdigit() and sentence[at - 1 : at] in _OF_NUMBERS and at > 0
        after = sentence[end:].lstrip(".")[:1]
        if not longer_before and not (number[-1].isdigit() and after.isdigit()):
            return at
        start = at + 1
    return -1


def report_url(document: str, revision: int, number: int) -> str:
    """Where the report room shows a figure in its text; figures are numbered from 1 there."""
    return f"/r/{document}/{revision}?f={number}"


def indicator_url(id_: str | None, name: str | None) -> str:
    """The page of an indicator; of one without an id, the search for its name."""
    return f"/i/{quoted(id_, safe='')}" if id_ else f"/compare?{urlencode({'i': name or ''})}"


def place_url(key: str) -> str:
    """The page of a place."""
    return f"/p/{quoted(key, safe='')}"


def indicator_name(id_: str, t: Wording) -> str:
    """What an id means; itself where nobody knows."""
    known, _, part = id_.partition("/")
    found = catalogue().get(known)
    name = t.own(found.name) if found else visible(known)
    return f"{name}（{t.own(t.or_itself('part', visible(part)))}）" if part else name
