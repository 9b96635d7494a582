"""Headings of all the families that reports use, as a tree."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from worker.clean.lines import Line, lines_of
from worker.facts import load_facts
from worker.parts import Heading

_NUMERAL = "[一二三四五六七八九十]"
#: The outermost marks of papers of Taiwan: 壹、民政業務.
_CAPITAL = "[壹贰貳叁参參肆伍陆陸柒捌玖拾]"
#: The families, outermost first. What a family's marker is, and its number in it.
FAMILIES: tuple[re.Pattern[str], ...] = (
    re.compile(r"【(?P<title>[^】\n]{2,30})】\s*"),
    re.compile(rf"(?P<number>第{_NUMERAL}{{1,3}}(?:部分|章|编|篇)|{_CAPITAL}{{1,3}}(?=[、．]))[ 　、．:：]*"),
    re.compile(
        rf"(?P<number>{_NUMERAL}{{1,3}})[、．] ?(?!{_NUMERAL}{{1,3}}(?:[百千万亿个月日天次名人件项岁]|年(?!来的?|间|的?工作)))"
    ),
    re.compile(rf"(?P<number>[(（]{_NUMERAL}{{1,3}}[)）])[、．. ]?"),
    re.compile(r"(?P<number>\d{1,2})(?:[．、]|\.(?!\d)) ?"),
    re.compile(r"(?P<number>[(（]\d{1,2}[)）]) ?"),
    re.compile(rf"(?P<number>{_NUMERAL}{{1,3}}是)(?:要)?"),
)
#: Headings without a number, run into their paragraph: 4 to 20 characters, a space, then the paragraph.
_RUN_IN = re.compile(r"(?P<title>[\u4e00-\u9fff、和与]{4,20}) (?=[\u4e00-\u9fff《“\d])")
_RUN_IN_RANK = 1
#: A line that opens an appendix, with its title on it or on the next; not a list of what is enclosed (附件：1.…).
_APPENDIX = re.compile(
    r"(?P<number>附[件录表] ?[一二三四五六七八九十\d]{0,2})(?:[:：]|[ 　]+|$)(?P<title>(?!\d[.．、])[^:：。；;]{0,40})"
)
_APPENDIX_RANK = -1
#: Bytes that were lost before a heading, or with its number: \ufffd?二、, \ufffd、.
_LOST_BEFORE = re.compile("[ 　?]*[\ufffd?][ 　?\ufffd]*[、．]?")
_STOP = re.compile(r"[。：:！!？?；;]")
_CLAUSE_END = re.compile(r"[，,；;]")
_QUANTITY = re.compile(r"\d(?!\d*年)")
_FIRST_LISTED_RANK = 4
_RUN_ON_RANK = 6

LONGEST_TITLE = 50
LONGEST_RUN_IN_TITLE = 45
SHORTEST_PARAGRAPH = 40


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    number: str
    title: str
    start: int
    body_start: int


def find_headings(
    text: str, end: int | None = None, in_table: Callable[[int], bool] = lambda place: False
) -> tuple[Heading, ...]:
    """The headings of a text in their order, each with the end of its part; ``end`` is where the last part ends.

    A heading is a line of its own or the first sentence of a paragraph. List items that tell figures are none, and
    neither is a numbered paragraph whose first sentence is too long to be a title, nor a row of a table: one that
    ``in_table`` says to stand in one, or one with tabs.
    """
    end = len(text) if end is None else end
    found = list(_without_stray(one for one in _candidates(text, end) if not in_table(one.start)))
    levels = _levels(found)
    ends = _ends(found, levels, end)
    return tuple(
        Heading(one.number, one.title, level, one.start, after, one.body_start)
        for one, level, after in zip(found, levels, ends, strict=True)
    )


def _candidates(text: str, end: int) -> Iterator[_Found]:
    in_body, done = False, 0
    lines = list(lines_of(text[:end]))
    for line, after in zip(lines, (*lines[1:], None), strict=False):
        if line.start < done or "\t" in line.text:
            continue
        whole = _behind_damage(line)
        found = _appendix(whole, after) or _numbered(whole) or _run_in(whole)
        if found is None and in_body:
            found = _dated(whole)
        if found:
            found = replace(found, start=line.start)
            done = found.body_start if found.rank == _APPENDIX_RANK else done
            yield found
        in_body = in_body or line.is_prose


def _behind_damage(line: Line) -> Line:
    """The line without the marks of lost bytes that it begins with."""
    lost = _LOST_BEFORE.match(line.text)
    return line._replace(start=line.start + lost.end(), text=line.text[lost.end() :]) if lost else line


def _appendix(line: Line, after: Line | None) -> _Found | None:
    match = _APPENDIX.fullmatch(line.text)
    if match is None:
        return None
    title, number = match["title"].strip(), match["number"].replace(" ", "")
    if title:
        return _Found(_APPENDIX_RANK, number, title, line.start, line.end)
    if after is None or after.is_prose or len(after.text) > LONGEST_TITLE:
        return None
    return _Found(_APPENDIX_RANK, number, after.text, line.start, after.end)


def _dated(line: Line) -> _Found | None:
    """A line of its own without a number that names a year's plans or review: 2026年工作安排."""
    if _dated_title().fullmatch(line.text):
        return _Found(_RUN_IN_RANK, "", line.text, line.start, line.end)
    return None


