"""Where the report says what a figure is: the places in ``raw`` that its fields were decided by."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.metric import Metric
from schemas.reading import FigureReading, Reading, Span

SENTENCE, NAME, WORDS, UNIT, PERIOD = "sentence", "name", "words", "unit", "period"
ROW, COLUMN, CAPTION = "row", "column", "caption"


class Place(NamedTuple):
    """``raw[start:end]`` plays a part in a figure: its sentence, the words of its name, the header that gave its unit."""

    role: str
    start: int
    end: int


def places_of(metric: Metric, figure: FigureReading, reading: Reading) -> tuple[Place, ...]:
    """The places of one figure, each once and role by role."""
    found = _of_cell(figure, reading) if is_named_by_labels(figure) else _of_prose(metric, figure, reading)
    return tuple(dict.fromkeys(place for place in found if place.start < place.end))


def is_named_by_labels(figure: FigureReading) -> bool:
    """Whether a figure has its name from the labels of a table; one in a cell may also be read from a sentence there."""
    return figure.cell is not None and any(said.rule == "indicator.labels" for said in figure.decided)


def _of_cell(figure: FigureReading, reading: Reading) -> Iterator[Place]:
    cell = reading.cell_of(figure)
    assert cell is not None  # noqa: S101 - the figure has one
    for role, spans in ((ROW, cell.row), (COLUMN, cell.column), (CAPTION, cell.caption)):
        yield from (Place(role, *span) for span in spans)
    for role, span in ((UNIT, figure.unit), (PERIOD, figure.period)):
        if span and not (role == UNIT and span == (cell.start, cell.end)):
            yield Place(role, *span)


def _of_prose(metric: Metric, figure: FigureReading, reading: Reading) -> Iterator[Place]:
    start, end = sentence_span(metric.sentence, figure, reading.text)
    if start < end:
        yield Place(SENTENCE, *reading.origin.span(start, end))
    for said in figure.decided:
        if said.words and (span := _nearest(said.words, reading.text, (start, end), figure.start)):
            role = {"indicator": NAME, "period": PERIOD}.get(said.field, WORDS)
            yield Place(role, *reading.origin.span(*span))


def sentence_span(sentence: str, figure: FigureReading, text: str) -> Span:
    """Where a figure's sentence stands in the repaired text; an empty span at the figure where it is not there as it is.

    >>> sentence_span("共3件。", FigureReading(start=5, end=7, decided=()), "共3件。共3件。")
    (4, 8)
    """
    at = text.find(sentence, max(0, figure.end - len(sentence))) if sentence else -1
    return (at, at + len(sentence)) if 0 <= at <= figure.start else (figure.start, figure.start)


def _nearest(words: str, text: str, sentence: Span, before: int) -> Span | None:
    """Where words stand last before a figure in its sentence, else first behind it."""
    start, end = sentence
    at = text.rfind(words, start, before)
    if at < 0:
        at = text.find(words, start, end)
    return (at, at + len(words)) if at >= 0 else None
