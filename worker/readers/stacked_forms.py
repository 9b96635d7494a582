"""Tables of prescribed forms in plain text, one cell or one row to a line: each number finds its header, which is known."""

import re
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from worker.facts import load_facts
from worker.parts import Cell
from worker.readers.cell_words import is_blank, is_figure, judged, plain
from worker.readers.tables import GridCell, Path, find_headers

#: A label of a row is no longer than this, and so many stand before its numbers at most: 三、 (三) 1.
LONGEST_LABEL = 60
DEEPEST = 3
#: The corner of a table is no longer than this, nor is the first header of a form.
_LONGEST_FIRST = 6
_WORD = re.compile(
    r"(?:(?:\d{1,2}[.．、]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)[ \u3000]*)?[^\s|│┃]+"
)

#: What heads the one column of figures of a table: 本年处理决定数量, 收费金额（单位：万元）.
_MEASURE = re.compile(
    r"(?:数|额|量|率|比例|比重|面积|人次|收入|支出)(?:[(（](?:单位[:：]?)?[\u4e00-\u9fff%％‰]{1,6}[)）])?$"
)
#: The marks of a row's label by their depth.
_MARKS = (
    re.compile("[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile("[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}[.．、]"),
)


class Line(NamedTuple):
    """A line that is not empty, without the blanks around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def is_value(self) -> bool:
        """Whether it is a figure, or the mark of a cell without one."""
        return is_figure(self.text) or is_blank(self.text)


class _Head(NamedTuple):
    """The header of a form: ``cells`` in the order in which they are read, over ``width`` columns and ``depth`` rows."""

    cells: tuple[GridCell, ...]
    width: int
    depth: int
    is_labelled: bool


def lines_of_cells(text: str) -> Iterator[Line]:
    """The lines of a text that are not empty."""
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            yield Line(start + line.index(bare[0]), bare)
        start += len(line) + 1


def find_form_cells(text: str, known: Sequence[Cell] = ()) -> Iterator[Cell]:
    """The cells of such tables outside the ``known`` ones.

    A header that a form prescribes has a known number of columns; below it each row has so many numbers, behind labels
    or without. A table of one column has a corner, a header that says what is measured, and a label before each number.
    Where the numbers are too many or too few, nothing is read.
    """
    firsts = {head.cells[0].text for head in _heads()}
    starts = sorted(cell.start for cell in known)
    simple = judged(text)
    forms: list[Cell] = []
    if any(first in simple for first in firsts):
        forms = list(_found(list(_words_of(text)), firsts.__contains__, _form, starts))
        starts = sorted([*starts, *(cell.start for cell in forms)])
    yield from forms
    yield from _found(list(lines_of_cells(text)), _is_corner, _single_column, starts)


def _found(
    lines: Sequence[Line],
    begins: Callable[[str], bool],
    read: Callable[[Sequence[Line], int, Sequence[int]], Generator[Cell, None, int]],
    starts: Sequence[int],
) -> Iterator[Cell]:
    at = 0
    while at < len(lines):
        end = at
        if len(lines[at].text) <= _LONGEST_FIRST and begins(plain(judged(lines[at].text))):
            end = yield from read(lines, at, starts)
        at = max(end, at + 1)


def _words_of(text: str) -> Iterator[Line]:
    """What blanks, bars and line breaks part; the mark of a label stays with it: 1. 属于国家秘密."""
    return (Line(match.start(), match[0]) for match in _WORD.finditer(text))


def _is_corner(words: str) -> bool:
    return words.endswith(tuple(load_facts("tables")["corners"]["words"]))


@lru_cache(maxsize=1)
def _heads() -> tuple[_Head, ...]:
    """The headers of ``tables.toml``, the widest first."""
    heads = [_head(row["columns"], is_labelled=row["labelled"]) for row in load_facts("tables")["heads"]]
    return tuple(sorted(heads, key=lambda head: -len(head.cells)))


def _head(columns: Sequence[Sequence[str]], *, is_labelled: bool) -> _Head:
    depth = max(map(len, columns))
    cells = []
    for row in range(depth):
        column = 0
        while column < len(columns):
            path, first = columns[column][: row + 1], column
            while column < len(columns) and columns[column][: row + 1] == path:
                column += 1
            if len(path) > row:
                is_last = len(columns[first]) == row + 1
                cells.append(
                    GridCell(path[row], row, first, depth - row if is_last else 1, column - first, is_header=True)
                )
    return _Head(tuple(cells), len(columns), depth, is_labelled)


def _form(lines: Sequence[Line], at: int, starts: Sequence[int]) -> Generator[Cell, None, int]:
    """The cells of the form whose header begins there; hands back where it ends."""
    for head in _heads():
        below = at + len(head.cells)
        said = [plain(judged(line.text)) for line in lines[at:below]]
        if said != [cell.text for cell in head.cells]:
            continue
        rows = list(_rows(lines, below, head))
        end = rows[-1][1] if rows else below
        if not rows or _holds_any(starts, lines[at], lines[end - 1]):
            return at
        shift = DEEPEST if head.is_labelled else 0
        grid = [cell._replace(column=cell.column + shift) for cell in head.cells]
        told = list(lines[at:below])
        for number, (labels, last) in enumerate(rows, head.depth):
            values = range(last - head.width, last)
            grid += [_label(number, depth, index, rows, head.depth, lines) for depth, index in labels]
            grid += [GridCell(lines[index].text, number, shift + column) for column, index in enumerate(values)]
            told += [lines[index] for _, index in labels] + [lines[index] for index in values]
        yield from _cells(grid, told)
        return end
    return at


def _rows(lines: Sequence[Line], at: int, head: _Head) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """The rows below a header: the depth and the place of the labels that a row has first, and where it ends."""
    while at < len(lines):
        labels: list[tuple[int, int]] = []
        while at < len(lines) and not lines[at].is_value and len(labels) < DEEPEST:
            depth = _depth(lines[at].text)
            if len(lines[at].text) > LONGEST_LABEL or (labels and depth <= labels[-1][0]):
                return
            labels.append((depth, at))
            at += 1
        end = at + head.width
        is_row = len(lines) >= end and all(line.is_value for line in lines[at:end])
        if not is_row or (len(lines) > end and lines[end].is_value) or bool(labels) != head.is_labelled:
            return
        yield labels, end
        if not head.is_labelled:
            return
        at = end


def _depth(label: str) -> int:
    return next((depth for depth, mark in enumerate(_MARKS) if mark.match(label)), 0)


def _label(
    number: int,
    depth: int,
    index: int,
    rows: Sequence[tuple[list[tuple[int, int]], int]],
    first: int,
    lines: Sequence[Line],
) -> GridCell:
    """A label's cell: over the columns of the deeper ones it has none of, and down to the next of its own depth or less."""
    labels = rows[number - first][0]
    if (depth, index) == labels[-1]:
        return GridCell(lines[index].text, number, depth, 1, DEEPEST - depth)
    after = 1
    while number - first + after < len(rows) and rows[number - first + after][0][0][0] > depth:
        after += 1
    deeper = labels[labels.index((depth, index)) + 1][0]
    return GridCell(lines[index].text, number, depth, after, deeper - depth)


def _single_column(lines: Sequence[Line], at: int, starts: Sequence[int]) -> Generator[Cell, None, int]:
    """The cells of a table of labels and one column of figures whose corner stands there; hands back where it ends."""
    header = lines[at + 1] if at + 1 < len(lines) else None
    if header is None or header.is_value or not _MEASURE.search(judged(header.text)):
        return at
    end = at + 2
    while end + 1 < len(lines) and not lines[end].is_value and lines[end + 1].is_value:
        if len(lines[end].text) > LONGEST_LABEL:
            break
        end += 2
    is_wider = end < len(lines) and lines[end].is_value
    if end == at + 2 or is_wider or _holds_any(starts, lines[at], lines[end - 1]):
        return at
    told = lines[at:end]
    grid = [GridCell(line.text, place // 2, place % 2) for place, line in enumerate(told)]
    yield from _cells(grid, told)
    return end


def _holds_any(starts: Sequence[int], first: Line, last: Line) -> bool:
    return bisect_left(starts, first.start) < bisect_left(starts, last.end)


def _cells(grid: Sequence[GridCell], lines: Sequence[Line]) -> Iterator[Cell]:
    places = [(line.start, line.end) for line in lines]
    for line, path in zip(lines, _paths(grid), strict=True):
        if not is_blank(line.text):
            yield path.cell(line.start, line.end, lines[0].start, places)


def _paths(grid: Sequence[GridCell]) -> tuple[Path, ...]:
    """The headers and labels of each cell. A header over all columns would be read as the table's title."""
    over = grid[0]
    if over.columns < max(cell.column + cell.columns for cell in grid):
        return find_headers(grid)
    below = find_headers([cell._replace(row=cell.row - 1) for cell in grid[1:]])
    return (Path(), *(_under(over, path) if path.column else path for path in below))


def _under(over: GridCell, path: Path) -> Path:
    return Path((over.text, *path.column), column_at=(0, *(at + 1 for at in path.column_at)))
