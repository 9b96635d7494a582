"""Pieces of text that a page places one by one, as lines, and as tables where they stand in columns."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from worker.readers import digits
from worker.readers.cell_words import is_figure, units_note
from worker.readers.layout import LaidLine
from worker.readers.paged import Table
from worker.readers.tables import MOST_COLUMNS, GridCell

# All in widths of a Han character.
_SAME_LINE = 0.4  # by so much the pieces of one line may stand above each other
_SAME_PLACE = 0.2  # the same piece again, so near, is drawn twice to look bold
_TOUCHING = (-0.3, 0.15)  # from overlap to gap: what a reader of the page sees as going on
_ALIKE = 0.15
_WORD_GAP = 0.5  # between Han; less is the setting of the line
_FIELD_GAP = 1.0
_BETWEEN_FIELDS = "\t"  # blanks beside a number mean nothing to whoever reads on
_SAME_LEFT = 0.3
_TIGHT = 0.8  # of the distance of a table's rows: what follows nearer than that goes on in a cell
_FEWEST_FIGURES = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with the left end of its first character, the right end of its last, and its base line.

    In any unit, from the left and from the top; ``size`` is the width of a Han character.
    """

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(slots=True)
class _Run:
    """Pieces that touch: one text to whoever sees the page. ``torn`` are places where digits of two of them meet."""

    text: str
    left: float
    right: float
    base: float
    size: float
    ends_in_glyph: bool
    torn: list[tuple[int, int]] = field(default_factory=list)


_Row = Sequence[_Run]


def lines_and_tables(pieces: Iterable[Piece]) -> list[LaidLine | Table]:
    """What stands on a page, from top to bottom.

    Digits of two pieces make no number, unless each is a piece of its own: then the page is written like that. Where
    they meet all the same, the place is doubted. A table is what stands in columns below a row without figures: two
    figures at least, a label in each of their rows. Its cells get no names where a column of figures has no header of
    its own. Other rows of fields are lines that go on nowhere.
    """
    rows = [_runs(row) for row in _rows(pieces)]
    found: list[LaidLine | Table] = []
    place = 0
    while place < len(rows):
        table, end = _table(rows, place)
        if table:
            found.append(table)
        else:
            found += map(_line, rows[place:end])
        place = end
    return found


def _rows(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    row: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.base):
        if row and piece.base - row[0].base >= _SAME_LINE * min(row[0].size, piece.size):
            yield sorted(row, key=lambda piece: piece.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda piece: piece.left)


def _runs(row: Sequence[Piece]) -> list[_Run]:
    runs: list[_Run] = []
    last: Piece | None = None
    for piece in row:
        if last and piece.text == last.text and piece.left - last.left < _SAME_PLACE * piece.size:
            continue
        is_glyph = len(piece.text) == 1
        run = runs[-1] if runs else None
        if run and _TOUCHING[0] <= _gap(run, piece) <= _TOUCHING[1]:
            if digits.meet(run.text, piece.text) and not (run.ends_in_glyph and is_glyph and _is_alike(run, piece)):
                run.torn.append((len(run.text) - 1, len(run.text) + 1))
            run.text += piece.text
            run.right, run.ends_in_glyph = max(run.right, piece.right), is_glyph
        else:
            runs.append(_Run(piece.text, piece.left, piece.right, piece.base, piece.size, is_glyph))
        last = piece
    return runs


def _is_alike(run: _Run, piece: Piece) -> bool:
    """Whether both stand on one line in one size: a raised digit is the mark of a note, or a power."""
    return max(abs(run.size - piece.size), abs(run.base - piece.base)) < _ALIKE * run.size


def _gap(before: _Run, after: _Run | Piece) -> float:
    return (after.left - before.right) / max(before.size, after.size)


def _line(row: _Row) -> LaidLine:
    text, torn = row[0].text, list(row[0].torn)
    apart = False
    for before, after in pairwise(row):
        gap, is_torn = _blanks(before, after)
        apart = apart or _gap(before, after) >= _FIELD_GAP
        start = len(text) + len(gap)
        if is_torn:
            torn.append((len(text) - 1, start + 1))
        torn += [(start + first, start + last) for first, last in after.torn]
        text += gap + after.text
    size = max(run.size for run in row)
    return LaidLine(text, row[0].left, row[-1].right, row[0].base - size, row[0].base, apart, tuple(torn))


def _blanks(before: _Run, after: _Run) -> tuple[str, bool]:
    """What parts two runs of a line, and whether a number may be torn there."""
    gap = _gap(before, after)
    if gap >= _FIELD_GAP:
        return _BETWEEN_FIELDS, False
    if digits.meet(before.text, after.text):
        return digits.GAP, True
    narrow = _TOUCHING[1] if before.text[-1].isascii() or after.text[0].isascii() else _WORD_GAP
    return (" " if gap > narrow else ""), False


