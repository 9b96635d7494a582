"""Where a figure's own words stand: the stretch before it and the stretch after it, cut at commas, lists and brackets."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import is_action
from worker.extract.numbers.scan import Candidate
from worker.patterns import Pattern

#: How those whom a figure counts did what the next one measures: 5家医院通过虚开票据、伪造病历等方式骗取医保基金82万元.
MANNER = Pattern("(?:通过|采取|采用|利用)[^,;:。()0-9]{2,30}?等?的?{indicators.manners}(?=[^,;:。()和与及、的0-9])")
_ENDS = frozenset(",;:。!?\n")
_PARTED = frozenset(":∶")
_PEOPLE = ("人口", "人民")
_LONGEST_ACT = 4  # characters
_LONGEST_DONE = 8
_MARKS = re.compile(r"[,;:。!?\n()]")
# The mark of a point inside a sentence: 抓好三件事:(一)新建充电桩3万个;(二)改造小区260个.
_POINT = re.compile(r" *(?:\([0-9一二三四五六七八九十]{1,3}\)|[0-9]{1,2}[.、])(?=[\u4e00-\u9fff“《])")
_POINT_BEFORE = re.compile(r"(?<=[,;:])" + _POINT.pattern.partition("(?=")[0] + "$")
_LONGEST_POINT = 8  # characters, with the mark before it


class Spot(NamedTuple):
    """A figure with the stretches around it, as places in the text that is read.

    ``joint`` is what parts it from the clause or the figure before: ``start`` of the sentence, ``,`` ``;`` ``(`` ``、``,
    or ``same`` where the figure before stands in the same clause with nothing but words between.
    ``bracket`` is the place of the open bracket it stands in, or -1. ``aside`` are the bounds of the bracket between its
    words and it, which tells of its parts: 受理案件(含上年结转5件)38件.
    """

    figure: Candidate
    left: int
    right: int
    joint: str
    bracket: int
    aside: tuple[int, int] | None = None

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The bounds of its clause before it, without the aside."""
        bounds = [self.left, *(self.aside or ()), self.figure.start]
        return list(zip(bounds[::2], bounds[1::2], strict=True))


def find_spots(reading: ReadingText, start: int, end: int, figures: Sequence[Candidate]) -> list[Spot]:
    """A spot for each figure of the sentence ``reading.text[start:end]``, in the order in which they are told.

    What a bracket divides is told before its parts, as if the bracket stood behind it: 受理案件38件(含上年结转5件).
    """
    ends = _clause_ends(reading, start, end, figures)
    places = [place for place, _ in ends]
    numbers = [figure.end for figure in figures]
    spots = []
    previous_end = start
    for index, figure in enumerate(figures):
        last = bisect_left(places, figure.start) - 1
        mark = ends[last] if last >= 0 and places[last] >= previous_end else None
        left, joint = _left(reading, mark, previous_end, figure.start, start, follows=bool(index))
        aside = _aside(reading, start, mark[0], figure.start, numbers) if mark and mark[1] == ")" else None
        if aside:
            opens = bisect_left(places, aside[0]) - 1
            earlier = bisect_right(numbers, aside[0])
            before = numbers[earlier - 1] if earlier else start
            outer = ends[opens] if opens >= 0 and places[opens] >= before else None
            left, joint = _left(reading, outer, before, aside[0], start, follows=before > start)
        limit = figures[index + 1].start if index + 1 < len(figures) else end
        following = bisect_left(places, figure.end)
        right = places[following] if following < len(places) and places[following] < limit else limit
        if figure.form == "share":  # one part of a structure
            left, joint = (
                (figure.start, "、") if reading.text[previous_end : figure.start] in _PARTED else (left, joint)
            )
            right = figure.end if reading.text[figure.end : figure.end + 1] in _PARTED else right
        if joint in ",;" and (point := _POINT.match(reading.text, left, figure.start)):
            left = point.end()
        spot = Spot(figure, left, right, joint, _open_bracket(reading.text, start, figure.start), aside)
        spots.append(spot)
        if aside:
            spots.insert(earlier, spots.pop())
        previous_end = figure.end
    return spots


def _aside(reading: ReadingText, start: int, close: int, place: int, numbers: Sequence[int]) -> tuple[int, int] | None:
    """The bracket that ends at ``close``, if words lead to it, and no more than what was done to the figure at ``place``.

    ``start`` is where the sentence starts, ``numbers`` are the places where its figures end, in order.
    """
    text = reading.text
    said = text[close + 1 : place].replace(" ", "")
    if len(said) > _LONGEST_DONE:
        return None
    if not _LEADING_OUT.fullmatch(said) and not all(map(is_action, reading.words.cut(said))):
        return None
    opens = end = _open_bracket(text, start, close)
    while text.endswith(" ", start, max(end, start)):
        end -= 1
    if end <= start or not text[end - 1].isalpha():
        return None
    earlier = bisect_right(numbers, end)
    return None if earlier and numbers[earlier - 1] == end else (opens, close + 1)


def clause_before(reading: ReadingText, start: int, left: int) -> tuple[int, int]:
    """The clause that ends where ``left`` starts, within the sentence from ``start``; empty where there is none."""
    text, end = reading.text, left
    if point := _POINT_BEFORE.search(text, max(start, left - _LONGEST_POINT), left):
        end = point.start()
    while end > start and (text[end - 1] in _ENDS or text[end - 1] in " ("):
        end -= 1
    begin = end
    while begin > start and (
        text[begin - 1] not in _ENDS or not ends_clause(text, begin - 1) or reading.cover_of(begin - 1)
    ):
        begin -= 1
    return begin, end


def words_from(text: str, end: int) -> int:
    """Where the words after a figure begin: at its end, or at its unit where that begins a word: 六千多万人口的大省.

    >>> words_from("14亿人口", 3), words_from("14亿人口", 4)
    (3, 3)
    """
    return end - 1 if text[end - 1 : end + 1] in _PEOPLE else end


def is_population(text: str, end: int) -> bool:
    """Whether the people that a figure counts are those who live in what it describes: 14亿多人口的大国."""
    return text[end - 1 : end + 2] == "人口的"


def ends_clause(text: str, place: int) -> bool:
    """Whether a mark ends a clause, and does not stand in a number: 2,846."""
    if text[place] not in _ENDS:
        return False
    return not (text[place] == "," and text[place - 1 : place].isdigit() and text[place + 1 : place + 4].isdigit())


def _clause_ends(reading: ReadingText, start: int, end: int, figures: Sequence[Candidate]) -> list[tuple[int, str]]:
    """Places and marks that part clauses; a bracket does only where a figure stands inside it."""
    found: list[tuple[int, str]] = []
    text = reading.text
    occupied = [(figure.start, figure.end) for figure in figures]
    for match in _MARKS.finditer(text, start, end):
        place, mark = match.start(), match.group()
        if mark in _ENDS:
            if ends_clause(text, place) and not reading.cover_of(place):
                found.append((place, mark))
        elif mark == "(":
            close = text.find(")", place, min(end, place + 200))
            if close < 0 or any(place < at < close for at, _ in occupied):
                found.append((place, "("))
        elif mark == ")" and any(found_mark == "(" for _, found_mark in found[-6:]):
            found.append((place, ")"))
    return _without_harmless_closers(found)


def _without_harmless_closers(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    depth, kept = 0, []
    for place, mark in found:
        if mark == "(":
            depth += 1
        elif mark == ")":
            if not depth:
                continue
            depth -= 1
        kept.append((place, mark))
    return kept


def _left(
    reading: ReadingText, last: tuple[int, str] | None, previous_end: int, place: int, start: int, *, follows: bool
) -> tuple[int, str]:
    text = reading.text
    if last and last[1] == ")" and text[last[0] + 1 : last[0] + 2] == "、":
        return last[0] + 2, "、"
    if last:
        return last[0] + 1, "," if last[1] in ":)" else last[1]
    if not follows:
        return start, "start"
    between = text[previous_end:place]
    if manner := MANNER.search(between):
        between = manner.string[manner.end() :]
        previous_end = place - len(between)
    cut = between.rfind("、")
    if cut >= 0:
        is_pair = 0 < cut <= _LONGEST_ACT and _are_acts(reading, between, cut)
        return (previous_end, "same") if is_pair else (previous_end + cut + 1, "、")
    if between.startswith(_AND) and between.strip() and not between.startswith(_AND_MORE):
        return previous_end + 1, "、"
    if between.endswith(_AND):
        return place, "、"
    return previous_end, "same"


def _are_acts(reading: ReadingText, between: str, cut: int) -> bool:
    """Whether the mark parts two verbs with one object, and no things: 投资3亿元新建、改扩建学校12所."""
    if not all(map(is_action, reading.words.cut(between[:cut]))):
        return False
    after = reading.words.cut(between[cut + 1 :])
    return len(after) > 1 and is_action(after[0]) and not is_action(after[1])


_LEADING_OUT = Pattern("{indicators.leading_out}*")
_AND = ("和", "与", "及")
_AND_MORE = ("及以上", "及以下", "及以内")  # 100Mbps及以上接入速率的用户


def _open_bracket(text: str, start: int, place: int) -> int:
    first = max(start, place - 120)
    if text.find("(", first, place) < 0:
        return -1
    depth = 0
    for at in range(place - 1, first - 1, -1):
        if text[at] == ")":
            depth += 1
        elif text[at] == "(":
            if not depth:
                return at
            depth -= 1
    return -1
