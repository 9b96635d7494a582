"""The places of China down to the county (GB/T 2260): their names, and where each lies.

The table has the names of provinces, prefectures and counties since 1980, former ones too, and the development zones
that provinces list beside their counties. It has no town, township, village or street.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.facts import load_facts

#: Provinces that GB/T 2260 gives one code each: places below them have none.
_WITHOUT_PARTS = ("71", "81", "82")
_CURRENT = 9999
#: Digits of a code that name the province, and the prefecture.
_PROVINCE, _PREFECTURE = 2, 4
_SUFFIX = re.compile(r"(?:特别行政区|自治区|地区|[省市县区盟旗])$")
SHORTEST_NAME, LONGEST_NAME = 2, 16
_AS_PROVINCE, _AS_PREFECTURE, _AS_BASE, _AS_COUNTY = range(4)


@dataclass(frozen=True, slots=True)
class Division:
    """A code that a name has had, from the first year to the last."""

    code: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place lies: its code, and the full names of its province and its prefecture (地级市, 地区, 自治州 or 盟).

    A field is None where nothing tells it, or where there is no such place: a province lies in no prefecture, nor do a
    district of 上海市 or a county right below a province.
    """

    code: str | None = None
    province: str | None = None
    city: str | None = None


def is_known(name: str) -> bool:
    """Whether a place of this full name is in the table, of today or of former years.

    >>> is_known("广州市"), is_known("广州")
    (True, False)
    """
    return name in _table()


def is_current(name: str) -> bool:
    """Whether a place of this full name is there today."""
    return any(one.last == _CURRENT for one in _table().get(name, ()))


def lies_in(name: str, above: Container[str]) -> bool:
    """Whether some place of this name lies, or lay, in one of those.

    >>> lies_in("城区", ["晋城市"]), lies_in("城区", ["广州市"])
    (True, False)
    """
    return any(upper in above for one in _table().get(name, ()) for upper in _above(one))


def known_size(text: str, start: int = 0) -> int:
    """The length of the longest full name at ``start``; 0 where there is none.

    >>> known_size("广州市2023年"), known_size("吉林省吉林市", 3), known_size("广州2023年"), known_size("河北区域经济")
    (3, 3, 0, 0)
    """
    return _longest(_known_sizes(), _table(), text, start)


def short_size(text: str, start: int = 0) -> int:
    """The length of the longest short name at ``start``, one that ``full_name`` knows; 0 where there is none."""
    return _longest(_short_sizes(), _full_names(), text, start)


def full_name(name: str) -> str:
    """The full name of a place whose short name means no other; every other name as it is.

    Short are the names of provinces and prefectures without their suffix, 州 and 县 for 自治州 and 自治县, and those of
    county-level cities that end like a place's name without it.

    >>> full_name("广州"), full_name("海南"), full_name("凉山州"), full_name("胶州"), full_name("朝阳"), full_name("天河区")
    ('广州市', '海南省', '凉山彝族自治州', '胶州市', '朝阳', '天河区')
    """
    return _full_names().get(name, name)


def province_or_prefecture(text: str) -> str | None:
    """The full name of the province or prefecture that a text begins with the short name of.

    >>> province_or_prefecture("重庆能源形势分析"), province_or_prefecture("烟台前3月"), province_or_prefecture("朝阳产业")
    ('重庆市', '烟台市', None)
    """
    size = short_size(text)
    name = full_name(text[:size]) if size else ""
    return name if any(one.code.endswith("00") for one in _table().get(name, ())) else None


def named(code: str, year: int | None) -> str | None:
    """The name that a code of GB/T 2260 has in a year, the latest where there is no year; None for one that is not there.

    >>> named("440800", 2023), named("999999", 2023)
    ('湛江市', None)
    """
    return _called(code, "", year)


def located_code(code: str, year: int | None) -> Location:
    """Where the place with a code lies."""
    above = (_called(code[:size], "", year) for size in (_PROVINCE, _PREFECTURE))
    return Location(code, *above)


