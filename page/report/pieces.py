"""The text of a report cut to pieces: what stands, what was taken away, what is read in its place, and which figures lie where."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.offset_map import Stretch
from schemas.reading import AROUND, MARKUP, Reading, Span

#: Tags in what is shown of a page around its report.
_TAG = re.compile(r"<[^<>]*>?")

#: What is read where mark-up parts cells or lines.
_BETWEEN_CELLS = re.compile(r"([\t\n]+)")

KEPT, GONE, READ, HIDDEN, PAGE = "kept", "gone", "read", "hidden", "page"


class Piece(NamedTuple):
    """A part of ``raw`` that is of one kind.

    ``kept``: it stands in both texts. ``gone``: ``text`` was taken away or replaced, for the reason ``why``. ``read``: ``text``
    is read in its place. ``hidden``: tags and the like, never shown; ``text`` is empty. ``page``: page number ``text`` begins.
    ``figures`` are the numbers of the figures that it lies in, ``rejected`` that of a number that is none.
    """

    kind: str
    text: str
    start: int
    end: int
    why: str = ""
    figures: tuple[int, ...] = ()
    rejected: int | None = None


class Marks:
    """Spans of ``raw`` with their numbers, and where pieces have to be cut for them."""

    def __init__(self, figures: Sequence[Span], rejected: Sequence[Span]) -> None:
        self._figures = _cover(figures)
        self._rejected = _cover(rejected)
        bounds = {bound for span in (*figures, *rejected) for bound in span}
        self._bounds = sorted(bounds)

    def cut(self, start: int, end: int) -> Iterator[Span]:
        """``raw[start:end]`` in parts that lie wholly in or out of every span."""
        first, last = bisect_right(self._bounds, start), bisect_left(self._bounds, end)
        for bound in self._bounds[first:last]:
            yield start, bound
            start = bound
        yield start, end

    def at(self, place: int) -> tuple[tuple[int, ...], int | None]:
        """The figures and the rejected number that the character at a place lies in."""
        rejected = _found(self._rejected, place)
        return _found(self._figures, place), (rejected[0] if rejected else None)


_Cover = tuple[list[int], list[tuple[int, ...]]]


def _cover(spans: Sequence[Span]) -> _Cover:
    """For each place where a span begins or ends, which spans the text from there on lies in."""
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(spans):
        if start < end:
            starts.setdefault(start, []).append(number)
            ends.setdefault(end, []).append(number)
    bounds = sorted({*starts, *ends})
    held: dict[int, None] = {}
    inside = []
    for bound in bounds:
        for number in ends.get(bound, ()):
            held.pop(number)
        held |= dict.fromkeys(starts.get(bound, ()))
        inside.append(tuple(held))
    return bounds, inside


def _found(cover: _Cover, place: int) -> tuple[int, ...]:
    bounds, inside = cover
    row = bisect_right(bounds, place) - 1
    return inside[row] if row >= 0 else ()


def pieces_of(reading: Reading, marks: Marks) -> Iterator[Piece]:
    """All of ``raw`` in order, and what is read in place of parts of it."""
    kinds = _Kinds(reading)
    pages = _Pages(reading.page_starts)
    place = 0
    for stretch in reading.origin.changes(reading.raw, reading.text):
        yield from _kept(reading.raw, place, stretch.start, marks, pages)
        yield from pages.before(stretch.end)
        yield from _changed(reading.raw, stretch, kinds, marks)
        place = stretch.end
    yield from _kept(reading.raw, place, len(reading.raw), marks, pages)


def _kept(raw: str, start: int, end: int, marks: Marks, pages: "_Pages") -> Iterator[Piece]:
    if start >= end:
        return
    for first, last in marks.cut(start, end):
        while (bound := pages.next) is not None and bound < last:
            if bound > first:
                yield Piece(KEPT, raw[first:bound], first, bound, "", *marks.at(first))
                first = bound
            yield from pages.before(bound + 1)
        yield Piece(KEPT, raw[first:last], first, last, "", *marks.at(first))


def _changed(raw: str, stretch: Stretch, kinds: "_Kinds", marks: Marks) -> Iterator[Piece]:
    """What was taken away, and then what is read in its place: from each mark-up between cells or lines to the next."""
    runs = list(kinds.runs(stretch.start, stretch.end))
    said = _BETWEEN_CELLS.split(stretch.now)  # words, what parts them, words …
    parts = [at for at, (_, _, why) in enumerate(runs) if why == MARKUP]
    if len(said) == 1 or len(parts) != len(said) // 2:
        parts, said = [], [stretch.now]
    begin, place = 0, stretch.start
    for number, at in enumerate([*parts, len(runs)]):
        yield from _replaced(raw, place, runs[begin:at], said[2 * number], stretch, kinds, marks)
        if at < len(runs):
            yield from _replaced(raw, runs[at][0], runs[at : at + 1], said[2 * number + 1], stretch, kinds, marks)
            begin, place = at + 1, runs[at][1]


def _replaced(
    raw: str,
    place: int,
    runs: Sequence[tuple[int, int, str]],
    now: str,
    stretch: Stretch,
    kinds: "_Kinds",
    marks: Marks,
) -> Iterator[Piece]:
    """The pieces of some runs from ``place`` on, and ``now`` behind them."""
    last_why, begin = "", place
    for start, end, why in runs:
        last_why = why if why != MARKUP or not last_why else last_why
        if why == MARKUP:
            figures, _ = marks.at(start)
            yield Piece(HIDDEN, "", start, end, why, figures)
        elif why == AROUND:
            yield Piece(GONE, _TAG.sub("", raw[start:end]).strip(), start, end, why)
        else:
            for first, last in marks.cut(start, end):
                yield Piece(GONE, raw[first:last], first, last, why, *marks.at(first))
        place = end
    if now:
        is_inserted = stretch.end == stretch.start
        figures, rejected = ((), None) if is_inserted else marks.at(begin)
        yield Piece(READ, now, place, place, kinds.of_insertion(place) if is_inserted else last_why, figures, rejected)


class _Kinds:
    """Why each character of ``raw`` that is not in the repaired text is not."""

    def __init__(self, reading: Reading) -> None:
        self._names = list(dict.fromkeys(edit.kind for edit in reading.edits))
        numbers = {name: number + 1 for number, name in enumerate(self._names)}
        self._of = bytearray(len(reading.raw))
        self._insertions: dict[int, str] = {}
        # What a format took away first, what its page shows all the same over it, then the others, the finest last.
        for edit in sorted(reading.edits, key=lambda edit: (_depth(edit.kind), edit.start - edit.end)):
            if edit.start == edit.end:
                self._insertions[edit.start] = edit.kind
            elif _depth(edit.kind) != _INSIDE_MARKUP or not self._is_markup(edit.start, edit.end, numbers):
                self._of[edit.start : edit.end] = bytes([numbers[edit.kind]]) * (edit.end - edit.start)
            else:
                self._paint_shown(edit.start, edit.end, numbers[edit.kind], numbers.get(MARKUP, 0))

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """The parts of a stretch that are of one kind, in order."""
        while start < end:
            kind = self._of[start]
            last = start + 1
            while last < end and self._of[last] == kind:
                last += 1
            yield start, last, self._names[kind - 1] if kind else ""
            start = last

    def of_insertion(self, place: int) -> str:
        """Why something is read where nothing stands."""
        return self._insertions.get(place, "")

    def _is_markup(self, start: int, end: int, numbers: dict[str, int]) -> bool:
        return MARKUP in numbers and numbers[MARKUP] in self._of[start:end]

    def _paint_shown(self, start: int, end: int, number: int, hidden: int) -> None:
        for place in range(start, end):
            if self._of[place] != hidden:
                self._of[place] = number


_INSIDE_MARKUP = 2


def _depth(kind: str) -> int:
    return 0 if kind == MARKUP else 1 if kind == AROUND else _INSIDE_MARKUP


class _Pages:
    """Page numbers, each given out once, before what stands at its beginning."""

    def __init__(self, starts: Iterable[int]) -> None:
        self._left = list(enumerate(starts, 1))[::-1]

    @property
    def next(self) -> int | None:
        """Where the next page begins."""
        return self._left[-1][1] if self._left else None

    def before(self, place: int) -> Iterator[Piece]:
        """The pages that begin before a place."""
        while self._left and self._left[-1][1] < place:
            number, start = self._left.pop()
            yield Piece(PAGE, str(number), start, start)
