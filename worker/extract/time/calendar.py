"""Walks through a report and tells the time at each sentence.

A time that opens a sentence holds for the sentences after it, to the end of its point or paragraph; one that opens a
paragraph of a single sentence (这五年,我们…迈上新台阶。) for the paragraphs after it, to the next heading. A time anywhere in
the sentence that announces a list (2026年抓好以下工作。一是…) holds for its items, and one that rules its part
(刚刚过去的2025年) to the next heading of the same depth. How far each may hold at most is its
:class:`worker.extract.time.expressions.Reach`.
"""

import re
from dataclasses import dataclass, replace

from worker.extract.language.reading_text import ReadingText
from worker.extract.time.clock import Clock
from worker.extract.time.expressions import Reach, Time, find_times
from worker.extract.time.listed import together
from worker.extract.time.outlook import Outlook
from worker.extract.time.period_parts import first_month, last_month, names_month, years_of
from worker.extract.time.time_forms import may_state_time
from worker.parts import Heading, Sentence
from worker.patterns import Pattern

_FIRST_ITEM = re.compile(r"\s*[(（]?(?:一是|一[)）]|[1１][)）.．、])")
_DIGIT = re.compile("[0-9]")
# 两案自移送起诉到宣判…: the sentence goes on about what the one before told.
_REFERS_BACK = re.compile(r"\s*(?:[该此这其]|上述|同月|当月|[两二三四五六][者人案家个名起宗项])")
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_SPAN_OF_MONTHS = re.compile("[0-9]{4}-[0-9]{2}/[0-9]{4}-[0-9]{2}")
_ANNOUNCES = Pattern("{times.announces}")
_YEARS = re.compile("[0-9]{4}/[0-9]{4}")
_DEALS_OUT = re.compile("分别|依次")
_PARTS_FOLLOW = re.compile(r"\s*(?:其中|[(（]其中)")
_MIDYEAR = 6
_OPENING = 8  # a time within so many characters of its sentence's start governs the sentences that follow


@dataclass
class Calendar:
    """``clock`` is the time at the place that has been reached."""

    clock: Clock
    _paragraph: int = -1
    _sentences: int = 0
    _path: tuple[Heading, ...] = ()

    def enter(self, heading: Outlook, path: tuple[Heading, ...] = ()) -> Clock:
        """Start a section under a heading that sets this; ``path`` are the headings over it, outermost first."""
        before = self.clock
        is_within = (
            bool(self._path) and path[: len(self._path)] == self._path and heading.period == before.heading.period
        )
        lead = before.lead if is_within and before.lead and before.lead.reach == Reach.PART else None
        turned = heading.period != before.heading.period  # 一年来 in front of it is not of the year that is planned
        times = () if turned else before.times
        outlook = heading.over(before.report)
        self.clock = before._replace(heading=heading, outlook=outlook, lead=lead, listed=None, times=times)
        if lead is None:
            self._path = path
        self._paragraph, self._sentences = -1, 0
        return self.clock

    def turn_to(self, reading: ReadingText, sentence: Sentence) -> Clock:
        """Go on to the next sentence."""
        before = self.clock
        opener = _opener(before)
        if opener and opener.listed and _DEALS_OUT.search(before.text, opener.end, before.end):
            opener = None  # 2021年、2022年分别受理30件、35件。
        lead, carried, span = before.lead, before.carried, before.span
        listed = self._listed(reading, sentence)
        if sentence.paragraph != self._paragraph:
            announces = self._sentences == 1 and reading.text[before.end - 1] in "。:"
            lead = opener if announces and opener and _governs_others(opener, before) else lead
            carried = span = None
            self._paragraph, self._sentences = sentence.paragraph, 0
        else:
            if opener and "/" in (opener.period or ""):
                span = opener
            if opener:
                goes_on = not opener.is_day and _REFERS_BACK.match(reading.text, sentence.body)
                carried = (
                    None if opener.reach < Reach.POINT or (_is_of_an_event(opener, before) and not goes_on) else opener
                )
            whole = carried or opener
            if whole and whole.reach < Reach.POINT and (whole.period or "").startswith(".."):
                # 2023年末…2361个。其中:医院58个: a part has the time of its whole
                carried = whole if _PARTS_FOLLOW.match(reading.text, sentence.body) else None
            if carried and ((sentence.opens and not carried.only_year) or _goes_from(carried, before)):
                carried = None
        if before.times:
            lead = next((time for time in reversed(before.times) if time.reach == Reach.PART), lead)
        self._sentences += 1
        times: tuple[Time, ...] = ()
        if may_state_time(reading.text, sentence.start, sentence.end):
            times = tuple(_times_of(reading, sentence, before, listed or carried or lead, span))
        self.clock = Clock(
            before.year,
            before.this_year,
            before.report,
            before.given,
            before.heading,
            before.outlook,
            reading.text,
            sentence.body,
            sentence.end,
            times,
            carried,
            span,
            listed,
            lead,
            sentence.body > sentence.start,
        )
        return self.clock

    def _listed(self, reading: ReadingText, sentence: Sentence) -> Time | None:
        """The time of the sentence that announced the list which the next sentence stands in, if one does."""
        before = self.clock
        if sentence.body > sentence.start and _FIRST_ITEM.match(reading.text, sentence.start):
            return _announced(before)
        goes_on = sentence.paragraph == self._paragraph or sentence.body > sentence.start
        return before.listed if goes_on else None


