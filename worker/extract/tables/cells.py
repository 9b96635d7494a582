"""Figures of tables: a cell's number, named and measured by the headers above it and to its left."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from schemas.metric import Change
from worker.draft import Draft
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.numbers.numerals import MULTIPLIERS, parse, text_of, times
from worker.extract.tables.headers import StatedUnit, TableLabels, place_of
from worker.facts import load_facts
from worker.parts import Cell, Span
from worker.patterns import Pattern
from worker.readers.cell_words import is_bounded, is_like_number

HEADER_LENGTH = 24  # a longer cell without a number of its own is prose in a layout table
_NUMBER = re.compile(
    r"(?P<minus>[-－—–▲△]|负|(?P<bracket>\())?\+? ?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r" ?(?P<multipliers>[千百万亿]*)(?P<unit>[^0-9\s,.()]{0,8})(?(bracket)\))(?P<remark> ?\((?:不?含|其中|包括)[^()]*\))?"
)
# Under these a number in brackets is below zero, as accountants write it; elsewhere a bracket may mean anything.
_BELOW_ZERO = Pattern("{tables.signed}")
_DIGIT = re.compile("[0-9]")
_AGES = "岁"  # ≥60岁 is a class of people
_BEFORE_NUMERALS = frozenset("上过破")  # 上千, 过万: before a digit they are something else
_MAY_NUMBER = re.compile(r"[0-9]{1,2}|[0-9]\.[0-9]|0[0-9]+|[0-9]{11,}")  # 3, 2.1 and codes
_CHANGES = Pattern("{tables.changes}|(?<!自然)增长")
_RATES = Pattern("{tables.rates}|{tables.rates.at_end}$")
_AMOUNTS = Pattern("{tables.amounts}$")
_PER = re.compile("[%‰]")
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_LABELS = 8192
_DOWN = Pattern("{tables.falls}|(?<![加增]或)减少")


class CellFigure(NamedTuple):
    """A table's figure, with its place in the text that is read; ``period`` is None where no header names a time.

    ``unit_at`` and ``period_at`` are the places in the file of what gave them: a header, a label, a line of the caption, or
    the cell itself; None where nothing did.
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
    budget: str | None
    is_of_accounts: bool
    words: str
    unit_at: Span | None = None
    period_at: Span | None = None
    told: "Told | None" = None


class Told(NamedTuple):
    """The sign or word in front of a cell's number that says how exact it is (≥95, 约5), and where the number starts.

    Words behind it (60岁以上, 10万元以下) mostly make a class of it, which no figure is.
    """

    words: str
    qualifier: str
    start: int


class Measured(NamedTuple):
    """A cell's value and unit, and the place in the file of what gave the unit."""

    value: Decimal
    unit: str
    unit_at: Span | None = None


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
    tables = _tables(draft, reading)
    spans: list[tuple[int, int]] = []
    unread: list[tuple[int, int]] = []
    headed = {cell.table for cell in draft.cells if cell.column or cell.row}
    figures = []
    for cell in draft.cells:
        start, end = (draft.text.origin.now_position(place) for place in (cell.start, cell.end))
        text = reading.text[start:end]
        bare, at = text.strip(), start + len(text) - len(text.lstrip())
        match, told = _number_in(bare, reading.lexicon) if cell.column or cell.row else (None, None)
        if match and (figure := _figure(cell, match, at + (told.start if told else 0), tables[cell.table])):
            figures.append(figure._replace(told=told))
        elif _is_left_out(text, has_headers=bool(cell.column or cell.row), is_headed=cell.table in headed):
            unread.append((start, end))
        if match or len(text.strip()) <= HEADER_LENGTH:
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
    is_measured = match and lexicon.unit_at(match["unit"], 0) == match["unit"]
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


def _tables(draft: Draft, reading: ReadingText) -> dict[int, TableLabels]:
    """The labels of each table, by the place where it begins."""
    columns: dict[int, set[str]] = {}
    first: dict[int, Cell] = {}
    for cell in draft.cells:
        columns.setdefault(cell.table, set()).update(cell.column)
        first.setdefault(cell.table, cell)
    return {
        table: TableLabels(
            fold(first[table].caption or ""),
            frozenset(map(fold, labels)),
            reading,
            draft.document,
            first[table].caption_at,
        )
        for table, labels in columns.items()
    }


