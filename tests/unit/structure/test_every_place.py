"""Every name of the gazetteer is found whole in the titles that reports have, and nothing is guessed around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pytest

from worker.facts import load_facts
from worker.structure.evidence import Evidence
from worker.structure.gazetteer import locate
from worker.structure.places import organ_at_start
from worker.structure.region import find_region
from worker.structure.signature import SignedAt

FORMS = (
    "{}2023年政府工作报告",
    "2023年{}法治政府建设情况报告",
    "{}人民政府2023年政府信息公开工作年度报告",
    "关于{}2023年国民经济和社会发展计划执行情况与2024年国民经济和社会发展计划草案的报告",
    "{}人民法院工作报告",
    "中共{0}委员会、{0}人民政府关于2023年法治政府建设情况的报告",
)
#: One name in the one, the next in the other; all names in all forms are for make test-faults: a hundred thousand titles more.
OFTEN = (FORMS[0], FORMS[5])
#: Districts of some cities whose name is a word everywhere else: alone it may be read as one.
WORDS = {"城区", "郊区", "新区", "市区"}
PROVINCE, CITY = 2, 4  # digits of a code that tell them

Spell = tuple[str, int, int]  # a name or a code, from the first year to the last


@dataclass(frozen=True)
class Row:
    """A name in a year: its code, and what the province and the prefecture of every place of that name were called."""

    name: str
    code: str
    year: int
    provinces: dict[str, frozenset[str]]
    cities: dict[str, frozenset[str]]


def in_force(spells: list[Spell], year: int) -> frozenset[str]:
    return frozenset(what for what, first, last in spells if first <= year + 1 and year <= last)


@lru_cache(maxsize=1)
def rows() -> list[Row]:
    by_code: dict[str, list[Spell]] = {}
    by_name: dict[str, list[Spell]] = {}
    for line in load_facts("regions")["regions"]["table"].strip().split("\n"):
        name, *divisions = line.split()
        for code, _, years in (division.partition(":") for division in divisions):
            first, _, last = years.partition("-")
            by_code.setdefault(code, []).append((name, int(first), int(last or 9999)))
            by_name.setdefault(name, []).append((code, int(first), int(last or 9999)))
    found = []
    for name, spells in by_name.items():
        for code, first, last in spells:
            year = max(first, min(last - 1, 2023))  # a report is given in the year after, so that both count
            codes = in_force(spells, year)
            provinces = {one: in_force(by_code.get(one[:PROVINCE] + "0000", []), year) for one in codes}
            cities = {one: in_force(by_code.get(one[:CITY] + "00", []), year) - provinces[one] for one in codes}
            found.append(Row(name, code, year, provinces, cities))
    return found


def written(row: Row) -> Iterator[tuple[str, int]]:
    """The name alone, behind its city's, behind its province's; and how many digits of its code that tells."""
    yield row.name, 0
    yield from ((city + row.name, CITY) for city in row.cities[row.code] - {row.name})
    yield from ((province + row.name, PROVINCE) for province in row.provinces[row.code] - {row.name})


def told(title: str, year: int) -> tuple[str | None, str | None, str | None]:
    """Region, province and city of a report that has a title and no more."""
    evidence = Evidence({}, (), (), title, SignedAt(None, None, 0))
    issuer = organ_at_start(title)
    place = find_region(evidence, issuer, "", lambda word: False)
    if place is None:
        return None, None, None
    location = locate(place.name, place.above, evidence.words(issuer), year)
    return place.name, location.province, location.city


def is_right(found: str | None, may_be: set[frozenset[str]]) -> bool:
    """Whether a place above has one of its names; where several may be meant, none, or a name that all of them have."""
    names = frozenset.intersection(*may_be)
    return found in names if names and len(may_be) == 1 else found is None or found in names


def faults(forms: Sequence[str]) -> Iterator[str]:
    """Names that are not found as they are in the forms, which take turns."""
    for number, row in enumerate(rows()):
        form = forms[number % len(forms)]
        for words, digits in written(row):
            region, province, city = told(form.format(words), row.year)
            meant = [code for code in row.provinces if code[:digits] == row.code[:digits]]
            right = (
                region == row.name
                and is_right(province, {row.provinces[code] for code in meant})
                and is_right(city, {row.cities[code] for code in meant})
            )
            if not right and not (region is None and words in WORDS):
                yield f"{words} ({row.code} in {row.year}): {region}, {province}, {city}"


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param(OFTEN, id="in turn"),
        *(pytest.param((form,), id=str(number), marks=pytest.mark.faults) for number, form in enumerate(FORMS)),
    ],
)
def test_every_name_is_found_whole_and_its_province_and_city_where_they_are_told(forms: Sequence[str]) -> None:
    """Of today and of former years; a name that several places have tells neither by itself."""
    found = list(faults(forms))

    assert found[:20] == [], f"{len(found)} names in {forms}"


def test_the_table_covers_the_country() -> None:
    """Every province, prefecture and county of today is among the rows that the titles are made of."""
    today = {row.code for row in rows() if row.year == 2023}
    mainland = {code for code in today if code < "710000"}

    assert sum(code.endswith("0000") for code in today) == 34
    assert sum(code.endswith("00") and not code.endswith("0000") for code in mainland) >= 333
    assert sum(not code.endswith("00") for code in mainland) > 2840
