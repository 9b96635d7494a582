"""Whether a figure is reached, under way, planned or required, and the words that say so."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

from schemas.metric import Status
from worker.extract.clauses import Spot
from worker.extract.page import Page


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure's status with the words that decided it; None where nothing says otherwise than achieved."""

    status: Status = "achieved"
    words: str | None = None


class Standings:
    """The standings of the figures of one sentence: ``page.text[start:end]``."""

    def __init__(self, page: Page, start: int, end: int) -> None:
        self._page = page
        self._said = [
            (match.end(), standing)
            for match in page.lexicon.intent.finditer(page.text, start, end)
            if (standing := _said_by(match, page))
        ]

    def of(self, spot: Spot, later: str | None) -> Standing:
        """The standing of a figure; ``later`` are the words that put its time behind the one that is reported on, if any do."""
        text, lexicon, figure = self._page.text, self._page.lexicon, spot.figure
        for status, pattern in (("ongoing", lexicon.ongoing), ("required", lexicon.required)):
            found = pattern.search(text, spot.left, figure.start) or pattern.search(text, figure.end, spot.right)
            if found:
                return Standing(status, found.group())  # type: ignore[arg-type]
        last = bisect_right(self._said, figure.start, key=itemgetter(0)) - 1
        if last >= 0:
            return self._said[last][1]
        return Standing("planned", later) if later else Standing()


def _said_by(match: re.Match[str], page: Page) -> Standing | None:
    """What a word for plans or results says of the figures behind it."""
    if match["reached"]:
        return Standing()
    if match["planned"] or (match["modal"] and _before_verb(page, match.end(), len(match.group()) > 1)):
        return Standing("planned", match.group())
    return None


def _before_verb(page: Page, place: int, activities: bool) -> bool:
    """Whether a verb stands there, adverbs before it or not: 将(进一步)达到.

    An activity is one behind 计划, or before a number: 将审批事项下放 speaks of an approval, 将建设80个 of what is done.
    """
    for _ in range(2):
        word = page.words.longest(page.text, place) or page.text[place : place + 1]
        place += len(word)
        tag = page.words.tag(word)
        if tag[0] != "d":
            return tag in ("v", "vi", "vg") or (tag == "vn" and (activities or page.text[place : place + 1].isdigit()))
    return False
