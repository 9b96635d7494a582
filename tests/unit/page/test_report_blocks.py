"""Pieces put together by hand: which line is a heading, what is a row of a table, and where each begins and ends."""

from types import SimpleNamespace
from typing import Any

import pytest

from page.report.blocks import BETWEEN, Around, Grid, Line, blocks_of
from page.report.pieces import GONE, HIDDEN, KEPT, PAGE, READ, Marks, Piece, pieces_of
from schemas.offset_map import Stretch
from schemas.reading import AROUND, MARKUP, Table, TableCell
from schemas.report import Section


def kept(text: str, start: int = 0) -> Piece:
    return Piece(KEPT, text, start, start + len(text))


def blocks(*pieces: Piece, sections: tuple[Section, ...] = (), tables: tuple[Table, ...] = ()) -> list[Any]:
    reading: Any = SimpleNamespace(tables=tables)
    return blocks_of(reading, sections, pieces)


def section(start: int, number: str = "一", title: str = "总体情况", level: int = 1) -> Section:
    return Section(number=number, title=title, level=level, start=start, end=start + 50)


def test_lines_end_where_the_text_that_is_read_has_a_line_feed() -> None:
    """One that was taken away ends none, one that is read does; a line of nothing is none."""
    found = blocks(
        kept("甲\n\n乙"), Piece(GONE, "\n", 4, 5, "x"), kept("丙", 5), Piece(READ, "丁\n戊", 6, 6), kept("己", 6)
    )
    assert [(line.start, line.text) for line in found] == [(0, "甲"), (3, "乙丙丁"), (6, "戊己")]
    assert [piece.kind for piece in found[1].pieces] == [KEPT, GONE, KEPT, READ]
    assert [(piece.start, piece.end) for piece in found[2].pieces] == [(6, 6), (6, 7)]


def test_a_line_begins_and_ends_with_what_is_its_own() -> None:
    """What was taken away, is read, or stands between cells is around that; without anything of its own it is its place."""
    line = Line(
        3,
        [
            Piece(GONE, "x", 3, 4),
            kept("甲", 4),
            Piece(READ, "y", 5, 5),
            kept("乙", 5),
            Piece(KEPT, "，", 6, 7, BETWEEN),
        ],
    )
    assert (line.first, line.last, line.text, line.is_gone) == (4, 6, "甲y乙，", False)
    gone = Line(7, [Piece(GONE, "x", 7, 8), Piece(HIDDEN, "", 8, 9), Piece(PAGE, "2", 9, 9)])
    assert (gone.first, gone.last, gone.text, gone.is_gone) == (7, 7, "", True)


def test_what_stands_around_is_put_together_and_parts_lines() -> None:
    around = [Piece(GONE, text, at, at + 1, AROUND) for at, text in ((1, "p"), (2, "q"), (4, "r"))]
    found = blocks(kept("甲"), *around[:2], kept("乙", 3), around[2])
    assert [type(block) for block in found] == [Line, Around, Line, Around]
    assert [[piece.text for piece in block.lines] for block in found[1::2]] == [["p", "q"], ["r"]]
    assert [block.start for block in found] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、总体情况", 2),
        ("一、总体情况" + "。" * 11, 2),
        ("一、总体情况" + "。" * 12, None),
        ("  一、总体情况" + "。" * 11 + " ", 2),
    ],
)
def test_a_line_that_is_hardly_longer_than_its_title_is_a_heading(line: str, level: int | None) -> None:
    """One that goes on is not, though a section begins in it: number and title count, and so many characters beside them."""
    [found] = blocks(kept(line), sections=(section(0, level=2),))
    assert (found.section, found.level) == (0, level)


def test_of_several_sections_in_a_line_the_outermost_is_its_own() -> None:
    """Each line takes those that begin in it; one that began before, in a table, is nobody's."""
    found = blocks(
        kept("表\n一、乙\n二、丙\n丁"),
        sections=(section(0), section(2, "一", "乙"), section(3, "1", "丙", 2), section(6, "二", "丙")),
        tables=(table(0, 2, (0, 1)),),
    )
    assert [(line.text, line.section, line.level) for line in found[1:]] == [
        ("一、乙", 1, 1), ("二、丙", 3, 1), ("丁", None, None),
    ]  # fmt: skip


