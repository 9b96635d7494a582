"""Spaces that typesetting left behind, and marks that took another's place."""

import re
from collections.abc import Iterator
from itertools import pairwise

from worker.clean.script import HAN
from worker.edits import Edit

_MARK = r"，。、；：？！“”‘’《》〈〉（）【】〔〕［］「」『』…—·,;:!?()\[\]<>%％"
_HAN = f"{HAN}〇○"
_BLANK = r"[ \u00a0\u3000]"
_SPACES = re.compile(f"{_BLANK}+")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f]")
_ODD_BREAK = re.compile(r"\r\n?|[\v\x85\u2028\u2029]")
_IS_HAN = re.compile(f"[{_HAN}]")
_IS_MARK = re.compile(f"[{_MARK}]")
_BLANK_ON_BOTH_SIDES = re.compile(f"{_BLANK}[{_HAN}]{_BLANK}")
_SPACED_OUT = re.compile(f"[{_HAN}](?:{_BLANK}[{_HAN}]){{3,}}(?!{_BLANK}?[{_HAN}])")
_DOT_BETWEEN_HAN = re.compile(f"\\.(?<=[{_HAN}”》)）].)(?=[{_HAN}“《(（])")
_LOST_DOT = re.compile(f"(?<=[{_HAN}])[?？](?=[{_HAN}])")
_QUOTED = re.compile(r"[“《][^“”《》\n]{3,40}[”》]")
_RUN_ON = re.compile(
    f"{_BLANK}(?<=[。；;].){_BLANK}*(?=[一二三四五六七八九十]{{1,3}}(?:是|、)|[(（][一二三四五六七八九十]{{1,3}}[)）])"
)
_INDENT_INSIDE = re.compile("[\u3000\t]{2,}")
#: A line longer than this holds several paragraphs if it has indents inside.
LONGEST_LINE_WITH_GAPS = 200


def find_breaks(text: str) -> Iterator[Edit]:
    """Propose a plain line break for every other kind."""
    for match in _ODD_BREAK.finditer(text):
        yield Edit(match.start(), match.end(), "\n", "spacing")


def find_odd_spaces(text: str) -> Iterator[Edit]:
    """Propose a plain space for every other kind of single space."""
    for match in _ODD_SPACE.finditer(text):
        yield Edit(match.start(), match.end(), " ", "spacing")


#: The start of a numbered heading inside a line. No list of numerals: 一、二、三产业.
_RUN_IN_MARK = re.compile(
    r"(?P<stop>^|[。！：:]) ?(?:(?P<number>[一二三四五六七八九十])、|[(（](?P<bracketed>[一二三四五六七八九十])[)）])(?![一二三四五六七八九十][、是])"
)
#: 2.3本项目占地86亩: behind another figure's unit.
_RUN_IN_POINT = re.compile(r"(?P<point>[1-9])(?<![0-9.].)\.(?P<part>[1-9])(?=本[^、，,。])")
_NUMERALS = "一二三四五六七八九十"


def find_paragraphs(text: str) -> Iterator[Edit]:
    """Propose a line break where one was lost.

    Before an indent inside a long line, before ``二是`` after a full stop, and before the numbered headings that are run
    into one line and count up in it.
    """
    for match in _RUN_ON.finditer(text):
        yield Edit(match.start(), match.end(), "\n", "paragraph", 0.9)
    place = 0
    for line in text.split("\n"):
        for at in _run_in_points(line):
            yield Edit(place + at, place + at, "\n", "paragraph", 0.9)
        yield from (Edit(place + at, place + at, "\n", "paragraph", 0.9) for at in _run_in_headings(line))
        if len(line) > LONGEST_LINE_WITH_GAPS:
            for match in _INDENT_INSIDE.finditer(line):
                if match.start():
                    yield Edit(place + match.start(), place + match.end(), "\n", "paragraph", 0.95)
        place += len(line) + 1


def _run_in_points(line: str) -> list[int]:
    """Where points such as 2.3 begin inside a line: those that 本 (this) begins, where they count up."""
    marks = list(_RUN_IN_POINT.finditer(line))
    counts = [(int(mark["point"]), int(mark["part"])) for mark in marks]
    is_counted = len(marks) > 1 and all(
        after in ((before[0], before[1] + 1), (before[0] + 1, 1)) for before, after in pairwise(counts)
    )
    return [mark.start() for mark in marks if mark.start()] if is_counted else []


def _run_in_headings(line: str) -> list[int]:
    """Where numbered headings begin inside a line: those that count from one, and of which one stands after a full stop."""
    counts: dict[bool, int] = {}
    found: list[int] = []
    after_stops = 0
    for match in _RUN_IN_MARK.finditer(line):
        bracketed, number = match["bracketed"] is not None, _NUMERALS.find(match["bracketed"] or match["number"]) + 1
        if number not in (1, counts.get(bracketed, 0) + 1):
            continue
        counts[bracketed] = number
        if not bracketed:
            counts.pop(True, None)
        if match.end("stop"):
            found.append(match.end("stop"))
        after_stops += number > 1 and match["stop"] in ("。", "！")
    return found if after_stops else []


def find_spaces(text: str) -> Iterator[Edit]:
    """Propose the removal of spaces that mean nothing.

    Those at the ends of a line, around punctuation, and between a Han character and a digit go. A space between two
    Han characters stays, because it may part a heading or two names; between two digits it stays, because it may part
    groups of three; after a heading in 【】 it stays. Tabs part the cells of a table and stay. Titles set with a space after every character close up.

    >>> [edit.start for edit in find_spaces("市直单位 33个, 镇街吹哨 部门报到")]
    [4, 9]
    """
    for match in _SPACED_OUT.finditer(text) if _BLANK_ON_BOTH_SIDES.search(text) else ():
        for space in _SPACES.finditer(match[0]):
            yield Edit(match.start() + space.start(), match.start() + space.end(), "", "spacing", 0.9)
    for match in _SPACES.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if _means_nothing(before, after):
            yield Edit(match.start(), match.end(), "", "spacing")
        elif match[0] != " " and _IS_HAN.match(before) and _IS_HAN.match(after):
            yield Edit(match.start(), match.end(), " ", "spacing")


def _means_nothing(before: str, after: str) -> bool:
    if before in ("", "\n", "\r") or after in ("", "\n", "\r"):
        return True
    if before == "】":
        return False
    before_mark, after_mark = bool(_IS_MARK.match(before)), bool(_IS_MARK.match(after))
    before_han, after_han = bool(_IS_HAN.match(before)), bool(_IS_HAN.match(after))
    before_digit, after_digit = before.isdigit(), after.isdigit()
    if (before_han and after_digit) or (before_digit and after_han):
        return True
    if before_mark and (after_han or after_mark or after_digit):
        return True
    return after_mark and (before_han or before_digit)


def find_marks(text: str) -> Iterator[Edit]:
    """Propose the mark that was meant: a full stop for ``.`` between Han characters, ``·`` for ``?`` inside a name.

    A question mark becomes a dot only inside quotation or title marks with Han characters around it and no other
    question mark there, because a sentence that asks ends its quotation with it.
    """
    for match in _DOT_BETWEEN_HAN.finditer(text):
        yield Edit(match.start(), match.end(), "。", "punctuation", 0.9)
    for quoted in _QUOTED.finditer(text):
        dots = list(_LOST_DOT.finditer(quoted[0]))
        if len(dots) == 1 and not re.search(r"[?？。！!][”》]$", quoted[0]):
            place = quoted.start() + dots[0].start()
            yield Edit(place, place + 1, "·", "punctuation", 0.9)
