"""Whose a figure is: the area or the level that it holds for, and who did what it counts."""

import re
from dataclasses import dataclass

from worker.extract.areas import Area, area_in, level_in
from worker.extract.clauses import Spot
from worker.extract.page import Page
from worker.extract.phrases import ACTORS, is_actor
from worker.extract.words import Word

_ACTOR_ENDS = re.compile(f"[{''.join(sorted({end[-1] for end in ACTORS}))}]")
_CLAUSE = re.compile("[^,;:，；：]+")
# What is said of these stands behind 对, 向 ...: they are done something for.
_RECIPIENTS = frozenset({"对", "向", "给", "为", "与", "同", "和", "到", "在", "从", "被"})


@dataclass(frozen=True, slots=True)
class Owner:
    """The scope and the actor of one figure, None where the report does not say."""

    scope: str | None
    actor: str | None


class Owners:
    """Finds the owners of one sentence's figures, in reading order.

    ``start`` is where the sentence starts, ``rank`` the rank of the report's region.
    """

    def __init__(self, page: Page, start: int, rank: int | None = None) -> None:
        self._page = page
        self._rank = rank
        self._read = start
        self._scope: str | None = None
        self._actor: str | None = None

    def of(self, spot: Spot) -> Owner:
        """Whose the next figure is: from its own words, else from the clauses before it in the sentence."""
        for match in _CLAUSE.finditer(self._page.text, self._read, max(self._read, spot.left)):
            self._take(match.group())
        text = self._page.text[spot.left : spot.figure.start].strip()
        area, actor = area_in(self._page, text, self._rank, before_figure=True), self._actor_in(text)
        carried = self._actor if self._actor and _has_no_subject(self._page.words.cut(text)) else None
        scope = area.name if area else self._scope
        self._carry(area, actor)
        self._read = spot.figure.end
        return Owner(level_in(text) or scope, actor or carried)

    def _take(self, clause: str) -> None:
        text = clause.strip()
        self._carry(area_in(self._page, text, self._rank, before_figure=False), self._actor_in(text))

    def _carry(self, area: Area | None, actor: str | None) -> None:
        self._scope = area.name if area and area.carries else self._scope
        self._actor = actor or self._actor

    def _actor_in(self, text: str) -> str | None:
        return actor_in(self._page.words.cut(text)) if _ACTOR_ENDS.search(text) else None


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
    if first and found[first - 1].text in _RECIPIENTS:
        return None
    name = "".join(word.text for word in found[first:end]).strip("、和与及,:; ")
    return name if is_actor(name) else None
