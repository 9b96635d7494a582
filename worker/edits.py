"""Text that remembers where it came from.

Stages never rewrite text. They propose :class:`Edit` and :class:`Flaw` over the text they were given;
:meth:`Text.apply` carries the edits out and keeps the map back to the raw text, so that every figure points
to its place in the file whatever was done in between.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from schemas import offset_map
from worker.once import Once

#: More flaws of one code than this are grouped for readers where no more than so many characters part them.
MANY_FLAWS = 20
NEAR_CHARS = 300


class Edit(NamedTuple):
    """Put ``new`` in the place of ``text[start:end]``."""

    start: int
    end: int
    new: str = ""
    kind: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Flaw:
    """Damage that was found and could not be repaired: ``text[start:end]`` is not to be trusted.

    No figure may touch it.
    """

    start: int
    end: int
    code: str
    message: str


class Applied(NamedTuple):
    """An edit that was carried out, in offsets of the raw text."""

    start: int
    end: int
    was: str
    now: str
    kind: str
    confidence: float


class OffsetMap(offset_map.OffsetMap):
    """A map that is made of edits, and composed with those made afterwards."""

    __slots__ = ()

    @classmethod
    def identity(cls, length: int) -> "OffsetMap":
        """The map of a text that nothing was done to."""
        return cls.of_edits(length, ())

    @classmethod
    def of_edits(cls, length: int, edits: Sequence[Edit]) -> "OffsetMap":
        """The map that sorted, disjoint ``edits`` over a text of ``length`` make."""
        rows = _Rows()
        place = 0
        for edit in edits:
            rows.add(place, edit.start - place, edit.start - place, copied=True)
            exact = len(edit.new) == 1 and edit.end - edit.start == 1
            rows.add(edit.start, edit.end - edit.start, len(edit.new), copied=exact)
            place = edit.end
        rows.add(place, length - place, length - place, copied=True)
        return rows.as_map(length)

    def then(self, later: "OffsetMap") -> "OffsetMap":
        """This map composed with that of a change made afterwards."""
        rows = _Rows()
        for row in range(later.segments):
            start, length = later._source_starts[row], later._source_lengths[row]
            now_length = later._now_starts[row + 1] - later._now_starts[row]
            if later._copied[row]:
                self._copy_rows(rows, start, start + length)
            else:
                source_start, source_end = self.span(start, start + length)
                rows.add(source_start, source_end - source_start, now_length, copied=False)
        return rows.as_map(self.source_length)

    def _copy_rows(self, rows: "_Rows", start: int, end: int) -> None:
        """Add the rows of ``now[start:end]``: the first and the last in part, those between as they are."""
        first, last = self._row(start), self._row(end - 1)
        self._copy_part(rows, first, start, min(end, self._now_starts[first + 1]))
        if last > first:
            rows.extend(self, first + 1, last)
            self._copy_part(rows, last, self._now_starts[last], end)

    def _copy_part(self, rows: "_Rows", row: int, start: int, end: int) -> None:
        if self._copied[row]:
            rows.add(self._source_starts[row] + start - self._now_starts[row], end - start, end - start, copied=True)
        else:
            rows.add(self._source_starts[row], self._source_lengths[row], end - start, copied=False)


class _Rows:
    """Collects segments, each with its place in the new text and in the source, its length there, and whether it is copied.

    Copies that continue each other are joined.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, bool]] = []
        self.now = 0

    def add(self, source_start: int, source_length: int, now_length: int, *, copied: bool) -> None:
        if not now_length:
            return
        now, start, length, is_copy = self.rows[-1] if copied and self.rows else (0, 0, 0, False)
        if is_copy and start + length == source_start:
            self.rows[-1] = (now, start, length + source_length, True)
        else:
            self.rows.append((self.now, source_start, source_length, copied))
        self.now += now_length

    def extend(self, other: OffsetMap, first: int, last: int) -> None:
        """Add ``other``'s rows from ``first`` up to ``last`` as they are, in one go; a map has no joinable rows."""
        shift = self.now - other._now_starts[first]
        self.rows.extend(
            zip(
                [start + shift for start in other._now_starts[first:last]],
                other._source_starts[first:last],
                other._source_lengths[first:last],
                other._copied[first:last],
                strict=True,
            )
        )
        self.now = other._now_starts[last] + shift

    def as_map(self, source_length: int) -> OffsetMap:
        now_starts, source_starts, lengths, copied = zip(*self.rows, strict=True) if self.rows else ((), (), (), ())
        return OffsetMap((*now_starts, self.now), source_starts, lengths, copied, source_length)


