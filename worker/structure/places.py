"""Names of government organs, and the places that they name."""

import re
from collections.abc import Callable
from functools import lru_cache

from worker.facts import load_facts
from worker.patterns import any_of
from worker.structure.chains import (
    NamedPlace,
    known_chain,
    longest_chain,
    name_at,
    read_chain,
    suffixed_name,
)
from worker.structure.gazetteer import province_or_prefecture

_HAN = r"\u4e00-\u9fff"
_YEAR = re.compile(r"(?:(?:19|20)\d{2}|1[0-2]\d) ?年")
_END_IN_TITLE = re.compile(f"[^{_HAN}]|$|工作|关于|年度")
#: What a title says between the organ and the year: 云山市教育局政府信息公开工作2021年度报告.
_REPORTED_ON = re.compile("(?<=.{4})(?:政府信息公开|政务公开|信息公开|法治政府建设|法治建设|依法行政|普法)(?:工作)?$")
_QUOTES = '《〈「『“"'


def own_name(name: str) -> NamedPlace | None:
    """The place that the whole of some words names; None if they are no place's name.

    >>> own_name("吉林省吉林市船营区").name, own_name("广州").name, own_name("我市")
    ('船营区', '广州市', None)
    """
    found = read_chain(name, lambda text, at: at == len(text))
    return found[0] if found else None


def place_at_start(text: str, is_word: Callable[[str], bool] | None = None) -> NamedPlace | None:
    """The place that a text begins with; None where it begins with two of them.

    What follows must show that the name ends there. In a title, for which ``is_word`` is given, a full name of the
    gazetteer counts whatever follows, and so does a name that ``is_word`` knows.
    """
    words = _without_beginning(text)
    found = read_chain(words, _ends_in_text)
    if found is None and is_word:
        name = suffixed_name(words)
        found = known_chain(words) or ((NamedPlace(name), len(name)) if name and is_word(name) else None)
    return found[0] if found and not _goes_on_with_another(words, *found) else None


def names_two_places(text: str) -> bool:
    """Whether a text begins with two places side by side: 福州市、厦门市2023年…."""
    words = _without_beginning(text)
    found = read_chain(words, _ends_in_text) or known_chain(words) or name_at(words)
    return found is not None and _goes_on_with_another(words, *found)


def called_at_start(text: str) -> NamedPlace | None:
    """The province or prefecture whose short name a text begins with, whatever follows: 烟台前3月县市区采购."""
    words = _without_beginning(text)
    found = name_at(words)
    return found[0] if found and province_or_prefecture(words) else None


def place_of(organ: str) -> NamedPlace | None:
    """The place that an organ's name begins with.

    >>> place_of("中共湛江市委").name, place_of("国家税务总局广州市天河区税务局"), place_of("市政府办公室")
    ('湛江市', NamedPlace(name='天河区', above=('广州市',)), None)
    """
    name = _without_beginning(organ)
    found = read_chain(name, _ends_in_organ)
    if found:
        return _office_in(*found, name)
    place = longest_chain(name)
    if place is None and name != organ.strip():
        called = name_at(name)
        return called[0] if called else None
    if place is None:
        regions = load_facts("document")["seats"]["regions"]
        place = next((NamedPlace(str(region)) for region in regions if name.startswith(region)), None)
    return place


def _office_in(place: NamedPlace, end: int, organ: str) -> NamedPlace:
    """The place, or the part of it that a government has an office in: 天河区人民政府石牌街道办事处."""
    government = "人民政府"
    part = read_chain(organ, _ends_in_organ, end + len(government)) if organ.startswith(government, end) else None
    return NamedPlace(part[0].name, (*place.above, place.name, *part[0].above)) if part else place


def is_national(organ: str) -> bool:
    """Whether an organ is one of the whole country, and no branch of it that names a place.

    >>> is_national("中华人民共和国国家统计局"), is_national("最高人民法院"), is_national("国家统计局湛江调查队")
    (True, True, False)
    """
    name = organ.strip()
    return bool(_country().fullmatch(name)) and not any(name_at(name, at) for at in range(len(name)))


def is_organ(name: str) -> bool:
    """Whether words are the name of a government organ, or of several with spaces between."""
    parts = name.split()
    return bool(parts) and len(name) <= 60 and all(_organ().fullmatch(part) for part in parts)


def is_named(organ: str) -> bool:
    """Whether an organ's name says which of its kind it is: by its place, as firms do, or because there is only one."""
    organs = load_facts("document")["organisations"]
    one_of_its_kind = organ in organs["national"] or is_national(organ) or organ.endswith(tuple(organs["firms"]))
    return one_of_its_kind or place_of(organ) is not None


