"""How a report was read: its text as decoded and as repaired, and where and why each figure is what it is.

It goes with the :class:`schemas.report.Report` of the same id, revision and pipeline version. Whoever has both needs not
read the file again: each quote, each figure and each label of a table is found in ``raw``.
"""

import gzip
import re
import zlib
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from schemas.base import Message
from schemas.offset_map import OffsetMap

#: Half-open, in code points.
Span = tuple[int, int]

#: What is taken away or replaced before any repair: tags, scripts, entities, what stands around the report.
MARKUP = "markup"
#: Lines that a page shows around the report; they lie in its markup.
AROUND = "around"
#: What is brought into simplified script.
SCRIPT = "script"


#: More than what stands before the text.
_HEAD_BYTES = 1000
_HEAD = re.compile(
    r'\{"schema_version":"1","id":"([^"]*)","revision":(\d+),"sha256":"([^"]*)","pipeline_version":"([^"]*)",'
)


class Stamp(NamedTuple):
    """Of which document, revision, content and pipeline version a reading is."""

    id: str
    revision: int
    sha256: str
    pipeline_version: str


def stamp_of(packed: bytes) -> Stamp | None:
    """What a packed reading is of, by its first bytes, for who keeps it and does not look into it; None for no reading."""
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, _HEAD_BYTES)
    except zlib.error:
        return None
    match = _HEAD.match(head.decode("utf-8", "replace"))
    return Stamp(match[1], int(match[2]), match[3], match[4]) if match else None


class Segments(Message):
    """How places of the repaired text map to the decoded one, a row a segment; see :class:`schemas.offset_map.OffsetMap`."""

    now_starts: tuple[int, ...] = Field(
        description="where each segment starts in the repaired text, and its length last"
    )
    raw_starts: tuple[int, ...] = Field(description="where each starts in the decoded text")
    raw_lengths: tuple[int, ...] = Field(description="how long each is there")
    copied: tuple[Annotated[int, Field(ge=0, le=1)], ...] = Field(
        description="1 where a segment maps character by character, 0 where it was replaced and maps as a whole"
    )


class ReadEdit(NamedTuple):
    """``raw[start:end]`` was read as ``now``, empty where it was taken away, for a reason of this kind.

    Edits may lie on one another: what a page's tags were replaced by may have been taken away as a line break.
    """

    start: int
    end: int
    now: str
    kind: str


class RejectedNumber(NamedTuple):
    """``raw[start:end]`` is a number and no figure: of which class it is, why, and by which rule."""

    start: int
    end: int
    number_class: str
    reason: str
    rule: str


class Decided(NamedTuple):
    """A field, the rule that decided it, and the words of the report that it went by, empty where it went by none."""

    field: str
    rule: str
    words: str


class TableCell(NamedTuple):
    """``raw[start:end]`` is a cell; the places in ``raw`` of its row's labels, its column's headers, its table's caption.

    The outermost comes first. The caption's lines are its table's title and the note on units, in the table or over it.
    """

    start: int
    end: int
    row: tuple[Span, ...] = ()
    column: tuple[Span, ...] = ()
    caption: tuple[Span, ...] = ()


class Table(Message):
    """A table, ``raw[start:end]``, and its cells that hold text and are no prose, in order."""

    start: int
    end: int
    cells: tuple[TableCell, ...]


class FigureReading(Message):
    """Where and why the metric of the same number is what it is."""

    start: int = Field(description="in the repaired text, as is end")
    end: int
    decided: tuple[Decided, ...] = Field(
        description="[field, rule, words] for each of the metric's fields that rules decide: indicator, period, status ..."
    )
    cell: tuple[int, int] | None = Field(
        default=None, description="the number of its table and of its cell there, from 0; null for what no cell holds"
    )
    unit: Span | None = Field(
        default=None,
        description="for a figure of a table: the place in raw of what gave its unit and multiplier: the cell itself, a "
        "label, a header or a line of the caption; null where it has no unit",
    )
    period: Span | None = Field(
        default=None,
        description="for a figure of a table: the place in raw of what gave its period: a label, a line of the caption, a "
        "heading, the report's title; null where that is the report's year and no title says it",
    )

    def why(self, field: str) -> Decided:
        """How a field was decided.

        Raises:
            KeyError: no rule decides it.
        """
        for one in self.decided:
            if one.field == field:
                return one
        raise KeyError(field)


class Reading(Message):
    """The reading of one revision of one document. Offsets count code points; of ``raw``, unless they are said to be other.

    Rows that are written as arrays keep their length within one ``schema_version``.
    """

    schema_version: Literal["1"] = "1"
    id: str = Field(description="document id, as in the report")
    revision: int = Field(default=1, ge=1)
    sha256: str = Field(description="of the file's bytes, in hex")
    pipeline_version: str
    raw: str = Field(
        description="the file's text as decoded, before any cleaning; see docs/messages.md for each format"
    )
    now: str | None = Field(default=None, description="the text as repaired; null where it is the same as raw")
    segments: Segments
    edits: tuple[ReadEdit, ...] = Field(
        default=(), description="[start, end, now, kind]; every character of raw that is not in now lies in one"
    )
    page_starts: tuple[int, ...] = Field(default=(), description="where the file's pages begin; empty without pages")
    tables: tuple[Table, ...] = ()
    figures: tuple[FigureReading, ...] = Field(default=(), description="one for each of the report's metrics, in order")
    rejected: tuple[RejectedNumber, ...] = Field(
        default=(), description="[start, end, class, reason, rule] of every number that is no figure"
    )

    @property
    def stamp(self) -> Stamp:
        """What it is the reading of."""
        return Stamp(self.id, self.revision, self.sha256, self.pipeline_version)

    @property
    def text(self) -> str:
        """The repaired text."""
        return self.raw if self.now is None else self.now

    @cached_property
    def origin(self) -> OffsetMap:
        """The map from the repaired text to ``raw``."""
        rows = self.segments
        copied = tuple(map(bool, rows.copied))
        return OffsetMap(rows.now_starts, rows.raw_starts, rows.raw_lengths, copied, len(self.raw))

    def cell_of(self, figure: FigureReading) -> TableCell | None:
        """The cell that a figure stands in, None for prose."""
        return self.tables[figure.cell[0]].cells[figure.cell[1]] if figure.cell else None

    def packed(self) -> bytes:
        """The reading as it is kept: JSON, compressed as gzip does, the same bytes each time."""
        # As bytes at once: as text first, a large one would be in memory three times.
        return gzip.compress(self.__pydantic_serializer__.to_json(self), compresslevel=6, mtime=0)

    @classmethod
    def unpacked(cls, content: bytes) -> "Reading":
        """The reading that was kept so.

        Raises:
            ValueError: it is none.
        """
        try:
            return cls.model_validate_json(gzip.decompress(content))
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"it is no gzip data: {error}") from error
