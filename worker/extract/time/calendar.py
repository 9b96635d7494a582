"""Walks through a report and tells the time at each sentence.

A time that opens a sentence holds for the sentences after it, to the end of its point or paragraph; one that opens a
paragraph of a single sentence (这五年,我们…迈上新台阶。) for the paragraphs after it, to the next heading.
"""

from dataclasses import dataclass, replace

from worker.extract.language.reading_text import ReadingText
from worker.extract.time.clock import Clock
from worker.extract.time.expressions import Time, find_times, last_month, years_of
from worker.extract.time.outlook import Outlook
from worker.parts import Sentence

_OPENING = 8  # a time within so many characters of its sentence's start governs the sentences that follow


@dataclass
class Calendar:
    """``clock`` is the time at the place that has been reached."""

    clock: Clock
    _paragraph: int = -1
    _sentences: int = 0

    def enter(self, heading: Outlook) -> Clock:
        """Start a section under a heading that sets this."""
        self.clock = self.clock._replace(heading=heading, outlook=heading.over(self.clock.report), lead=None)
        self._sentences = 0
        return self.clock

    def turn_to(self, reading: ReadingText, sentence: Sentence) -> Clock:
        """Go on to the next sentence."""
        before = self.clock
        opener = _opener(before)
        lead, carried, span = before.lead, before.carried, before.span
        if sentence.paragraph != self._paragraph:
            announces = self._sentences == 1 and opener and opener.governs and reading.text[before.end - 1] in "。:"
            lead = opener if announces else lead
            carried = span = None
            self._paragraph, self._sentences = sentence.paragraph, 0
        else:
            if opener and "/" in (opener.period or ""):
                span = opener
            if opener:
                carried = None if opener.is_day else opener
            if sentence.opens and carried and not carried.only_year:
                carried = None
        self._sentences += 1
        inherited = carried or lead
        times = tuple(_times_of(reading, sentence, before, inherited))
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
            lead,
        )
        return self.clock


def _times_of(reading: ReadingText, sentence: Sentence, clock: Clock, inherited: Time | None) -> list[Time]:
    """The times that a sentence states; ``inherited`` is the one that holds where it states none."""
    base = clock.heading.year or clock.year or (clock.given[0] if clock.given else None)
    before = inherited.period if inherited else clock.outlook.period
    plans = bool(clock.outlook.words)
    within = (sentence.start, sentence.end)
    found = find_times(reading, base, clock.this_year or base, within=within, before=before, plans=plans)
    return [_not_to_come(reading, time, clock.given) for time in found]


def _not_to_come(reading: ReadingText, time: Time, given: tuple[int, int] | None) -> Time:
    """A month by which something has come about is one before the report was given (截至10月底 in a notice of 2024)."""
    if not (given and time.is_past and time.period and "-" in time.period):
        return time
    year = years_of(time.period)[-1]
    if last_month(time.period) <= given or str(year) in reading.text[time.start : time.end]:
        return time
    return replace(time, period=time.period.replace(str(year), str(given[0])))


def _opener(clock: Clock) -> Time | None:
    """The time that the sentence opens with, the last of several that stand there together; or ends with.

    A paragraph that ends with one (这是极不平凡的五年。) speaks of those that follow.
    """
    opener = None
    times = [time for time in clock.times if not time.is_base]
    for time in times:
        if len(clock.text[opener.end if opener else clock.start : time.start].strip()) > _OPENING:
            break
        opener = time
    if opener is None and times and times[-1].end == clock.end - 1 and "/" in (times[-1].period or ""):
        return times[-1]
    return opener