def locate(name: str, above: Sequence[str], words: str, year: int | None) -> Location:
    """Where the place called ``name`` lies, as far as a report about ``year`` tells it.

    ``above`` are the places that the report puts right in front of the name, outermost first: they decide. ``words``
    are others of its words that may name the places above it (the issuer, the title): where a name repeats, they
    decide. A report is given in the year after the one it is about, so that both years count.

    >>> locate("吴江区", ("苏州市",), "", 2023)
    Location(code='320509', province='江苏省', city='苏州市')
    >>> locate("石牌街道", ("广州市", "天河区"), "", 2023)
    Location(code=None, province='广东省', city='广州市')
    >>> locate("鼓楼区", (), "", 2023)
    Location(code=None, province=None, city=None)
    """
    return _located(name, tuple(above) or _named_before(name, words), "\n".join((words, *above)), year)


def _located(name: str, above: Sequence[str], words: str, year: int | None) -> Location:
    beside = load_facts("document")["places"]["beside"]
    if name in beside:
        return Location(province=beside[name])
    found = _in_year(_table().get(name) or _table().get(full_name(name), ()), year)
    if found:
        found = _below(found, [upper for upper in above if not is_corps(upper)])
        if len(found) > 1:
            found = tuple(one for one in found if any(upper in words for upper in _above(one))) or found
    outer = Location()
    if above:
        outer = _located(above[-1], above[:-1], words, year)
    elif not found:
        outer = _zone_location(name, words, year)
    codes = {one.code for one in found}
    code = codes.pop() if len(codes) == 1 else None
    return Location(
        None if code and code.startswith(_WITHOUT_PARTS) and not code.endswith("0000") else code,
        _name_of({one.code[:_PROVINCE] for one in found}, words, year) or outer.province,
        _name_of({one.code[:_PREFECTURE] for one in found}, words, year) or outer.city,
    )


def is_corps(name: str) -> bool:
    """Whether a name is of the corps of 新疆, which lies beside the divisions of the state, or of a part of it."""
    places = load_facts("document")["places"]
    return name in places["beside"] or bool(re.fullmatch(places["corps"], name))


def _zone_location(name: str, words: str, year: int | None) -> Location:
    """Where a zone lies that is called after its city, as 徐州经济技术开发区, or whose name begins with its province's."""
    zone = max(filter(name.endswith, load_facts("document")["places"]["zones"]), key=len, default="")
    base = name.removesuffix(zone) if zone else ""
    size = short_size(base)
    upper = full_name(base[:size]) if size else ""
    if upper and (size == len(base) or any(one.code.endswith("0000") for one in _table()[upper])):
        return _located(upper, (), words, year)
    return Location()


def _below(found: tuple[Division, ...], above: Sequence[str]) -> tuple[Division, ...]:
    """Those that lie in every one of the places above; none where one of these is unknown, and so may be anywhere."""
    return tuple(one for one in found if set(above) <= set(_above(one)))


def _in_year(divisions: tuple[Division, ...], year: int | None) -> tuple[Division, ...]:
    return divisions if year is None else tuple(one for one in divisions if one.first <= year + 1 and year <= one.last)


def _name_of(starts: set[str], words: str, year: int | None) -> str | None:
    """The one name, in a year, of the places whose codes begin so; None where there are several, or none."""
    names = {_called(start, words, year) for start in starts}
    return names.pop() if len(names) == 1 else None


def _called(start: str, words: str, year: int | None) -> str | None:
    """What the province or prefecture whose code begins so was called; of two names, the one that the report uses."""
    code = start.ljust(6, "0")
    if len(start) == _PREFECTURE and code.endswith("0000"):
        return None  # a county right below its province
    names = [(name, one) for name in _names().get(code, ()) for one in _table()[name] if one.code == code]
    names = [(name, one) for name, one in names if _in_year((one,), year)]
    latest = sorted(names, key=lambda pair: (pair[0] in words, pair[1].last, pair[1].first))
    return latest[-1][0] if latest else None


def _named_before(name: str, words: str) -> tuple[str, ...]:
    """The places that words put right in front of a name, outermost first; none where two differ."""
    chains = {chain for match in re.finditer(re.escape(name), words) if (chain := _ending_at(words, match.start()))}
    return chains.pop() if len(chains) == 1 else ()


