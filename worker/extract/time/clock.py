"""What is known of time at one place of a report: the times its sentence states, what it inherits, what titles set."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from worker.extract.time.expressions import Time, is_built_on
from worker.extract.time.outlook import NOTHING_SET, Outlook, budget_words
from worker.extract.time.period_parts import first_month, last_month, names_month, years_of
from worker.patterns import Pattern

_PARTED = re.compile("[,;。()到至为增减升降涨跌]|提高|分别|相比")
# 去年同期分别为143起和130起: those that 分别 deals out are of one time.
_DEALT = re.compile("[^,。;()0-9]{0,8}(?:分别|依次)[^0-9,。;()]{0,6}[0-9][^,。;()]*")
_JOINED = re.compile("[、:∶和与及]|$")
_ITEM = re.compile(r"[;,。:、] ?(?:[一二三四五六七八九十]{1,2}是|\([0-9一二三四五六七八九十]{1,2}\))")
# 3316万元,而2021年仅为2987万元
_BESIDE = re.compile(" ?(?:则|仅|只|同期)?[为是] ?[0-9]")
_FIGURE_BEFORE = re.compile("[0-9][^,;。0-9年月日]{1,6},(?:而|但)?$")
_LONGEST_ITEM = 6  # characters of its mark
_LEFT = re.compile("[由从]$")
# 于2023年11月通过验收, 期程为110年: a time told after the figure that it is of.
_TOLD_AFTER = Pattern("{times.told_after}$")


class Clock(NamedTuple):
    """The time at one sentence, ``text[start:end]``, or at a table's cell, which states none of its own here.

    ``year`` is the report's own, ``this_year`` what 今年 means in it (a work report given in spring speaks of the year
    before), ``report`` what its title sets, ``heading`` what the headings over the place do, and ``outlook`` both together. ``given`` is the year and
    month in which the report was given, where it says so. ``times`` are those that the sentence states; ``carried`` is
    the one that an earlier sentence of the same point or paragraph opened with, ``span`` the last such span of years,
    ``listed`` the time of the sentence that announced the list in which the place stands (2026年抓好以下工作。一是…),
    ``lead`` the time that a paragraph of one sentence announced for those after it, or that rules its part.
    ``is_item`` says that the sentence is an item of a list.
    """

    year: int | None
    this_year: int | None = None
    report: Outlook = NOTHING_SET
    given: tuple[int, int] | None = None
    heading: Outlook = NOTHING_SET
    outlook: Outlook = NOTHING_SET
    text: str = ""
    start: int = 0
    end: int = 0
    times: tuple[Time, ...] = ()
    carried: Time | None = None
    span: Time | None = None
    listed: Time | None = None
    lead: Time | None = None
    is_item: bool = False

    @property
    def tells_others(self) -> bool:
        """Whether the report is a plan that tells others what to do, by its title; a budget does not."""
        return self.report.words is not None and self.report.words not in budget_words()

    def words_of(self, time: Time) -> str:
        """The words that state a time."""
        return self.text[time.start : time.end].strip(" ,的")

    def stated_before(self, place: int, previous_end: int) -> list[Time]:
        """The times stated before a figure that starts there, those left out that the figure before has used up."""
        return [
            time
            for time in self.times
            if time.end <= place
            and not self._is_used_up(time, place, previous_end)
            and not self._is_of_another_item(time, place)
            and not self._is_set_beside(time, place)
            and not is_built_on(self.text, time.start, time.end)
        ]

    def stated_after(self, end: int, right: int) -> Time | None:
        """The time told after a figure in its own clause: 12个乡镇于2023年11月通过验收."""
        for time in self.times:
            if end <= time.start and time.end <= right and _TOLD_AFTER.search(self.text, end, time.start):
                return time
        return None

    def left_before(self, place: int) -> Time | None:
        """The time that the sentence's last change before a place starts from: 由2020年的3.1%提升至3.4%."""
        bases = [time for time in self.times if time.end <= place and _LEFT.search(self.text, self.start, time.start)]
        return bases[-1] if bases and "/" not in (bases[-1].period or "") else None

    def spans_before(self, stated: Sequence[Time]) -> list[Time]:
        """The spans of years that a yearly mean can be one of, where these times are ``stated`` before it."""
        known = (self.lead, self.span, self.listed, *stated)
        return [time for time in known if time and "/" in (time.period or "")]

    def time_at(self, stated: Sequence[Time], *, is_mean: bool) -> Time | None:
        """The time of a figure: stated before it, else inherited; a yearly mean takes a span where one is named."""
        if is_mean:
            stated = self.spans_before(stated) or stated
        return stated[-1] if stated else self.listed or self.carried or self.lead

    def later_at(self, stated: Sequence[Time], *, is_mean: bool) -> str | None:
        """The words that make a figure a plan by its time: a later one, or a heading or title of plans; or None.

        ``stated`` are the times before the figure (:meth:`stated_before`).
        """
        time = self.time_at(stated, is_mean=is_mean)
        if time is None:
            return self._plan_words()
        if time.is_past or not time.period:
            return None
        if self.is_to_come(time.period):
            return self.words_of(time)
        return self._plan_words() if self._is_planned_for(time.period) else None

    def later_of_cell(self, period: str | None, headers: Sequence[str]) -> str | None:
        """The words that make a table's figure a plan: the header with a later time, a heading or title of plans."""
        if period and self.is_to_come(period):
            return next((header for header in headers if str(years_of(period)[-1]) in header), headers[-1])
        return self.outlook.words if period is None or self._is_planned_for(period) else None

    def _plan_words(self) -> str | None:
        """Heading's or title's words of plans; a budget's make plans only of what it calls 预算."""
        words, said = self.outlook.words, self.text[self.start : self.end]
        return words if words != self.report.words or words not in budget_words() or words in said else None

    def is_to_come(self, period: str) -> bool:
        """Whether a period lies after the report's own, and after the month that the report was given in."""
        own = self.year or (self.given[0] if self.given else None)
        if own and self.report.period and not self.report.plan:  # the years of a plan are yet to come
            own = max(own, years_of(self.report.period)[-1])
        year = years_of(period)[-1]
        if own is None or year < own:
            return False
        if year == own:
            return bool(self.given and first_month(period) > self.given)
        return self.given is None or last_month(period) > self.given

    def _is_planned_for(self, period: str) -> bool:
        """Whether a period is one that the heading or title makes plans for."""
        own = self.outlook.year or self.year
        if own is None or years_of(period)[-1] < own:
            return False
        return not (self.given and names_month(period) and last_month(period) <= self.given)

    def _is_used_up(self, time: Time, place: int, previous_end: int) -> bool:
        """Whether the time of one figure has had it; those listed together (由2010年的8.5∶40∶51) are one."""
        if not time.is_base or time.end > previous_end:
            return False
        if _DEALT.fullmatch(self.text, time.end, place):
            return False
        return bool(_PARTED.search(self.text, time.end, place)) or not _JOINED.match(self.text, previous_end, place)

    def _is_set_beside(self, time: Time, place: int) -> bool:
        """Whether it only dates a number that stands beside another, in a part of the sentence that has ended.

        社会福利支出3316万元,2021年为2987万元;低保支出2750万元.
        """
        if not time.only_year or not _BESIDE.match(self.text, time.end):
            return False
        stop = self.text.find(";", time.end, place)
        return stop >= 0 and bool(_FIGURE_BEFORE.search(self.text, self.start, time.start))

    def _is_of_another_item(self, time: Time, place: int) -> bool:
        """Whether the time was told in an item of a list that has ended: 一是近三年增长7%;二是仍有29件."""
        if not _ITEM.search(self.text, max(self.start, time.end - _LONGEST_ITEM), place):
            return False
        marks = [mark.end() for mark in _ITEM.finditer(self.text, self.start, place)]
        if not marks or time.end > marks[-1]:
            return False
        return self.is_item or marks[0] <= time.start
