"""Paragraphs that were cut into lines of one width."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from worker.clean.lines import Line, lines_of
from worker.edits import Edit, Flaw

_ENDS_PARAGRAPH = re.compile(r"[。！!？?；;：:][”’」』）)]*$")
_BEGINS_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|是)|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[、．]|\.(?!\d))|【|第[一二三四五六七八九十]{1,3}[章条部编]|[●■◆○•·—*-]"
)
_NUMBER_AT_END = re.compile(r"[\u4e00-\u9fff，。、；：“”（）《》,;:()][\d.,]*\d$")
_ATTACHMENT = re.compile(r"(?:附件|附表|附图|专栏|表|图) ?[\d.-]+")
_NUMBER_AT_START = re.compile(r"\d[\d.,]{0,20}[\u4e00-\u9fff%％]|[万亿千百余多%％‰倍]|个百分点")
_GROUP_AT_END = re.compile(r"(?<![\d.])\d{1,3}[,，]$")
_GROUP_AT_START = re.compile(r"\d{3}(?!\d)")
_Measure = Callable[[str], int]
LONGEST_NUMBER = 20
#: A text with a line of more characters than this holds whole paragraphs.
WIDEST = 130
NARROWEST = 30
#: A text is cut into lines if it has at least so many full ones, and so large a share of lines that go on is full.
FEWEST_FULL = 5
LEAST_SHARE = 0.7
#: A line is full when no more than this is missing: two Han characters and a mark that may not begin a line.
SLACK = 6


def find_wraps(text: str) -> Iterator[Edit | Flaw]:
    """Propose to join the lines of each paragraph of a text that was cut to one width.

    A line ends its paragraph if it is short, ends like a sentence, or what follows begins like a paragraph. A number
    cut in two by the break is joined with the lines; where lines do not join, a number on both sides is noted.
    """
    lines = list(lines_of(text))
    measure, width = _width_of(lines)
    for line, after in pairwise(lines):
        if after.number != line.number + 1:
            continue
        digits = line.text[-1].isdigit() and after.text[0].isdigit()
        if width and _goes_on(line, after, measure, width) and not _is_indented(text, after):
            latin = _is_latin(line.text[-1]) and _is_latin(after.text[0])
            yield Edit(line.end, after.start, " " if latin else "", "line", 0.8 if digits else 0.95)
        elif _ATTACHMENT.fullmatch(line.text):
            continue
        elif _may_be_cut(line.text[-LONGEST_NUMBER:], after.text):
            yield Flaw(line.end - 1, after.start + 1, "torn_number", "a line break may have cut a number in two")


def _may_be_cut(end: str, start: str) -> bool:
    if _GROUP_AT_END.search(end) and _GROUP_AT_START.match(start):
        return True
    return bool(_NUMBER_AT_END.search(end) and _NUMBER_AT_START.match(start))


def columns(text: str) -> int:
    """Width of a text in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _width_of(lines: Sequence[Line]) -> tuple[_Measure, int]:
    """The width that a text was cut to, in columns or in characters, or 0 if it was not cut."""
    if any(len(line.text) > WIDEST for line in lines):
        return len, 0
    going_on = [
        line.text
        for line, after in pairwise(lines)
        if after.number == line.number + 1 and not _ENDS_PARAGRAPH.search(line.text)
    ]
    best: tuple[float, _Measure, int] = (LEAST_SHARE, len, 0)
    for measure, slack, narrowest in ((columns, SLACK, NARROWEST), (len, SLACK // 2, NARROWEST // 2)):
        widths = sorted(map(measure, going_on))
        width = widths[len(widths) * 9 // 10] if widths else 0
        full = sum(width - slack <= one <= width + slack for one in widths)
        if width >= narrowest and full >= FEWEST_FULL and full / len(widths) > best[0]:
            best = (full / len(widths), measure, width - slack)
    return best[1], best[2]


def _goes_on(line: Line, after: Line, measure: _Measure, width: int) -> bool:
    if measure(line.text) < width or _ENDS_PARAGRAPH.search(line.text):
        return False
    return not _BEGINS_PARAGRAPH.match(after.text)


def _is_indented(text: str, line: Line) -> bool:
    before = text[max(0, line.start - 2) : line.start]
    return before.endswith("\u3000") or before == "  "


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
