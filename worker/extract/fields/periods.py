"""The time that a figure refers to: the rules for it, the surest evidence first."""

import re

from worker.extract.fields.levels_in_spans import (
    SPAN,
    is_in_span_of_part,
    is_left,
    is_summed_up,
    level_at_end,
    level_of_span,
)
from worker.extract.fields.plan_years import own_year, reached_by_then, year_of_plan, year_to_come
from worker.extract.fields.running_totals import running_total
from worker.extract.sentence.rules import Answer, Field, first_of, only_with
from worker.extract.sentence.seen import Seen
from worker.extract.time.clock import Clock
from worker.extract.time.expressions import Time
from worker.extract.time.listed import whole_of
from worker.extract.time.period_parts import first_month, last_month, names_month, whole_years, years_of
from worker.patterns import Pattern, set_of

_OVER_YEARS = re.compile("年均|[近几多]年来")
_EACH_YEAR = re.compile("每年")
_YEAR = re.compile("[0-9]{4}")
_DEALT = re.compile("[^、和与及;。]*?(?:分别|依次)")
_AT_YEARS_END = re.compile(r"\.\.([0-9]{4})-12(?:-31)?")
_AT_DAY = re.compile(r"\.\.([0-9]{4})-([0-9]{2})(?:-[0-9]{2})?")
_OVER_THE_YEAR = re.compile("[比较](?:上年|去年)(?!年?[末底])|同比")
_COMPARES = re.compile("[比较]|环比")
_FLOW = Pattern("{times.flows.ends}{indicators.leading_out}*$|^{times.flows.begins}")
# 比年初增加: what there is more or fewer of has come about from January on.
_SINCE_JANUARY = re.compile("[比较]年初")
_SUMMED = re.compile("(?:合计|共计|总计|总共)[^,;。0-9]{0,8}$")
# 由目前的21.5%提升至30%
_LEFT_NOW = Pattern("[由从](?P<now>{times.now.levels})的?[^,;:。0-9]{0,8}$")
# 由2022年的77%提升至80%
_OF_LEVEL = re.compile("[^,;:。0-9由从]{0,8}")
_OF_THING = re.compile("[^,;:。0-9]{2,24}的")
_MEAN_NEXT = Pattern("[的,]?{growth.mean.yearly}")
_BY_QUARTERS = re.compile("季")
_FEWEST_DEALT = 3  # 近两年城乡居民收入分别增长: two figures may be of two things that no mark parts


@only_with("分别", "依次")
def dealt_out(seen: Seen) -> Answer | None:
    """2021年、2022年分别为13件、11件: the times of a list are dealt out to the figures of one, in their order."""
    firsts = seen.passage.firsts
    first = firsts[seen.index]
    spots = seen.passage.spots
    before = spots[first - 1].figure.end if first else seen.passage.sentence.start
    times = seen.clock.stated_before(spots[first].figure.start, before)
    if not times:
        return None
    time, text, count = times[-1], seen.reading.text, firsts.count(first)
    members = _members_of(seen.clock, time, count)
    if not members or not _DEALT.match(text, time.end, spots[first].figure.start):
        return None
    if len(members) == count:
        return Answer(members[seen.index - first], seen.clock.words_of(time))
    years = {year for member in members if member and names_month(member) for year in years_of(member)}
    return Answer(str(years.pop()) if len(years) == count == 1 else None, seen.clock.words_of(time))


@only_with("合计", "共计", "总计", "总共")
def sum_of_parts(seen: Seen) -> Answer | None:
    """上半年1.2亿元,下半年2.3亿元,合计3.5亿元: what was told of the parts of a year adds up to that of all of them."""
    text, spot = seen.reading.text, seen.spot
    if seen.index < 2 or not _SUMMED.search(text, spot.left, spot.figure.start) or _times_in_clause(seen):
        return None
    parts = _times_of_parts(seen)
    whole = parts[0].period if parts else None
    for part in parts[1:]:
        whole = whole_of(whole, part.period)
    if not whole:
        return None
    return Answer(whole_years(whole) if _is_a_year(whole) else whole, text[parts[0].start : parts[-1].end])


