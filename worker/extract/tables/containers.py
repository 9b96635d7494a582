"""In which table cell a place of the file stands."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from worker.parts import Cell


class Containers:
    """The cells of a text, for asking about many places."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = sorted(cells, key=attrgetter("start", "end"))
        self._starts = [cell.start for cell in self._cells]

    def of(self, raw_start: int) -> Cell | None:
        """The cell that holds a place of the decoded text, or None."""
        row = bisect_right(self._starts, raw_start) - 1
        return self._cells[row] if row >= 0 and raw_start < self._cells[row].end else None
