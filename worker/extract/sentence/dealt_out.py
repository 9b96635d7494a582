"""分别: things named one after the other take the figures after them in the same order."""

import re
from collections.abc import Sequence

from worker.extract.language.growth import Growth, share_in
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.topics import shared_tail
from worker.extract.language.trimming import trimmed
from worker.extract.language.words import is_noun, joined
from worker.facts import load_facts
from worker.patterns import Pattern, words_of

_RESPECTIVELY = re.compile(r"(?P<items>.+?)(?P<than>同比|环比)?(?:分别|依次)(?P<tail>[^、]{0,8})$")
_AND = re.compile("[、和与及]|以及")
_LISTED = re.compile("、|以及")
_LISTS = re.compile("有|是|为|包括|[:：]")
_PART = Pattern(r"\s*{indicators.parts}")
_SHARES = re.compile("[,、]?(?:各?分别|依次)占比?[为达]?")
_PAIR = ("one", "other")
_TOGETHER = Pattern("^[0-9一二三四五六七八九十]{1,2}[项个]{numbers.together}")
_LEADS = Pattern("{indicators.leading_out}+$")
_DEALING = re.compile("(?:各自|各)?(?:分别|依次)")
_MODIFIERS = ("b", "ns", "nz", "j")  # 涉毒, 非洲
_NUMERAL = re.compile("第?(?P<numeral>[一二三四五六七八九])")
_SHORTEST = 3  # characters of a numeral and its noun
_OPENS = Pattern(".*{indicators.spent_on}")
_CLOSES = re.compile("的[^的、]{1,8}$")


def deals_out(left: str) -> bool:
    """Whether the words before a figure deal out several."""
    return ("分别" in left or "依次" in left) and bool(_RESPECTIVELY.search(left))


def dealt_out(reading: ReadingText, left: str, count: int) -> tuple[list[str], str]:
    """The names of ``count`` figures and the words between 分别 and the first of them; no names where they do not fit.

    ``left`` are the words before the first figure.
    """
    match = _RESPECTIVELY.match(left) if "分别" in left or "依次" in left else None
    if not match:
        return [], ""
    items = _members(reading, _PART.sub("", match["items"]), count)
    if len(items) < count or count < 2:
        return [], ""
    return _named(reading, items[-count:]), (match["than"] or "") + match["tail"]


def _members(reading: ReadingText, text: str, count: int) -> list[str]:
    """The things that a list names: as many as ``count`` where a member itself holds an 和: 教育、卫生、社会保障和就业."""
    items, parted = ([item for item in mark.split(text) if item.strip()] for mark in (_AND, _LISTED))
    fits = len(items) > count == len(parted) and is_noun(reading.words.cut(parted[0].strip())[-1])  # 上年 is no member
    return parted if fits else items


def dealt_out_of(reading: ReadingText, before: str, left: str, count: int) -> tuple[list[str], str]:
    """The same where the clause before names the things, and this one what all have: 有甲县、乙县，产值分别为."""
    match = _RESPECTIVELY.match(left)
    items = [item.strip() for item in _AND.split(_LISTS.split(before)[-1]) if item.strip()]
    if not match or len(items) != count or any(map(str.isdigit, "".join(items))):
        return [], ""
    shared = reading.phrase_before(match["items"]).name
    return [item + shared for item in items], match["tail"]


def dealt_to_pair(reading: ReadingText, left: str, count: int) -> tuple[list[str], str]:
    """The figures of a word that stands for as many: 城乡居民收入分别为 is that of 城镇居民 and that of 农村居民."""
    pairs = load_facts("indicators")["pairs"]
    pair = next((word for word, parts in pairs.items() if word in left and count == len(parts)), "")
    if not pair:
        return [], ""
    match = _RESPECTIVELY.match(left)
    name = reading.phrase_before(match["items"] if match else left).name
    if name.count(pair) != 1 or (count > len(_PAIR) and not match):
        return [], ""  # 三次产业结构为8.3:41.4:50.3 has a rule of its own
    return [name.replace(pair, one) for one in load_facts("indicators")["pairs"][pair]], match["tail"] if match else ""


