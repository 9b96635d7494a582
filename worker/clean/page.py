"""Part a report from the page that it stood on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.clean.boilerplate import boilerplate_lines, is_page_furniture
from worker.clean.labels import Labelled, begins_with_label, read_labels
from worker.clean.lines import Line, lines_of, with_break
from worker.clean.script import Script
from worker.edits import Edit

#: Metadata above a report is looked for in so many lines.
LONGEST_HEAD_LINES = 80
#: A page's description repeats how the report begins; the beginning is compared over so many characters.
BEGINNING_CHARS = 3000
BEGINNING_LINES = 12
MOST_DESCRIPTIONS = 3
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Page:
    """What to take off the page, and the labelled values it gave."""

    edits: tuple[Edit, ...]
    labels: tuple[Labelled, ...]


def read_page(text: str, script: Script) -> Page:
    """Tell a report from its page: the labels above it, and what navigation and footer put around it."""
    lines = list(lines_of(text))
    converted = script.characters(text).replace("\u00a0", " ").replace("\u3000", " ").replace("\t", " ")
    simple = [converted[line.start : line.end] for line in lines]
    first, last = _body(lines, simple)
    labels, used = read_labels(lines[:first], simple[:first])
    gone = boilerplate_lines(lines, simple, first, last) - used
    edits = [Edit(*with_break(text, lines[index]), "", "metadata") for index in sorted(used)]
    edits += [Edit(*with_break(text, lines[index]), "", "boilerplate", 0.95) for index in sorted(gone)]
    return Page(tuple(edits), tuple(labels))


def _body(lines: Sequence[Line], simple: Sequence[str]) -> tuple[int, int]:
    """The lines that a report's body lies in, as a half-open range; its title and signature may lie outside."""
    bodily = [
        index
        for index, line in enumerate(lines)
        if line.opens_body and not is_page_furniture(simple[index]) and not begins_with_label(simple[index])
    ]
    if not bodily:
        return min(len(lines), LONGEST_HEAD_LINES), len(lines)
    last = len(bodily) - 1
    beginning = "".join(_BLANKS.sub("", lines[index].text) for index in bodily[:BEGINNING_LINES])
    while last >= max(BEGINNING_LINES, len(bodily) - MOST_DESCRIPTIONS) and _is_within(lines[bodily[last]], beginning):
        last -= 1
    return bodily[0], bodily[last] + 1


def _is_within(line: Line, beginning: str) -> bool:
    return _BLANKS.sub("", line.text) in beginning[:BEGINNING_CHARS]
