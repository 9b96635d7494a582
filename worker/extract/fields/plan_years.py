"""The year of a plan among results, and of a result among plans: rules for the period that go by the status."""

from worker.extract.sentence.rules import Answer, only_with
from worker.extract.sentence.seen import Seen
from worker.extract.time.clock import Clock
from worker.extract.time.period_parts import years_of


def year_to_come(seen: Seen) -> Answer | None:
    """A plan told among what was done (拟投入3.2亿元) is of the year the report is given in, not of one it looks back on."""
    clock = seen.clock
    if not seen.is_planned or seen.stated or seen.is_mean or not clock.year or (clock.this_year or 0) <= clock.year:
        return None
    time = clock.time_at((), is_mean=False)
    period = time.period if time else clock.outlook.period or str(clock.year)
    return Answer(str(clock.this_year)) if period and years_of(period)[-1] <= clock.year else None


@only_with("{status.reached}")
def reached_by_then(seen: Seen) -> Answer | None:
    """What a part on plans says has come about (老年人口已达812万人) did so by the report's year, not in that of the plans."""
    clock = seen.clock
    by_word = seen.said["status"] if seen.said["status"].rule == "status.said_before" else None
    if not by_word or by_word.value != "achieved" or seen.stated or not clock.year:
        return None
    is_near = seen.reading.text.find(by_word.words, seen.spot.left, seen.spot.figure.start) >= 0
    if not is_near or clock.listed or clock.carried or clock.lead or not clock.heading.period:
        return None
    return Answer(str(clock.year), by_word.words) if years_of(clock.heading.period)[0] > clock.year else None


def year_of_plan(seen: Seen) -> Answer | None:
    """A plan is not one of the months that the report's title is about, but of its year, or of the years of a five-year plan."""
    return own_year(seen.clock) if seen.is_planned else None


def own_year(clock: Clock) -> Answer | None:
    """The years of the plan that the report is, else its own year; none where a heading sets another time."""
    if clock.heading.period:
        return None
    if clock.report.plan:
        return Answer(clock.report.plan)
    return Answer(str(clock.year) if clock.year else None)
