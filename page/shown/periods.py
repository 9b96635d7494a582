"""Periods as people write them."""

import re
from functools import cache
from string import Formatter

from page.wording import Wording, of

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:(H[12]|Q[1-4]))?")


def period_text(period: str | None, t: Wording) -> str:
    """A period in the words of a language: 2023年上半年, 截至2023年12月31日, 2021年至2025年."""
    if not period:
        return t("period.none")
    if period.startswith(".."):
        return t("period.as_at", date=_date(period[2:], t))
    first, slash, last = period.partition("/")
    if slash:
        return t("period.span", first=_date(first, t), last=_date(last, t))
    return _date(first, t)


def _date(text: str, t: Wording) -> str:
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    year, month, day, part = match.groups()
    if part:
        return t(f"period.{part}", year=year)
    if day:
        return t("period.day", year=year, month=int(month), day=int(day))
    return t("period.month", year=year, month=int(month)) if month else t("period.year", year=year)


#: What each date of the wording is in a report, by the key of its sentence.
_WRITTEN = {"year": "{year}", "month": "{year}-{month:0>2}", "day": "{year}-{month:0>2}-{day:0>2}"} | {
    part: f"{{year}}{part}" for part in ("H1", "H2", "Q1", "Q2", "Q3", "Q4")
}
_PLACES = {"year": r"(?P<year>\d{4})", "month": r"(?P<month>\d{1,2})", "day": r"(?P<day>\d{1,2})"}
_ANY = r"(?P<{name}>.+?)"
_GAPS = re.compile(r"\s+")


def period_written(text: str, t: Wording) -> str:
    """A period in the words that :func:`period_text` has for it, as reports write it: 2023H1, ..2023-12-31, 2021/2025.

    What is in no such words is left as it is, to be looked at by whoever takes it.
    """
    text = _GAPS.sub(" ", text.strip())
    if text == t("period.none"):
        return ""
    if match := _sentence("period.as_at", t.language).fullmatch(text):
        return ".." + _date_written(match["date"], t)
    if match := _sentence("period.span", t.language).fullmatch(text):
        return f"{_date_written(match['first'], t)}/{_date_written(match['last'], t)}"
    return _date_written(text, t)


def _date_written(text: str, t: Wording) -> str:
    for key, written in _WRITTEN.items():
        if match := _sentence(f"period.{key}", t.language).fullmatch(text.strip()):
            return written.format(**match.groupdict())
    return text


@cache
def _sentence(key: str, language: str) -> re.Pattern[str]:
    """A sentence of the wording as the pattern of what it can say."""
    said = of(language)(key)
    parts = (
        re.escape(words) + (_PLACES.get(name) or _ANY.format(name=name) if name else "")
        for words, name, _, _ in Formatter().parse(said)
    )
    return re.compile("".join(parts), re.ASCII)