@dataclass(frozen=True)
class Text:
    """The current text ``now``, the file's decoded text ``raw``, and all that lies between.

    ``edits`` and ``flaws`` are in offsets of ``raw``.
    """

    raw: str
    now: str
    origin: OffsetMap = field(repr=False)
    edits: tuple[Applied, ...] = field(default=(), repr=False)
    flaws: tuple[Flaw, ...] = ()

    @classmethod
    def of(cls, raw: str) -> "Text":
        """A text that nothing was done to yet."""
        return cls(raw, raw, OffsetMap.identity(len(raw)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``now[start:end]`` stands in ``raw``."""
        return self.origin.span(start, end)

    def apply(self, findings: Iterable[Edit | Flaw], kind: str = "") -> "Text":
        """The text with every edit carried out and every flaw noted.

        Edits that overlap an earlier one (by start, then by length) are left out. ``kind`` names edits that have none.
        """
        found = list(findings)
        edits = _disjoint(edit for edit in found if isinstance(edit, Edit))
        flaws = tuple(
            Flaw(*self.span(flaw.start, flaw.end), flaw.code, flaw.message) for flaw in found if isinstance(flaw, Flaw)
        )
        if not edits:
            return replace(self, flaws=self.flaws + flaws) if flaws else self
        applied = []
        for edit in edits:
            start, end = self.span(edit.start, edit.end)
            applied.append(Applied(start, end, self.raw[start:end], edit.new, edit.kind or kind, edit.confidence))
        return Text(
            self.raw,
            _edited(self.now, edits),
            self.origin.then(OffsetMap.of_edits(len(self.now), edits)),
            self.edits + tuple(applied),
            self.flaws + flaws,
        )

    def with_same_length(self, now: str) -> "Text":
        """The text with every character replaced by its counterpart, as script conversion does it; the map stays.

        Raises:
            ValueError: the lengths differ, so that places would no longer be known.
        """
        if len(now) != len(self.now):
            raise ValueError(f"a text of {len(self.now)} characters cannot become one of {len(now)} in place")
        return replace(self, now=now)

    def is_flawed(self, start: int, end: int) -> bool:
        """Whether ``now[start:end]`` touches damage that could not be repaired."""
        if not self.flaws:
            return False
        raw_start, raw_end = self.span(start, end)
        starts, ends = self._flawed
        row = bisect_right(starts, raw_end) - 1
        return row >= 0 and ends[row] >= raw_start

    @Once
    def _flawed(self) -> tuple[list[int], list[int]]:
        """Starts and ends of the flawed parts of ``raw``, in order, those that overlap joined."""
        starts: list[int] = []
        ends: list[int] = []
        for flaw in sorted(self.flaws, key=lambda flaw: flaw.start):
            if ends and flaw.start <= ends[-1]:
                ends[-1] = max(ends[-1], flaw.end)
            else:
                starts.append(flaw.start)
                ends.append(flaw.end)
        return starts, ends


def grouped(flaws: Sequence[Flaw]) -> list[tuple[Flaw, int]]:
    """The flaws for people to read: where one code has many, those near one another are one, with their number.

    A group has the message of its first flaw and reaches to the end of its last.

    >>> [(flaw.start, flaw.end, count) for flaw, count in grouped([Flaw(place, place + 1, "a", "") for place in range(40)])]
    [(0, 40, 40)]
    """
    counts = Counter(flaw.code for flaw in flaws)
    groups: list[tuple[Flaw, int]] = []
    last: dict[str, int] = {}
    for flaw in sorted(flaws, key=lambda flaw: flaw.start):
        index = last.get(flaw.code)
        if counts[flaw.code] > MANY_FLAWS and index is not None and flaw.start - groups[index][0].end <= NEAR_CHARS:
            before, count = groups[index]
            groups[index] = (replace(before, end=max(before.end, flaw.end)), count + 1)
        else:
            last[flaw.code] = len(groups)
            groups.append((flaw, 1))
    return groups


def _disjoint(edits: Iterable[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        changes = edit.new or edit.end > edit.start
        if changes and (not kept or edit.start >= kept[-1].end):
            kept.append(edit)
    return kept


def _edited(text: str, edits: Sequence[Edit]) -> str:
    parts = []
    place = 0
    for edit in edits:
        parts.append(text[place : edit.start])
        parts.append(edit.new)
        place = edit.end
    parts.append(text[place:])
    return "".join(parts)
