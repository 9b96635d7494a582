"""The grid that lines on a page of a PDF make, of boxes as they are found: rows, columns, what is no part of the table."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from worker.readers import pdf_tables
from worker.readers.layout import LaidLine
from worker.readers.paged import Table
from worker.readers.tables import GridCell


def cell(text: str, row: int, column: int, rows: int = 1, columns: int = 1) -> GridCell:
    return GridCell(text, row, column, rows, columns)


@pytest.mark.parametrize(
    ("values", "places"),
    [([], []), ([5.0, 1.0], [1.0, 5.0]), ([1.0, 3.0], [1.0]), ([1.0, 3.1], [1.0, 3.1]), ([1.0, 2.5, 4.0], [1.0, 4.0]), ([3.0, 1.0, 1.0], [1.0])],
)  # fmt: skip
def test_lines_that_nearly_meet_are_one(values: list[float], places: list[float]) -> None:
    assert pdf_tables._places(values) == places


def boxes(*rows: list[str], width: float = 50, height: float = 20) -> dict[pdf_tables.Box, str]:
    return {
        (column * width, row * height, (column + 1) * width, (row + 1) * height): text
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    }


SEEN = "地区案件甲县31乙县42"


def test_boxes_are_cells_of_rows_and_columns() -> None:
    """A box may lie over several; one that is nothing but a line is none."""
    texts = boxes(["地区", "案件"], ["甲县", "31"], ["乙县", "42"]) | {(0, 60, 100, 80): "合计", (0, 80, 100, 81): "x"}
    texts[50.0, 60.5, 100.0, 80.0] = "73"
    del texts[0, 60, 100, 80]
    texts[0, 60, 50.5, 80.4] = "合计"
    table = pdf_tables._table(texts, SEEN)

    assert table is not None
    assert table.cells == [
        cell("地区", 0, 0), cell("案件", 0, 1), cell("甲县", 1, 0), cell("31", 1, 1), cell("乙县", 2, 0), cell("42", 2, 1), cell("合计", 3, 0), cell("73", 3, 1),
    ]  # fmt: skip
    assert (table.top, table.bottom, table.columns, table.doubted) == (0, 80, 2, {7})


class Found:
    """A table as pdfplumber finds it."""

    def __init__(self, *rows: list[str | None]) -> None:
        places = boxes(*([text or "" for text in row] for row in rows))
        keys = iter(places)
        self.rows = [SimpleNamespace(cells=[None if text is None else next(keys) for text in row]) for row in rows]
        self.extract = lambda: [[text and f" {text}\n" for text in row] for row in rows]


class FilteredPage:
    """A page of pdfplumber's with these tables, and two lines: one in the first table, one below all."""

    def __init__(self, *tables: Found) -> None:
        self.find_tables = lambda: tables
        self.lines = [
            {"text": text, "x0": 1.0, "x1": 20.0, "top": top, "bottom": top + 10, "chars": []}
            for text, top in (("甲县", 20.0), ("完", 500.0))
        ]
        self.tolerance: float | None = None

    def dedupe_chars(self, tolerance: float) -> "FilteredPage":
        self.tolerance = tolerance
        return self

    def filter(self, keeps: Callable[[dict[str, Any]], bool]) -> "FilteredPage":
        self.lines = [line for line in self.lines if keeps(line)]
        return self

    def extract_text_lines(self) -> list[dict[str, Any]]:
        return self.lines


def test_tables_of_a_page_and_its_lines_outside_them() -> None:
    """What another reader sees otherwise is doubted; characters without codes leave the page to that one."""
    page = FilteredPage(Found(["地区", "案件"], ["甲县", "31"], ["乙县", "42"]), Found(["其他"]))
    found = pdf_tables.find_tables(page, "地区 案件\n甲县 3 1\n乙县 24")

    assert found is not None
    [table], lines = found
    assert ([cell.text for cell in table.cells], table.doubted) == (["地区", "案件", "甲县", "31", "乙县", "42"], {5})
    assert lines == [LaidLine("完", 1.0, 20.0, 500.0, 510.0)]
    assert page.tolerance == 1
    assert pdf_tables.find_tables(FilteredPage(Found(["地区", "案件"], ["甲县", "(cid:12)"])), "") is None
    assert pdf_tables.find_tables(FilteredPage(), "") == ([], [LaidLine("甲县", 1.0, 20.0, 20.0, 30.0), *lines])


@pytest.mark.parametrize(
    ("rows", "is_table"),
    [
        ([["地区", "案件"], ["甲县", "31"]], True), ([["地区", "案件"], ["甲县", ""]], False), ([["地区", "案件"]], False), ([["地区"], ["甲县"]], False),
        ([["地区", "", "案件"], ["甲县", "31", ""]], True), ([["", ""], ["甲县", "31"]], False),
    ],
)  # fmt: skip
def test_a_table_has_two_rows_of_two_cells(rows: list[list[str]], *, is_table: bool) -> None:
    assert (pdf_tables._table(boxes(*rows), SEEN) is not None) is is_table


