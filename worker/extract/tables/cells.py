"""Figures of tables: a cell's number, named and measured by the headers above it and to its left."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from schemas.metric import Change
from worker.draft import Draft
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.numbers.numerals import MULTIPLIERS, parse, text_of, times
from worker.extract.tables.edges import Edge, Edges
from worker.extract.tables.headers import TableLabels, place_of
from worker.parts import Cell, Span
from worker.readers.cell_words import is_bounded, is_like_number

HEADER_LENGTH = 24  # a longer cell without a number of its own is prose in a layout table
_NUMBER = re.compile(
    r"(?P<minus>[-－—–▲△]|负|(?P<bracket>\())?\+? ?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r" ?(?P<multipliers>[千百万亿]*)(?P<unit>[^0-9\s,.()]{0,8})(?(bracket)\))(?P<remark> ?\((?:不?含|其中|包括)[^()]*\))?"
)
_DIGIT = re.compile("[0-9]")
_AGES = "岁"  # ≥60岁 is a class of people
_BEFORE_NUMERALS = frozenset("上过破")  # 上千, 过万: before a digit they are something else
_MAY_NUMBER = re.compile(r"[0-9]{1,2}|[0-9]\.[0-9]|0[0-9]+|[0-9]{11,}")  # 3, 2.1 and codes


class CellFigure(NamedTuple):
    """A table's figure, with its place in the text that is read; ``period`` is None where no header names a time.

    ``headers`` are the table's title and the labels of the row and the column, ``of_plans`` the words of one that names a
    column of targets or budgets, ``words`` the labels and the number as the file has them. ``unit_at`` and ``period_at`` are
    the places in the file of what gave them: a header, a label, a line of the caption, or the cell itself; None where
    nothing did.
    """

    start: int
    end: int
    value: str
    unit: str
    indicator: str
    change: Change | None
    change_words: str
    period: str | None
    period_words: str
    headers: tuple[str, ...]
    of_plans: str
    budget: str | None
    is_of_accounts: bool
    words: str
    unit_at: Span | None = None
    period_at: Span | None = None
    told: "Told | None" = None

    @property
    def label_words(self) -> str:
        """The words of its row and its column."""
        return " | ".join(self.headers[1:])


class Told(NamedTuple):
    """The sign or word in front of a cell's number that says how exact it is (≥95, 约5), and where the number starts.

    Words behind it (60岁以上, 10万元以下) mostly make a class of it, which no figure is.
    """

    words: str
    qualifier: str
    start: int


@dataclass(frozen=True)
class TableFigures:
    """The cells of a text as places of the reading, in order, with the figures read from them.

    ``unread`` are those that hold numbers of which no figure could be made.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    figures: tuple[CellFigure, ...]
    unread: tuple[tuple[int, int], ...] = ()

    def covers(self, place: int) -> bool:
        """Whether the place lies in a cell that is no prose."""
        row = bisect_right(self.starts, place) - 1
        return row >= 0 and place < self.ends[row]


def read_cells(draft: Draft, reading: ReadingText) -> TableFigures:
    """The figures of all cells that hold one number and have a header."""
    tables, position = _tables(draft, reading), draft.text.origin.now_position
    spans: list[tuple[int, int]] = []
    unread: list[tuple[int, int]] = []
    headed = {cell.table for cell in draft.cells if cell.column or cell.row}
    figures = []
    for cell in draft.cells:
        start, end = position(cell.start), position(cell.end)
        text, is_labelled = reading.text[start:end], bool(cell.column or cell.row)
        bare = text.strip()
        match, told = _number_in(bare, reading.lexicon) if is_labelled else (None, None)
        at = start + len(text) - len(text.lstrip()) + (told.start if told else 0)
        if match and (figure := _figure(cell, match, told, at, tables[cell.table])):
            figures.append(figure)
        elif _is_left_out(text, has_headers=is_labelled, is_headed=cell.table in headed):
            unread.append((start, end))
        if match or len(bare) <= HEADER_LENGTH:
            spans.append((start, end))
    spans.sort()
    unread.sort()
    figures.sort(key=lambda figure: figure.start)
    return TableFigures(
        tuple(start for start, _ in spans), tuple(end for _, end in spans), tuple(figures), tuple(unread)
    )


def _number_in(text: str, lexicon: Lexicon) -> tuple[re.Match[str] | None, Told | None]:
    """The number that a cell is, and what stands in front of it to say how exact it is."""
    match = _NUMBER.fullmatch(text)
    is_measured = match and (not match["unit"] or lexicon.unit_at(match["unit"], 0) == match["unit"])
    told = None if is_measured or not _DIGIT.search(text) else _told(text, lexicon)
    if told is None or text.endswith(_AGES):
        return match, None
    return _NUMBER.fullmatch(text[told.start :]), told