def _is_of_an_event(time: Time, clock: Clock) -> bool:
    """Whether a day or months say when one thing came about (3月，举办培训; 8月15日至9月10日，检查场所); a report on months goes on about them.

    Months from the year's first on are those that the whole report counts, and quarters and halves divide it.
    """
    if time.is_day or names_month(clock.outlook.period or ""):
        return time.is_day
    period = time.period or ""
    is_span = not time.is_past and bool(_SPAN_OF_MONTHS.fullmatch(period)) and first_month(period)[1] != 1
    return bool(_MONTH.fullmatch(period)) or (is_span and "季" not in clock.words_of(time))


def _governs_others(time: Time, clock: Clock) -> bool:
    """Whether a time that opens a paragraph of one sentence holds for those after it: 这五年,我们…迈上新台阶。

    What has run on for years and is counted there (自2020年承接赋权事项以来,累计办理156起。) is told to its end.
    """
    if not time.governs or time.reach < Reach.POINT or _is_around_months(time, clock):
        return False
    is_told = time.is_past and bool(_DIGIT.search(clock.text, time.end, clock.end))
    return not (is_told and _YEARS.fullmatch(time.period or ""))


def _is_around_months(time: Time, clock: Clock) -> bool:
    """Whether it is the year of the months that the whole report is about."""
    months = clock.report.period or ""
    return time.only_year and names_month(months) and {str(year) for year in years_of(months)} == {time.period}


def _goes_from(time: Time, clock: Clock) -> bool:
    """Whether a sentence goes on to another time, so that neither holds after it.

    From a part of a year to another one, or to the year: 一季度…，二季度…; 上半年…，全年…. From a year to another: 去年…，今年….
    """
    if time.only_year:
        later = [other for other in clock.times if other.start > time.start and other.only_year and not other.is_base]
        return any(other.period != time.period and other.reach >= Reach.POINT for other in later)
    if not names_month(time.period or ""):
        return False
    first, last = first_month(time.period or ""), last_month(time.period or "")
    free = [other for other in clock.times if other.start > time.start and other.reach >= Reach.POINT]
    if any(other.only_year and other.period == (time.period or "")[:4] for other in free):
        return True
    others = (other for other in clock.times if names_month(other.period or "") and other.reach >= Reach.POINT)
    return any(last_month(other.period) < first or first_month(other.period) > last for other in others if other.period)


def _announced(clock: Clock) -> Time | None:
    """The free time of a sentence that announces a list: the last, with no figure after it."""
    free = [time for time in clock.times if time.governs and time.reach >= Reach.POINT]
    if not free or clock.text[free[-1].start] in "到至":
        return None
    end = free[-1].end
    if _DIGIT.search(clock.text, end, clock.end) and not _ANNOUNCES.search(clock.text, end, clock.end):
        return None
    return free[-1]