def table(start: int, end: int, *cells: tuple[int, int]) -> Table:
    return Table(start=start, end=end, cells=tuple(TableCell(*cell) for cell in cells))


def cells_of(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def test_rows_of_a_table_are_put_together_and_other_lines_apart() -> None:
    """By their places: what begins where the table ends is none of it; two tables are two."""
    text = "前\n甲\t1\n乙\t2\n丙\t3\n后"
    found = blocks(kept(text), tables=(table(2, 10, (2, 3), (4, 5), (6, 7), (8, 9)), table(10, 14, (10, 11), (12, 13))))
    assert [type(block) for block in found] == [Line, Grid, Grid, Line]
    assert [(grid.number, grid.start, cells_of(grid)) for grid in found[1:3]] == [
        (0, 2, [["甲", "1"], ["乙", "2"]]), (1, 10, [["丙", "3"]]),
    ]  # fmt: skip
    assert [cell.start for cell in found[1].rows[1]] == [6, 8]


@pytest.mark.parametrize(
    ("text", "cells", "rows"),
    [
        ("甲,1,2", ((0, 1), (2, 3), (4, 5)), [("甲", "甲,"), ("1", "1,"), ("2", "2")]),
        (",甲,1", ((1, 2), (3, 4)), [("", ","), ("甲", "甲,"), ("1", "1")]),
        ("甲  1", ((0, 1), (3, 4)), [("甲", "甲  "), ("1", "1")]),
        ("甲1", ((0, 1), (1, 2)), [("甲", "甲"), ("1", "1")]),
        ("甲,1", ((0, 1),), [("甲,1", "甲,1")]),
        (" 甲,1", ((1, 2), (3, 4)), [("甲", " 甲,"), ("1", "1")]),
    ],
)
def test_a_row_without_tabs_is_cut_at_its_cells(
    text: str, cells: tuple[tuple[int, int], ...], rows: list[tuple[str, str]]
) -> None:
    """What parts them goes with the cell before; one that stands before the first is an empty cell's, unless it is blank."""
    [grid] = blocks(kept(text), tables=(table(0, len(text), *cells),))
    own = [("".join(piece.text for piece in cell.pieces if piece.why != BETWEEN), cell.text) for cell in grid.rows[0]]
    assert own == rows
    for cell in grid.rows[0]:
        assert all(text[piece.start : piece.end] == piece.text != "" for piece in cell.pieces)


def test_a_cell_of_nothing_between_tabs_holds_no_piece() -> None:
    [grid] = blocks(kept("\t1\t"), tables=(table(0, 3, (1, 2)),))
    assert [[(cell.start, [piece.text for piece in cell.pieces]) for cell in row] for row in grid.rows] == [
        [(0, []), (1, ["1"]), (3, [])]
    ]


def test_a_tab_that_was_taken_away_parts_no_cells() -> None:
    gone = Piece(GONE, "a\tb", 3, 6, "x")
    [grid] = blocks(kept("甲\t1"), gone, Piece(READ, "2\t3", 6, 6), tables=(table(0, 6, (0, 1), (2, 6)),))
    assert [[[piece.text for piece in cell.pieces] for cell in row] for row in grid.rows] == [
        [["甲"], ["1", "a\tb", "2"], ["3"]]
    ]


def test_each_place_lies_in_the_figures_that_are_over_it() -> None:
    """Ends are beyond; an empty span is over nothing."""
    marks = Marks([(1, 4), (2, 6), (5, 5)], [(6, 8)])
    assert [marks.at(place) for place in range(9)] == [
        ((), None), ((0,), None), ((0, 1), None), ((0, 1), None), ((1,), None), ((1,), None), ((), 0), ((), 0), ((), None),
    ]  # fmt: skip
    assert [*marks.cut(0, 9)] == [(0, 1), (1, 2), (2, 4), (4, 5), (5, 6), (6, 8), (8, 9)]
    assert [*marks.cut(2, 4)] == [(2, 4)]
    assert [*marks.cut(3, 3)] == [(3, 3)]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ((), [(KEPT, "abcdef")]),
        ((0,), [(PAGE, "1"), (KEPT, "abcdef")]),
        ((0, 3), [(PAGE, "1"), (KEPT, "abc"), (PAGE, "2"), (KEPT, "def")]),
        ((2, 2), [(KEPT, "ab"), (PAGE, "1"), (PAGE, "2"), (KEPT, "cdef")]),
        ((6,), [(KEPT, "abcdef")]),
    ],
)
def test_a_page_begins_before_what_stands_at_its_beginning(starts: tuple[int, ...], expected: list[Any]) -> None:
    reading: Any = SimpleNamespace(
        edits=(), raw="abcdef", text="abcdef", page_starts=starts, origin=SimpleNamespace(changes=lambda *_: [])
    )
    assert [(piece.kind, piece.text) for piece in pieces_of(reading, Marks([], []))] == expected