def _figure(cell: Cell, match: re.Match[str], start: int, labels: TableLabels) -> CellFigure | None:
    headers = [_folded(header) for header in (*cell.row, *cell.column)]
    if match["bracket"] and not any(_BELOW_ZERO.search(header) for header in headers):
        return None
    lexicon = labels.reading.lexicon
    written = match["unit"]
    if written and lexicon.unit_at(written, 0) != written:
        return None  # 12号, 2023年度: no figure
    number = parse(match["number"])
    if number is None or written == "年":
        return None
    value = number.low
    for multiplier in match["multipliers"]:
        value = times(value, MULTIPLIERS[multiplier])
    value, unit, unit_at = _measured(value, written, headers, cell, labels)
    change: Change | None = None
    up, down = next(filter(_is_change, headers), ""), next(filter(_is_fall, headers), "")
    if up:
        change = "decrease" if match["minus"] else "increase"
    elif down:
        change = "increase" if match["minus"] else "decrease"
    elif match["minus"]:
        value = -value
    period, dated_by = labels.period(headers)
    said = (labels.title, *headers)
    return CellFigure(
        start,
        start + (match.start("remark") if match["remark"] else match.end()),
        text_of(value),
        unit,
        labels.name(headers[: len(cell.row)], headers[len(cell.row) :]),
        change,
        up or down,
        period,
        dated_by,
        said,
        labels.budget_words(said, period),
        labels.is_of_accounts(said),
        " | ".join((*cell.row, *cell.column, match.group())),
        unit_at,
        _dated_at(cell, headers, labels, period, dated_by),
    )


def _dated_at(
    cell: Cell, headers: Sequence[str], labels: TableLabels, period: str | None, dated_by: str
) -> Span | None:
    """The place of the label, or of the title's line, that states the time."""
    if not dated_by:
        return None
    at = next((at for at in range(len(headers) - 1, -1, -1) if headers[at] == dated_by), None)
    return labels.title_at(period) if at is None else place_of((*cell.row_at, *cell.column_at), at)


def _measured(value: Decimal, written: str, headers: Sequence[str], cell: Cell, labels: TableLabels) -> Measured:
    """The value and its unit: written in the cell, stated by the nearest header, or by the table's caption."""
    if written:
        return Measured(value, written, (cell.start, cell.end))
    caption, places = _folded(cell.caption or ""), (*cell.row_at, *cell.column_at)
    for at, text in enumerate((*reversed(headers), caption)):
        above = len(headers) - at
        if per := _per_in(text) if text != caption else None:
            return Measured(value, per, place_of(places, above - 1))
        listed = labels.units_listed(text)
        for multipliers, unit, start in (
            _admitted(listed, headers, labels.reading.lexicon) if listed else labels.units_in(text)
        ):
            if not listed and _is_rate(headers[above:]):
                return Measured(value, "")  # a rate is not measured in the unit of what it is a rate of
            for multiplier in multipliers:
                value = times(value, MULTIPLIERS[multiplier])
            line = caption.count("\n", 0, start)
            return Measured(value, unit, place_of(places, above - 1) if above else place_of(cell.caption_at, line))
        if listed:
            return Measured(value, "")
    return Measured(value, "")


def _admitted(listed: Sequence[StatedUnit], headers: Sequence[str], lexicon: Lexicon) -> Sequence[StatedUnit]:
    """Of the units that a table states together, the one that the innermost telling label admits; none in doubt."""
    if _is_rate(headers):
        return [one for one in listed if _PER.fullmatch(one.unit)]
    ends = load_facts("tables")["units_of"]
    for label in reversed(headers):
        bare = _IN_BRACKETS.sub("", label)
        found = [one for one in listed if bare.endswith(tuple(ends.get(lexicon.kind_of(one.unit) or "", ())))]
        if found:
            return found if len(found) == 1 else []
    return []


# A table has few labels, each of which is asked for with every cell.


@lru_cache(maxsize=_LABELS)
def _folded(label: str) -> str:
    return fold(label)


@lru_cache(maxsize=_LABELS)
def _is_change(label: str) -> bool:
    return bool(_CHANGES.search(label))


@lru_cache(maxsize=_LABELS)
def _is_fall(label: str) -> bool:
    return bool(_DOWN.search(label))


@lru_cache(maxsize=_LABELS)
def _per_in(label: str) -> str | None:
    found = _PER.search(label)
    return found.group() if found else None


def _is_rate(headers: Sequence[str]) -> bool:
    """Whether the innermost of the headers that says so calls the cells rates: not in 增减 / 金额."""
    told = [header for header in headers if _RATES.search(header) or _AMOUNTS.search(header)]
    return bool(told) and not _AMOUNTS.search(told[-1])
