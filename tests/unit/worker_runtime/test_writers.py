"""What is written down of a report, made of drafts with no stage behind them: the reading, and the message."""

import pytest

from schemas.offset_map import Stretch
from schemas.reading import Decided, ReadEdit, RejectedNumber, TableCell
from schemas.report import RepairExample
from worker import reading_writer, report_writer
from worker.draft import Draft
from worker.edits import MANY_FLAWS, NEAR_CHARS, Applied, Edit, Flaw, OffsetMap, Text, grouped
from worker.figure import SAID_FIELDS, Figure, Number, Place, Said
from worker.parts import Cell, Heading
from worker.report_writer import Origin

ORIGIN = Origin("d1", "a.txt", "in/a.txt", "0" * 64, revision=3, supersedes=2, repeats=1, replaces="d0")


def draft(**parts: object) -> Draft:
    return Draft(b"12345", "a.txt").having(**parts)


def figure(start: int, end: int, **fields: object) -> Figure:
    return Figure(Place(start, end, start, end), "1", "1", "件").having(
        **{name: Said(None, f"{name}.none") for name in SAID_FIELDS}
        | {"indicator": Said("案件", "indicator.words", "案")}
        | fields
    )


@pytest.mark.parametrize(
    ("stretch", "own", "left"),
    [
        ((2, 8, "x"), [], [(2, 8, "x")]),
        ((2, 8, "x"), [(2, 8)], []),
        ((2, 8, "x"), [(1, 9)], []),
        ((2, 8, "x"), [(3, 5)], [(2, 3, "x"), (5, 8, "")]),
        ((2, 8, "x"), [(2, 4)], [(4, 8, "x")]),
        ((2, 8, "x"), [(0, 4)], [(4, 8, "x")]),
        ((2, 8, "x"), [(6, 8)], [(2, 6, "x")]),
        ((2, 8, "x"), [(3, 4), (5, 6)], [(2, 3, "x"), (4, 5, ""), (6, 8, "")]),
        ((2, 8, "x"), [(2, 6), (3, 4)], [(6, 8, "x")]),
        ((3, 3, "x"), [], [(3, 3, "x")]),
        ((3, 3, ""), [], []),
        ((2, 8, ""), [(2, 8)], []),
        ((2, 8, ""), [(2, 7)], [(7, 8, "")]),
    ],
)
def test_markup_is_what_a_reader_changed_by_no_edit(
    stretch: tuple[int, int, str], own: list[tuple[int, int]], left: list[tuple[int, int, str]]
) -> None:
    """What it was replaced by is told once, with the first part."""
    assert [*reading_writer._outside(Stretch(*stretch), own)] == left


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("甲", "甲", []),
        ("會", "会", [(0, 1)]),
        ("甲會", "甲会", [(1, 2)]),
        ("會甲", "会甲", [(0, 1)]),
        ("會甲議", "会甲议", [(0, 3)]),
        ("會甲乙丙丁議", "会甲乙丙丁议", [(0, 6)]),
        ("會甲乙丙丁戊議", "会甲乙丙丁戊议", [(0, 1), (6, 7)]),
        ("甲乙丙丁戊會議甲乙丙丁戊", "甲乙丙丁戊会议甲乙丙丁戊", [(5, 7)]),
        ("會甲乙丙丁", "会甲乙丙丁", [(0, 1)]),
        ("甲會乙議丙", "甲会乙议丙", [(1, 4)]),
    ],
)
def test_converted_characters_near_one_another_are_one_edit(one: str, other: str, apart: list[tuple[int, int]]) -> None:
    assert [*reading_writer._apart(one, other)] == apart


def test_each_way_of_changing_a_text_is_told_in_order() -> None:
    """The reader's own edit lies in what it changed; the conversion is told in places of the file."""
    raw = "<p>甲 會\n議</p>"
    decoded = Text(raw, "甲 會\n議", OffsetMap.of_edits(len(raw), [Edit(0, 3), Edit(8, 12)]))
    text = decoded.apply([Edit(1, 2)], "spacing")
    reading = reading_writer.reading_of(
        draft(
            decoded=decoded, text=text.with_same_length("甲会\n议"), unconverted=text.now,
            left_out=((9, 10),), page_starts=(0, 5),
        ), ORIGIN
    )  # fmt: skip

    assert reading.edits == (
        ReadEdit(0, 3, "", "markup"),
        ReadEdit(4, 5, "", "spacing"),
        ReadEdit(5, 6, "会", "script"),
        ReadEdit(7, 8, "议", "script"),
        ReadEdit(8, 12, "", "markup"),
        ReadEdit(9, 10, "", "around"),
    )
    assert (reading.raw, reading.now, reading.page_starts) == (raw, "甲会\n议", (0, 5))
    assert (reading.id, reading.revision, reading.sha256) == ("d1", 3, "0" * 64)
    assert [*reading.segments.model_dump().values()][-4:] == [
        (0, 1, 4),
        (
            3,
            5,
        ),
        (1, 3),
        (1, 1),
    ]


