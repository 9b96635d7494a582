"""Pieces of a page that stand where they stand: which touch, which make a line, a column, a table."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from worker.readers import placed
from worker.readers.layout import LaidLine
from worker.readers.paged import Table
from worker.readers.placed import Piece, lines_and_tables


def piece(text: str, left: float, base: float = 10, width: float | None = None, size: float = 10) -> Piece:
    """Ten wide a character, five where it is none of Han."""
    own = sum(size / 2 if char.isascii() else size for char in text)
    return Piece(text, left, left + (own if width is None else width), base, size)


def lines(*pieces: Piece) -> list[str]:
    return [one.text for one in lines_and_tables(pieces) if isinstance(one, LaidLine)]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ((piece("甲", 0), piece("乙", 11.5)), "甲乙"), ((piece("甲", 0), piece("乙", 7)), "甲乙"), ((piece("甲", 0), piece("乙", 15)), "甲乙"),
        ((piece("甲", 0), piece("乙", 15.1)), "甲 乙"), ((piece("甲", 0), piece("乙", 19.9)), "甲 乙"), ((piece("甲", 0), piece("乙", 20)), "甲\t乙"),
        ((piece("甲a", 0), piece("乙", 16.5)), "甲a乙"), ((piece("甲a", 0), piece("乙", 16.6)), "甲a 乙"), ((piece("甲", 0), piece("b", 11.6)), "甲 b"),
        ((piece("乙", 11), piece("甲", 0)), "甲乙"), ((piece("甲", 0), piece("甲", 1.9)), "甲"), ((piece("甲", 0), piece("甲", 2)), "甲甲"),
        ((piece("甲", 0), piece("乙", 1)), "甲乙"), ((piece("甲", 0), piece("乙", 10), piece("乙", 11)), "甲乙"),
        ((piece("甲", 0, 10), piece("乙", 10, 13.9)), "甲乙"), ((piece("甲", 0, 10, size=20), piece("乙", 20, 13.9)), "甲乙"),
        ((piece("3", 0), piece("5", 5)), "35"), ((piece("3", 0), piece("5", 8)), "3  5"), ((piece("13", 0), piece("5", 10)), "135"),
        ((piece("3", 0), piece("5", 5, 8.4)), "35"), ((piece("3", 0), piece("5", 15)), "3\t5"), ((piece("3件", 0), piece("5", 15)), "3件5"),
    ],
)  # fmt: skip
def test_how_two_pieces_of_a_line_are_parted(pieces: Sequence[Piece], text: str) -> None:
    """Not at all, by a blank, by two where digits meet, by a tab; what is drawn twice to look bold is there once."""
    assert lines(*pieces) == [text]


@pytest.mark.parametrize(
    ("pieces", "torn"),
    [
        ((piece("3", 0), piece("5", 5)), ()), ((piece("13", 0), piece("5", 10)), ((1, 3),)), ((piece("3", 0), piece("56", 5)), ((0, 2),)),
        ((piece("3", 0), piece("5", 5), piece("67", 10)), ((1, 3),)), ((piece("3", 0), piece("5", 8)), ((0, 4),)), ((piece("3", 0), piece("5", 5, 8.5)), ((0, 2),)),
        ((piece("3", 0), piece("5", 5, 8.6)), ()), ((piece("3", 0), piece("5", 5, size=8.4)), ((0, 2),)), ((piece("3", 0), piece("5", 5, size=8.8)), ()),
        ((piece("甲", 0), piece("13", 12), piece("5", 22)), ((3, 5),)), ((piece("甲", 0), piece("13", 30), piece("56", 41)), ((3, 5),)),
        ((piece("12", 0), piece("34", 13), piece("56", 26)), ((1, 5), (5, 9))), ((piece("3", 0), piece("5", 15)), ()),
    ],
)  # fmt: skip
def test_where_digits_of_two_pieces_meet_a_number_is_doubted(
    pieces: Sequence[Piece], torn: tuple[tuple[int, int], ...]
) -> None:
    """Unless each is a glyph of the same size on the same line."""
    (line,) = lines_and_tables(pieces)

    assert isinstance(line, LaidLine)
    assert line.torn == torn


@pytest.mark.parametrize(
    ("base", "size", "number"), [(13.9, 10, 1), (14.0, 10, 2), (13.9, 8, 2), (13.1, 8, 1), (6.1, 10, 1), (6.0, 10, 2)]
)
def test_what_stands_a_little_lower_is_in_the_line(base: float, size: float, number: int) -> None:
    """By the smaller of the two."""
    assert len(lines(piece("甲", 0), piece("乙", 11, base, size=size))) == number


def test_lines_stand_from_top_to_bottom() -> None:
    """With their place; fields far apart are told."""
    first, second, third = lines_and_tables(
        [piece("丁", 0, 40), piece("乙", 5, 14), piece("甲", 0, 10, size=8), piece("丙", 40, 14)]
    )

    assert [one.text for one in (first, second, third) if isinstance(one, LaidLine)] == ["甲", "乙\t丙", "丁"]
    assert first == LaidLine("甲", 0, 8, 2, 10)
    assert second == LaidLine("乙\t丙", 5, 50, 4, 14, apart=True)
    assert third == LaidLine("丁", 0, 10, 30, 40)


def row(base: float, *texts: tuple[str, float]) -> list[Piece]:
    return [piece(text, left, base) for text, left in texts]


HEAD = row(10, ("地区", 0), ("案件", 60), ("罚款", 120))
BODY = [*row(30, ("甲县", 0), ("31", 65), ("20", 125)), *row(50, ("乙县", 0), ("42", 65), ("18", 125))]


def tables(*pieces: Piece) -> list[Table]:
    return [one for one in lines_and_tables(pieces) if isinstance(one, Table)]


def test_columns_below_a_row_without_figures_are_a_table() -> None:
    (table,) = tables(*HEAD, *BODY)

    assert [(cell.text, cell.row, cell.column) for cell in table.cells] == [
        ("地区", 0, 0), ("案件", 0, 1), ("罚款", 0, 2), ("甲县", 1, 0), ("31", 1, 1), ("20", 1, 2), ("乙县", 2, 0), ("42", 2, 1), ("18", 2, 2),
    ]  # fmt: skip
    assert (table.top, table.bottom, table.columns, table.doubted, table.named) == (0, 50, 3, set(), True)


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (HEAD, 0), (BODY, 0), ([*HEAD, *BODY[:3]], 1), ([*HEAD, *BODY[:2]], 0), ([*HEAD, *row(30, ("31", 65), ("20", 125))], 0),
        ([*row(10, ("地区", 0), ("12", 60), ("罚款", 120)), *BODY], 0), ([*row(10, ("单位：", 0), ("万元", 60)), *BODY], 0),
        ([*HEAD, *row(20, ("甲县", 0), ("31", 65), ("20", 125), ("9", 300))], 1), ([*HEAD, *row(30, ("甲县一二三四五六", 0), ("31", 85), ("20", 125))], 0),
        ([*HEAD, *BODY, *row(70, ("一句话", 0)), *(replace(one, base=one.base + 90) for one in (*HEAD, *BODY))], 2),
    ],
)  # fmt: skip
def test_what_is_a_table(pieces: Sequence[Piece], found: int) -> None:
    assert len(tables(*pieces)) == found


@pytest.mark.parametrize(("base", "rows"), [(70, 3), (66, 3), (65.9, 2)])
def test_a_text_alone_that_follows_near_goes_on_in_a_cell(base: float, rows: int) -> None:
    """The row that it belongs to is left out of the table, and read as lines."""
    (table,) = tables(*HEAD, *BODY, piece("其中", 0, base))

    assert len({cell.row for cell in table.cells}) == rows


def test_a_table_may_have_two_columns() -> None:
    """And two rows below its head, no fewer figures than two."""
    rows = ((10, "地区", "案件"), (30, "甲县", "31"), (50, "乙县", "42"))
    head, one, other = (row(base, (label, 0), (text, 60)) for base, label, text in rows)
    (table,) = tables(*head, *one, *other, piece("以上", 0, 90))

    assert (table.columns, len(table.cells)) == (2, 6)
    assert tables(*head, *one) == []


def test_a_cell_where_digits_meet_is_doubted_and_a_column_without_a_header_spoils_the_names() -> None:
    (torn,) = tables(*HEAD, *BODY, piece("9", 75, 50))
    (unnamed,) = tables(*HEAD, *BODY, *row(70, ("丙县", 0), ("3", 65), ("4", 125), ("5", 300)))
    (twice,) = tables(*row(10, ("地区", 0), ("案件", 60), ("案件", 120)), *BODY)

    assert torn.doubted == {7}
    assert [unnamed.named, twice.named, torn.named] == [False, False, True]
    assert unnamed.columns == 4


@pytest.mark.parametrize(
    ("numbers", "body", "joined"),
    [
        ([[0, 1], [0, 2]], 1, [[0, 1], [0, 1]]),
        ([[0, 2], [0, 1]], 1, [[0, 2], [0, 2]]),
        ([[0, 1, 2], [0, 1, 2]], 1, [[0, 1, 2], [0, 1, 2]]),
        ([[0, 1, 3], [0, 2]], 1, [[0, 1, 3], [0, 2]]),
        ([[0, 2], [0, 1, 3]], 1, [[0, 2], [0, 1, 3]]),
        ([[1], [0]], 1, [[1], [0]]),
        ([[0, 1], [0, 3]], 1, [[0, 1], [0, 3]]),
        ([[0, 1], [0, 1], [0, 2]], 2, [[0, 1], [0, 1], [0, 1]]),
    ],
)
def test_figures_beside_an_empty_header_are_below_it(
    numbers: list[list[int]], body: int, joined: list[list[int]]
) -> None:
    """Where there is one on one side alone, for one column alone; labels have none."""
    assert placed._under_headers(numbers, body) == joined


def run(text: str, left: float, right: float) -> placed._Run:
    return placed._Run(text, left, right, 10, 10, ends_in_glyph=False)


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ([(0, 20), (60, 80)], [0, 1]), ([(61, 70)], [1]), ([(30, 50)], [2]), ([(30, 50), (61, 70)], [2, 1]), ([(90, 99)], [2]), ([(0, 61.5)], [0]), ([(0, 61.6)], []),
        ([(0, 10), (12, 20)], []), ([(18.5, 50)], [0]), ([(18.6, 50)], [2]), ([(30, 61.4)], [2]), ([(30, 61.5)], [1]), ([(-9, -2)], [2]),
    ],
)  # fmt: skip
def test_columns_are_stripes_that_no_text_of_another_reaches_into(
    row: list[tuple[float, float]], places: list[int]
) -> None:
    """They grow by what stands in them; what stands in none makes one."""
    bands = placed._Bands([run("甲", 0, 20), run("乙", 60, 80)])

    assert bands.places([run("1", *one) for one in row]) == places


def test_stripes_grow() -> None:
    bands = placed._Bands([run("甲", 0, 20), run("乙", 60, 80)])

    assert bands.places([run("1", 10, 50)]) == [0]
    assert bands.places([run("1", 30, 65)]) == []
    assert bands.places([run("1", 55, 99)]) == [1]
    assert bands.places([run("1", 90, 110)]) == [1]
    assert bands.places([run("1", 52, 54)]) == [2]
    assert bands.names == [0, 2, 1]


@pytest.mark.parametrize(
    ("lefts", "places"),
    [
        ([0, 60], [0, 1]),
        ([3, 57], [0, 1]),
        ([3.1], []),
        ([56.9], []),
        ([63], [1]),
        ([63.1], []),
        ([0, 1], []),
        ([60], [1]),
        ([99], []),
    ],
)
def test_columns_are_the_left_ends_of_the_header(lefts: list[float], places: list[int]) -> None:
    columns = placed._Lefts([run("甲", 0, 20), run("乙", 60, 80)])

    assert columns.places([run("1", left, 200) for left in lefts]) == places
