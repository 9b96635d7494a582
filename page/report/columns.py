"""Which columns the cells of a table stand in, where merged cells leave rows that are shorter than others.

A reading has rows of different lengths, and for each cell the places of the headers above it. The cells of full rows tell which
headers a column has; the cells of the others go where their headers are.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from schemas.reading import Span, Table, TableCell


class Placed(NamedTuple):
    """A cell of a row: its number in it, None for room that no cell takes, and over how many columns it reaches."""

    cell: int | None
    columns: int


def placed(rows: Sequence[Sequence[int]], table: Table) -> list[list[Placed]]:
    """The rows of a table, each over the whole of its width; ``rows`` are the places in ``raw`` at which their cells begin."""
    width = max(map(len, rows), default=0)
    known = [[_known(place, table) for place in row] for row in rows]
    headers = _headers([row for row in known if len(row) == width], width)
    return [_row(row, headers) if len(row) < width else [Placed(at, 1) for at in range(width)] for row in known]


def _known(place: int, table: Table) -> TableCell | None:
    at = bisect_right(table.cells, place, key=lambda cell: cell.start) - 1
    found = table.cells[at] if at >= 0 else None
    return found if found and place < found.end else None


def _headers(full: Sequence[Sequence[TableCell | None]], width: int) -> list[tuple[Span, ...]]:
    """The headers of each column, as most of the cells in it tell."""
    found = []
    for at in range(width):
        told = Counter(cell.column for row in full if (cell := row[at]) and cell.column)
        found.append(told.most_common(1)[0][0] if told else ())
    return found


def _row(row: Sequence[TableCell | None], headers: Sequence[tuple[Span, ...]]) -> list[Placed]:
    starts = list[int]()
    for number, cell in enumerate(row):
        least = starts[-1] + 1 if starts else 0
        most = len(headers) - (len(row) - number)
        starts.append(min(max(least, _column(cell, headers, least)), most))
    ends = [*starts[1:], len(headers)]
    if row and (last := row[-1]) and last.column:
        ends[-1] = starts[-1] + max(1, _reach(last, headers, starts[-1]))
    told = [Placed(None, starts[0])] if starts and starts[0] else []
    told += [Placed(number, end - start) for number, (start, end) in enumerate(zip(starts, ends, strict=True))]
    if ends and ends[-1] < len(headers):
        told.append(Placed(None, len(headers) - ends[-1]))
    return told


def _column(cell: TableCell | None, headers: Sequence[tuple[Span, ...]], least: int) -> int:
    """The first column from ``least`` on that has a cell's headers, or has the cell for one of its headers."""
    if cell is None:
        return least
    for at in range(least, len(headers)):
        if (cell.column and cell.column == headers[at]) or (cell.start, cell.end) in headers[at]:
            return at
    return least


def _reach(cell: TableCell, headers: Sequence[tuple[Span, ...]], start: int) -> int:
    """Over how many columns from ``start`` on a cell is the header, or has the same headers."""
    at = start
    while at < len(headers) and (cell.start, cell.end) in headers[at]:
        at += 1
    return at - start
