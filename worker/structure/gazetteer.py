"""Administrative codes of places (GB/T 2260), given only where a name and its surroundings leave one."""

import re
from dataclasses import dataclass
from functools import lru_cache

from worker.facts import load_facts

#: Provinces that GB/T 2260 gives one code each: places below them have none.
_WITHOUT_PARTS = ("71", "81", "82")
_CURRENT = 9999
_SUFFIX = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|地区|[省市县区盟旗])$")


@dataclass(frozen=True, slots=True)
class Division:
    """A code that a name has had, from the first year to the last."""

    code: str
    first: int
    last: int


def region_code(name: str, words: str, year: int | None) -> str | None:
    """The code of the place called ``name`` in a report about ``year``; None where several may be meant, or none.

    ``words`` are the report's own that may name the places above it (the issuer, the title): where names repeat, they
    decide. A report is given in the year after the one it is about, so that both years count.

    >>> region_code("湛江市", "", 2021), region_code("鼓楼区", "", 2021), region_code("鼓楼区", "福州市鼓楼区人民政府", 2021)
    ('440800', None, '350102')
    """
    found = _table().get(name) or _table().get(_full_names().get(name, ""), ())
    if year is not None:
        found = tuple(one for one in found if one.first <= year + 1 and year <= one.last)
    if len(found) > 1:
        found = tuple(one for one in found if any(above in words for above in _above(one)))
    codes = {one.code for one in found}
    if len(codes) != 1:
        return None
    code = codes.pop()
    return None if code.startswith(_WITHOUT_PARTS) and not code.endswith("0000") else code


def province_or_prefecture(text: str) -> str | None:
    """The full name of the province or prefecture that a text begins with the short name of.

    >>> province_or_prefecture("重庆能源形势分析"), province_or_prefecture("烟台前3月"), province_or_prefecture("朝阳产业")
    ('重庆市', '烟台市', None)
    """
    return next((_full_names()[text[:size]] for size in (4, 3, 2) if text[:size] in _full_names()), None)


@lru_cache(maxsize=1)
def _full_names() -> dict[str, str]:
    """Short names of provinces and prefectures (重庆, 内蒙古), where no other place of today has the same one."""
    full: dict[str, set[str]] = {}
    large: set[str] = set()
    for name, divisions in _table().items():
        now = [one for one in divisions if one.last == _CURRENT]
        short = _SUFFIX.sub("", name)
        if now and len(short) > 1:
            full.setdefault(short, set()).add(name)
            large |= {name} if any(one.code.endswith("00") for one in now) else set()
    return {short: name for short, names in full.items() for name in names if len(names) == 1 and name in large}


def _above(division: Division) -> list[str]:
    """The names of the places that a division lies in: its prefecture's and its province's."""
    codes = {division.code[:2] + "0000", division.code[:4] + "00"} - {division.code}
    return [name for code in codes for name in _names().get(code, ())]


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[Division, ...]]:
    rows = (line.split() for line in load_facts("regions")["regions"]["table"].split("\n") if line)
    return {name: tuple(map(_division, divisions)) for name, *divisions in rows}


def _division(row: str) -> Division:
    code, _, years = row.partition(":")
    first, _, last = years.partition("-")
    return Division(code, int(first), int(last) if last else _CURRENT)


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    """Every name that each code has had."""
    names: dict[str, list[str]] = {}
    for name, divisions in _table().items():
        for one in divisions:
            names.setdefault(one.code, []).append(name)
    return names
