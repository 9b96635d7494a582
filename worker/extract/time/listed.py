"""Times named one after the other (2021年、2022年; 1月和2月): together one time, with those it is a list of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from worker.extract.time.expressions import Reach, Time
from worker.extract.time.period_parts import first_month, last_month

_AND = re.compile(r" ?(?:[、和与及]|以及) ?")


def together(text: str, times: Iterable[Time]) -> Iterator[Time]:
    """The times of a text in their order, those of a list made one.

    It is the whole of them where they follow each other without a gap, and no time that could be told where they do not.
    """
    last: Time | None = None
    for time in times:
        if last and _is_same_period(text, last, time):
            members = tuple(_in_year(time.period, member) for member in (last.listed or (last.period,)))
            last = replace(time, start=last.start, period=None, listed=(*members, time.period))
            continue
        if last and _is_listed(text, last, time):
            members = (*(last.listed or (last.period,)), *(time.listed or (time.period,)))
            last = replace(last, end=time.end, period=whole_of(last.period, time.period), listed=members)
            continue
        if last:
            yield last
        last = time
    if last:
        yield last


def _is_listed(text: str, before: Time, time: Time) -> bool:
    if not _AND.fullmatch(text, before.end, time.start) or before.is_past != time.is_past:
        return False
    return before.reach >= Reach.SENTENCE and time.reach >= Reach.SENTENCE and bool(time.period)


def _is_same_period(text: str, before: Time, time: Time) -> bool:
    """Whether 同期 behind the last of several years is said of them all: 2022年、2023年同期."""
    if not text.startswith("同期", time.end - 2) or not _AND.fullmatch(text, before.end, time.start):
        return False
    return before.only_year and bool(time.period) and before.reach >= Reach.SENTENCE


def _in_year(period: str | None, year: str | None) -> str | None:
    return re.sub("[0-9]{4}(?=H|-|$)", year, period) if period and year else None


def whole_of(first: str | None, last: str | None) -> str | None:
    """Years or months that follow each other, as one span.

    >>> whole_of("2021", "2022"), whole_of("2023-01", "2023-02"), whole_of("2023-01/2023-03", "2023-04/2023-06")
    ('2021/2022', '2023-01/2023-02', '2023-01/2023-06')
    >>> whole_of("2020", "2025"), whole_of("2023H1", "2023H2")
    (None, '2023')
    """
    if not first or not last or first.startswith("..") or last.startswith(".."):
        return None
    year, month = last_month(first)
    if first_month(last) != (year + month // 12, month % 12 + 1) or _fineness(first) != _fineness(last):
        return None
    if "H" in first:
        return first[:4] if first[:4] == last[:4] else None
    return f"{first.split('/')[0]}/{last.split('/')[-1]}"


def _fineness(period: str) -> str:
    return next((sign for sign in "H-" if sign in period), "")
