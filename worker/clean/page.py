"""Part a report from the page that it stood on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

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
    first = list(islice(_bodily(range(len(lines)), lines, simple), BEGINNING_LINES))
    if not first:
        return min(len(lines), LONGEST_HEAD_LINES), len(lines)
    beginning = "".join(_BLANKS.sub("", lines[index].text) for index in first)
    from_the_end = range(len(lines) - 1, first[-1], -1) if len(first) == BEGINNING_LINES else ()
    for count, index in enumerate(_bodily(from_the_end, lines, simple)):
        if count == MOST_DESCRIPTIONS or not _is_within(lines[index], beginning):
            return first[0], index + 1
    return first[0], first[-1] + 1


def _bodily(places: Iterable[int], lines: Sequence[Line], simple: Sequence[str]) -> Iterator[int]:
    """Those of these places where a line stands that a report's body may begin with."""
    for index in places:
        is_told = lines[index].opens_body and not is_page_furniture(simple[index])
        if is_told and not begins_with_label(simple[index]):
            yield index


def _is_within(line: Line, beginning: str) -> bool:
    return _BLANKS.sub("", line.text) in beginning[:BEGINNING_CHARS]