def _times_of_parts(seen: Seen) -> list[Time]:
    """The times of the figures before, of the same unit, that each have one; or the one that is dealt out to all of them."""
    clock, spots, parts = seen.clock, seen.passage.spots, list[Time]()
    shared = 0
    for at in range(seen.index - 1, -1, -1):
        if spots[at].figure.unit != seen.spot.figure.unit:
            break
        start = spots[at - 1].figure.end if at else seen.passage.sentence.start
        times = [time for time in clock.times if start <= time.start and time.end <= spots[at].figure.start]
        if not times and not parts:
            shared += 1
        elif len(times) != 1 or (parts and len(times[0].period or "") != len(parts[0].period or "")):
            break  # a half-year and a year before it are no parts of one
        elif shared:
            return times if len(_members_of(clock, times[0], shared + 1)) == shared + 1 else []
        else:
            parts.insert(0, times[0])
    return parts if len(parts) > 1 else []


def stated_after(seen: Seen) -> Answer | None:
    """The time told after the figure in its own clause: 12个乡镇于2023年11月通过验收."""
    spot = seen.spot
    time = seen.clock.stated_after(spot.figure.end, spot.right)
    return _said(seen, time) if time else None


@only_with("由", "从")
def base_of_before(seen: Seen) -> Answer | None:
    """占比由14.2%提升至15.0% behind 由2020年的3.1%提升至3.4%: the level that is left has the time of the one before."""
    if not is_left(seen) or _times_in_clause(seen):
        return None
    base = seen.clock.left_before(seen.spot.left)
    return _said(seen, base) if base and base.period else None


def level_left(seen: Seen) -> Answer | None:
    """从77%提高到80%: the level that a plan sets out from is that of the year before, unless it says of when it is.

    由2022年的77%提高到80%; 由目前的21.5% is of the report's own time.
    """
    if seen.said["status"].rule != "status.level_left":
        return None
    if left := _LEFT_NOW.search(seen.reading.text, seen.spot.left, seen.spot.figure.start):
        return Answer(_own_time(seen.clock), left["now"])
    base = seen.clock.left_before(seen.spot.figure.start)
    if base and base.period and _OF_LEVEL.fullmatch(seen.reading.text, base.end, seen.spot.figure.start):
        return _said(seen, base)
    period = _dated(seen, is_plan=True)
    if not period:
        return Answer(None)
    before = years_of(period)[0] - 1
    return Answer(str(min(before, seen.clock.year or before)))


@only_with("由", "从")
def base_of_year(seen: Seen) -> Answer | None:
    """入驻企业由41户增加到56户: the level that a change of a year starts from is that of the year before, not of the year.

    Of several years (近年来由…, 年均增长14.5%) nothing says when it was. What a rule sets
    (由法定的20天压缩到3天) is no level of any year before.
    """
    if not is_left(seen) or seen.said["status"].value != "achieved" or _times_in_clause(seen):
        return None
    if _OVER_YEARS.search(seen.reading.text, seen.passage.sentence.start, seen.passage.sentence.end):
        return Answer(None)
    period = _dated(seen, is_plan=False)
    return Answer(str(int(period) - 1)) if period and _YEAR.fullmatch(period) else None


@only_with("每年")
def each_year(seen: Seen) -> Answer | None:
    """每年: what is so each year is not of one month."""
    said = _EACH_YEAR.search(seen.reading.text, seen.spot.left, seen.spot.figure.start)
    period = _dated(seen, is_plan=seen.is_planned) if said else None
    return Answer(whole_years(period), said.group()) if said and period else None


def mean_over_span(seen: Seen) -> Answer | None:
    """年均: a yearly mean is one over the span of years named last, or over a plan up to its last year."""
    spans = seen.clock.spans_before(seen.stated) if seen.is_mean else []
    return _said(seen, spans[-1]) if spans else _mean_of_plan(seen)


def mean_of_part(seen: Seen) -> Answer | None:
    """A yearly mean in a part on a span of years is one over that span, where its sentence states no time."""
    heading = seen.clock.heading
    is_span = seen.is_mean and SPAN.fullmatch(heading.period or "")
    return Answer(heading.period, heading.title) if is_span else None