@pytest.mark.parametrize(
    ("above", "kept"),
    [
        (["表1 各县案件"], ["表1 各县案件"]), *(([f"{numeral}{mark}各县案件"], []) for numeral in "一二三四五六七八九十" for mark in "、.．"), (["十一、各县案件"], []), (["（二）、各县案件"], []), (["甲" * 30], ["甲" * 30]), (["甲" * 31], []), ([""], []),
        (["表1 各县案件", "单位：件"], ["单位：件"]), (["单位：件", ""], ["单位：件", ""]), (["现将各县的案件报告如下。"], []),
    ],
)  # fmt: skip
def test_a_frame_around_lines_of_text_is_no_row_but_its_title(above: list[str], kept: list[str]) -> None:
    """What is as wide as the table, above it and below it, goes; between its rows it stays."""
    start = len(above)
    body = [
        cell("甲县", start, 0),
        cell("31", start, 1),
        cell("其中", start + 1, 0, columns=2),
        cell("乙县", start + 2, 0),
        cell("42", start + 2, 1),
    ]
    frames = [cell(text, row, 0, columns=2) for row, text in enumerate(above)]
    below = [cell("注：不含", start + 3, 0, columns=2)]

    assert pdf_tables._without_frames([*frames, *body, *below], 2) == [*frames[start - len(kept) :], *body]
    assert pdf_tables._without_frames([*frames, *below], 2) == []


TOP = [cell("", 0, 0), cell("案件", 0, 1), cell("罚款", 0, 2)]
UNDER = [cell("收支", 1, 0, columns=2), cell("元", 1, 2)]


@pytest.mark.parametrize(
    ("cells", "whole"),
    [
        ([*TOP, *UNDER], [cell("案件", 0, 0, columns=2), *TOP[2:], *UNDER]),
        ([*TOP, *UNDER[1:], cell("收支", 1, 0)], None),
        ([*TOP, UNDER[1], cell("3", 1, 0, columns=2)], None),
        ([*TOP, UNDER[1], cell("", 1, 0, columns=2)], None),
        ([TOP[0], cell("3", 0, 1), TOP[2], *UNDER], None),
        ([TOP[0], cell("案件", 0, 1, rows=2), TOP[2], *UNDER], None),
        ([cell("其他", 0, 0), *TOP[1:], *UNDER], None),
        ([cell("案件", 0, 0), cell("", 0, 1), TOP[2], *UNDER], [cell("案件", 0, 0, columns=2), TOP[2], *UNDER]),
        ([*TOP, cell("甲", 1, 0), cell("收支", 1, 1, columns=2)], None),
        ([*TOP, *UNDER[1:], cell("收支", 2, 0, columns=2)], None),
        ([cell("案件", 0, 0), cell("", 0, 1), cell("罚款", 0, 2), cell("收支", 1, 0, columns=3)], None),
        ([cell("", 0, 0, rows=2), cell("案件", 0, 1, rows=2), cell("收支", 2, 0, columns=2)], [cell("案件", 0, 0, 2, 2), cell("收支", 2, 0, columns=2)]),
        ([cell("", 0, 0), cell("", 0, 1), cell("案件", 0, 2), cell("收支", 1, 0, columns=3)], [cell("", 0, 0), cell("案件", 0, 1, columns=2), cell("收支", 1, 0, columns=3)]),
        ([cell("", 0, 0, columns=2), cell("案件", 0, 2), cell("收支", 1, 0, columns=3)], [cell("案件", 0, 0, columns=3), cell("收支", 1, 0, columns=3)]),
        ([cell("案件", 0, 0, columns=2), cell("", 0, 2, columns=2), cell("收支", 1, 1, columns=2)], [cell("案件", 0, 0, columns=4), cell("收支", 1, 1, columns=2)]),
    ],
)  # fmt: skip
def test_a_header_that_a_stray_line_cuts_is_made_whole(cells: list[GridCell], whole: list[GridCell] | None) -> None:
    """Where one below reaches under both pieces, and it is plain which of those beside the empty one it belongs to."""
    assert pdf_tables.without_strays(cells) == (cells if whole is None else whole)


def laid(text: str, gap: float = 0.0) -> dict[str, Any]:
    """A line of characters ten high and five wide, with a wider gap for each blank."""
    chars, left = [], 0.0
    for char in text:
        if char == " ":
            left += gap
            chars.append({"text": " ", "x0": left, "x1": left, "top": 0.0, "bottom": 10.0})
        else:
            chars.append({"text": char, "x0": left, "x1": left + 5, "top": 0.0, "bottom": 10.0})
            left += 5
    return {"text": text, "chars": chars}


@pytest.mark.parametrize(
    ("text", "gap", "torn"),
    [
        ("12 345", 6.0, []), ("12 345", 6.1, [(1, 4)]), ("甲 12 345件", 9.0, [(3, 6)]), ("12 34", 9.0, []), ("12 3456", 9.0, []), ("甲 345", 9.0, []),
        ("1 234 567", 9.0, [(0, 3), (4, 7)]), ("1 234 567", 2.0, []), ("12345", 9.0, []),
    ],
)  # fmt: skip
def test_digits_far_apart_are_no_groups_of_three(text: str, gap: float, torn: list[tuple[int, int]]) -> None:
    """The place is a character on either side of the blank."""
    assert [*pdf_tables._torn(laid(text, gap))] == torn
    (blank, *_) = [match.start() for match in re.finditer(" ", text)] or [0]
    line = laid(text, gap)
    line["chars"] = line["chars"][:blank]
    assert [*pdf_tables._torn(line)] == []


@pytest.mark.parametrize(
    ("top", "bottom", "is_kept"),
    [(0, 19, True), (0, 20, False), (10, 30, False), (50, 70, False), (51, 71, True), (0, 200, True)],
)
def test_what_stands_outside_a_table_is_a_line(top: float, bottom: float, *, is_kept: bool) -> None:
    """By its middle."""
    table = Table([], 10, 60, 2, set())

    assert pdf_tables._outside(table)({"top": top, "bottom": bottom}) is is_kept
