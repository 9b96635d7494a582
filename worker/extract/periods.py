"""The time that a figure refers to, and whether that is still to come.

Four levels: a time stated before the figure in its sentence, one carried over from an earlier sentence of the same
point, the one that the heading sets which it stands under, the report's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from worker.extract.outlook import NOTHING_SET, Outlook, budget_words
from worker.extract.page import Page
from worker.extract.sentences import Sentence
from worker.extract.times import Time, find_times, first_month, last_month, names_month, years_of

_PARTED = re.compile("[,;。()到至为]")
_OPENING = 8  # a time within so many characters of its sentence's start governs the sentences that follow


@dataclass
class Calendar:
    """Resolves times sentence by sentence.

    ``year`` is the report's own, ``this_year`` what 今年 means in it (a work report given in spring speaks of the year
    before), ``report`` what its title sets. ``given`` is the year and month in which it was given, where it says so.

    A time that opens a sentence holds for the sentences after it, to the end of its point or paragraph; one that opens
    a paragraph of a single sentence (这五年,我们…迈上新台阶。) for the paragraphs after it, to the next heading.
    """

    year: int | None
    this_year: int | None = None
    report: Outlook = NOTHING_SET
    given: tuple[int, int] | None = None
    _heading: Outlook = NOTHING_SET
    _lead: Time | None = None
    _span: Time | None = None
    _carried: Time | None = None
    _text: str = ""
    _paragraph: int = -1
    _sentences: int = 0
    _start: int = 0
    _end: int = 0
    _times: list[Time] = field(default_factory=list)

    @property
    def times(self) -> list[Time]:
        """The times stated in the sentence."""
        return self._times

    @property
    def outlook(self) -> Outlook:
        """What heading and title set where the sentence says nothing."""
        return self._heading.over(self.report)

    @property
    def tells_others(self) -> bool:
        """Whether the report is a plan that tells others what to do, by its title; a budget does not."""
        return self.report.words is not None and self.report.words not in budget_words()

    def enter(self, heading: Outlook) -> None:
        """Start a section under a heading that sets this."""
        self._heading, self._lead, self._sentences = heading, None, 0

    def turn_to(self, page: Page, sentence: Sentence) -> None:
        """Go on to the next sentence."""
        opener = self._opener(page)
        if sentence.paragraph != self._paragraph:
            announces = self._sentences == 1 and opener and opener.governs and page.text[self._end - 1] in "。:"
            self._lead = opener if announces else self._lead
            self._carried = self._span = None
            self._paragraph, self._sentences = sentence.paragraph, 0
        else:
            if opener and "/" in (opener.period or ""):
                self._span = opener
            if opener:
                self._carried = None if opener.is_day else opener
            if sentence.opens and self._carried and not self._carried.only_year:
                self._carried = None
        self._sentences += 1
        self._text = page.text
        self._start, self._end = sentence.body, sentence.end
        base = self._heading.year or self.year or (self.given[0] if self.given else None)
        inherited = self._carried or self._lead
        before = inherited.period if inherited else self.outlook.period
        times = find_times(
            page, sentence.start, sentence.end, base, self.this_year or base, before, bool(self.outlook.words)
        )
        self._times = [self._not_to_come(page, time) for time in times]

    def _not_to_come(self, page: Page, time: Time) -> Time:
        """A month by which something has come about is one before the report was given (截至10月底 in a notice of 2024)."""
        if not (self.given and time.is_past and time.period and "-" in time.period):
            return time
        year = years_of(time.period)[-1]
        if last_month(time.period) <= self.given or str(year) in page.text[time.start : time.end]:
            return time
        return replace(time, period=time.period.replace(str(year), str(self.given[0])))

    def period_at(self, place: int, previous_end: int = 0, is_mean: bool = False, is_plan: bool = False) -> str | None:
        """The period of a figure that starts there, behind another that ended at ``previous_end``.

        A yearly mean (``is_mean``) takes a span of years where one is named. A plan (``is_plan``) is not one of the
        months that the report is about.
        """
        time = self._time_at(place, previous_end, is_mean)
        return time.period if time else self.period_without(is_plan)

    def period_without(self, is_plan: bool = False) -> str | None:
        """The period of a figure that no time is stated for."""
        own = str(self.year) if self.year else None
        if is_plan and not self._heading.period:
            return own
        return self.outlook.period or own

    def year_before(self, period: str | None) -> str | None:
        """The year before a period of plans: that of the level which they start from."""
        return str(years_of(period)[0] - 1) if period else None

    def later_at(self, page: Page, place: int, previous_end: int = 0, is_mean: bool = False) -> str | None:
        """The words that make a figure a plan by its time: a later one, or a heading or title of plans; or None."""
        time = self._time_at(place, previous_end, is_mean)
        if time is None:
            return self._plan_words(page.text[self._start : self._end])
        if time.is_past or not time.period:
            return None
        if self._is_to_come(time.period):
            return page.text[time.start : time.end].strip(" ,的")
        return self._plan_words(page.text[self._start : self._end]) if self._is_planned_for(time.period) else None

    def later_of_cell(self, period: str | None, headers: Sequence[str]) -> str | None:
        """The words that make a table's figure a plan: the header with a later time, a heading or title of plans."""
        if period and self._is_to_come(period):
            return next((header for header in headers if str(years_of(period)[-1]) in header), headers[-1])
        return self.outlook.words if period is None or self._is_planned_for(period) else None

    def _plan_words(self, said: str) -> str | None:
        """Heading's or title's words of plans; a budget's make plans only of what it calls 预算."""
        words = self.outlook.words
        return words if words != self.report.words or words not in budget_words() or words in said else None

    def _is_to_come(self, period: str) -> bool:
        """Whether a period lies behind the report's own, and behind the month that the report was given in."""
        own = self.year or (self.given[0] if self.given else None)
        if own and self.report.period:
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

    def _time_at(self, place: int, previous_end: int, is_mean: bool) -> Time | None:
        inherited = self._carried or self._lead
        stated = [time for time in self._times if time.end <= place and not self._is_used_up(time, place, previous_end)]
        if is_mean:
            spans = [time for time in (self._lead, self._span, *stated) if time and "/" in (time.period or "")]
            stated = spans or stated
        return stated[-1] if stated else inherited

    def _is_used_up(self, time: Time, place: int, previous_end: int) -> bool:
        """Whether the time of one figure has had it; those listed together (由2010年的8.5∶40∶51) are one."""
        return time.is_base and time.end <= previous_end and bool(_PARTED.search(self._text, time.end, place))

    def _opener(self, page: Page) -> Time | None:
        """The time that the sentence opens with, the last of several that stand there together; or ends with.

        A paragraph that ends with one (这是极不平凡的五年。) speaks of those that follow.
        """
        opener = None
        times = [time for time in self._times if not time.is_base]
        for time in times:
            if len(page.text[opener.end if opener else self._start : time.start].strip()) > _OPENING:
                break
            opener = time
        if opener is None and times and times[-1].end == self._end - 1 and "/" in (times[-1].period or ""):
            return times[-1]
        return opener
