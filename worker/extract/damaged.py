"""Numbers that damage keeps from being figures, though a unit after them shows that they were."""

from collections.abc import Iterator, Sequence

from worker.draft import Draft
from worker.edits import Flaw
from worker.extract.language.reading_text import ReadingText
from worker.figure import Figure, Place

#: Codes of damage that lies on a number.
LOST, DOUBTFUL, TORN = "digit_lost", "doubtful_number", "torn_number"
_ON_NUMBERS = (LOST, DOUBTFUL, TORN)
#: The code of a clause, or a whole sentence, that no word can be trusted of.
BROKEN = "broken_sentence"


def find_damaged(draft: Draft, reading: ReadingText) -> list[Figure]:
    """The damaged numbers that have a unit, in reading order."""
    found = []
    for flaw, start, end in _flaws_on_numbers(draft):
        after = end + reading.text.startswith(" ", end)
        if unit := reading.lexicon.unit_at(reading.text, after):
            place = Place(start, after + len(unit), flaw.start, flaw.end)
            found.append(Figure(place, reading.text[start:end], "", unit, damage=flaw.code))
    return sorted(found, key=lambda figure: figure.place[:2])


def masked(reading: ReadingText, draft: Draft) -> str:
    """The text with damaged numbers as bare gaps: a question mark in one ends no sentence.

    A comma on either side of a broken clause becomes a full stop, so that nothing beside it takes a word from it.
    """
    spans = [(start, end) for _, start, end in _flaws_on_numbers(draft)]
    stops = [place for start, end in _spans_of(draft, (BROKEN,)) for place in (start - 1, end)]
    return _with_gaps(reading.text, spans, stops) if spans or stops else reading.text


def _with_gaps(text: str, spans: Sequence[tuple[int, int]], stops: Sequence[int]) -> str:
    chars = list(text)
    for place in stops:
        if text[max(0, place) : place + 1] in (",", ";"):
            chars[place] = "。"
    for start, end in spans:
        chars[start:end] = ["\n" if char == "\n" else "#" for char in chars[start:end]]
    return "".join(chars)


def _flaws_on_numbers(draft: Draft) -> Iterator[tuple[Flaw, int, int]]:
    flaws = [flaw for flaw in draft.text.flaws if flaw.code in _ON_NUMBERS]
    for flaw, (start, end) in zip(flaws, _spans_of(draft, _ON_NUMBERS), strict=True):
        yield flaw, start, end


def _spans_of(draft: Draft, codes: Sequence[str]) -> Iterator[tuple[int, int]]:
    position = draft.text.origin.now_position
    for flaw in draft.text.flaws:
        if flaw.code in codes:
            start = position(flaw.start)
            yield start, max(start, position(flaw.end - 1) + 1)