def organ_at_start(text: str) -> str | None:
    """The organ, or organs, that a text begins with up to a ``关于`` or a year."""
    organ, about, _ = text.partition("关于")
    if about and not organ:
        return None
    dated = _YEAR.search(text)
    before = text[: dated.start()].strip() if dated else ""
    before = _REPORTED_ON.sub("", before) if is_organ(_REPORTED_ON.sub("", before)) else before
    if before and is_organ(before) and is_named(before):
        return before
    return organ.strip() if about and is_organ(organ.strip()) else None


def organ_of_report(title: str) -> str | None:
    """The organ whose report a title calls itself: 云山县人民法院工作报告. A government's is that of 人民政府, which it does not say.

    >>> organ_of_report("云山县人民检察院工作报告"), organ_of_report("云山县政府工作报告"), organ_of_report("县法院工作报告")
    ('云山县人民检察院', None, None)
    """
    organ = re.sub("(?:年度)?(?:工作)?(?:报告|总结|要点)$", "", title.strip())
    is_other = organ == title.strip() or organ.endswith("政府")
    return organ if not is_other and is_organ(organ) and is_named(organ) else None


def national_organ_at_start(title: str) -> str | None:
    """The organ of a whole state or region that a title begins with: 行政院施政报告, 立法会会议过程正式纪录."""
    organs = load_facts("document")["organisations"]["national"]
    of_country = _country().match(title)
    if of_country and _ends_in_title(title, of_country.end()):
        organs = [*organs, of_country[0]]
    return max((str(organ) for organ in organs if title.startswith(organ)), default=None)  # the longest


def office_holder(line: str) -> re.Match[str] | None:
    """A line such as ``海拉尔区人民政府区长 张三``: groups ``organ`` and ``name``."""
    return _office().fullmatch(line)


def _without_beginning(text: str) -> str:
    """A text from its first place on, where it begins as organs and titles do before they name one."""
    text = text.strip().lstrip(_QUOTES)
    before = _before().match(text)
    if before is None:
        return text
    rest = text[before.end() :]
    return rest if name_at(rest) or suffixed_name(rest) else text


def _goes_on_with_another(text: str, place: NamedPlace, end: int) -> bool:
    joined = next((word for word in load_facts("document")["places"]["joined_by"] if text.startswith(word, end)), "")
    other = name_at(text, end + len(joined)) if joined else None
    return other is not None and other[0].name not in (place.name, *place.above)


def _ends_in_text(text: str, at: int) -> bool:
    return bool(_end_in_text().match(text, at))


def _ends_in_title(text: str, at: int) -> bool:
    return bool(_END_IN_TITLE.match(text, at))


def _ends_in_organ(text: str, at: int) -> bool:
    return bool(_end_in_organ().match(text, at))


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    before = load_facts("document")["places"]["before"]
    return re.compile(f"(?:{any_of(before)})+")


@lru_cache(maxsize=1)
def _end_in_organ() -> re.Pattern[str]:
    organs = load_facts("document")["organisations"]["suffixes"]
    return re.compile(f"[^{_HAN}]|$|{any_of(organs)}")


@lru_cache(maxsize=1)
def _end_in_text() -> re.Pattern[str]:
    return re.compile(f"{_end_in_organ().pattern}|{'|'.join(load_facts('document')['places']['followed_by'])}")


@lru_cache(maxsize=1)
def _country() -> re.Pattern[str]:
    country = load_facts("document")["country"]
    return re.compile(f"(?:中华人民共和国)?(?:{'|'.join(country['organs'])}|{country['others']}){country['parts']}")


@lru_cache(maxsize=1)
def _organ() -> re.Pattern[str]:
    organs = load_facts("document")["organisations"]
    return re.compile(f"[{_HAN}、()（）]{{2,40}}?(?:{any_of(organs['suffixes'])})|{any_of(organs['national'])}")


@lru_cache(maxsize=1)
def _office() -> re.Pattern[str]:
    offices = any_of(load_facts("document")["offices"]["words"])
    return re.compile(
        rf"(?P<organ>[{_HAN}]{{0,30}}?)(?P<office>(?:代)?(?:{offices})(?:兼[{_HAN}]{{2,12}})?)[ \u3000]*(?P<name>[{_HAN}·]{{2,4}}(?: [{_HAN}]{{1,2}})?|[{_HAN}] [{_HAN}])"
    )
