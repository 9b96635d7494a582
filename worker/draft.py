"""A report in the making: what the stages have found out so far."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from schemas.report import Document, Relation, ReportWarning, Section
from worker.edits import Text
from worker.figure import Figure, Number
from worker.parts import Cell, Heading, Label

Clock = Callable[[], float]


@dataclass(frozen=True)
class Draft:
    """What is known of a report; each stage returns a fuller one.

    ``text`` is set by decode, ``labels`` and ``title_lines`` by clean, ``script`` and ``unconverted`` (the
    text of the same length before conversion, None where nothing was converted) by convert, ``headings`` and
    ``document`` by structure; ``numbers`` (every number with its kind), ``figures`` (in reading order) and ``damaged``
    (numbers that damage keeps from being figures) by extract; ``relations`` by relate; link and rate complete the figures. ``cells`` are the parts of
    ``text`` that are table cells and not prose, ``page_starts`` the raw offsets at which the file's pages begin.
    """

    data: bytes
    name: str
    media_type: str = ""
    encoding: str | None = None
    text: Text = field(default_factory=lambda: Text.of(""))
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
