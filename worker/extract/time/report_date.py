"""The point in time that a report speaks from: its year, what 今年 means in it, when it was given, what it plans."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from worker.clean.dates import read_date
from worker.clean.lines import lines_of
from worker.draft import Draft
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.numbers.numerals import parse
from worker.extract.time.calendar import Calendar
from worker.extract.time.clock import Clock
from worker.extract.time.outlook import NOTHING_SET, Outlook, of_heading, of_title, tells_shortcomings, turns_ahead
from worker.extract.time.period_parts import last_month, names_month
from worker.parts import Heading
from worker.structure.period import looks_back

_HEAD_LINES = 12
_LONGEST_DATED_LINE = 80
_DECEMBER = 12
_OPENING_PARAGRAPHS = 3
_TERM = re.compile(
    "(?:过去|这)的?(?P<years>[三四五])年(?:间|来|里)?[，,]|(?P<years_past>[三四五])年来[，,]"
    "|自?(?P<first>(?:19|20)[0-9]{2}) ?年(?:换届)?以来[，,]"
)
#: So many years a term has, or what is left of one.
_YEARS_OF_A_TERM = range(3, 6)
#: 年报2022-23: the year of an annual report, which goes without 年度.
_ANNUAL = re.compile("(?<=年[报報])(?:19|20)[0-9]{2} ?[-—–/] ?[0-9]{2}$")
#: 半年工作总结: the half of a year that was over when it was given.
_HALF = re.compile("(?<![上下前后近一每])半年(?=(?:度|来|工作)*(?:总结|小结|汇报|报告|情况|述职))")
_MEETING = re.compile("(?:会议|大会)上?[)）]?$")


def calendar_of(draft: Draft, reading: ReadingText) -> Calendar:
    """The calendar of a report, by its document data."""
    document = draft.document
    title = _part(reading, _HALF.sub("上半年", _ANNUAL.sub(r"\g<0>年度", document.title or "")))
    given = _given(draft)
    year = int(document.period) if document.period and document.period.isdigit() else _year_of_months(title, given)
    # A work report is mostly given at the start of the year after the one that it reviews.
    this_year = year
    if year and looks_back(document.title, draft.text.now):
        this_year = given.year if given and given.year in (year, year + 1) else year + 1
    elif year and (told := _told_to_a_meeting(draft)) and told == year + 1:
        this_year = told
    report = of_title(title, year)
    if report == NOTHING_SET and year and this_year == year + 1 and (years := _years_looked_back_on(draft, year)):
        report = Outlook(f"{year - years + 1}/{year}", title=document.title or "")
    return Calendar(Clock(year, this_year, report, (given.year, given.month) if given else None, outlook=report))


def _years_looked_back_on(draft: Draft, year: int) -> int | None:
    """How many years up to ``year`` the report of a term tells of, by the words that its review opens with: 过去五年，共受理案件48261件."""
    prose = (line.text for line in lines_of(draft.text.now) if line.is_prose)
    opened = next((match for line in islice(prose, _OPENING_PARAGRAPHS) if (match := _TERM.match(line))), None)
    if opened is None:
        return None
    if opened["first"]:
        years = year - int(opened["first"]) + 1
        return years if years in _YEARS_OF_A_TERM else None
    value = parse(opened["years"] or opened["years_past"])
    return int(value.low) if value else None


def _year_of_months(title: ReadingText, given: date | None) -> int | None:
    """The year of a report whose title names months alone (前三季度…通报), by its date, if they were over by then."""
    period = of_title(title, given.year).period if given else None
    if not given or not period or not names_month(period):
        return None
    return given.year if last_month(period) <= (given.year, given.month) else None


def _told_to_a_meeting(draft: Draft) -> int | None:
    """The year of the meeting that a report was read out to (——2023年8月30日在…会议上): whoever speaks there says 今年 of it."""
    for line in islice(lines_of(draft.text.now), _HEAD_LINES):
        day = read_date(line.text) if len(line.text) <= _LONGEST_DATED_LINE and not line.is_prose else None
        if day and _MEETING.search(line.text):
            return day.year
    return None


def _given(draft: Draft) -> date | None:
    """The first of the dates on which the report was read out, signed or put out."""
    document = draft.document
    named = [date.fromisoformat(day) for day in (document.published, document.signed) if day]
    for line in islice(lines_of(draft.text.now), _HEAD_LINES):
        day = read_date(line.text) if len(line.text) <= _LONGEST_DATED_LINE and not line.is_prose else None
        named += [day] if day else []
    return min(named, default=None)


class Sections:
    """What the headings over each place set; each heading is read once."""

    def __init__(self, reading: ReadingText, clock: Clock) -> None:
        self._reading, self._clock = reading, clock
        self._ends_early = _ends_early(clock.report.period, clock.year) or _speaks_within(reading.text, clock)
        self._read: dict[int, Outlook] = {}
        self._turns: dict[int, int] = {}

    def under(self, headings: Sequence[Heading], until: int | None = None) -> Outlook:
        """What these headings, outermost first, set together: the inner before the outer.

        ``until`` is where the sentence ends: under 存在的问题及下一步打算 what comes is told from where the text turns to it.
        """
        found = NOTHING_SET
        for heading in headings:
            own = self._of(heading, found.year)
            if until is not None and own.words and until <= self._turn(heading):
                continue
            is_of_now = bool(found.words) and not own.words and tells_shortcomings(heading.title)
            found = NOTHING_SET if is_of_now else own.over(found)
        return found

    def _turn(self, heading: Heading) -> int:
        """Where the part under a heading of plans begins to tell of them: after what has failed, where it tells of that first."""
        if heading.start not in self._turns:
            turn = None
            if tells_shortcomings(heading.title):
                turn = turns_ahead(self._reading, heading.body_start, heading.end, self._clock.year)
            self._turns[heading.start] = turn or 0
        return self._turns[heading.start]

    def _of(self, heading: Heading, year_above: int | None) -> Outlook:
        if heading.start not in self._read:
            clock = self._clock
            self._read[heading.start] = of_heading(
                _part(self._reading, heading.title),
                heading.number,
                clock.year,
                clock.this_year,
                year_above=year_above,
                plan=clock.report.plan,
                looks_back=clock.report.words is None and not self._is_given_before(),
                ends_early=self._ends_early,
            )
        return self._read[heading.start]

    def _is_given_before(self) -> bool:
        clock = self._clock
        return bool(clock.given and clock.year and clock.given[0] < clock.year)


def _ends_early(period: str | None, year: int | None) -> bool:
    """Whether what the title is about ends before the report's year does: 2023年前三季度."""
    return bool(period and year and names_month(period) and (year, 0) < last_month(period) < (year, _DECEMBER))


def _speaks_within(text: str, clock: Clock) -> bool:
    """Whether a report was given before its year was over, and speaks of it without naming it: 今年以来…, signed in November."""
    is_within = clock.given is not None and clock.given[0] == clock.year and clock.given[1] < _DECEMBER
    return (
        is_within
        and "今年" in text
        and not re.search(rf"{clock.year} ?年(?! ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?日)", text)
    )


def _part(reading: ReadingText, words: str) -> ReadingText:
    return ReadingText(fold(re.sub(r"\s", "", words)), reading.lexicon, reading.words)
