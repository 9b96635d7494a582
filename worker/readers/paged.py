"""Writes pages of lines and tables: paragraphs and tables go on over the end of a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.facts import load_facts
from worker.readers.cell_words import is_figure, judged
from worker.readers.layout import LaidLine, paragraphs
from worker.readers.linear import Linear
from worker.readers.tables import GridCell

_NUMBERED = re.compile(r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）]|[、.．])")


@dataclass
class Table:
    """A table's cells, its place on the page and the cells whose text is not sure.

    Of one that is not ``named`` no header is to be believed, and no figure to be read.
    """

    cells: list[GridCell]
    top: float
    bottom: float
    columns: int
    doubted: set[int]
    named: bool = True


def write(linear: Linear, pages: Sequence[Sequence[LaidLine | Table]]) -> None:
    """Add what stands on each page, from top to bottom: lines as paragraphs, a table with its part on the next page."""
    writer = _Writer(linear)
    for number, items in enumerate(pages):
        writer.begin_page(number)
        for item in items:
            if isinstance(item, Table):
                writer.table(number, item)
            else:
                writer.line(number, item)
    writer.finish()


class _Writer:
    """Holds lines back until their paragraph ends, and tables until it is known that the next page does not go on."""

    def __init__(self, linear: Linear) -> None:
        self.linear = linear
        self.page = -1
        self.lines: list[tuple[int, LaidLine]] = []
        self.tables: list[tuple[int, Table]] = []

    def begin_page(self, number: int) -> None:
        self.page = number

    def line(self, number: int, line: LaidLine) -> None:
        self._put_tables()
        self.lines.append((number, line))

    def table(self, number: int, table: Table) -> None:
        if self.lines:
            self._put_lines()
        last = self.tables[-1] if self.tables else None
        if last and not (last[0] == number - 1 and _go_together(last[1], table)):
            self._put_tables()
        self.tables.append((number, table))

    def finish(self) -> None:
        self._put_lines()
        self._put_tables()
        self.linear.begin_pages(self.page)

    def _put_lines(self) -> None:
        for paragraph in paragraphs(self.lines):
            self.linear.paragraph(paragraph)
        self.lines = []

    def _put_tables(self) -> None:
        cells: list[GridCell] = []
        doubted: set[int] = set()
        page_rows: set[int] = set()
        offset = 0
        for index, (number, table) in enumerate(self.tables):
            if index == 0:
                self.linear.begin_pages(number)
            else:
                page_rows.add(offset)
            first = table.cells[0].row
            for place, cell in enumerate(table.cells):
                if index and cell.row == first and _goes_on(cells, cell, offset):
                    continue
                if place in table.doubted:
                    doubted.add(len(cells))
                cells.append(cell._replace(row=cell.row - first + offset))
            offset = max(cell.row + cell.rows for cell in cells)
        if cells:
            self.linear.table(cells, page_rows, doubted, named=self.tables[0][1].named)
        self.tables = []


def _go_together(table: Table, next_page: Table) -> bool:
    return (table.columns, table.named) == (next_page.columns, next_page.named)


def _goes_on(cells: list[GridCell], below: GridCell, row: int) -> bool:
    """Let the label that the page's end cut off cover what goes on below it: an empty cell, or the rest of its words."""
    if is_figure(below.text):
        return False
    for index in range(len(cells) - 1, -1, -1):
        cell = cells[index]
        same = (cell.column, cell.columns) == (below.column, below.columns) and cell.row + cell.rows == row
        if same and cell.text and not is_figure(cell.text) and (not below.text or _is_torn(cells, cell, below)):
            cells[index] = cell._replace(text=cell.text + below.text, rows=cell.rows + below.rows)
            return True
    return False


def _is_torn(cells: Sequence[GridCell], above: GridCell, below: GridCell) -> bool:
    """Whether a label is the rest of the one above: labels of its column are numbered, and it is not, nor a sum."""
    if _NUMBERED.match(below.text) or judged(below.text).strip().startswith(
        tuple(load_facts("tables")["totals"]["words"])
    ):
        return False
    labels = [cell for cell in cells if cell.column == above.column and cell.row and cell.text]
    return all(_NUMBERED.match(cell.text) for cell in labels)
