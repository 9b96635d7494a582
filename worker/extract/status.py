"""Whether a figure is reached, under way, planned or required, and the words that say so."""

from dataclasses import dataclass

from schemas.metric import Status
from worker.extract.clauses import Spot
from worker.extract.lexicon import Lexicon
from worker.extract.page import Page


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure's status with the words that decided it; None where nothing says otherwise than achieved."""

    status: Status = "achieved"
    words: str | None = None


def standing_of(page: Page, start: int, spot: Spot, later: str | None) -> Standing:
    """The standing of a figure in the sentence that starts at ``start``.

    ``later`` are the words that put its time behind the one that is reported on, if any do.
    """
    lexicon, figure = page.lexicon, spot.figure
    own = page.text[spot.left : figure.start], page.text[figure.end : spot.right]
    for status, pattern in (("ongoing", lexicon.ongoing), ("required", lexicon.required)):
        found = next((match for text in own if (match := pattern.search(text))), None)
        if found:
            return Standing(status, found.group())  # type: ignore[arg-type]
    said = _last_said(page, lexicon, start, figure.start)
    if said:
        return said
    return Standing("planned", later) if later else Standing()


def _last_said(page: Page, lexicon: Lexicon, start: int, end: int) -> Standing | None:
    """What the last word for plans or results before the figure says."""
    found = None
    for match in lexicon.intent.finditer(page.text, start, end):
        if match["reached"]:
            found = Standing()
        elif match["planned"] or (match["modal"] and _before_verb(page, match.end(), len(match.group()) > 1)):
            found = Standing("planned", match.group())
    return found


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