def _ending_at(words: str, end: int) -> tuple[str, ...]:
    for size in range(min(LONGEST_NAME, end), SHORTEST_NAME - 1, -1):
        name = words[end - size : end]
        if is_known(name) or name in _full_names():
            return (*_ending_at(words, end - size), full_name(name))
    return ()


def _longest(sizes: Mapping[str, Sequence[int]], names: Container[str], text: str, start: int) -> int:
    going_on = load_facts("document")["places"]["going_on"]
    for size in sizes.get(text[start : start + SHORTEST_NAME], ()):
        end = start + size
        if end <= len(text) and text[start:end] in names and text[end - 1 : end + 1] not in going_on:
            return size
    return 0


def _sizes(names: Iterable[str]) -> dict[str, list[int]]:
    """The lengths of the names that begin with the same two characters, the longest first."""
    sizes: dict[str, set[int]] = {}
    for name in names:
        sizes.setdefault(name[:SHORTEST_NAME], set()).add(len(name))
    return {beginning: sorted(lengths, reverse=True) for beginning, lengths in sizes.items()}


@lru_cache(maxsize=1)
def _known_sizes() -> dict[str, list[int]]:
    return _sizes(_table())


@lru_cache(maxsize=1)
def _short_sizes() -> dict[str, list[int]]:
    return _sizes(_full_names())


@lru_cache(maxsize=1)
def _full_names() -> dict[str, str]:
    """The full name for each short name that has one owner among the places of today."""
    owners: dict[str, list[tuple[int, str, Division]]] = {}
    for name, divisions in _table().items():
        for one in divisions:
            if one.last == _CURRENT:
                for rank, short in _short_forms(name, one):
                    owners.setdefault(short, []).append((rank, name, one))
    full = {short: _owner(claims) for short, claims in owners.items() if short not in _table()}
    return {short: name for short, name in full.items() if name}


def _short_forms(name: str, division: Division) -> list[tuple[int, str]]:
    """Short names, each with its rank: how near at hand the place is when only that is said."""
    level = _AS_PROVINCE if division.code.endswith("0000") else _AS_PREFECTURE
    small = not division.code.endswith("00")
    autonomous = _autonomous().fullmatch(name)
    if autonomous:
        base, kind = autonomous["base"], autonomous["kind"]
        called = base + (kind if kind == "自治区" else kind[-1])
        if small:
            return [(_AS_BASE, called)]
        return [(level, called), (level if level == _AS_PROVINCE else _AS_BASE, base)]
    short = _SUFFIX.sub("", name)
    if len(short) < SHORTEST_NAME or short == name:
        return []
    return [(_AS_COUNTY if small else level, short)]


def _owner(claims: list[tuple[int, str, Division]]) -> str | None:
    """The one place that a short name means, of all that it may be short for.

    A province's name goes before a county's and before that of a 自治州 (海南 is neither 海南区 nor 海南州), and a
    prefecture's before those of its own counties and districts (长沙 is not 长沙县), but not of its cities (喀什). Of
    counties only a city has a short name, and only one that ends as places' names do (胶州, 宁乡).
    """
    best = min(rank for rank, _, _ in claims)
    first = {name for rank, name, _ in claims if rank == best}
    if len(first) != 1:
        return None
    name = first.pop()
    others = [(rank, other, division) for rank, other, division in claims if other != name]
    if best == _AS_PROVINCE:
        return None if any(rank == _AS_PREFECTURE for rank, _, _ in others) else name
    if best == _AS_PREFECTURE:
        inside = {division.code[:_PREFECTURE] for _, other, division in claims if other == name}
        rivals = [one for _, one, division in others if one.endswith("市") or division.code[:_PREFECTURE] not in inside]
        return None if rivals else name
    ends_like_a_name = name.endswith(tuple(end + "市" for end in load_facts("document")["places"]["short_ends"]))
    return None if others or (best == _AS_COUNTY and not ends_like_a_name) else name


@lru_cache(maxsize=1)
def _autonomous() -> re.Pattern[str]:
    peoples = "|".join(load_facts("document")["places"]["peoples"])
    return re.compile(f"(?P<base>[\u4e00-\u9fff]{{2,}}?)(?:(?:{peoples})族?)+(?P<kind>自治[区州县旗])")


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
