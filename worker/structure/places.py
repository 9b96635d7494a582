"""Names of places and of government organs."""

import re
from collections.abc import Callable
from functools import lru_cache

from worker.facts import load_facts

_HAN = r"\u4e00-\u9fff"
_YEAR = re.compile(r"(?:(?:19|20)\d{2}|1[0-2]\d) ?年")
LONGEST_NAME = 4
LONGEST_AUTONOMOUS_NAME = 14


def own_name(name: str) -> str | None:
    """A place's own name, without the levels above it; None if the words are no place's name.

    >>> own_name("吉林省吉林市船营区"), own_name("新乡市"), own_name("我市")
    ('船营区', '新乡市', None)
    """
    match = _whole().fullmatch(name)
    if match is None or _is_word(match["last"]):
        return None
    return match["last"]


def place_at_start(text: str, is_word: Callable[[str], bool] | None = None) -> str | None:
    """The own name of the place that a text begins with.

    What follows must show that the name ends there; failing that, a name counts that ``is_word`` knows.
    """
    match = _leading().match(text)
    if match:
        return own_name(match[0])
    first = _units().match(text) if is_word else None
    return first[0] if first and is_word and is_word(first[0]) and not _is_word(first[0]) else None


def place_of(organ: str) -> str | None:
    """The own name of the place that an organ's name begins with.

    >>> place_of("中共湛江市委"), place_of("东方市人民政府办公室"), place_of("市政府办公室")
    ('湛江市', '东方市', None)
    """
    name = organ.strip().removeprefix("中共").removeprefix("中国共产党")
    place = next(
        (str(region) for region in load_facts("document")["seats"]["regions"] if name.startswith(region)), None
    )
    match = _several().match(name)
    for unit in _units().findall(match[0] if match else ""):
        if _is_word(unit):
            break
        place = unit
    return place


def is_organ(name: str) -> bool:
    """Whether words are the name of a government organ, or of several with spaces between."""
    parts = name.split()
    return bool(parts) and len(name) <= 60 and all(_organ().fullmatch(part) for part in parts)


def is_named(organ: str) -> bool:
    """Whether an organ's name says which of its kind it is: by its place, or because there is only one."""
    return organ in load_facts("document")["organisations"]["national"] or place_of(organ) is not None


def organ_at_start(text: str) -> str | None:
    """The organ, or organs, that a text begins with up to a ``关于`` or a year."""
    organ, about, _ = text.partition("关于")
    dated = _YEAR.search(text)
    if dated and is_organ(text[: dated.start()].strip()) and is_named(text[: dated.start()].strip()):
        return text[: dated.start()].strip()
    return organ.strip() if about and is_organ(organ.strip()) else None


def national_organ_at_start(title: str) -> str | None:
    """The organ of a whole state or region that a title begins with: 行政院施政报告, 立法会会议过程正式纪录."""
    organs = load_facts("document")["organisations"]["national"]
    return max((organ for organ in organs if title.startswith(organ)), key=len, default=None)


def office_holder(line: str) -> re.Match[str] | None:
    """A line such as ``海拉尔区人民政府区长 张三``: groups ``organ`` and ``name``."""
    return _office().fullmatch(line)


def _is_word(name: str) -> bool:
    return name in load_facts("document")["places"]["not_places"]


@lru_cache(maxsize=1)
def _unit() -> str:
    places = load_facts("document")["places"]
    inside = f"[^{places['outside']}\\W\\da-zA-Z_]"
    autonomous = "|".join(word for word in places["suffixes"] if word.startswith("自治"))
    others = "|".join(word for word in places["suffixes"] if not word.startswith("自治"))
    return f"(?:{inside}{{2,{LONGEST_AUTONOMOUS_NAME}}}?(?:{autonomous})|{inside}{{1,{LONGEST_NAME}}}?(?:{others}))"


@lru_cache(maxsize=1)
def _whole() -> re.Pattern[str]:
    return re.compile(f"(?:{_unit()}){{0,4}}?(?P<last>{_unit()})")


@lru_cache(maxsize=1)
def _units() -> re.Pattern[str]:
    return re.compile(_unit())


@lru_cache(maxsize=1)
def _several() -> re.Pattern[str]:
    return re.compile(f"(?:{_unit()}){{0,5}}")


@lru_cache(maxsize=1)
def _leading() -> re.Pattern[str]:
    facts = load_facts("document")
    organs = "|".join(sorted(facts["organisations"]["suffixes"], key=len, reverse=True))
    return re.compile(
        f"(?:{_unit()}){{1,5}}?(?=[^{_HAN}]|$|{organs}|坚持|认真|深入|全面|政协|法治|国民|经济|行政|关于|工作|统计|在|把|以|共|围绕|按照|全区|全市)"
    )


@lru_cache(maxsize=1)
def _organ() -> re.Pattern[str]:
    organs = load_facts("document")["organisations"]
    suffixes = "|".join(sorted(organs["suffixes"], key=len, reverse=True))
    return re.compile(f"[{_HAN}、()（）]{{2,40}}?(?:{suffixes})|{'|'.join(organs['national'])}")


@lru_cache(maxsize=1)
def _office() -> re.Pattern[str]:
    offices = "|".join(sorted(load_facts("document")["offices"]["words"], key=len, reverse=True))
    return re.compile(
        rf"(?P<organ>[{_HAN}]{{0,30}}?)(?P<office>(?:代)?(?:{offices})(?:兼[{_HAN}]{{2,12}})?)[ \u3000]*(?P<name>[{_HAN}·]{{2,4}}(?: [{_HAN}]{{1,2}})?|[{_HAN}] [{_HAN}])"
    )
