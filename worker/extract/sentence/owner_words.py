"""The words that say whose figures are: areas, levels of government, offices that did something."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import Word
from worker.extract.language.words_before import is_actor
from worker.extract.sentence.areas import area_in, level_in
from worker.extract.sentence.clauses import Spot
from worker.patterns import Pattern, set_of

_ACTOR_ENDS = Pattern("{indicators.actors}")
_CLAUSE = re.compile("[^,;:，；：]+")


class Told(NamedTuple):
    """Who and what area the words up to a figure name: in its own clause, and in the sentence before that.

    ``actor_before`` is None where the clause has a subject of its own.
    """

    level: str | None
    area: str | None
    area_before: str | None
    actor: str | None
    actor_before: str | None


def owners_of(reading: ReadingText, start: int, spots: Sequence[Spot], rank: int | None) -> list[Told]:
    """What the words of a sentence that starts there say of whose its figures are, figure by figure.

    ``rank`` is that of the report's region (:func:`worker.extract.sentence.areas.rank_of`).
    """
    found: list[Told] = []
    carried: str | None = None
    actor: str | None = None
    read = start
    for spot in spots:
        for match in _CLAUSE.finditer(reading.text, read, max(read, spot.left)):
            clause = match.group().strip()
            before = area_in(reading, clause, rank, before_figure=False)
            carried = before.name if before and before.carries else carried
            actor = _actor_of(reading, clause) or actor
        text = reading.text[spot.left : spot.figure.start].strip()
        area, own_actor = area_in(reading, text, rank, before_figure=True), _actor_of(reading, text)
        actor_before = actor if actor and _has_no_subject(reading.words.cut(text)) else None
        found.append(Told(level_in(text), area and area.name, carried, own_actor, actor_before))
        carried = area.name if area and area.carries else carried
        actor = own_actor or actor
        read = spot.figure.end
    return found


def _actor_of(reading: ReadingText, text: str) -> str | None:
    return actor_in(reading.words.cut(text)) if _ACTOR_ENDS.search(text) else None


def _has_no_subject(found: list[Word]) -> bool:
    return bool(found) and found[0].tag[0] in "vd"


def actor_in(found: list[Word]) -> str | None:
    """The name of an office or a body that a verb follows: 市司法局(共)举办.

    >>> actor_in([Word("市", "n"), Word("司法局", "n"), Word("共", "d"), Word("举办", "v")])
    '市司法局'
    """
    end = next((at for at, word in enumerate(found) if word.tag in ("v", "vi") and len(word.text) > 1), 0)
    while end and found[end - 1].tag in ("d", "ad", "p", "t"):
        end -= 1
    first = end
    while first and (found[first - 1].tag[0] in "nrjs" or found[first - 1].text in "、和与及"):
        first -= 1
    if first and found[first - 1].text in set_of("indicators.recipients"):
        return None
    name = "".join(word.text for word in found[first:end]).strip("、和与及,:; ")
    return name if is_actor(name) else None
