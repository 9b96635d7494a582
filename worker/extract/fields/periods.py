"""The time that a figure refers to: the rules for it, the surest evidence first."""

import re

from worker.extract.sentence.rules import Answer, Field, first_of
from worker.extract.sentence.seen import Seen
from worker.extract.time.clock import Clock
from worker.extract.time.expressions import Time, whole_years, years_of

_EACH_YEAR = re.compile("每年")


def level_left(seen: Seen) -> Answer | None:
    """从77%提高到80%: the level that a plan sets out from is that of the year before."""
    if seen.said["status"].rule != "status.level_left":
        return None
    period = _dated(seen, is_plan=True)
    return Answer(str(years_of(period)[0] - 1) if period else None)


def each_year(seen: Seen) -> Answer | None:
    """每年: what is so each year is not of one month."""
    said = _EACH_YEAR.search(seen.reading.text, seen.spot.left, seen.spot.figure.start)
    period = _dated(seen, is_plan=seen.is_planned) if said else None
    return Answer(whole_years(period), said.group()) if said and period else None


def mean_over_span(seen: Seen) -> Answer | None:
    """年均: a yearly mean is one over the span of years named last."""
    spans = seen.clock.spans_before(seen.spot.figure.start, seen.previous_end) if seen.is_mean else []
    return _said(seen, spans[-1]) if spans else None


def stated(seen: Seen) -> Answer | None:
    """The time stated last before the figure in its sentence."""
    times = seen.clock.stated_before(seen.spot.figure.start, seen.previous_end)
    return _said(seen, times[-1]) if times else None


def carried(seen: Seen) -> Answer | None:
    """The time that an earlier sentence of the same point or paragraph opened with."""
    return _said(seen, seen.clock.carried) if seen.clock.carried else None


def announced(seen: Seen) -> Answer | None:
    """The time that a paragraph of one sentence announced for those after it."""
    return _said(seen, seen.clock.lead) if seen.clock.lead else None


def year_of_plan(seen: Seen) -> Answer | None:
    """A plan is not one of the months that the report's title is about, but of its year."""
    return _own_year(seen.clock) if seen.is_planned else None


def heading(seen: Seen) -> Answer | None:
    """The time that the headings over the figure set."""
    outlook = seen.clock.heading
    return Answer(outlook.period, outlook.title) if outlook.period else None


def title(seen: Seen) -> Answer | None:
    """The months or years that the report's title is about, where no heading sets another time."""
    outlook = seen.clock.outlook
    return Answer(outlook.period, outlook.title) if outlook.period else None


def report(seen: Seen) -> Answer | None:
    """The report's own year."""
    return Answer(str(seen.clock.year)) if seen.clock.year else None


def unknown(seen: Seen) -> Answer:
    """Nothing says when."""
    return Answer(None)


def _own_year(clock: Clock) -> Answer | None:
    if clock.heading.period:
        return None
    return Answer(str(clock.year) if clock.year else None)


def _said(seen: Seen, time: Time) -> Answer:
    return Answer(time.period, seen.clock.words_of(time))


_STATED = (mean_over_span, stated, carried, announced)
_SET = (heading, title, report, unknown)


def _dated(seen: Seen, *, is_plan: bool) -> str | None:
    """What the other rules make of the figure's time."""
    found = first_of(_STATED, seen) or (_own_year(seen.clock) if is_plan else None) or first_of(_SET, seen)
    return found.value if found else None


PERIOD = Field("period", (level_left, each_year, *_STATED, year_of_plan, *_SET))
