"""Figures of tables: a cell's number, named and measured by the headers above it and to its left."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.metric import Change
from worker.draft import Cell, Draft
from worker.extract.lexicon import Lexicon
from worker.extract.numerals import MULTIPLIERS, parse, text_of, times
from worker.extract.page import Page, fold
from worker.extract.times import find_times

HEADER_LENGTH = 24  # a longer cell without a number of its own is prose in a layout table
_NUMBER = re.compile(
    r"(?P<minus>[-－—–▲△]|负)? ?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r" ?(?P<multipliers>[千百万亿]*)(?P<unit>[^0-9\s,.()]{0,8})"
)
_STATED_UNIT = re.compile(r"单位: ?(?P<unit>[^\s,;:()0-9]{1,10})|\((?!单位)(?P<bracketed>[^()]{1,8})\)")
_NUMBERING = re.compile(
    r"^(?:[#*]|其中[:,]?|[一二三四五六七八九十]+、|[0-9]+[、.．]|\([一二三四五六七八九十0-9]+\)|\s)+"
)
_EMPTY_HEADERS = frozenset({"项目", "指标", "指标名称", "信息内容", "内容", "数值", "名称", "序号", "类别", "栏次"})
_CHANGES = re.compile(r"增减|增长|增幅|增速|同比|比上年|较上年|比年初|±")
_RATES = re.compile(r"率|比重|占比|比例|增幅|增速|%|±")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A table's figure, with its place in the page's text; ``period`` is None where no header names a time."""

    start: int
    end: int
    value: str
    unit: str
    indicator: str
    change: Change | None
    period: str | None
    headers: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Table:
    """The cells of a text as places of the page, in order, with the figures read from them."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    figures: tuple[CellFigure, ...]

    def covers(self, place: int) -> bool:
        """Whether the place lies in a cell that is no prose."""
        row = bisect_right(self.starts, place) - 1
        return row >= 0 and place < self.ends[row]


def read_cells(draft: Draft, page: Page) -> Table:
    """The figures of all cells that hold one number and have a header."""
    period = draft.document.period or ""
    year = int(period) if period.isdigit() else None
    spans: list[tuple[int, int]] = []
    figures = []
    for cell in draft.cells:
        start, end = (draft.text.origin.now_position(place) for place in (cell.start, cell.end))
        text = page.text[start:end]
        match = _NUMBER.fullmatch(text.strip()) if cell.column or cell.row else None
        if match and (figure := _figure(cell, match, start + len(text) - len(text.lstrip()), page, year)):
            figures.append(figure)
        if match or len(text.strip()) <= HEADER_LENGTH:
            spans.append((start, end))
    spans.sort()
    figures.sort(key=lambda figure: figure.start)
    return Table(tuple(start for start, _ in spans), tuple(end for _, end in spans), tuple(figures))


def _figure(cell: Cell, match: re.Match[str], start: int, page: Page, year: int | None) -> CellFigure | None:
    headers = [fold(header) for header in (*cell.row, *cell.column)]
    written = match["unit"]
    if written and page.lexicon.unit_at(written, 0) != written:
        return None  # 12号, 2023年度: no figure
    number = parse(match["number"])
    if number is None or written == "年":
        return None
    value = number.low
    for multiplier in match["multipliers"]:
        value = times(value, MULTIPLIERS[multiplier])
    value, unit = _measured(value, written, headers, fold(cell.caption or ""), page.lexicon)
    change: Change | None = None
    if any(_CHANGES.search(header) for header in headers):
        change = "decrease" if match["minus"] else "increase"
    elif match["minus"]:
        value = -value
    return CellFigure(
        start,
        start + match.end(),
        text_of(value),
        unit,
        _name(headers[: len(cell.row)], headers[len(cell.row) :], page, year),
        change,
        _period(headers, page, year),
        tuple(headers),
        " | ".join((*cell.row, *cell.column, match.group())),
    )


def _measured(
    value: Decimal, written: str, headers: Sequence[str], caption: str, lexicon: Lexicon
) -> tuple[Decimal, str]:
    """The value and its unit: written in the cell, stated by the nearest header, or by the table's caption."""
    if written:
        return value, written
    for text in (*reversed(headers), caption):
        for match in _STATED_UNIT.finditer(text):
            multipliers, unit = _unit_of(match, lexicon)
            if not unit:
                continue
            if text == caption and any(_RATES.search(header) for header in headers):
                return value, ""  # a rate is not measured in the table's unit of money
            for multiplier in multipliers:
                value = times(value, MULTIPLIERS[multiplier])
            return value, unit
    return value, "%" if any("%" in header for header in headers) else ""


def _unit_of(match: re.Match[str], lexicon: Lexicon) -> tuple[str, str]:
    """Multipliers and unit that a header states (万元 is 万, 元), or two empty strings."""
    stated = match["unit"] or match["bracketed"]
    unit = stated.lstrip("十百千万亿")
    return (stated[: len(stated) - len(unit)], unit) if unit and lexicon.unit_at(unit, 0) == unit else ("", "")


def _name(row: Sequence[str], column: Sequence[str], page: Page, year: int | None) -> str:
    """The row's name and the column's, without numbering, units and times."""
    return "".join(_without_repetition(_plain(header, page, year) for header in (*row, *column)))


def _without_repetition(parts: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if part and part not in _EMPTY_HEADERS and part not in kept:
            kept.append(part)
    return kept


def _plain(header: str, page: Page, year: int | None) -> str:
    def unless_unit(match: re.Match[str]) -> str:
        return "" if _unit_of(match, page.lexicon)[1] else match.group()

    header = _STATED_UNIT.sub(unless_unit, _NUMBERING.sub("", header)).replace("()", "")
    for time in reversed(list(find_times(_page(header, page), 0, len(header), year, year))):
        header = header[: time.start] + header[time.end :]
    return header.replace(" ", "").strip(":,;、。")


def _period(headers: Sequence[str], page: Page, year: int | None) -> str | None:
    for header in reversed(headers):
        found = list(find_times(_page(header, page), 0, len(header), year, year))
        if found:
            return found[-1].period
    return None


def _page(text: str, page: Page) -> Page:
    return Page(text, page.lexicon, page.words)
