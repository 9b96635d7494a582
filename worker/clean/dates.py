"""Calendar dates as reports write them, and those that lost their 年, 月 and 日."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from worker.clean.lines import Line, lines_of
from worker.edits import Edit, Flaw

_DIGITS = {"〇": 0, "○": 0, "零": 0, "Ｏ": 0, "O": 0, **{char: n for n, char in enumerate("一二三四五六七八九", 1)}}
#: A stroke after 年, another than the one before, or one before 月 or 季 joins months: 2025年1-10月 is not the tenth of January.
_ARABIC = re.compile(
    r"(?P<year>(?:19|20)\d{2}) ?(?:年|(?P<stroke>[-/.])) ?(?P<month>\d{1,2}) ?(?(stroke)(?P=stroke)|月)"
    r" ?(?P<day>\d{1,2})(?: ?日)?(?!\d| ?个?[月季])"
)
_CHINESE = re.compile(
    r"(?P<year>[一二][〇○零ＯO一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_REPUBLIC = re.compile(r"(?:中[华華])?民[国國] ?(?P<year>\d{2,3}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日")
_RUN_TOGETHER = re.compile(r"(?P<year>20\d{2})(?P<rest>\d{2,4})")
#: A signature stands among the last lines of a report.
LINES_LOOKED_AT = 40
LONGEST_SIGNATURE = 40


def find_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """The full dates of a text with the place of each; ones that the calendar does not have are left out."""
    for pattern, numeral, era in ((_ARABIC, int, 0), (_REPUBLIC, int, 1911), (_CHINESE, _chinese, 0)):
        for match in pattern.finditer(text):
            try:
                day = date(numeral(match["year"]) + era, numeral(match["month"]), numeral(match["day"]))
            except ValueError:
                continue
            yield match.start(), match.end(), day


def read_date(text: str) -> date | None:
    """The first full date of a text.

    >>> read_date("2021年01月07日 11:11").isoformat(), read_date("二〇二一年十二月三十一日").isoformat()
    ('2021-01-07', '2021-12-31')
    """
    return min(find_dates(text), default=(0, 0, None))[2]


def find_lost_dates(text: str, published: date | None) -> Iterator[Edit | Flaw]:
    """Propose the date that a signature's run of digits was before it lost its 年, 月 and 日.

    ``published`` settles which of two readings is meant: a report is signed before it is put out. Where both would be
    before it, the later one is no better than the other, and the damage is noted instead.
    """
    for above, line in _signature_lines(text):
        match = _RUN_TOGETHER.fullmatch(line.text)
        if not match or above.is_prose or len(above.text) > LONGEST_SIGNATURE:
            continue
        readings = run_together(match["year"], match["rest"])
        fitting = [day for day in readings if published is None or day <= published]
        if len(fitting) == 1:
            day = fitting[0]
            confidence = 0.95 if len(readings) == 1 else 0.85
            yield Edit(line.start, line.end, f"{day.year}年{day.month}月{day.day}日", "date", confidence)
        elif readings:
            words = " or ".join(day.isoformat() for day in readings)
            yield Flaw(line.start, line.end, "ambiguous_date", f"{line.text} may be {words}")


def run_together(year: str, rest: str) -> list[date]:
    """The dates that ``rest`` may name, months and days written with or without a leading zero.

    >>> [day.isoformat() for day in run_together("2021", "111")]
    ['2021-01-11', '2021-11-01']
    """
    days = set()
    for cut in (1, 2):
        month, day = rest[:cut], rest[cut:]
        padded = len(rest) == 4
        if 1 <= len(day) <= 2 and (padded or not (month.startswith("0") or day.startswith("0"))):
            try:
                days.add(date(int(year), int(month), int(day)))
            except ValueError:
                continue
    return sorted(days)


def _signature_lines(text: str) -> Iterator[tuple[Line, Line]]:
    lines = list(lines_of(text))
    last = lines[-LINES_LOOKED_AT:]
    yield from pairwise(last)


def _chinese(numeral: str) -> int:
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in numeral))