def level_of_years(seen: Seen) -> Answer | None:
    """近年来覆盖率保持在95%以上: a level that has held for years holds in the report's; what was done in them has no time."""
    times = seen.stated
    if not times or not times[-1].is_vague:
        return None
    change = seen.said["change"].value
    is_level = change == "to" or (change is None and seen.spot.figure.unit in set_of("growth.rates")) or is_left(seen)
    return first_of(_SET, seen) if is_level else None


def stated(seen: Seen) -> Answer | None:
    """The time stated last before the figure in its sentence.

    What is summed up (累计下降34.5%) in a part on several years is of them all, where its own clause states none.
    """
    if not seen.stated or _is_over_span(seen):
        return None
    time = _before_span_of_mean(seen)
    is_over_year = _is_change_over_the_year(seen) or _is_flow_beside_level(seen, time)
    over_year = is_over_year and _AT_YEARS_END.fullmatch(time.period or "")
    if over_year:
        return Answer(over_year[1], seen.clock.words_of(time))
    return Answer(_since_january(seen, time.period or "") or time.period, seen.clock.words_of(time))


def carried(seen: Seen) -> Answer | None:
    """The time that an earlier sentence of the same point or paragraph opened with.

    What is summed up (累计) in a part on several years is of them all, and not of one that was told of before.
    """
    time = seen.clock.carried
    if time and is_summed_up(seen) and is_in_span_of_part(seen, time):
        return None
    return _said(seen, time) if time else None


def announced_list(seen: Seen) -> Answer | None:
    """The time of the sentence that announced the list: 2026年抓好以下工作。一是新增托位5000个。"""
    return _said(seen, seen.clock.listed) if seen.clock.listed else None


def announced(seen: Seen) -> Answer | None:
    """The time that a paragraph of one sentence announced for those after it."""
    return _said(seen, seen.clock.lead) if seen.clock.lead else None


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


def _before_span_of_mean(seen: Seen) -> Time:
    """The time stated last; of a level behind a mean that has a span for itself, the year before that.

    2025年人均收入达到3.9万元,五年年均增长6.2%;农村居民人均收入达到2.2万元: the second level is of 2025, too.
    """
    time, text = seen.stated[-1], seen.reading.text
    if as_at := _as_at_before(seen, time):
        return as_at
    is_of_mean = SPAN.fullmatch(time.period or "") and _MEAN_NEXT.match(text, time.end)
    if not is_of_mean or seen.is_mean or seen.said["change"].value in ("increase", "decrease"):
        return time
    if time.end > seen.previous_end or is_summed_up(seen):
        return time
    earlier = [other for other in seen.stated[:-1] if other.only_year and not other.is_base]
    return earlier[-1] if earlier and earlier[-1].period == str(years_of(time.period or "")[-1]) else time


def _as_at_before(seen: Seen, time: Time) -> Time | None:
    """The day that the sentence opens with, where the year told since only says which things the figure before counts.

    截至2023年6月底,上一年度报告反映的146个问题,已整改139个: they were mended by the day.
    """
    opening = seen.stated[0]
    if not (opening.period or "").startswith("..") or not time.only_year or time.end > seen.previous_end:
        return None
    spots = seen.passage.spots
    counted = next((spot for spot in spots if spot.figure.start >= time.end), None)
    is_of_thing = (
        counted and counted is not seen.spot and _OF_THING.fullmatch(seen.reading.text, time.end, counted.figure.start)
    )
    return opening if is_of_thing else None


def _is_over_span(seen: Seen) -> bool:
    """Whether what is summed up, or a yearly mean, is over the years of its part, and not in the last of them that a clause before told of.

    2020年浓度降至38微克/立方米,累计下降34.5%; 由2015年的2936元增长到2020年的9874元,年均增幅27.5%.
    """
    time = seen.stated[-1]
    if time.end > seen.previous_end or not is_in_span_of_part(seen, time):
        return False
    is_last = (seen.clock.outlook.period or "").endswith(time.period or "")
    return is_summed_up(seen) or (seen.is_mean and is_last and seen.said["change"].value in ("increase", "decrease"))


def _own_time(clock: Clock) -> str | None:
    """The months that the report's title is about, or its year."""
    months = clock.report.period if names_month(clock.report.period or "") else None
    return months or (str(clock.year) if clock.year else None)


