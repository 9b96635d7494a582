"""What a heading or a title sets for all that stands under it: a time, and whether it is of plans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from worker.extract.language.reading_text import ReadingText
from worker.extract.time.expressions import Time, find_times
from worker.extract.time.period_parts import names_month, years_of
from worker.facts import load_facts
from worker.patterns import words_of
from worker.structure.period import is_plan, plan_reviewed, plan_span

# What a heading calls a list, and what it says in brackets: 目标任务分解表(2025年).
_FISCAL = re.compile(
    r"(?:(?:19|20)[0-9]{2} ?[-—–/至] ?[0-9]{2}|[一二][九〇零][〇零一二三四五六七八九]{2}[至到][〇零一二三四五六七八九]{2}) ?(?:财政|财)?年"
    r"|财政年度|财年"
)
#: A time within so many characters of a heading's start is what the heading is about.
_OPENING = 8
_QUANTITY = re.compile(r"[0-9](?![0-9]*(?:年|-[0-9]))")
#: What a plan's chapter on what there is already is called; one that opens with a verb (夯实发展基础) is no such chapter.
_STANDING = re.compile("^(?!夯实|筑牢|打牢|巩固|强化|优化|提升|营造)[^,。;]*(?:基础|现状|成就|成效|回顾|形势|背景)$")
#: 貳、未來施政重點, a whole part of a paper of Taiwan, tells of what is under way as well: only a year makes it one of plans.
_CAPITALS = tuple("壹贰貳叁参參肆伍陆陸柒捌玖拾")
_LIST = re.compile(r"(?:\([^()]*\)|分解|一览|清单|[表单])+$")


@dataclass(frozen=True, slots=True)
class Outlook:
    """``period`` is that of figures without a time of their own; ``words`` are those that make them plans.

    ``title`` is the one that sets the period. ``plan`` are the years of the five-year plan that the report is.
    """

    period: str | None = None
    words: str | None = None
    title: str = ""
    plan: str | None = None

    @property
    def is_fiscal(self) -> bool:
        """Whether its year is one from April to March: 2023-24年度."""
        return bool(self.period and "/" in self.period and _FISCAL.search(self.title))

    def over(self, outer: Self) -> "Outlook":
        """This with what it leaves open taken from ``outer``; a time of its own is not one of the outer plans."""
        if self == NOTHING_SET:
            return outer
        if self.period:
            return Outlook(self.period, self.words, self.title)
        return Outlook(outer.period, self.words or outer.words, outer.title)

    @property
    def year(self) -> int | None:
        """The year that it sets, if one."""
        years = years_of(self.period) if self.period else ()
        return years[0] if years and years.count(years[0]) == len(years) else None


NOTHING_SET = Outlook()


def of_heading(
    reading: ReadingText,
    number: str,
    year: int | None,
    this_year: int | None,
    *,
    year_above: int | None = None,
    plan: str | None = None,
    looks_back: bool = True,
    ends_early: bool = False,
) -> Outlook:
    """What a heading, which ``reading`` holds without its ``number``, sets in a report on ``year``.

    ``this_year`` is what 今年 means, ``year_above`` the year that the headings over it set: 一季度 under 2025年工作安排 is of
    that. In the paper of a ``plan``, of these years, 发展基础 and 现状 tell of the year before it. ``looks_back`` says that the report is one on a year gone by, so that 下一步 is the
    year after, and ``ends_early`` that it ends before the year does, which 下一步 then is the rest of.
    """
    title, words = reading.text, _words("headings")
    found = find_times(reading, year_above or year, this_year)
    times = [time for time in found if time.period and not time.is_day and not _is_of_a_figure(title, time)]
    if number.endswith("是"):  # a sentence rather than a title: its 今年 is not the section's
        times = [time for time in times if time.only_year and (time.period or "") in title]
    is_review = any(word in title for word in words["review"])
    period = _named(times, is_review=is_review)
    if period is None and number[:1] in _CAPITALS:
        return NOTHING_SET
    is_ahead = not is_review and any(word in title for word in words["ahead"])
    if period is None and is_ahead and year and looks_back and not ends_early:
        period = str(year + 1)
    if period is None and plan and _STANDING.search(title):
        return Outlook(str(years_of(plan)[0] - 1), title=title.strip())
    own = period is not None and year is not None and not names_month(period) and years_of(period)[-1] <= year
    later = bool(period and year and years_of(period)[-1] > year)
    bare = _LIST.sub("", title.strip(" 。:"))
    forecast = bare.endswith(words["forecasts"]) or (bare.endswith(words["tasks"]) and not (own and looks_back))
    planned = later or is_ahead or (forecast and not is_review)
    return Outlook(period, title.strip() if planned else None, title.strip() if period else "")


def tells_shortcomings(title: str) -> bool:
    """Whether a heading is about what fails, and of nothing that is ahead before it: 存在的问题, 不足及下一步打算."""
    failing = _first_of(title, words_of("times.shortcomings"))
    return failing is not None and failing < (_first_of(title, _words("headings")["ahead"]) or len(title))


def turns_ahead(reading: ReadingText, start: int, end: int, year: int | None) -> int | None:
    """Where a text turns from what has failed to what is to be done: at 下一步, or at the next year; None if it does not."""
    part = reading.text[start:end]
    turns = (*_words("headings")["ahead"], *([f"{year + 1}年", f"{year + 1} 年"] if year else ()))
    found = _first_of(part, turns)
    return None if found is None else start + found


def _first_of(text: str, words: Sequence[str]) -> int | None:
    return min((at for word in words if (at := text.find(word)) >= 0), default=None)


def of_title(reading: ReadingText, year: int | None) -> Outlook:
    """What the title of a report on ``year`` sets: the months it is about, and the word that calls it a plan."""
    title, words = reading.text, _words("titles")
    times = [time for time in find_times(reading, year, year) if time.period and not time.is_day]
    within = [time.period for time in times if time.period and (names_month(time.period) or "/" in time.period)]
    planned = None
    if not any(word in title for word in words["review"]):
        planned = next((word for word in words["planned"] + words["budget"] if word in title), None)
    plan = plan_span(title)
    if plan:
        return Outlook(None, planned, "", plan)
    if reviewed := plan_reviewed(title):
        return Outlook(reviewed if str(year) == reviewed[-4:] else None, title=title.strip())
    period = within[0] if len(within) == 1 else None
    is_ahead = period and year and "/" in period and years_of(period)[-1] > year and is_plan(title)
    return Outlook(period, planned, title.strip() if period else "", period if is_ahead else None)


def budget_words() -> tuple[str, ...]:
    """The words of a title that call a report a budget, which tells of more than plans."""
    return _words("titles")["budget"]


def _is_of_a_figure(title: str, time: Time) -> bool:
    """Whether a heading that is a sentence gives a time to a figure inside of it: 占比每年提高0.2个百分点,2025年不低于9%."""
    return time.start > _OPENING and bool(_QUANTITY.search(title, time.end))


def _named(times: Sequence[Time], *, is_review: bool) -> str | None:
    """The time a heading names: a year before parts and spans, the first of several where it looks back."""
    years = [time.period for time in times if time.only_year]
    others = [time.period for time in times if not time.only_year]
    if years:
        return years[0] if is_review else years[-1]
    return others[-1] if others else None


@lru_cache(maxsize=2)
def _words(table: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in load_facts("times")[table].items() if name != "source"}
