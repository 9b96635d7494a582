"""A report in the making: what the stages have found out so far."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from schemas.report import Document, Relation, ReportWarning, Section
from worker.edits import Text
from worker.figure import Figure, Number
from worker.parts import Cell, Heading, Label, Span

Clock = Callable[[], float]

#: Redis holds an event twice, and once more for each reader that is slow.
MOST_EVENT_BYTES = 64_000_000


@dataclass(frozen=True)
class Draft:
    """What is known of a report; each stage returns a fuller one.

    ``most_event_bytes`` is what the report may grow to.
    ``text`` is set by decode, which keeps it in ``decoded`` as the reader of the format gave it, with the lines ``left_out`` around the report; ``labels`` and ``title_lines`` by clean, ``script`` and ``unconverted`` (the
    text of the same length before conversion, None where nothing was converted) by convert, ``headings`` and
    ``document`` by structure; ``numbers`` (every number with its kind), ``figures`` (in reading order) and ``damaged``
    (numbers that damage keeps from being figures) by extract; ``relations`` by relate; link and rate complete the figures. ``cells`` are the parts of
    ``text`` that are table cells and not prose, ``page_starts`` the raw offsets at which the file's pages begin.
    """

    data: bytes
    name: str
    most_event_bytes: int = MOST_EVENT_BYTES
    media_type: str = ""
    encoding: str | None = None
    text: Text = field(default_factory=lambda: Text.of(""))
    decoded: Text = field(default_factory=lambda: Text.of(""))
    left_out: tuple[Span, ...] = ()
    page_starts: tuple[int, ...] = ()
    cells: tuple[Cell, ...] = ()
    labels: tuple[Label, ...] = ()
    script: str = "simplified"
    unconverted: str | None = None
    headings: tuple[Heading, ...] = ()
    sections: tuple[Section, ...] = ()
    document: Document = field(default_factory=Document)
    numbers: tuple[Number, ...] = ()
    figures: tuple[Figure, ...] = ()
    damaged: tuple[Figure, ...] = ()
    relations: tuple[Relation, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()

    def having(self, **changes: Any) -> Self:
        """The draft with some fields replaced."""
        return replace(self, **changes)

    def warned(self, *warnings: ReportWarning) -> Self:
        """The draft with warnings added."""
        return replace(self, warnings=self.warnings + warnings)