def _times_of(
    reading: ReadingText, sentence: Sentence, clock: Clock, inherited: Time | None, span: Time | None
) -> list[Time]:
    """The times that a sentence states; ``inherited`` is the one that holds where it states none, ``span`` the last of years."""
    base = clock.heading.year or clock.year or (clock.given[0] if clock.given else None)
    before = inherited.period if inherited else clock.outlook.period
    is_ahead = clock.report.plan and (clock.heading.period or clock.report.plan) >= clock.report.plan[:4]
    if is_ahead and "/" not in (before or ""):
        before = clock.report.plan  # 五年新增 in a plan is of its five years
    plans = bool(clock.outlook.words)
    within = (sentence.start, sentence.end)
    found = find_times(
        reading,
        base,
        clock.this_year or base,
        within=within,
        before=before,
        plans=plans,
        is_fiscal=clock.report.is_fiscal,
        spoken_of=int(inherited.period) if inherited and inherited.period and inherited.only_year else None,
        is_of_months=names_month(clock.report.period or ""),
        span=next((time.period for time in (inherited, span) if time and _YEARS.fullmatch(time.period or "")), None),
        plan=clock.report.plan,
    )
    told = [_not_to_come(reading, time, clock.given) for time in found]
    return [_to_the_end_of(time, clock) for time in together(reading.text, told)]


def _not_to_come(reading: ReadingText, time: Time, given: tuple[int, int] | None) -> Time:
    """A month by which something has come about is one before the report was given (截至10月底 in a notice of 2024)."""
    if not (given and time.is_past and time.period and "-" in time.period):
        return time
    year = years_of(time.period)[-1]
    if last_month(time.period) <= given or str(year) in reading.text[time.start : time.end]:
        return time
    return replace(time, period=time.period.replace(str(year), str(given[0])))


def _is_told_later(clock: Clock, last: str) -> bool:
    """Whether a time ends with the report's year, and the report was read out in the second half of the next."""
    year = clock.year or 0
    return last == f"{year}-12" and clock.this_year == year + 1 and bool(clock.given and clock.given[1] > _MIDYEAR)


def _to_the_end_of(time: Time, clock: Clock) -> Time:
    """What runs on to the end of the report's year, ends with the months that it is about, or in which it was given."""
    first, _, last = (time.period or "").partition("/")
    if not time.is_past or not last.endswith("-12"):
        return time
    if clock.report.is_fiscal and last == f"{clock.year}-12":
        return replace(time, period=f"{first}/{(clock.year or 0) + 1}-03")
    if _is_told_later(clock, last) and "去年" in clock.text[time.start : time.end] and clock.given:
        return replace(time, period=f"{first}/{clock.given[0]}-{clock.given[1]:02}")
    ends = [last_month(clock.report.period)] if clock.report.period and names_month(clock.report.period) else []
    ends += [clock.given] if clock.given else []
    year, month = min([*(end for end in ends if end >= first_month(first)), last_month(last)])
    return replace(time, period=f"{first}/{year}-{month:02}")


def _opener(clock: Clock) -> Time | None:
    """The time that the sentence opens with, the last of several that stand there together; or ends with.

    A paragraph that ends with one (这是极不平凡的五年。) speaks of those that follow.
    """
    if not clock.times:
        return None
    opener = None
    times = [time for time in clock.times if not time.is_base]
    for time in times:
        if len(clock.text[opener.end if opener else clock.start : time.start].strip()) > _OPENING:
            break
        opener = time
    if opener and names_month(opener.period or ""):
        return next((time for time in reversed(times) if _opens_last_part(clock, time)), opener)
    if opener is None and times and times[-1].end == clock.end - 1 and "/" in (times[-1].period or ""):
        return times[-1]
    return opener


def _opens_last_part(clock: Clock, time: Time) -> bool:
    """Whether a month takes over behind a semicolon: 8月份…;1—8月累计…"""
    return names_month(time.period or "") and clock.text[clock.start : time.start].rstrip().endswith(";")
