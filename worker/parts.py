"""Parts of a report's text that stages hand on: headings, labelled values, table cells, sentences."""

from dataclasses import dataclass
from typing import NamedTuple

#: Half-open, in code points.
Span = tuple[int, int]


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

    ``table`` is the place where its table begins. ``column_at`` and ``row_at`` are the places of these headers and
    labels, one each, ``caption_at`` those of the caption's lines; empty where a reader does not know them.
    """

    start: int
    end: int
    column: tuple[str, ...]
    row: tuple[str, ...]
    caption: str | None = None
    table: int = 0
    column_at: tuple[Span, ...] = ()
    row_at: tuple[Span, ...] = ()
    caption_at: tuple[Span, ...] = ()


class Sentence(NamedTuple):
    """``text[start:end]``, its stop included; ``body`` is where it goes on after the mark of a list.

    ``paragraph`` counts from 0; ``opens`` says that it starts a paragraph or a point of a list.
    """

    start: int
    body: int
    end: int
    paragraph: int
    opens: bool
