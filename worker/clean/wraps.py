"""Paragraphs that were cut into lines: by one width, or somewhere in a clause, a bracket, a word or a figure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from worker.clean.lines import Line, lines_of
from worker.edits import Edit, Flaw
from worker.facts import load_facts
from worker.patterns import any_of

_ENDS_PARAGRAPH = re.compile(r"[。！!？?；;：:][”’」』）)]*$")
_BEGINS_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|是)|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[、．]|\.(?!\d))|【|第[一二三四五六七八九十]{1,3}[章条部编]|[●■◆○•·—*-]"
)
_NUMBER_AT_END = re.compile(r"[\u4e00-\u9fff，。、；：“”（）《》,;:()][\d.,]*\d$")
_ATTACHMENT = re.compile(r"(?:附件|附表|附图|专栏|表|图) ?[\d.-]+")
_NUMBER_AT_START = re.compile(r"\d[\d.,]{0,20}[\u4e00-\u9fff%％]|[万亿千百余多%％‰倍]|个百分点")
_GROUP_AT_END = re.compile(r"(?<![\d.])\d{1,3}[,，]$")
_GROUP_AT_START = re.compile(r"\d{3}(?!\d)")
#: No paragraph ends with such a mark. A comma between Latin letters or digits may part the cells of a row.
_CLAUSE_AT_END = re.compile(r"[，、]$|(?<=[\u4e00-\u9fff”）)]),$")
_MARKS = re.compile("[，。；、,;]")
#: What was begun behind a sentence in its line, and what ends one; a heading is set off by a blank, a label has a colon.
_BEGUN_SENTENCE = re.compile(r"[。！？；][”’」』）]?[^。！？；：: \u3000\t]+$")
_ENDS_SENTENCE = re.compile("[^。！？；]{4,}[。！？；]")
_HAN_AT_END = re.compile(r"(?<!\d)[\u4e00-\u9fff]{1,6}$")  # 31日 and 本项 are not Japan
_HAN_AT_START = re.compile("[\u4e00-\u9fff]{1,6}")
_WHOLE_NUMBER_AT_END = re.compile(r"[\u4e00-\u9fff，、（] ?\d[\d,]*(?:\.\d+)?$")
_PAIRS = {"（": "）", "(": ")", "“": "”", "《": "》", "「": "」", "〔": "〕"}
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
#: Where the whole text does not tell, the lines around a break do: so many on each side, and so many of them full.
NEIGHBOURS = 6
FEWEST_FULL_AROUND = 3
#: Of full lines every so manyth holds a mark, at least.
LEAST_MARKED = 3
#: A shorter line is an item or a cell: how it ends tells nothing.
SHORTEST_CUT = 12
#: What stands in brackets over a break is no longer than this on either side.
LONGEST_BRACKET = 60
#: So much likelier, as a natural logarithm, two pieces must be as one word: by themselves, and in a sentence over the break.
SURELY_ONE_WORD = 5.0
LIKELY_ONE_WORD = 2.0


@dataclass(frozen=True, slots=True)
class Break:
    """Two lines with nothing between them, the lines around them, and what tells whether a word goes over the break."""

    lines: Sequence[Line]
    index: int
    width: int
    measure: _Measure
    gain: Callable[[str, str], float]

    @property
    def line(self) -> Line:
        """What stands above the break."""
        return self.lines[self.index]

    @property
    def after(self) -> Line:
        """What stands below it."""
        return self.lines[self.index + 1]


def find_wraps(text: str, gain: Callable[[str, str], float] = lambda end, start: 0.0) -> Iterator[Edit | Flaw]:
    """Propose to join the lines of each paragraph that was cut.

    A line ends its paragraph if it ends like a sentence, or what follows begins like a paragraph; else the first of
    ``SIGNS`` that speaks joins them. ``gain`` says how much likelier one end and the other start are as one text. A number cut in two by the break is joined with the lines; where lines do not join, a number on both sides is
    noted.
    """
    lines = list(lines_of(text))
    measure, width = _width_of(lines)
    for index, (line, after) in enumerate(pairwise(lines)):
        if after.number != line.number + 1:
            continue
        digits = line.text[-1].isdigit() and after.text[0].isdigit()
        broken = Break(lines, index, width, measure, gain)
        if not _is_indented(text, after) and _may_go_on(broken) and any(sign(broken) for sign in SIGNS):
            latin = _is_latin(line.text[-1]) and _is_latin(after.text[0])
            yield Edit(line.end, after.start, " " if latin else "", "line", 0.8 if digits else 0.95)
        elif _ATTACHMENT.fullmatch(line.text):
            continue
        elif _may_be_cut(line.text[-LONGEST_NUMBER:], after.text):
            yield Flaw(line.end - 1, after.start + 1, "torn_number", "a line break may have cut a number in two")


def _may_go_on(broken: Break) -> bool:
    return not (_ENDS_PARAGRAPH.search(broken.line.text) or _BEGINS_PARAGRAPH.match(broken.after.text))


def is_full(broken: Break) -> bool:
    """The line is as wide as the width that the text was cut to."""
    return bool(broken.width) and broken.measure(broken.line.text) >= broken.width


def is_full_among_neighbours(broken: Break) -> bool:
    """The line is as wide as the widest around it, of which several are, and these hold marks as sentences do."""
    first = max(0, broken.index - NEIGHBOURS)
    around = broken.lines[first : broken.index + NEIGHBOURS + 1]
    width = columns(broken.line.text)
    if width < NARROWEST - SLACK or any(len(line.text) > WIDEST for line in around):
        return False  # as nearly always, and told without measuring the neighbours
    widths = [columns(line.text) for line in around]
    widest = max(widths)
    if not NARROWEST <= widest <= WIDEST or width < widest - SLACK:
        return False
    full = [line.text for line, width in zip(around, widths, strict=True) if width >= widest - SLACK]
    going_on = [line for line in full if not _ENDS_PARAGRAPH.search(line)]
    return len(going_on) >= FEWEST_FULL_AROUND and _are_prose(full)


def ends_in_a_clause(broken: Break) -> bool:
    """The line ends with a comma."""
    return len(broken.line.text) >= SHORTEST_CUT and bool(_CLAUSE_AT_END.search(broken.line.text))


def ends_in_a_word(broken: Break) -> bool:
    """A word begins in the line and ends in the next; it may be a likely one where the line has begun a sentence, too."""
    end, start = _HAN_AT_END.search(broken.line.text), _HAN_AT_START.match(broken.after.text)
    if len(broken.line.text) < SHORTEST_CUT or not (end and start):
        return False
    goes_on = _BEGUN_SENTENCE.search(broken.line.text) and _ENDS_SENTENCE.match(broken.after.text)
    return broken.gain(end[0], start[0]) >= (LIKELY_ONE_WORD if goes_on else SURELY_ONE_WORD)


def ends_in_brackets(broken: Break) -> bool:
    """What opens in the line closes in the next."""
    if len(broken.line.text) < SHORTEST_CUT:
        return False
    end, start = broken.line.text[-LONGEST_BRACKET:], broken.after.text[:LONGEST_BRACKET]
    for opening, closing in _PAIRS.items():
        opened = end.rfind(opening)
        if opened > 0 and closing not in end[opened:]:
            closed = start.find(closing)
            if closed >= 0 and opening not in start[:closed]:
                return True
    return False


def ends_before_a_unit(broken: Break) -> bool:
    """The line ends with a number, and the next begins with nothing but its unit."""
    return (
        len(broken.line.text) >= SHORTEST_CUT
        and bool(_WHOLE_NUMBER_AT_END.search(broken.line.text))
        and bool(_unit_at_start().match(broken.after.text))
    )


#: What tells that a paragraph goes on over a break. The first that speaks joins its lines.
SIGNS: tuple[Callable[[Break], bool], ...] = (
    is_full,
    ends_in_a_clause,
    ends_in_brackets,
    ends_before_a_unit,
    is_full_among_neighbours,
    ends_in_a_word,
)


def _may_be_cut(end: str, start: str) -> bool:
    if _GROUP_AT_START.match(start) and _GROUP_AT_END.search(end):
        return True
    return bool(_NUMBER_AT_START.match(start) and _NUMBER_AT_END.search(end))


class _Widths(dict[str, int]):
    """Columns that a character takes, of those that were asked for."""

    def __missing__(self, char: str) -> int:
        width = self[char] = 2 if unicodedata.east_asian_width(char) in "WFA" else 1
        return width


_WIDTHS = _Widths()


# Each line is measured for all the lines around it.
@lru_cache(maxsize=256)
def columns(text: str) -> int:
    """Width of a text in half-width columns."""
    return sum(map(_WIDTHS.__getitem__, text))


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
        full = [one for one in going_on if width - slack <= measure(one) <= width + slack]
        if width >= narrowest and len(full) >= FEWEST_FULL and len(full) / len(widths) > best[0] and _are_prose(full):
            best = (len(full) / len(widths), measure, width - slack)
    return best[1], best[2]


def _are_prose(lines: Sequence[str]) -> bool:
    """Whether full lines hold marks as clauses do: items that happen to be of one width have none."""
    return sum(bool(_MARKS.search(line[:-1])) for line in lines) * LEAST_MARKED >= len(lines)


def _is_indented(text: str, line: Line) -> bool:
    before = text[max(0, line.start - 2) : line.start]
    return before.endswith("\u3000") or before == "  "


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


@lru_cache(maxsize=1)
def _unit_at_start() -> re.Pattern[str]:
    words = {word for row in load_facts("units")["units"] for word in row["words"]}
    return re.compile(rf"[万亿]?(?:{any_of(words)})(?=[，。；、,;）)]|$)")
