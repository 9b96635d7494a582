"""Table rows among the lines of a text: what parts two cells is no torn number and no cut line."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from worker.edits import Edit, Flaw, Text
from worker.parts import Cell

_OF_PROSE = ("number", "line", "torn_number")


@dataclass(frozen=True)
class Rows:
    """Where the cells of all tables start and end, in offsets of the raw text."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Rows":
        """The rows that these cells make."""
        return cls(tuple(sorted(cell.start for cell in cells)), tuple(sorted(cell.end for cell in cells)))

    def outside(self, text: Text, findings: Iterable[Edit | Flaw]) -> Iterator[Edit | Flaw]:
        """The findings but those that would join a cell with what stands beside it, or doubt the two together."""
        if not self.starts:
            yield from findings
            return
        for found in findings:
            kind = found.kind if isinstance(found, Edit) else found.code
            if not (kind in _OF_PROSE and self._parts_cells(*text.span(found.start, found.end))):
                yield found

    def _parts_cells(self, start: int, end: int) -> bool:
        """Whether a cell begins or ends inside ``raw[start:end]`` or at an edge of it."""
        return _any_between(self.starts, start + 1, end) or _any_between(self.ends, start, end - 1)


def _any_between(places: Sequence[int], first: int, last: int) -> bool:
    return bisect_left(places, first) < bisect_right(places, last)
