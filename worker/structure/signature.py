"""Who signed a report, and when: the last lines of it."""

import re
from dataclasses import dataclass
from datetime import date

from worker.clean.dates import read_date
from worker.clean.lines import Line, lines_of
from worker.structure.places import is_organ

_DATE_LINE = re.compile(
    r"[(（]?(?:\d{4} ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2} ?日?|[〇○零ＯO一二三四五六七八九十]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
    r"|(?:中[华華])?民[国國] ?\d{2,3} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日)[)）]?"
)
LINES_LOOKED_AT = 40
LONGEST_LINE = 60
MOST_SIGNERS = 4


@dataclass(frozen=True)
class SignedAt:
    """The signing organs, the date, and where the signature begins; the text's length where there is none."""

    issuer: str | None
    signed: date | None
    start: int


def find_signature(text: str) -> SignedAt:
    """The last date that stands alone on a line, and the organs on the lines right above it.

    Organs without a date count only as the very last lines of the text. A date in brackets or a line such as
    ``(此件公开发布)`` may follow.
    """
    lines = list(lines_of(text))
    for index in range(len(lines) - 1, max(-1, len(lines) - LINES_LOOKED_AT), -1):
        line = lines[index]
        found = _dated(line)
        if found is None:
            if line.is_prose:
                break
            continue
        organ, day = found
        organs, first = _organs_above(lines, index)
        if organ:
            organs, first = [*organs, organ], min(first, index)
        if organs:
            return SignedAt(" ".join(organs), day, lines[first].start)
        if index > 0 and index >= len(lines) - 3:
            return SignedAt(None, day, line.start)
    organs, first = _organs_above(lines, len(lines))
    if organs and first > 0 and lines[first - 1].is_prose:
        return SignedAt(" ".join(organs), None, lines[first].start)
    return _inside(lines) or SignedAt(None, None, len(text))


def _inside(lines: list[Line]) -> SignedAt | None:
    """The signature of a letter that another paper follows: organs and a date below its prose."""
    end = lines[-1].end if lines else 0
    in_body = False
    for index, line in enumerate(lines):
        found = _dated(line) if in_body else None
        if found:
            organs, _ = _organs_above(lines, index)
            organs = [*organs, found[0]] if found[0] else organs
            if organs:
                return SignedAt(" ".join(organs), found[1], end)
        in_body = in_body or line.is_prose
    return None


def _dated(line: Line) -> tuple[str, date] | None:
    """The organ (or nothing) and the date of a line that holds no more than these."""
    if len(line.text) > LONGEST_LINE:
        return None
    match = _DATE_LINE.search(line.text)
    day = read_date(match[0]) if match else None
    if match is None or day is None or match.end() != len(line.text):
        return None
    before = line.text[: match.start()].strip()
    if before and not is_organ(before):
        return None
    return before, day


def _organs_above(lines: list[Line], index: int) -> tuple[list[str], int]:
    organs: list[str] = []
    first = index
    while first > 0 and len(organs) < MOST_SIGNERS and is_organ(lines[first - 1].text):
        first -= 1
        organs.insert(0, lines[first].text)
    return organs, first
