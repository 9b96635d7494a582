"""Writes down how a report was read, beside the report itself, from what the stages have found out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from schemas.offset_map import Stretch, alike
from schemas.reading import (
    AROUND,
    MARKUP,
    SCRIPT,
    Decided,
    FigureReading,
    ReadEdit,
    Reading,
    RejectedNumber,
    Segments,
    Span,
    Table,
    TableCell,
)
from worker import PIPELINE_VERSION
from worker.draft import Draft
from worker.edits import Text
from worker.figure import SAID_FIELDS, Figure
from worker.parts import Cell
from worker.report_writer import Origin

#: Converted characters that no more than so many others part are told as one edit.
NEAR_CHARS = 4


def reading_of(draft: Draft, origin: Origin) -> Reading:
    """The reading of a report that has been through all stages; its figures are in the order of the report's metrics."""
    text = draft.text
    tables = _tables(draft.cells)
    return Reading(
        id=origin.id,
        revision=origin.revision,
        sha256=origin.sha256,
        pipeline_version=PIPELINE_VERSION,
        raw=text.raw,
        now=None if text.now == text.raw else text.now,
        segments=_segments(text),
        edits=tuple(sorted(_edits(draft))),
        page_starts=draft.page_starts,
        tables=tables,
        figures=tuple(_figures(draft.figures, tables)),
        rejected=tuple(_rejected(draft)),
    )


def _segments(text: Text) -> Segments:
    now_starts, raw_starts, raw_lengths, copied = text.origin.arrays
    # Made of the pipeline's own numbers, of which a page may have a hundred thousand: not looked at once more.
    return Segments.model_construct(
        now_starts=tuple(now_starts),
        raw_starts=tuple(raw_starts),
        raw_lengths=tuple(raw_lengths),
        copied=tuple(map(int, copied)),
    )


def _edits(draft: Draft) -> Iterator[ReadEdit]:
    """What was done to the text: by the reader of its format, by repairs, by the conversion of its script."""
    decoded = draft.decoded
    own = sorted((edit.start, edit.end) for edit in decoded.edits)
    starts, ends = [start for start, _ in own], [end for _, end in own]
    for stretch in decoded.origin.changes(decoded.raw, decoded.now):
        inside = own[bisect_right(ends, stretch.start) : bisect_left(starts, stretch.end)]
        yield from (ReadEdit(*part, MARKUP) for part in _outside(stretch, inside))
    yield from (ReadEdit(start, end, "", AROUND) for start, end in draft.left_out)
    yield from (ReadEdit(edit.start, edit.end, edit.now, edit.kind) for edit in draft.text.edits)
    yield from _converted(draft)


def _outside(stretch: Stretch, edits: Iterable[Span]) -> Iterator[Stretch]:
    """A stretch that the reader changed, without what its own edits, in order, have changed in it."""
    start, now = stretch.start, stretch.now
    for first, last in edits:
        if first > start:
            yield Stretch(start, first, now)
            now = ""
        start = max(start, last)
    if start < stretch.end or (stretch.start == stretch.end and now):
        yield Stretch(start, stretch.end, now)


def _converted(draft: Draft) -> Iterator[ReadEdit]:
    """What the conversion of the script has changed: characters that stand near one another are one edit."""
    text, before = draft.text, draft.unconverted
    if before is None:
        return
    place = 0
    for was, now in zip(before.splitlines(keepends=True), text.now.splitlines(keepends=True), strict=True):
        for start, end in _apart(was, now) if was != now else ():
            yield ReadEdit(*text.span(place + start, place + end), now[start:end], SCRIPT)
        place += len(was)


def _apart(one: str, other: str) -> Iterator[Span]:
    """Where two texts of the same length differ; what is alike for no more than a word does not part it."""
    start = 0
    for first, last in alike(one, other):
        if first > start:
            if last - first <= NEAR_CHARS and last < len(one):
                continue
            yield start, first
        start = last
    if start < len(one):
        yield start, len(one)


def _tables(cells: Sequence[Cell]) -> tuple[Table, ...]:
    """The cells by their tables, both in the order of the file."""
    held: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.table, cell.start, cell.end)):
        held.setdefault(cell.table, []).append(cell)
    return tuple(
        Table.model_construct(
            start=min(group[0].start, start),
            end=max(cell.end for cell in group),
            cells=tuple(
                TableCell(cell.start, cell.end, cell.row_at, cell.column_at, cell.caption_at) for cell in group
            ),
        )
        for start, group in held.items()
    )


def _figures(figures: Iterable[Figure], tables: Sequence[Table]) -> Iterator[FigureReading]:
    numbers = {
        (cell.start, cell.end): (table, number)
        for table, held in enumerate(tables)
        for number, cell in enumerate(held.cells)
    }
    for figure in figures:
        said = {name: getattr(figure, name) for name in SAID_FIELDS}
        yield FigureReading(
            start=figure.place.start,
            end=figure.place.end,
            decided=tuple(Decided(name, why.rule, why.words) for name, why in said.items()),
            cell=numbers[figure.cell.start, figure.cell.end] if figure.cell else None,
            unit=figure.unit_at,
            period=figure.period_at,
        )


def _rejected(draft: Draft) -> Iterator[RejectedNumber]:
    """The numbers that no figure holds, in order, with their class and why."""
    taken = sorted((figure.place.start, figure.place.end) for figure in draft.figures)
    starts = [start for start, _ in taken]
    for number in draft.numbers:
        row = bisect_right(starts, number.start) - 1
        if row < 0 or taken[row][1] <= number.start:
            span = draft.text.span(number.start, number.end)
            yield RejectedNumber(*span, number.kind, number.reason, number.rule)