def _members_of(clock: Clock, time: Time, count: int) -> tuple[str | None, ...]:
    """The times that one is a list of, or the equal parts of a span, if it has so many."""
    return time.listed or _divided(time.period, count, by_quarters=bool(_BY_QUARTERS.search(clock.words_of(time))))


def _divided(period: str | None, count: int, *, by_quarters: bool) -> tuple[str, ...]:
    """So many years, quarters or months that a span has; none where it has more or fewer, or they are two."""
    if count < _FEWEST_DEALT or not period or "/" not in period or period.startswith(".."):
        return ()
    first, last = first_month(period), last_month(period)
    if not names_month(period):
        years = range(first[0], last[0] + 1)
        return tuple(map(str, years)) if len(years) == count else ()
    months = [divmod(month - 1, 12) for month in range(first[0] * 12 + first[1], last[0] * 12 + last[1] + 1)]
    names = [f"{year}-{month + 1:02}" for year, month in months]
    if by_quarters:
        names = [f"{one}/{other}" for one, other in zip(names[::3], names[2::3], strict=False)]
    return tuple(names) if len(names) == count else ()


def _is_a_year(period: str | None) -> bool:
    return bool(period and names_month(period) and (first_month(period)[1], last_month(period)[1]) == (1, 12))


def _since_january(seen: Seen, period: str) -> str | None:
    """The months up to a day for how much more or less there was then than when its year began: 9月末…, 比年初增加120人."""
    day = _AT_DAY.fullmatch(period)
    if not day or day[2] == "12" or seen.said["change"].value not in ("increase", "decrease"):
        return None
    if not _SINCE_JANUARY.search(seen.reading.text, seen.spot.left, seen.spot.figure.start):
        return None
    return f"{day[1]}-01/{day[1]}-{day[2]}"


def _mean_of_plan(seen: Seen) -> Answer | None:
    """到2025年达到220亿元，年均增长7%: the yearly mean up to the last year of a plan, or of its heading's span, is one over it."""
    plan = seen.clock.report.plan
    if not plan and seen.stated and SPAN.fullmatch(seen.clock.heading.period or ""):
        plan = seen.clock.heading.period
    time = seen.clock.time_at(seen.stated, is_mean=False) if seen.is_mean else None
    return Answer(plan, seen.clock.words_of(time)) if plan and time and time.period == plan[-4:] else None


def _said(seen: Seen, time: Time) -> Answer:
    return Answer(time.period, seen.clock.words_of(time))


def _is_change_over_the_year(seen: Seen) -> bool:
    """Whether it is how much more or less there is than the year before: 年末总数2361个,比上年增加47个; 年末余额增长9.1%."""
    if seen.said["change"].value not in ("increase", "decrease"):
        return False
    text, left, start = seen.reading.text, seen.spot.left, seen.spot.figure.start
    is_rate = seen.spot.figure.unit in set_of("growth.rates") and not _COMPARES.search(text, left, start)
    return is_rate or bool(_OVER_THE_YEAR.search(text, left, start))


def _is_flow_beside_level(seen: Seen, time: Time) -> bool:
    """Whether it is counted over the year, and another clause tells how much there was at its end: 年末参保5万人，收入3亿元."""
    is_apart = not time.is_past and "," in seen.reading.text[time.end : seen.spot.left]
    return is_apart and bool(_FLOW.search(seen.passage.own.left(seen.index)))


def _times_in_clause(seen: Seen) -> bool:
    return any(seen.spot.left <= time.start < seen.spot.figure.start for time in seen.clock.times)


_NAMED = (level_of_years, stated, mean_of_part, announced_list, carried, announced)
_STATED = (stated_after, mean_over_span, base_of_before, level_of_span, level_at_end, base_of_year, *_NAMED)
_SET = (heading, title, report, unknown)


def _dated(seen: Seen, *, is_plan: bool) -> str | None:
    """What the other rules make of the figure's time."""
    found = (
        first_of((mean_over_span, *_NAMED), seen) or (own_year(seen.clock) if is_plan else None) or first_of(_SET, seen)
    )
    return found.value if found else None


PERIOD = Field(
    "period",
    (
        level_left,
        sum_of_parts,
        dealt_out,
        each_year,
        year_to_come,
        *_STATED,
        reached_by_then,
        year_of_plan,
        running_total,
        *_SET,
    ),
)
