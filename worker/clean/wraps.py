"""Paragraphs that were cut into lines of one width."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.clean.lines import Line, lines_of
from worker.edits import Edit, Flaw

_ENDS_PARAGRAPH = re.compile(r"[。！!？?；;：:][”’」』）)]*$")
_BEGINS_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|是)|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[、．]|\.(?!\d))|【|第[一二三四五六七八九十]{1,3}[章条部编]|[●■◆○•·—*-]"
)
#: Lines wider than this (in half-width columns) are paragraphs, not cut ones.
WIDEST = 130
NARROWEST = 30
#: A text is cut into lines if it has at least so many full ones, and so large a share of lines that go on is full.
FEWEST_FULL = 6
LEAST_SHARE = 0.7
#: A line is full when no more than this is missing: two Han characters and a mark that may not begin a line.
SLACK = 6


def find_wraps(text: str) -> Iterator[Edit | Flaw]:
    """Propose to join the lines of each paragraph of a text that was cut to one width.

    A line ends its paragraph if it is short, ends like a sentence, or what follows begins like a paragraph. A number
    cut in two by the break is joined with the lines; where lines do not join, digits on both sides of a break are noted.
    """
    lines = list(lines_of(text))
    width = _width_of(lines)
    for line, after in pairwise(lines):
        if after.number != line.number + 1:
            continue
        digits = line.text[-1].isdigit() and after.text[0].isdigit()
        if width and _goes_on(line, after, width) and not _is_indented(text, after):
            latin = _is_latin(line.text[-1]) and _is_latin(after.text[0])
            yield Edit(line.end, after.start, " " if latin else "", "line", 0.8 if digits else 0.95)
        elif digits and line.is_prose and after.is_prose:
            yield Flaw(line.end - 1, after.start + 1, "torn_number", "a line break may have cut a number in two")


def columns(text: str) -> int:
    """Width of a text in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _width_of(lines: Sequence[Line]) -> int:
    """The width that a text was cut to, or 0 if it was not cut."""
    going_on = [
        columns(line.text)
        for line, after in pairwise(lines)
        if after.number == line.number + 1 and len(line.text) <= WIDEST and not _ENDS_PARAGRAPH.search(line.text)
    ]
    if len(going_on) < FEWEST_FULL or any(columns(line.text[: 2 * WIDEST]) > 2 * WIDEST for line in lines):
        return 0
    width = sorted(going_on)[len(going_on) * 9 // 10]
    full = sum(width - SLACK <= one <= width + SLACK for one in going_on)
    if not NARROWEST <= width <= WIDEST or full < FEWEST_FULL or full < LEAST_SHARE * len(going_on):
        return 0
    return width


def _goes_on(line: Line, after: Line, width: int) -> bool:
    if columns(line.text[: width + 1]) < width - SLACK or _ENDS_PARAGRAPH.search(line.text):
        return False
    return not _BEGINS_PARAGRAPH.match(after.text)


def _is_indented(text: str, line: Line) -> bool:
    return text[max(0, line.start - 2) : line.start].isspace() and text[line.start - 1 : line.start] in (" ", "\u3000")


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
