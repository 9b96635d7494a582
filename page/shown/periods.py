"""Periods as people write them."""

import re

from page.wording import Wording

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