def _table(rows: Sequence[_Row], start: int) -> tuple[Table | None, int]:
    """The table that begins in this row, if one does, and the row after what was looked at."""
    if not _may_head(rows[start]):
        return None, start + 1
    end = start + 1
    columns: _Bands | _Lefts
    for columns in (_Bands(rows[start]), _Lefts(rows[start])):
        placed = [columns.places(rows[start])]
        if not placed[0]:
            continue
        for at in range(start + 1, len(rows)):
            row = rows[at]
            if not 2 <= len(row) <= MOST_COLUMNS or not (places := columns.places(row)):
                break
            placed.append(places)
        kept = _without_torn_row(rows[start : start + len(placed) + 1], placed)
        if table := _of_columns(rows[start : start + len(kept)], kept, columns.names):
            return table, start + len(kept)
        end = max(end, start + len(placed))
    if not _has_figure(rows[start:end]):
        # A header over several columns, perhaps: those below it have no name without it.
        while end < len(rows) and len(rows[end]) > 1 and not _has_figure([rows[end]]):
            end += 1
    return None, end


def _may_head(row: _Row) -> bool:
    return 2 <= len(row) <= MOST_COLUMNS and not _has_figure([row]) and not units_note(" ".join(r.text for r in row))


def _has_figure(rows: Iterable[_Row]) -> bool:
    return any(is_figure(run.text) for row in rows for run in row)


class _Bands:
    """Columns as stripes of the page that no text of another column reaches into."""

    def __init__(self, row: _Row) -> None:
        self._starts = [run.left for run in row]
        self._ends = [run.right for run in row]
        self.names = list(range(len(row)))  # from the left

    def places(self, row: _Row) -> list[int]:
        """The column of each run; none where one lies in two columns or two in one."""
        names = []
        for run in row:
            slack = _TOUCHING[1] * run.size
            at = bisect_left(self._ends, run.left + slack)
            if at == len(self._starts) or self._starts[at] > run.right - slack:
                self._starts.insert(at, run.left)
                self._ends.insert(at, run.right)
                self.names.insert(at, len(self.names))
            elif at + 1 < len(self._starts) and self._starts[at + 1] < run.right - slack:
                return []
            else:
                self._starts[at] = min(self._starts[at], run.left)
                self._ends[at] = max(self._ends[at], run.right)
            names.append(self.names[at])
        return names if len(set(names)) == len(names) and len(self.names) <= MOST_COLUMNS else []


class _Lefts:
    """Columns as the left ends of the header's texts, for those that reach into each other."""

    def __init__(self, row: _Row) -> None:
        self._lefts = [run.left for run in row]
        self.names = range(len(row))

    def places(self, row: _Row) -> list[int]:
        """The column of each run; none where one begins in no column."""
        names = []
        for run in row:
            slack = _SAME_LEFT * run.size
            at = bisect_left(self._lefts, run.left - slack)
            if at == len(self._lefts) or self._lefts[at] > run.left + slack:
                return []
            names.append(at)
        return names if len(set(names)) == len(names) else []


def _without_torn_row(rows: Sequence[_Row], placed: list[list[int]]) -> list[list[int]]:
    """The rows but the last, where a text alone follows so near that it goes on in one of its cells."""
    if len(rows) == len(placed) or len(rows[len(placed)]) > 1 or len(placed) < 2:
        return placed
    steps = [after[0].base - before[0].base for before, after in pairwise(rows)]
    return placed[:-1] if steps[-1] < _TIGHT * min(steps[:-1]) else placed


def _of_columns(rows: Sequence[_Row], placed: Sequence[Sequence[int]], names: Iterable[int]) -> Table | None:
    used = {name for places in placed for name in places}
    order = {name: number for number, name in enumerate(name for name in names if name in used)}
    body = next((place for place, row in enumerate(rows) if _has_figure([row])), len(rows))
    numbers = _under_headers([[order[name] for name in places] for places in placed], body)
    cells: list[GridCell] = []
    doubted: set[int] = set()
    for place, (row, columns) in enumerate(zip(rows, numbers, strict=True)):
        if _has_figure([row]) and 0 not in columns:
            return None  # its label stands in another row
        doubted |= {len(cells) + number for number, run in enumerate(row) if run.torn}
        cells += (GridCell(run.text.strip(), place, column) for run, column in zip(row, columns, strict=True))
    figures = [cell.column for cell in cells if is_figure(cell.text)]
    if len(figures) < _FEWEST_FIGURES or len(order) < 2:
        return None
    named = _are_named({column for column in figures if column}, [cell for cell in cells if cell.row < body])
    top = min(run.base - run.size for run in rows[0])
    return Table(cells, top, max(run.base for run in rows[-1]), len(order), doubted, named)


def _under_headers(numbers: Sequence[Sequence[int]], body: int) -> Sequence[Sequence[int]]:
    """The columns, each that has no header made one with that beside it which has nothing else.

    A header stands in the middle of its column, and figures at its right edge.
    """
    headed = {column for row in numbers[:body] for column in row}
    filled = {column for row in numbers[body:] for column in row}
    empty = headed - filled
    beside = {
        column: near
        for column in filled - headed - {0}
        if len(near := [other for other in (column - 1, column + 1) if other in empty]) == 1
    }
    taken = Counter(near[0] for near in beside.values())
    joined = {column: near[0] for column, near in beside.items() if taken[near[0]] == 1}
    return [[joined.get(column, column) for column in row] for row in numbers]


def _are_named(columns: Iterable[int], header: Iterable[GridCell]) -> bool:
    """Whether each column has a header of its own: two of one name are parts of what stands elsewhere."""
    texts: dict[int, tuple[str, ...]] = dict.fromkeys(columns, ())
    for cell in header:
        if cell.column in texts:
            texts[cell.column] += (cell.text,)
    return all(texts.values()) and len(set(texts.values())) == len(texts)
