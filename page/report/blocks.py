"""The pieces of a text put together as a reader sees them: lines, headings, tables, what stands around the report."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from page.report.pieces import GONE, KEPT, READ, Piece
from schemas.reading import AROUND, Reading, Table, TableCell
from schemas.report import Section

#: A heading that stands in one line with what it is over is longer than its title by more than this.
_BESIDES_TITLE = 12
#: Why a piece stands in no cell of its row: it parts them.
BETWEEN = "between"


@dataclass
class Line:
    """A line of the text. ``section`` is the number of the section that begins in it, ``level`` that of a line that is a heading alone."""

    start: int
    pieces: list[Piece] = field(default_factory=list)
    section: int | None = None
    level: int | None = None

    @property
    def text(self) -> str:
        """What is read in it."""
        return "".join(piece.text for piece in self.pieces if piece.kind in (KEPT, READ))

    @property
    def first(self) -> int:
        """Where what stands in it begins."""
        return next((piece.start for piece in self.pieces if _is_own(piece)), self.start)

    @property
    def last(self) -> int:
        """Where what stands in it ends."""
        return next((piece.end for piece in reversed(self.pieces) if _is_own(piece)), self.start)

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is in the repaired text."""
        return not self.text.strip()


def _is_own(piece: Piece) -> bool:
    return piece.kind == KEPT and piece.why != BETWEEN


@dataclass
class Grid:
    """A table: its rows, each a list of cells; ``number`` is its place among the reading's tables."""

    number: int
    start: int
    rows: list[list[Line]] = field(default_factory=list)


@dataclass
class Around:
    """Lines that a page shows around its report."""

    start: int
    lines: list[Piece] = field(default_factory=list)


Block = Line | Grid | Around


def blocks_of(reading: Reading, sections: Iterable[Section], pieces: Iterable[Piece]) -> list[Block]:
    """The text in blocks, in order."""
    headings = _Headings(sections)
    tables = _Tables(reading)
    blocks: list[Block] = []
    for line in _lines(pieces):
        if isinstance(line, Around):
            if blocks and isinstance(blocks[-1], Around):
                blocks[-1].lines += line.lines
            else:
                blocks.append(line)
            continue
        if not line.pieces or not any(piece.text for piece in line.pieces):
            continue
        table = tables.at(line)
        if table is None:
            headings.take(line)
            blocks.append(line)
            continue
        if not (blocks and isinstance(blocks[-1], Grid) and blocks[-1].number == table):
            blocks.append(Grid(table, line.start))
        grid = blocks[-1]
        assert isinstance(grid, Grid)  # noqa: S101 - it was put there the line before
        grid.rows.append(_cells(line, reading.tables[table]))
    return blocks


def _lines(pieces: Iterable[Piece]) -> Iterator[Line | Around]:
    """Lines end where the text that is read has a line feed."""
    line = Line(0)
    for piece in pieces:
        if piece.why == AROUND:
            if line.pieces:
                yield line
                line = Line(piece.end)
            yield Around(piece.start, [piece])
            continue
        if piece.kind in (KEPT, READ) and "\n" in piece.text:
            parts = list(_split(piece, "\n"))
            for part in parts[:-1]:
                line.pieces.append(part)
                yield line
                line = Line(part.end + (piece.kind == KEPT))
            piece = parts[-1]
        if not line.pieces:
            line.start = piece.start
        if piece.text or piece.start < piece.end:
            line.pieces.append(piece)
    yield line


def _split(piece: Piece, mark: str) -> Iterator[Piece]:
    """A piece in parts, without the marks between them."""
    start = piece.start
    for text in piece.text.split(mark):
        if piece.kind == KEPT:
            yield piece._replace(text=text, start=start, end=start + len(text))
            start += len(text) + 1
        else:
            yield piece._replace(text=text)


def _cells(line: Line, table: Table) -> list[Line]:
    """A row of a table: by its tabs, else by the places of its cells, what stands between them apart."""
    last = max(piece.end for piece in line.pieces)
    known = [cell for cell in table.cells if line.start <= cell.start < last]
    if len(known) < 2 or any(piece.kind in (KEPT, READ) and "\t" in piece.text for piece in line.pieces):
        cells = _by_tabs(line)
    else:
        cells = _by_places(line, known)
    for cell in cells:
        cell.pieces = [piece for piece in cell.pieces if piece.text or piece.start < piece.end]
        cell.start = cell.pieces[0].start if cell.pieces else cell.start
    return cells


def _by_tabs(line: Line) -> list[Line]:
    cells = [Line(line.start)]
    for piece in line.pieces:
        if piece.kind not in (KEPT, READ) or "\t" not in piece.text:
            cells[-1].pieces.append(piece)
            continue
        first, *others = _split(piece, "\t")
        cells[-1].pieces.append(first)
        for other in others:
            cells.append(Line(other.start))
            cells[-1].pieces.append(other)
    return cells


def _by_places(line: Line, known: Sequence[TableCell]) -> list[Line]:
    """Commas and gaps between cells go with the cell before them; before the first they are a cell that is empty."""
    starts = [cell.start for cell in known]
    bounds = sorted({*starts, *(cell.end for cell in known)})
    cells = [Line(line.start)] + [Line(start) for start in starts]
    for piece in line.pieces:
        parts = _cut(piece, bounds) if piece.kind == KEPT else (piece,)
        for part in parts:
            at = bisect_right(starts, part.start)
            is_between = part.kind == KEPT and (at == 0 or part.start >= known[at - 1].end)
            cells[at].pieces.append(part._replace(why=BETWEEN) if is_between else part)
    return cells if cells[0].text.strip() else [_joined(cells[0], cells[1]), *cells[2:]]


def _joined(one: Line, other: Line) -> Line:
    return Line(one.start, [*one.pieces, *other.pieces])


def _cut(piece: Piece, bounds: Sequence[int]) -> Iterator[Piece]:
    start = piece.start
    for bound in [*bounds[bisect_right(bounds, start) : bisect_left(bounds, piece.end)], piece.end]:
        text = piece.text[start - piece.start : bound - piece.start]
        yield piece._replace(text=text, start=start, end=bound)
        start = bound


class _Headings:
    def __init__(self, sections: Iterable[Section]) -> None:
        self._left = list(enumerate(sections))[::-1]

    def take(self, line: Line) -> None:
        """Note which section begins in a line; of several the outermost."""
        end = max((piece.end for piece in line.pieces), default=line.start)
        while self._left and self._left[-1][1].start < end:
            number, section = self._left.pop()
            if section.start < line.start or line.section is not None:
                continue
            line.section = number
            named = len(section.number) + len(section.title) + _BESIDES_TITLE
            if len(line.text.strip()) <= named:
                line.level = section.level


class _Tables:
    def __init__(self, reading: Reading) -> None:
        self._starts = [table.start for table in reading.tables]
        self._ends = [table.end for table in reading.tables]

    def at(self, line: Line) -> int | None:
        """The table that a line is a row of."""
        places = [piece.start for piece in line.pieces if piece.kind in (KEPT, GONE) and piece.text]
        if not places:
            return None
        last = max(piece.end for piece in line.pieces if piece.text) - 1
        number = bisect_right(self._starts, last) - 1
        if number < 0 or places[0] >= self._ends[number]:
            return None
        return number
