"""Where a report says what a figure is: by hand, in prose and in a cell."""

from types import SimpleNamespace
from typing import Any

import pytest

from page.report.evidence import CAPTION, COLUMN, NAME, PERIOD, ROW, SENTENCE, UNIT, WORDS, places_of
from schemas.metric import Metric, MetricSource
from schemas.reading import Decided, FigureReading, TableCell

TEXT = "2023年，收到申请5件，申请办结3件。后5件。"
SENTENCE_TEXT = "2023年，收到申请5件，申请办结3件。"


def figure(start: int, end: int, *decided: tuple[str, str, str], **more: Any) -> FigureReading:
    return FigureReading(start=start, end=end, decided=tuple(Decided(*one) for one in decided), **more)


def places(of: FigureReading, sentence: str = SENTENCE_TEXT, cell: TableCell | None = None) -> list[tuple[str, Any]]:
    source = MetricSource(start=0, end=1, quote="5")
    metric = Metric(indicator="x", value="5", unit="件", sentence=sentence, source=source)
    reading: Any = SimpleNamespace(
        text=TEXT, origin=SimpleNamespace(span=lambda start, end: (start, end)), cell_of=lambda _: cell
    )
    found = places_of(metric, of, reading)
    return [(role, (start, end) if cell else TEXT[start:end]) for role, start, end in found]


def test_words_are_those_before_the_figure_and_else_the_first_behind_it() -> None:
    """In its sentence; the name and the period play parts of their own, and no place is told twice."""
    three = TEXT.index("3件")
    of = figure(
        three, three + 2,
        ("indicator", "indicator.own_words", "申请"), ("period", "period.stated", "2023年"),
        ("scope", "scope.x", "办结"), ("status", "status.x", ""), ("actor", "actor.x", "后"), ("change", "x", "办结"),
    )  # fmt: skip
    assert places(of) == [(SENTENCE, SENTENCE_TEXT), (NAME, "申请"), (PERIOD, "2023年"), (WORDS, "办结")]
    name = [place for place in places_of_raw(of) if place[0] == NAME]
    assert name == [(NAME, TEXT.rindex("申请"), TEXT.rindex("申请") + 2)]
    five = figure(TEXT.index("5件"), TEXT.index("5件") + 2, ("indicator", "indicator.own_words", "办结"))
    assert places(five) == [(SENTENCE, SENTENCE_TEXT), (NAME, "办结")]


def places_of_raw(of: FigureReading) -> list[tuple[str, int, int]]:
    source = MetricSource(start=0, end=1, quote="5")
    metric = Metric(indicator="x", value="5", unit="件", sentence=SENTENCE_TEXT, source=source)
    reading: Any = SimpleNamespace(text=TEXT, origin=SimpleNamespace(span=lambda start, end: (start, end)))
    return [tuple(place) for place in places_of(metric, of, reading)]


@pytest.mark.parametrize("sentence", ["", "别的。", "后5件。别的"])
def test_a_sentence_that_is_not_there_as_it_is_has_no_place(sentence: str) -> None:
    five = TEXT.index("5件")
    assert places(figure(five, five + 2), sentence) == []


CELL = TableCell(10, 12, row=((1, 2), (3, 3)), column=((4, 6),), caption=((7, 9), (7, 9)))
BY_LABELS = ("indicator", "indicator.labels", "x")


@pytest.mark.parametrize(
    ("decided", "unit", "period", "expected"),
    [
        ((BY_LABELS,), None, None, []),
        ((BY_LABELS,), (7, 8), (4, 5), [(UNIT, (7, 8)), (PERIOD, (4, 5))]),
        ((BY_LABELS,), (10, 12), (10, 12), [(PERIOD, (10, 12))]),
        ((("period", "period.header", ""), BY_LABELS), (10, 11), None, [(UNIT, (10, 11))]),
    ],
)
def test_a_cell_is_named_by_its_labels_headers_and_caption(
    decided: Any, unit: Any, period: Any, expected: list[Any]
) -> None:
    """The cell itself is no evidence of its unit; what is empty is nowhere."""
    of = figure(3, 4, *decided, cell=(0, 0), unit=unit, period=period)
    assert places(of, cell=CELL) == [(ROW, (1, 2)), (COLUMN, (4, 6)), (CAPTION, (7, 9)), *expected]


@pytest.mark.parametrize("cell", [None, (0, 0)])
def test_a_figure_that_has_its_name_from_words_is_one_of_prose(cell: Any) -> None:
    """In a cell, too; and labels without a cell are none."""
    rule = "indicator.labels" if cell is None else "indicator.own_words"
    five = TEXT.index("5件")
    of = figure(five, five + 2, ("indicator", rule, "收到"), cell=cell)
    assert [role for role, *_ in places(of)] == [SENTENCE, NAME]
