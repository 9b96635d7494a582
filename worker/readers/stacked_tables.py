"""Tables whose cells stand one to a line, as copying a page's text leaves them: rows again, where the count is plain."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.facts import load_facts
from worker.parts import Cell
from worker.readers.cell_words import caption_above, is_blank, is_figure, is_prose, judged
from worker.readers.stacked_forms import Line, find_form_cells, lines_of_cells
from worker.readers.tables import GridCell, find_headers

#: A cell is no longer than this, and a row has at least two figures: one below each label may be a list of any sort.
LONGEST_CELL = 24
FEWEST_FIGURES = 2
FEWEST_ROWS = 2
MOST_COLUMNS = 12
#: Lines over a table that may be its caption.
_CAPTION = 2

#: A numbered heading, or an article of the rule that a table belongs to.
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十\d]{1,4}[条章部]"
)


def find_stacked_cells(text: str, known: Sequence[Cell] = ()) -> Iterator[Cell]:
    """The cells of tables with one cell to a line, outside the ``known`` ones.

    A table is a run of short lines in which one label is followed by the same number of figures again and again, at
    least twice, below at least as many labels: the last of these head its columns. Those of prescribed forms are found
    by their headers. Whatever repeats less strictly is left to be told as unread.
    """
    forms = tuple(find_form_cells(text, known))
    yield from forms
    run: list[Line] = []
    above: list[Line] = []
    starts = sorted(cell.start for cell in (*known, *forms))
    for line in (*lines_of_cells(text), None):
        if line is not None and _may_be_cell(line.text) and not _holds_any(starts, line):
            run.append(line)
            continue
        yield from _tables(run, above)
        above = [*above[-1:], line] if line else []
        run = []


def _holds_any(starts: Sequence[int], line: Line) -> bool:
    return bisect_left(starts, line.start) < bisect_left(starts, line.end)


def _may_be_cell(text: str) -> bool:
    return (
        len(text) <= LONGEST_CELL
        and "\t" not in text
        and "|" not in text
        and not is_prose(text)
        and text[-1] not in "。；，："
    )


def _tables(run: Sequence[Line], above: Sequence[Line]) -> Iterator[Cell]:
    """The tables of one run of short lines."""
    labels = [index for index, line in enumerate(run) if not line.is_value]
    rows = [*pairwise([*labels, len(run)])]
    ends = _ends(run, rows)
    at = 0
    while at < len(rows):
        first, second = rows[at]
        head = first - (second - first) + 1
        if ends[at] - at < FEWEST_ROWS or not _is_head(run, head, first):
            at += 1
            continue
        yield from _cells(run, head, rows[at : ends[at]], [*above, *run[max(0, head - _CAPTION) : head]])
        at = ends[at]


def _is_head(run: Sequence[Line], head: int, first: int) -> bool:
    """Whether the columns are headed by just these lines: what stands above them is the corner, a caption or nothing.

    Where a column has lost its cells, one heading too many stands there, and all names would be those of the next column.
    """
    if head < 0 or any(line.is_value for line in run[head:first]):
        return False
    above = run[head - 1].text if head else ""
    corners = tuple(load_facts("tables")["corners"]["words"])
    return not above or judged(above).endswith(corners) or bool(_HEADING.match(above)) or bool(caption_above([above]))


def _ends(run: Sequence[Line], rows: Sequence[tuple[int, int]]) -> list[int]:
    """For each row, a half-open range of lines, where the table that it begins ends: at itself where it begins none.

    All rows of a table have as many figures, and one of them is a figure indeed. Worked out from the last row on, so that
    a run of any length is gone through once.
    """
    ends: list[int] = []
    width_below, end_below, has_figure = 0, 0, False
    for at in range(len(rows) - 1, -1, -1):
        start, end = rows[at]
        width = end - start if FEWEST_FIGURES < end - start <= MOST_COLUMNS else 0
        goes_on = width > 0 and width == width_below
        end_below = end_below if goes_on else at + 1
        own = width > 0 and any(is_figure(line.text) for line in run[start + 1 : end])
        has_figure = own or (goes_on and has_figure)
        ends.append(end_below if has_figure else at)
        width_below = width
    return ends[::-1]


def _cells(run: Sequence[Line], head: int, rows: Sequence[tuple[int, int]], above: Sequence[Line]) -> Iterator[Cell]:
    first, last = rows[0][0], rows[-1][1]
    lines = run[head:last]
    grid = [GridCell(line.text, 0, column) for column, line in enumerate(run[head:first], 1)]
    for number, (start, end) in enumerate(rows, 1):
        grid += [GridCell(line.text, number, column) for column, line in enumerate(run[start:end])]
    places = [(line.start, line.end) for line in (*lines, *above)]
    caption = caption_above([line.text for line in above])
    for line, path in zip(lines, find_headers(grid, caption), strict=True):
        if not is_blank(line.text):
            yield path.cell(line.start, line.end, lines[0].start, places)
