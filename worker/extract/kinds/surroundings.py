"""A number with its surroundings, as the rules for its kind see it."""

from typing import NamedTuple

from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers.scan import Candidate
from worker.figure import Kind

NEAR = 12  # characters on either side


class NumberKind(NamedTuple):
    """What a number is, the reason, and the rule that knew it."""

    kind: Kind
    reason: str
    rule: str = ""


class Sight(NamedTuple):
    """A candidate with its surroundings.

    ``left`` ends where it starts, ``after`` starts after the number proper, ``right`` after its unit. ``follows_word`` says
    that a Chinese character stands right before it, as mostly: no letter, no mark, no other number.
    """

    candidate: Candidate
    number: str
    left: str
    after: str
    right: str
    reading: ReadingText
    follows_word: bool


def sight(candidate: Candidate, reading: ReadingText) -> Sight:
    """The candidate as the rules see it."""
    text = reading.text
    left = text[max(0, candidate.start - NEAR) : candidate.start]
    return Sight(
        candidate,
        text[candidate.start : candidate.number_end],
        left,
        text[candidate.number_end : candidate.number_end + NEAR],
        text[candidate.end : candidate.end + NEAR],
        reading,
        follows_word="\u4e00" <= left[-1:] <= "\u9fff",
    )