def test_what_a_reader_edits_by_itself_is_no_markup() -> None:
    raw = "<b>甲\t\t乙"
    edits = [Edit(0, 3), Edit(4, 6, " ")]
    own = (Applied(4, 6, "\t\t", " ", "spacing", 1.0),)
    text = Text(raw, "甲 乙", OffsetMap.of_edits(len(raw), edits), own)

    assert reading_writer.reading_of(draft(decoded=text, text=text), ORIGIN).edits == (
        ReadEdit(0, 3, "", "markup"),
        ReadEdit(4, 6, " ", "spacing"),
    )


def test_a_text_that_is_as_it_was_is_written_once() -> None:
    text = Text.of("甲乙")
    reading = reading_writer.reading_of(draft(decoded=text, text=text), ORIGIN)

    assert (reading.now, reading.edits, reading.tables, reading.figures, reading.rejected) == (None, (), (), (), ())


def test_cells_stand_in_their_tables_in_the_order_of_the_file() -> None:
    """A table begins where its reader says or with its first cell, and ends with the last of them."""
    cells = (
        Cell(30, 36, (), ("乙",), table=25, row_at=((28, 29),)),
        Cell(7, 8, ("甲",), (), table=9, column_at=((1, 2),), caption_at=((0, 1),)),
        Cell(26, 27, (), (), table=25),
        Cell(10, 12, (), (), table=9),
        Cell(10, 11, (), (), table=9),
    )
    first, second = reading_writer._tables(cells)

    assert (first.start, first.end, second.start, second.end) == (7, 12, 25, 36)
    assert first.cells == (TableCell(7, 8, (), ((1, 2),), ((0, 1),)), TableCell(10, 11), TableCell(10, 12))
    assert second.cells == (TableCell(26, 27), TableCell(30, 36, ((28, 29),)))


def test_a_figure_is_written_with_its_cell_and_its_rules() -> None:
    text = Text.of("1" * 40)
    cells = (Cell(7, 8, (), (), table=7), Cell(20, 21, (), (), table=20), Cell(30, 36, (), (), table=20))
    figures = (figure(2, 3), figure(30, 36, cell=cells[2], unit_at=(21, 22), period_at=(0, 2)))
    written = reading_writer.reading_of(draft(text=text, decoded=text, cells=cells, figures=figures), ORIGIN).figures

    assert [(one.start, one.end, one.cell, one.unit, one.period) for one in written] == [
        (2, 3, None, None, None),
        (30, 36, (1, 1), (21, 22), (0, 2)),
    ]
    assert written[0].decided[:2] == (
        Decided("indicator", "indicator.words", "案"),
        Decided("period", "period.none", ""),
    )
    assert [one.field for one in written[1].decided] == [*SAID_FIELDS]


@pytest.mark.parametrize(
    ("start", "end", "is_taken"),
    [
        (0, 2, False),
        (2, 5, True),
        (3, 5, True),
        (5, 6, False),
        (8, 9, True),
        (9, 11, True),
        (11, 12, False),
        (12, 13, False),
    ],
)
def test_a_number_that_no_figure_holds_is_rejected(start: int, end: int, *, is_taken: bool) -> None:
    """The text has lost a character before it, so that places of the file are one further on."""
    text = Text.of("x" + "1" * 20).apply([Edit(0, 1)])
    one = Number(start, end, "bare", "because", "number.bare")
    reading = reading_writer.reading_of(draft(text=text, figures=(figure(8, 11), figure(2, 5)), numbers=(one,)), ORIGIN)

    assert reading.rejected == (
        () if is_taken else (RejectedNumber(start + 1, end + 1, "bare", "because", "number.bare"),)
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [("", "总则"), ("3", "3.总则"), ("附件", "附件 总则"), ("附1", "附1 总则"), ("十二", "十二、总则"), ("二〇", "二〇、总则"),
     ("（一）", "（一）总则"), ("第一章", "第一章总则"), ("一是", "一是总则"), ("一百", "一百、总则"), ("1.2", "1.2总则")],
)  # fmt: skip
def test_a_heading_is_written_with_its_number(number: str, written: str) -> None:
    assert report_writer._heading_text(Heading(number, "总则", 1, 0, 2, 2)) == written


