"""The figures of a report's sentences, in reading order."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from worker.draft import Draft
from worker.extract.candidates import Candidate
from worker.extract.clauses import find_spots
from worker.extract.containers import Containers
from worker.extract.damaged import find_damaged, masked
from worker.extract.fields import decide
from worker.extract.frames import Frame
from worker.extract.outline import Outline
from worker.extract.page import Page
from worker.extract.seen import Passage
from worker.extract.sentences import find_sentences
from worker.extract.vantage import Sections, calendar_of
from worker.figure import Clause, Figure, Place, Said
from worker.parts import Heading, Sentence


def figures_of_prose(page: Page, draft: Draft, candidates: Sequence[Candidate]) -> tuple[list[Figure], list[Figure]]:
    """The figures that ``candidates`` are, and the damaged numbers of the same sentences."""
    calendar = calendar_of(draft, page)
    sections = Sections(page, calendar.clock)

    outline = Outline(draft.headings)
    containers = Containers(draft.cells)
    lost = find_damaged(draft, page)
    text = masked(page, draft)
    figures: list[Figure] = []
    damaged: list[Figure] = []
    frame, part = Frame(), -1
    at, lost_at = 0, 0
    for sentence in find_sentences(text):
        inside, at = _inside(candidates, at, sentence)
        headings = outline.above(sentence.start)
        if outline.part(sentence.start) != part:
            part = outline.part(sentence.start)
            calendar.enter(sections.under(headings))
        clock = calendar.turn_to(page, sentence)
        found: list[Figure] = []
        if inside:
            spots = find_spots(page, sentence.body, sentence.end, inside)
            passage = Passage(page, sentence, spots, clock, headings[-1].title if headings else "")
            said, frame = decide(passage, frame.of_next_sentence(page.text, sentence.body))
            found = list(_figures(passage, said, draft, containers, headings))
        gone = []
        while lost_at < len(lost) and lost[lost_at].place.start < sentence.end:
            if lost[lost_at].place.start >= sentence.start:
                gone.append(lost[lost_at].having(sentence=sentence))
            lost_at += 1
        in_words = _with_clauses([*found, *gone], text, sentence)
        figures += [figure for figure in in_words if not figure.damage]
        damaged += [figure for figure in in_words if figure.damage]
    return figures, damaged


def _inside(candidates: Sequence[Candidate], at: int, sentence: Sentence) -> tuple[list[Candidate], int]:
    """The candidates in a sentence, looking from the one at ``at`` on, and where to look next."""
    found = []
    while at < len(candidates) and candidates[at].start < sentence.end:
        if candidates[at].start >= sentence.start:
            found.append(candidates[at])
        at += 1
    return found, at


def _figures(
    passage: Passage,
    fields: Sequence[dict[str, Said]],
    draft: Draft,
    containers: Containers,
    headings: tuple[Heading, ...],
) -> Iterator[Figure]:
    sentence = passage.sentence
    words = draft.text.now[sentence.start : sentence.end].strip()
    written = draft.unconverted[sentence.start : sentence.end].strip() if draft.unconverted is not None else words
    for spot, said in zip(passage.spots, fields, strict=True):
        number = spot.figure
        place = Place.of(draft.text, number.start, number.end)
        yield Figure(
            place=place,
            written=passage.page.text[number.start : number.end],
            value=_value(number, said["change"]),
            value_high=number.high,
            unit=number.unit,
            words=words,
            original=written if written != words else None,
            sentence=sentence,
            cell=containers.of(place.raw_start),
            headings=headings,
            **dict[str, Any](said),
        )


def _value(number: Candidate, change: Said) -> str:
    value = number.value or ""
    return value.removeprefix("-") if change.rule == "change.below_zero" else value


def _with_clauses(numbers: Sequence[Figure], text: str, sentence: Sentence) -> list[Figure]:
    """The numbers of a sentence in order, each with the words to its neighbours; none that overlaps the one before."""
    kept: list[Figure] = []
    for number in sorted(numbers, key=attrgetter("place")):
        if not kept or number.place.start >= kept[-1].place.end:
            kept.append(number)
    ends = [sentence.start, *(number.place.end for number in kept)]
    starts = [*(number.place.start for number in kept[1:]), sentence.end]
    return [
        number.having(clause=Clause(text[ends[at] : number.place.start], text[number.place.end : starts[at]]))
        for at, number in enumerate(kept)
    ]
