"""The figures of a report's sentences, in reading order."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from worker.draft import Draft
from worker.extract.damaged import find_damaged, masked
from worker.extract.figure_fields import decide
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.sentences import find_sentences
from worker.extract.numbers.scan import Candidate
from worker.extract.sentence.areas import rank_of
from worker.extract.sentence.clauses import find_spots
from worker.extract.sentence.frames import Frame
from worker.extract.sentence.seen import Passage
from worker.extract.tables.containers import Containers
from worker.extract.time.outline import Outline
from worker.extract.time.report_date import Sections, calendar_of
from worker.figure import Clause, Figure, Place, Said
from worker.parts import Heading, Sentence

_LOST = "\ufffd"


def figures_of_prose(
    reading: ReadingText, draft: Draft, candidates: Sequence[Candidate]
) -> tuple[list[Figure], list[Figure]]:
    """The figures that ``candidates`` are, and the damaged numbers of the same sentences, each in order."""
    calendar = calendar_of(draft, reading)
    sections = Sections(reading, calendar.clock)
    outline = Outline(draft.headings)
    containers = Containers(draft.cells)
    text, lost = masked(reading, draft), find_damaged(draft, reading)
    starts, lost_starts = [one.start for one in candidates], [one.place.start for one in lost]
    figures: list[Figure] = []
    damaged: list[Figure] = []
    frame, part, rank, is_torn = Frame(), -1, rank_of(draft.document.region), False
    run_in = {heading.start: heading.body_start for heading in draft.headings}
    for sentence in find_sentences(text):
        place = outline.part(sentence.start)
        headings = outline.over(place)
        if sentence.start in run_in:
            sentence = _without_heading(text, sentence, run_in[sentence.start])
            place = outline.part(sentence.start)
        outlook = sections.under(headings, sentence.end)
        if place != part or outlook != calendar.clock.heading:
            part = place
            calendar.enter(outlook, headings)
        clock = calendar.turn_to(reading, sentence)
        inside = candidates[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        gone = lost[bisect_left(lost_starts, sentence.start) : bisect_left(lost_starts, sentence.end)] if lost else []
        # What it is about may be what was lost since the last figure, in front of it or in it.
        is_torn |= _LOST in reading.text[sentence.start : sentence.end] or _is_cut_off(reading.text, text, sentence)
        if not inside and not gone:
            continue
        clauses = _clauses(inside, gone, text, sentence)
        if inside:
            spots = find_spots(reading, sentence.body, sentence.end, inside)
            passage = Passage(reading, sentence, spots, clock, tuple(heading.title for heading in headings), rank)
            handed = frame.of_next_sentence(reading.text, sentence.body)
            said, frame = decide(passage, handed._replace(earlier="") if is_torn else handed)
            is_torn = _LOST in reading.text[sentence.start : sentence.end]
            figures += sorted(_figures(passage, said, clauses, draft, containers, headings), key=_PLACE)
        damaged += [
            one.having(sentence=sentence, clause=clauses[one.place.start]) for one in gone if one.place.start in clauses
        ]
    return figures, damaged


def _is_cut_off(written: str, text: str, sentence: Sentence) -> bool:
    """Whether a broken clause ends where the sentence begins, so that it became one of its own."""
    before = sentence.start - 1
    return before >= 0 and written[before] != text[before]


def _without_heading(text: str, sentence: Sentence, body: int) -> Sentence:
    """A sentence without the heading that it was run into with no mark between: 一、2022年主要工作全年办理案件186件."""
    is_run_in = sentence.body < body < sentence.end and text[body - 1].isalpha()
    return sentence._replace(start=body, body=body) if is_run_in else sentence


def _clauses(
    candidates: Sequence[Candidate], damaged: Sequence[Figure], text: str, sentence: Sentence
) -> dict[int, Clause]:
    """The words from each number of a sentence to its neighbours, by its start; none for damage that lies on a figure."""
    starts = [one.start for one in candidates]
    ends = [sentence.start, *[one.end for one in candidates]]
    if damaged:
        places = list(zip(starts, ends[1:], strict=True))
        for one in damaged:
            start, end = one.place.start, one.place.end
            if all(end <= first or last <= start for first, last in places):
                places.append((start, end))
        places.sort()
        starts = [start for start, _ in places]
        ends = [sentence.start, *[end for _, end in places]]
    starts.append(sentence.end)
    gaps = [text[begin:end] for begin, end in zip(ends, starts, strict=True)]
    return {start: Clause(gap, tail) for start, gap, tail in zip(starts, gaps, gaps[1:], strict=False)}


def _figures(
    passage: Passage,
    fields: Sequence[dict[str, Said]],
    clauses: dict[int, Clause],
    draft: Draft,
    containers: Containers,
    headings: tuple[Heading, ...],
) -> Iterator[Figure]:
    """The figures of a sentence with the fields that have been decided."""
    sentence = passage.sentence
    words = draft.text.now[sentence.start : sentence.end].strip()
    written = draft.unconverted[sentence.start : sentence.end].strip() if draft.unconverted is not None else words
    for spot, said in zip(passage.spots, fields, strict=True):
        number = spot.figure
        fields_said: dict[str, Any] = {**said}
        place = Place.of(draft.text, number.start, number.end)
        yield Figure(
            place=place,
            written=passage.reading.text[number.start : number.end],
            value=_value(number, said["change"]),
            value_high=number.high,
            unit=number.unit,
            words=words,
            original=written if written != words else None,
            clause=clauses[number.start],
            sentence=sentence,
            cell=containers.of(place.raw_start),
            headings=headings,
            **fields_said,
        )


_PLACE = attrgetter("place.start")


def _value(number: Candidate, change: Said) -> str:
    value = number.value or ""
    return value.removeprefix("-") if change.rule == "change.below_zero" else value
