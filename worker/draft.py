"""A report in the making: what the stages have found out so far."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from schemas.metric import Metric
from schemas.report import Document, Relation, ReportWarning, Section
from worker.edits import Text

Clock = Callable[[], float]


@dataclass(frozen=True)
class Heading:
    """A heading in offsets of the current text; ``end`` is where its part of the report ends."""

    number: str
    title: str
    level: int
    start: int
    end: int
    body_start: int


@dataclass(frozen=True)
class Label:
    """A labelled value of the page or the head: ``发文日期`` -> ``2021年01月07日``; in offsets of the raw text."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Cell:
    """A table cell in offsets of the raw text, with the headers above it and to its left, outermost first.

    ``table`` is the place where its table begins.
    """

    start: int
    end: int
    column: tuple[str, ...]
    row: tuple[str, ...]
    caption: str | None = None
    table: int = 0


@dataclass(frozen=True)
class Draft:
    """What is known of a report; each stage returns a fuller one.

    ``text`` is set by decode, ``labels`` and ``title_lines`` by clean, ``script`` and ``unconverted`` (the
    text of the same length before conversion, None where nothing was converted) by convert, ``headings`` and
    ``document`` by structure, ``metrics`` and ``relations`` by extract. ``cells`` are the parts of
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
    metrics: tuple[Metric, ...] = ()
    relations: tuple[Relation, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()

    def having(self, **changes: Any) -> Self:
        """The draft with some fields replaced."""
        return replace(self, **changes)

    def warned(self, *warnings: ReportWarning) -> Self:
        """The draft with warnings added."""
        return replace(self, warnings=self.warnings + warnings)