def _told(text: str, lexicon: Lexicon) -> Told | None:
    for word, qualifier in lexicon.told_in_cells:
        if text.startswith(word) and word not in _BEFORE_NUMERALS:
            return Told(word, qualifier, len(text) - len(text[len(word) :].lstrip()))
    return None


def _is_left_out(text: str, *, has_headers: bool, is_headed: bool) -> bool:
    """Whether a cell of which no figure was made holds one.

    Without headers in a table that has some are those that number or code its rows; in one that has none, short numbers
    and very long ones may do the same.
    """
    if not has_headers and (is_headed or _MAY_NUMBER.fullmatch(text.strip())):
        return False
    return is_like_number(text) or is_bounded(text)


def _tables(draft: Draft, reading: ReadingText) -> dict[int, Edges]:
    """The edges of each table, by the place where it begins."""
    first: dict[int, Cell] = {}
    columns: dict[int, set[tuple[str, ...]]] = {}
    for cell in draft.cells:
        if cell.table not in first:
            first[cell.table], columns[cell.table] = cell, set()
        columns[cell.table].add(cell.column)
    return {
        table: Edges(
            TableLabels(
                fold(cell.caption or ""),
                frozenset(map(fold, chain.from_iterable(columns[table]))),
                reading,
                draft.document,
                cell.caption_at,
            )
        )
        for table, cell in first.items()
    }


def _figure(cell: Cell, match: re.Match[str], told: Told | None, start: int, edges: Edges) -> CellFigure | None:
    row, column, table = edges[cell.row, cell.caption], edges[cell.column, cell.caption], edges.table
    if match["bracket"] and not (row.is_signed or column.is_signed):
        return None
    written = match["unit"]
    if written and table.reading.lexicon.unit_at(written, 0) != written:
        return None  # 12号, 2023年度: no figure
    number = parse(match["number"])
    if number is None or written == "年":
        return None
    multipliers, unit, unit_at = (
        ("", written, (cell.start, cell.end)) if written else _measured(row, column, cell, table)
    )
    value = number.low
    for multiplier in (*match["multipliers"], *multipliers):
        value = times(value, MULTIPLIERS[multiplier])
    change: Change | None = None
    up, down = row.up or column.up, row.down or column.down
    if up:
        change = "decrease" if match["minus"] else "increase"
    elif down:
        change = "increase" if match["minus"] else "decrease"
    elif match["minus"]:
        value = -value
    period, dated_by, period_at = _dated(row, column, cell, table)
    is_past = row.is_past or column.is_past
    return CellFigure(
        start,
        start + (match.start("remark") if match["remark"] else match.end()),
        text_of(value),
        unit,
        table.name(row.words, column.words),
        change,
        up or down,
        period,
        dated_by,
        (table.title, *row.labels, *column.labels),
        table.of_plans or row.of_plans or column.of_plans,
        table.budget_words(row.budget or column.budget, period, is_past=is_past),
        is_past or table.has_accounts,
        " | ".join((*cell.row, *cell.column, match.group())),
        unit_at,
        period_at,
        told,
    )


def _dated(row: Edge, column: Edge, cell: Cell, table: TableLabels) -> tuple[str | None, str, Span | None]:
    """The time that a label states, or else the title; which one, and the place of it, or of the title's line."""
    at: int | None = None
    if row.has_year or (column.has_year and not column.dated):
        headers = (*row.labels, *column.labels)
        period, by = table.period(headers)
        at = next((at for at in range(len(headers) - 1, -1, -1) if by and headers[at] == by), None)
    elif column.dated:
        period, by, at = column.dated
        at += len(row.labels)
    elif row.dated:
        period, by, at = row.dated
    else:
        period, by = table.dated_by_title
    if at is not None:
        return period, by, place_of((*cell.row_at, *cell.column_at), at)
    return period, by, table.title_at(period) if by else None


def _measured(row: Edge, column: Edge, cell: Cell, table: TableLabels) -> tuple[str, str, Span | None]:
    """Multipliers and unit, stated by the nearest header, or by the table's caption; the place of that in the file.

    A rate is not measured in the unit of what it is a rate of.
    """
    if found := column.unit:
        if not found.is_part and found.inside:
            return "", "", None
        return found.multipliers, found.unit, place_of((*cell.row_at, *cell.column_at), len(row.labels) + found.at)
    if found := row.unit:
        inside = found.inside if column.is_rate is None else column.is_rate
        if not found.is_part and inside:
            return "", "", None
        return found.multipliers, found.unit, place_of((*cell.row_at, *cell.column_at), found.at)
    if not cell.caption:
        return "", "", None
    caption = fold(cell.caption)
    for multipliers, unit, start in table.units_in(caption):
        if row.is_rate if column.is_rate is None else column.is_rate:
            return "", "", None
        return multipliers, unit, place_of(cell.caption_at, caption.count("\n", 0, start))
    return "", "", None