def test_what_is_published_of_a_draft() -> None:
    """A status that is no achievement tells its words, a page counts from one, headings are those of each figure."""
    text = Text.of("甲" * 30)
    under = (Heading("一", "总则", 1, 0, 2, 2),)
    figures = (
        figure(2, 3, status=Said("achieved", "status.a", "完成")),
        figure(5, 9, headings=under, status=Said("planned", "status.b", "计划"), words="句", original="原"),
        figure(10, 12, headings=under, confidence=0.5, reasons=("a",), indicator_id="i", value_high="2"),
        figure(13, 14),
    )
    report = report_writer.report_of(
        draft(text=text, figures=figures, page_starts=(5, 10), media_type="text/plain", encoding="utf-8"),
        ORIGIN,
        {"a": 1.0},
    )

    told = [(one.section, one.status_words, one.source.page, one.source.quote, one.indicator) for one in report.metrics]
    assert told == [
        ((), None, None, "甲", "案件"),
        (("一、总则",), "计划", 1, "甲" * 4, "案件"),
        (("一、总则",), "", 2, "甲甲", "案件"),
        ((), "", 2, "甲", "案件"),
    ]
    assert (report.metrics[1].sentence, report.metrics[1].source.sentence) == ("句", "原")
    third = report.metrics[2]
    assert (third.confidence, third.confidence_reasons, third.indicator_id, third.value_high) == (0.5, ("a",), "i", "2")
    assert (report.id, report.revision, report.supersedes, report.repeats, report.replaces) == ("d1", 3, 2, 1, "d0")
    source = report.source
    assert (source.name, source.path, source.size_bytes, source.encoding) == ("a.txt", "in/a.txt", 5, "utf-8")
    assert report.pipeline.timings_ms == {"a": 1.0}
    assert report.warnings == ()


def test_repairs_are_counted_by_kind_with_three_examples() -> None:
    text = Text.of("甲 乙 丙 丁 戊a").apply([Edit(place, place + 1, kind="spacing") for place in (1, 3, 5, 7)])
    repairs = report_writer.report_of(draft(text=text.apply([Edit(4, 5, "b", "letter")])), ORIGIN, {}).repairs

    assert [(one.kind, one.count, len(one.examples)) for one in repairs] == [("letter", 1, 1), ("spacing", 4, 3)]
    assert repairs[1].examples[0] == RepairExample(start=1, end=2, was=" ", now="")


@pytest.mark.parametrize(
    ("count", "message"), [(MANY_FLAWS, "lost"), (MANY_FLAWS + 1, f"lost ({MANY_FLAWS + 1} places)")]
)
def test_many_flaws_are_one_warning(count: int, message: str) -> None:
    """Before the one that says that a report gives no figure."""
    text = Text.of("甲" * 99).apply([Flaw(place, place + 1, "digit_lost", "lost") for place in range(count)])
    warnings = report_writer.warnings_of(draft(text=text))

    assert (warnings[0].code, warnings[0].message, warnings[0].start) == ("digit_lost", message, 0)
    assert [one.code for one in warnings][-1] == "no_metrics"
    assert len(warnings) == (2 if count > MANY_FLAWS else count + 1)
    assert "no_metrics" not in {
        one.code for one in report_writer.warnings_of(draft(text=text, figures=(figure(1, 2),)))
    }


@pytest.mark.parametrize(
    ("gap", "groups"), [(NEAR_CHARS, [(0, 5 + NEAR_CHARS)]), (NEAR_CHARS + 1, [(0, 4), (5 + NEAR_CHARS, 1)])]
)
def test_flaws_that_stand_far_apart_are_not_grouped(gap: int, groups: list[tuple[int, int]]) -> None:
    """By what parts them from the end of the group so far, which a short one inside a long one does not take back."""
    many = [
        Flaw(0, 4, "a", "first"),
        *(Flaw(1, 2, "a", "") for _ in range(MANY_FLAWS)),
        Flaw(4 + gap, 5 + gap, "a", ""),
    ]
    found = [*grouped([Flaw(2, 3, "b", ""), *reversed(many)])]

    assert [(one.start, one.end - one.start) for one, _ in found if one.code == "a"] == groups
    assert sum(count for _, count in found) == len(many) + 1


@pytest.mark.parametrize(
    ("place", "is_flawed"),
    [(0, False), (1, True), (2, True), (5, True), (8, True), (9, True), (10, False), (13, True), (16, False)],
)
def test_flaws_that_lie_in_one_another_are_one(place: int, *, is_flawed: bool) -> None:
    """Those that stand side by side as well; what touches one is spoilt."""
    flaws = [Flaw(14, 15, "a", ""), Flaw(2, 9, "a", ""), Flaw(3, 4, "a", ""), Flaw(9, 9, "a", "")]

    assert Text.of("1" * 20).apply(flaws).is_flawed(place, place + 1) is is_flawed


def test_what_changes_nothing_is_not_carried_out() -> None:
    text = Text.of("甲乙丙")

    assert text.apply([]) is text
    assert text.apply([Edit(1, 1)]) is text
    assert text.apply([Edit(1, 1, "x", "insertion")]).now == "甲x乙丙"
    assert text.apply([Edit(0, 1), Edit(1, 2, "x")], "k").edits == (
        Applied(0, 1, "甲", "", "k", 1.0),
        Applied(1, 2, "乙", "x", "k", 1.0),
    )
    assert not text.is_flawed(0, 3)
