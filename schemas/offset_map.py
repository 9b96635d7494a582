"""How places of a text map to the text that it was made from, and back."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import add
from typing import NamedTuple


class Stretch(NamedTuple):
    """``source[start:end]`` is not in the new text as it stands: ``now`` is read there, empty where it is gone."""

    start: int
    end: int
    now: str


class OffsetMap:
    """Maps a text back to the text it was made from, segment by segment.

    Four parallel arrays, one row a segment: where it starts in the new text, where in the source, how long it is
    there, and whether it is a copy. ``now_starts`` has one row more: the new text's length. A replaced segment maps
    as a whole, never to an invented place inside; a single character put in the place of a single one is exact.
    """

    __slots__ = ("_copied", "_now_starts", "_source_ends", "_source_lengths", "_source_starts", "source_length")

    def __init__(
        self,
        now_starts: Sequence[int],
        source_starts: Sequence[int],
        source_lengths: Sequence[int],
        copied: Sequence[bool],
        length: int,
    ) -> None:
        self._now_starts = now_starts
        self._source_starts = source_starts
        self._source_lengths = source_lengths
        self._copied = copied
        self._source_ends: list[int] | None = None  # made when somebody asks for a place
        self.source_length = length

    @property
    def now_length(self) -> int:
        """Length of the new text."""
        return self._now_starts[-1]

    @property
    def segments(self) -> int:
        """How many rows the map has."""
        return len(self._source_starts)

    @property
    def arrays(self) -> tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[bool]]:
        """The four arrays, in the order in which they are given."""
        return self._now_starts, self._source_starts, self._source_lengths, self._copied

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source's half-open span that ``now[start:end]`` came from.

        An empty span maps to an empty one; inside a replaced segment it maps to all of that.

        >>> OffsetMap([0, 1, 2, 4], [0, 1, 4], [1, 3, 2], [True, False, True], 6).span(1, 3)
        (1, 5)
        """
        if start >= end:
            return self._empty_span(start)
        # Asked several times of each number: the two look-ups without calls between.
        now_starts, source_starts = self._now_starts, self._source_starts
        segments = len(source_starts)
        first = bisect_right(now_starts, start, 0, segments) - 1
        source_start = source_starts[first] + (start - now_starts[first] if self._copied[first] else 0)
        last = first
        if last + 1 < segments and now_starts[last + 1] < end:
            last = bisect_right(now_starts, end - 1, first, segments) - 1
        inside = end - now_starts[last] if self._copied[last] else self._source_lengths[last]
        return source_start, source_starts[last] + inside

    def _empty_span(self, place: int) -> tuple[int, int]:
        before = self._source_end(place)
        start = self._source_start(place) if place < self.now_length else before
        return start, max(start, before)

    def now_position(self, source: int) -> int:
        """Where the source position went: the first place in the new text whose source ends after it."""
        if self._source_ends is None:
            self._source_ends = list(map(add, self._source_starts, self._source_lengths))
        row = bisect_right(self._source_ends, source)
        now = self._now_starts[row]  # of the last row and one more: the length
        if row < len(self._source_starts) and self._copied[row] and (inside := source - self._source_starts[row]) > 0:
            return now + inside
        return now

    def now_span(self, start: int, end: int) -> tuple[int, int]:
        """The new text's half-open span that holds what became of ``source[start:end]``, whole segments where replaced.

        >>> OffsetMap([0, 1, 2, 4], [0, 1, 4], [1, 3, 2], [True, False, True], 6).now_span(2, 5)
        (1, 3)
        """
        first = self.now_position(start)
        if end <= start:
            return first, first
        row = bisect_right(self._source_starts, end - 1) - 1
        if row < 0:
            return first, first
        inside = min(end - self._source_starts[row], self._source_lengths[row])
        last = self._now_starts[row] + inside if self._copied[row] else self._now_starts[row + 1]
        return first, max(first, last)

    def changes(self, source: str, now: str) -> Iterator[Stretch]:
        """The longest stretches of the source that are not in ``now`` as they stand, in order.

        >>> [*OffsetMap([0, 1, 2, 4], [0, 1, 4], [1, 3, 2], [True, False, True], 6).changes("abcdef", "aXeF")]
        [Stretch(start=1, end=4, now='X'), Stretch(start=5, end=6, now='F')]
        """
        source_from = now_from = 0
        for source_to, now_to, length in self._same(source, now):
            if source_to > source_from or now_to > now_from:
                yield Stretch(source_from, source_to, now[now_from:now_to])
            source_from, now_from = source_to + length, now_to + length
        if source_from < self.source_length or now_from < self.now_length:
            yield Stretch(source_from, self.source_length, now[now_from:])

    def _same(self, source: str, now: str) -> Iterator[tuple[int, int, int]]:
        """Where both texts are the same: the place in each, and for how long."""
        for row, copied in enumerate(self._copied):
            if not copied:
                continue
            here, there, length = self._source_starts[row], self._now_starts[row], self._source_lengths[row]
            before, after = source[here : here + length], now[there : there + length]
            if before == after:
                yield here, there, length
                continue
            for start, end in alike(before, after):
                yield here + start, there + start, end - start

    def _row(self, position: int) -> int:
        return bisect_right(self._now_starts, position, 0, len(self._source_starts)) - 1

    def _source_start(self, position: int) -> int:
        row = self._row(position)
        return self._source_starts[row] + (position - self._now_starts[row] if self._copied[row] else 0)

    def _source_end(self, position: int) -> int:
        if position <= 0 or not self.segments:
            return 0
        row = self._row(position - 1)
        inside = position - self._now_starts[row] if self._copied[row] else self._source_lengths[row]
        return self._source_starts[row] + inside


def alike(one: str, other: str) -> Iterator[tuple[int, int]]:
    """The longest spans in which two texts of the same length have the same characters.

    >>> [*alike("共計3人", "共计3人")]
    [(0, 1), (2, 4)]
    """
    start = 0
    for place, (before, after) in enumerate(zip(one, other, strict=True)):
        if before != after:
            if place > start:
                yield start, place
            start = place + 1
    if start < len(one):
        yield start, len(one)
