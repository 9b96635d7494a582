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
_BLANKS = re.compile(r"\s+")
_PLAIN_SPACES = str.maketrans("\u00a0\u3000\t", "   ")


@dataclass(frozen=True)
class Page:
    """What to take off the page, and the labelled values it gave."""

    edits: tuple[Edit, ...]
    labels: tuple[Labelled, ...]


def read_page(text: str, script: Script) -> Page:
    """Tell a report from its page: the labels above it, and what navigation and footer put around it."""
    lines = list(lines_of(text))
    simple = [script.characters(line.text).translate(_PLAIN_SPACES) for line in lines]
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
    while len(bodily) > 1 and _repeats_beginning(lines, bodily):
        bodily.pop()
    if not bodily:
        return min(len(lines), LONGEST_HEAD_LINES), len(lines)
    return bodily[0], bodily[-1] + 1


def _repeats_beginning(lines: Sequence[Line], bodily: Sequence[int]) -> bool:
    words = _BLANKS.sub("", lines[bodily[-1]].text)
    beginning = ""
    for index in bodily[:-1]:
        if len(beginning) > BEGINNING_CHARS:
            break
        beginning += _BLANKS.sub("", lines[index].text)[:BEGINNING_CHARS]
    return words[:BEGINNING_CHARS] in beginning