@lru_cache(maxsize=1)
def _dated_title() -> re.Pattern[str]:
    endings = "|".join(load_facts("document")["headings"]["dated"])
    year, part = r"(?:19|20)\d{2}年度?", "(?:第?[一二三四]季度|前[二三]季度|[上下]半年)"
    span = f"(?:(?:过去|今后|未来|近|这)的?)?{_NUMERAL}年(?:来|间)?"
    return re.compile(
        rf"(?:(?:{year})?{part}|{year}|[今去明]年|{span}|下一步|下阶段)[^\s,，。；;:：!！?？|]{{0,24}}(?:{endings}|回顾|建议)|{year}{part}"
    )


@lru_cache(maxsize=1)
def _dated_and_run_in() -> re.Pattern[str]:
    """A dated title with its paragraph right behind it, which begins as paragraphs do: 2022年主要工作全年办理案件186件."""
    facts = load_facts("document")["headings"]
    return re.compile(
        rf"(?P<title>(?:(?:19|20)\d{{2}}年度?|[今去明]年)[^\s,，。；;:：!！?？|]{{0,12}}?(?:{'|'.join(facts['dated'])}))(?={'|'.join(facts['begins'])})"
    )


def _numbered(line: Line) -> _Found | None:
    for rank, family in enumerate(FAMILIES):
        match = family.match(line.text)
        if not match:
            continue
        if rank == 0:
            return _Found(0, "", match["title"].strip(), line.start, line.start + match.end())
        titled = _title(line.text[match.end() :], rank)
        if titled is None:
            return None
        title, body = titled
        number = match["number"].strip("()（）")
        shown = match["number"].replace("（", "(").replace("）", ")") if number != match["number"] else number
        return _Found(rank, shown, title, line.start, line.start + match.end() + body)
    return None


def _title(rest: str, rank: int) -> tuple[str, int] | None:
    """The title at the beginning of what follows a marker, and where the body begins after it."""
    stop = _STOP.search(rest)
    if not rest:
        return None
    dated = _dated_and_run_in().match(rest)
    if dated:
        return dated["title"], dated.end()
    if stop is None and len(rest) <= LONGEST_TITLE and rank != _RUN_ON_RANK:
        return _unless_figures(rest, len(rest), rank)
    if stop is not None and 1 < stop.start() <= LONGEST_RUN_IN_TITLE:
        if stop[0] in "；;":
            return None
        return _unless_figures(rest[: stop.start()], stop.end(), rank)
    clause = _CLAUSE_END.search(rest)
    if rank < _FIRST_LISTED_RANK and clause is not None and 1 < clause.start() <= LONGEST_RUN_IN_TITLE:
        return rest[: clause.start()].strip(), 0
    return None


def _unless_figures(title: str, body: int, rank: int) -> tuple[str, int] | None:
    if rank >= _FIRST_LISTED_RANK and _QUANTITY.search(title):
        return None
    return title.strip(), body


def _run_in(line: Line) -> _Found | None:
    match = _RUN_IN.match(line.text)
    if match is None or len(line.text) < SHORTEST_PARAGRAPH or not line.is_prose:
        return None
    return _Found(_RUN_IN_RANK, "", match["title"], line.start, line.start + match.end())


def _without_stray(candidates: Iterator[_Found]) -> Iterator[_Found]:
    """Leave out a number that does not go on from the one before it, unless it begins a new count.

    A year's plans or review are a part of their own, whatever number they were given: 二、存在的问题 before 二、2024年工作计划.
    """
    last: dict[int, int] = {}
    for found in candidates:
        value = _value(found.number)
        if _dated_title().fullmatch(found.title):
            last[found.rank] = max(value, last.get(found.rank, 0))
            yield found
            continue
        if value > 1 and not 0 < value - last.get(found.rank, 0) <= 2 and found.rank != _RUN_IN_RANK:
            if found.rank not in last:
                last[found.rank] = value
                yield found
            continue
        last[found.rank] = value
        for deeper in [rank for rank in last if rank > found.rank]:
            del last[deeper]
        yield found


def _value(number: str) -> int:
    inner = re.sub(r"[()第部分章编篇是]", "", number)
    if inner.isdigit():
        return int(inner)
    tens, ten, ones = inner.rpartition("十")
    digits = "一二三四五六七八九"
    value = digits.find(ones) + 1 if ones else 0
    return value + (10 * (digits.find(tens) + 1 if tens else 1) if ten else 0)


def _levels(found: Sequence[_Found]) -> list[int]:
    levels = []
    open_ranks: list[int] = []
    for one in found:
        while open_ranks and open_ranks[-1] >= one.rank:
            open_ranks.pop()
        open_ranks.append(one.rank)
        levels.append(len(open_ranks))
    return levels


def _ends(found: Sequence[_Found], levels: Sequence[int], end: int) -> list[int]:
    ends = [end] * len(found)
    waiting: list[int] = []
    for index, one in enumerate(found):
        while waiting and levels[waiting[-1]] >= levels[index]:
            ends[waiting.pop()] = one.start
        waiting.append(index)
    return ends