def deals_out_growth(growth: Growth, left: str) -> bool:
    """Whether the words deal out growth or shares to the figures before, and name nothing: 分别增长, 分别占."""
    if "分别" not in left and "依次" not in left:
        return False
    left = _TOGETHER.sub("", left.strip(",、"))
    return growth.is_all_of(left) or is_share_alone(left)


def shared_of(left: str) -> str:
    """What the words only say that the things before have shares of: 占工业增加值比例 of 占工业增加值比重分别为."""
    said = _LEADS.sub("", _DEALING.sub("", left.strip(",、"))) if _DEALING.search(left) else ""
    found = share_in(said) if "占" in said else None
    return found.of if found and not found.own and not found.is_bare else ""


def is_share_alone(left: str) -> bool:
    """Whether the words only say that shares follow: 分别占."""
    return bool(_SHARES.fullmatch(left))


def _numbered(items: Sequence[str]) -> list[str]:
    """Members that a numeral tells apart, with what they share: 一、二、三产业投资, 第一、第三产业投资."""
    numerals, last = [_NUMERAL.fullmatch(item) for item in items[:-1]], _NUMERAL.match(items[-1])
    noun = items[-1][last.end() :] if last else ""
    if last is None or not all(numerals) or len(noun) < _SHORTEST - 1:
        return []
    opens = "" if noun.startswith("次") else "第"
    return [f"{opens}{one['numeral']}{noun}" for one in (*numerals, last) if one]


def _in_phrase(items: Sequence[str]) -> list[str]:
    """Members inside of a phrase that all share: 财政用于农业、水利、林业的支出."""
    first, last = _OPENS.match(items[0]), _CLOSES.search(items[-1])
    if not first or not last:
        return []
    inner = [items[0][first.end() :], *items[1:-1], items[-1][: last.start()]]
    return [first.group() + item + last.group() for item in inner]


def _of_first(names: Sequence[str]) -> list[str]:
    """Who was harmed, of the accidents that the first of them counts: 火灾受伤人数 of 火灾起数、受伤人数."""
    times = next((end for end in words_of("indicators.counts_of_events") if names[0].endswith(end)), "")
    owner = names[0].removesuffix(times)
    harms = words_of("indicators.harms")
    losses = words_of("indicators.losses")
    is_harm = [(name.startswith(harms) and name.endswith("数")) or name in losses for name in names]
    return [owner + name if owner and times and harmed else name for name, harmed in zip(names, is_harm, strict=True)]


def _named(reading: ReadingText, items: Sequence[str]) -> list[str]:
    """The names of things named one after the other, each with what they share."""
    return _of_first(_each_named(reading, items))


def _each_named(reading: ReadingText, items: Sequence[str]) -> list[str]:
    items = [item.strip() for item in items]
    if together := _numbered(items):
        return together
    if together := _in_phrase(items):
        return [joined(trimmed(reading.words.cut(name), reading.lexicon)) for name in together]
    names = [reading.phrase_before(item).name or item for item in items]
    first, last = reading.words.cut(items[0].strip()), reading.words.cut(items[-1].strip())
    attributes = words_of("indicators.attributes")
    tail = shared_tail(first, last, attributes)
    if not tail and len(names) > len(_PAIR):
        between = [reading.words.cut(item) for item in items[1:-1]]
        single = next((found for found in between if len(found) == 1 and found[0].tag in _MODIFIERS), None)
        tail = shared_tail(single, last, attributes) if single else ""  # 共建国家、非洲、欧洲出口
    if tail and any(item.endswith(tail) for item in items[:-1]):
        return names  # 城市道路、农村公路、景区道路
    if tail:
        return [
            next((one for one in (name, item) if one.endswith(tail)), name + tail)
            for name, item in zip(names, items, strict=True)
        ]
    if len(first) > 1 and first[-1].text.endswith((*attributes, "数")):
        head = joined(trimmed(first, reading.lexicon)[:-1])
        return [
            head + first[-1].text,
            *(head + name if len(reading.words.cut(name)) == 1 else name for name in names[1:]),
        ]
    return names
