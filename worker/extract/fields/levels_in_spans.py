"""The levels of a span of years: those that something had before it and at its end, and what was summed up over all of it."""

import re

from worker.extract.sentence.rules import Answer, only_with
from worker.extract.sentence.seen import Seen
from worker.extract.sentence.standings import words_of_status
from worker.extract.time.expressions import Time
from worker.extract.time.period_parts import years_of
from worker.patterns import words_of

SPAN = re.compile("[0-9]{4}/[0-9]{4}")
_FROM = re.compile("[由从](?:[0-9]{4} ?年年?[底末初]?的?)?[^,;:。0-9]{0,8}$")
_NEAR_END = re.compile("[^,;:。0-9]{0,4}")
_SUMMED = re.compile("累计|共计|总计|总共|合计")
_HOLDS = re.compile("保持|稳定|维持|始终|一直|控制|(?:(?<![人户年月日亩])均|都)[为达在超]")
_PARTED = re.compile(" ?[:∶] ?")


@only_with("由", "从")
def level_of_span(seen: Seen) -> Answer | None:
    """In a span of years, a level that is left is that of the year before it, the one arrived at that of its last."""
    if not (found := _span_at(seen)):
        return None
    (first, last), words = found
    if is_left(seen):
        return Answer(str(first - 1), words)
    return Answer(str(last), words) if _is_reached(seen) else None


def level_at_end(seen: Seen) -> Answer | None:
    """In a span of years, what something has grown into (企业发展到8230家) it was in the last, and so was what is measured on one day.

    五年来高速公路通车里程达到312公里: a length of roads is measured on a day, an investment (投资达到60亿元) over the years.
    """
    found = None if seen.is_mean or seen.said["change"].value not in (None, "to") else _span_at(seen)
    if not found or is_summed_up(seen) or is_left(seen):
        return None
    (_, last), words = found
    own = seen.passage.own.left(seen.index)
    is_stock = (seen.said["indicator"].value or "").endswith(words_of("times.stocks")) and not _HOLDS.search(own)
    return Answer(str(last), words) if is_stock or seen.said["change"].value == "to" else None


def is_summed_up(seen: Seen) -> bool:
    """Whether its own clause says that it is what several things or years come to: 累计投入11亿元."""
    return bool(_SUMMED.search(seen.reading.text, seen.spot.left, seen.spot.figure.start))


def is_in_span_of_part(seen: Seen, time: Time) -> bool:
    """Whether an inherited time is one year of those that the headings or the title are about."""
    span = seen.clock.outlook.period or ""
    return bool(time.only_year and SPAN.fullmatch(span) and time.period and span[:4] <= time.period <= span[-4:])


def is_left(seen: Seen) -> bool:
    """Whether it is the level that a change starts from: 由82.6%上升至96%, or a part of it: 由21:44:35调整为17:40:43."""
    spots, text = seen.passage.spots, seen.reading.text
    first, last = _structure(seen, seen.index)
    left = _FROM.search(text, spots[first].left, spots[first].figure.start)
    return bool(left and words_of_status().level_reached.match(text, spots[last].figure.end))


def _is_reached(seen: Seen) -> bool:
    """Whether it is the level that a change from another arrives at, in the same clause."""
    here = _structure(seen, seen.index)[0]
    if not here:
        return False
    text, spots = seen.reading.text, seen.passage.spots
    before = spots[_structure(seen, here - 1)[0]]
    if not _FROM.search(text, before.left, before.figure.start):
        return False
    arrived = words_of_status().level_reached.match(text, spots[here - 1].figure.end)
    return bool(arrived and _NEAR_END.fullmatch(text, arrived.end(), spots[here].figure.start))


def _span_at(seen: Seen) -> tuple[tuple[int, int], str] | None:
    """The first and last year of the span that holds at a figure that is no plan, and the words that state it."""
    time = seen.clock.time_at(seen.stated, is_mean=False)
    if time and not seen.stated and is_in_span_of_part(seen, time):
        time = None
    period = (time.period if time else seen.clock.outlook.period) or ""
    if seen.is_planned or not SPAN.fullmatch(period):
        return None
    first, last = years_of(period)
    return (first, last), seen.clock.words_of(time) if time else ""


def _structure(seen: Seen, index: int) -> tuple[int, int]:
    """The first and the last figure of the structure (17:40:43) that a figure is a part of; of any other itself, twice."""
    spots, text = seen.passage.spots, seen.reading.text
    if spots[index].figure.form != "share":
        return index, index
    first = last = index
    while first and _PARTED.fullmatch(text, spots[first - 1].figure.end, spots[first].figure.start):
        first -= 1
    while last + 1 < len(spots) and _PARTED.fullmatch(text, spots[last].figure.end, spots[last + 1].figure.start):
        last += 1
    return first, last