@pytest.mark.parametrize(
    ("edits", "now", "told"),
    [
        ([(MARKUP, 0, 4)], "x", [(HIDDEN, "", MARKUP), (READ, "x", MARKUP)]),
        ([(MARKUP, 0, 2), ("a", 2, 4)], "x", [(HIDDEN, "", MARKUP), (GONE, "cd", "a"), (READ, "x", "a")]),
        ([("a", 0, 2), (MARKUP, 2, 4)], "x", [(GONE, "ab", "a"), (HIDDEN, "", MARKUP), (READ, "x", "a")]),
        ([("a", 0, 2), ("b", 2, 4)], "x", [(GONE, "ab", "a"), (GONE, "cd", "b"), (READ, "x", "b")]),
        ([("a", 0, 1), (MARKUP, 1, 3), ("b", 3, 4)], "x\ty", [
            (GONE, "a", "a"), (READ, "x", "a"), (HIDDEN, "", MARKUP), (READ, "\t", MARKUP), (GONE, "d", "b"), (READ, "y", "b"),
        ]),
        ([(MARKUP, 0, 4), (AROUND, 1, 3)], "", [(HIDDEN, "", MARKUP), (GONE, "bc", AROUND), (HIDDEN, "", MARKUP)]),
        ([("a", 0, 4), ("b", 1, 3)], "", [(GONE, "a", "a"), (GONE, "bc", "b"), (GONE, "d", "a")]),
    ],
)  # fmt: skip
def test_what_is_read_has_the_reason_of_what_it_stands_for(
    edits: list[tuple[str, int, int]], now: str, told: list[tuple[str, str, str]]
) -> None:
    """The last that is no mark-up, where there is one; the finest edit over a character is its reason."""
    reading: Any = SimpleNamespace(
        edits=[SimpleNamespace(kind=kind, start=start, end=end) for kind, start, end in edits],
        raw="abcd", text=now, page_starts=(), origin=SimpleNamespace(changes=lambda *_: [Stretch(0, 4, now)]),
    )  # fmt: skip
    assert [(piece.kind, piece.text, piece.why) for piece in pieces_of(reading, Marks([], []))] == told


def test_what_is_read_between_two_characters_is_in_no_figure() -> None:
    reading: Any = SimpleNamespace(
        edits=[SimpleNamespace(kind="a", start=1, end=1)],
        raw="bc", text="bxc", page_starts=(), origin=SimpleNamespace(changes=lambda *_: [Stretch(1, 1, "x")]),
    )  # fmt: skip
    assert [*pieces_of(reading, Marks([(0, 2)], [(1, 2)]))] == [
        Piece(KEPT, "b", 0, 1, "", (0,)), Piece(READ, "x", 1, 1, "a"), Piece(KEPT, "c", 1, 2, "", (0,), 0),
    ]  # fmt: skip
