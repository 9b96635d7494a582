"""How exact a number is, and whether it is a change: both from the words right around it."""

import re
from collections.abc import Sequence

from schemas.metric import Change, Qualifier
from worker.extract.candidates import Candidate
from worker.extract.clauses import Spot
from worker.extract.lexicon import Lexicon
from worker.extract.negations import vocabulary
from worker.extract.numerals import MULTIPLIERS
from worker.extract.page import Page

_NEAR = 16
_FAR_BEHIND = 7
_OPENING = " “「"  # 提升为“28%”
_CURRENCY = re.compile(r"(?:新台币|台币|人民币|港币|HK\$|US\$|NT\$|\$|¥|￥) ?$")  # 约新台币350万元
_TIME_BETWEEN = re.compile(r"(?:(?:19|20)[0-9]{2}|[今去本])年(?:底|末|[0-9]{1,2}月)?的?$")  # 增加到2015年的136.3亿元
_REFERS = re.compile("(?:以下|以上)(?:简称|几|举措|工作)")
_NO_APPROXIMATION = frozenset({"年"})  # 近5年来 looks back, it does not round
_PLACES_AND_WAYS = ("以上", "网上", "线上", "通过", "经过", "会上", "加上", "早上", "侦破", "告破")
_SHARES = frozenset({"%", "倍", ""})
_LIMIT_OF_BASE = re.compile("(?P<limit>不(?:得|应|能)?(?:低于|少于|高于|超过|大于|小于))[^,。;、0-9]{1,16}的$")
_COMPARED_LEFT = re.compile("(?:[高低快慢好优]于|超过|超出)[^,。;、]{0,8}$")
_RAISED_IN_PLACE = frozenset({"提升"})
_COUNTS = frozenset({"person", "item", "organisation", "place", "area", "length", "vehicle", "case", "event"})
_LEVELS = ("等级", "位次", "名次", "档次", "台阶")  # 提升2个等级
_AND_MORE = re.compile("多(?=[,。;、)的时]|$)")  # 3年多, 两倍多
_MEASURED = frozenset({"duration", "times", "length", "mass", "area"})


def qualifiers_of(page: Page, spots: Sequence[Spot]) -> list[Qualifier]:
    """``about``, ``over``, ``under``, else ``exact``; words after the unit decide before those in front.

    What follows in a list without words of its own shares the word in front of the first: 突破8万亿元、9万亿元.
    """
    found: list[Qualifier] = []
    shared: Qualifier | None = None
    for spot in spots:
        behind = _behind(page.text, spot.figure, page.lexicon)
        before = _before(page.text, spot.figure, page.lexicon)
        if not before and shared and _continues_list(page, spot):
            before = shared
        shared = before
        found.append(behind or before or "exact")
    return found


def _behind(text: str, candidate: Candidate, lexicon: Lexicon) -> Qualifier | None:
    if candidate.inexact in ("余", "多"):
        return "over"
    if candidate.inexact in ("来", "近"):
        return "about"
    after = text[candidate.end : candidate.end + _FAR_BEHIND].lstrip("的")
    for word, qualifier in lexicon.qualifiers_after.get(after[:1], ()):
        if after.startswith(word) and not _REFERS.match(after):
            return qualifier  # type: ignore[return-value]
    is_measured = candidate.form in ("half", "doubling", "fraction") or lexicon.kind_of(candidate.unit) in _MEASURED
    return "over" if is_measured and _AND_MORE.match(text, candidate.end) else None


def _before(text: str, candidate: Candidate, lexicon: Lexicon) -> Qualifier | None:
    before = _words_before(text, candidate, 0)
    if candidate.form == "half" and before.endswith(("过", "超")):
        return "over"
    if candidate.unit in _SHARES and (limit := _LIMIT_OF_BASE.search(before)):
        before = limit["limit"]  # 不低于最低标准的1.6倍
    for word, qualifier in lexicon.qualifiers_before.get(before[-1:], ()):
        if before.endswith(word) and not _is_part_of_word(before, word, text, candidate, lexicon):
            return qualifier  # type: ignore[return-value]
    return None


def _words_before(text: str, candidate: Candidate, clause_start: int) -> str:
    before = text[max(0, clause_start, candidate.start - _NEAR) : candidate.start]
    return _CURRENCY.sub("", before).rstrip(_OPENING)


def change_of(text: str, candidate: Candidate, lexicon: Lexicon, clause_start: int) -> Change | None:
    """``increase`` or ``decrease`` where the number is a change, ``to`` where it is the level reached by one."""
    if candidate.form == "doubling":
        return "increase"
    before = _TIME_BETWEEN.sub("", _words_before(text, candidate, clause_start))
    match = lexicon.change_before.search(before)
    if not match or before[: match.start()].endswith("新"):
        return None  # 新增 names something done
    if vocabulary().at_end.search(before, 0, match.start()):
        return None  # 没有增加37人
    if match["word"].endswith(("幅", "速")) and _COMPARED_LEFT.search(before, 0, match.start()):
        return None  # 高于全国增幅3.77个百分点 is a difference
    if match["word"] in _RAISED_IN_PLACE and _is_count(text, candidate, lexicon):
        return None  # 改造提升24个服务区 names something done
    if match["reached"] and not match["word"].endswith(("幅", "速")):
        return "to"
    change = lexicon.changes[match["word"]]
    return None if change == "to" else change  # type: ignore[return-value]


def directed(value: str, change: Change | None) -> tuple[str, Change | None]:
    """A negative increase as a decrease, as in tables: 增速为-3.2%.

    >>> directed("-3.2", "increase")
    ('3.2', 'decrease')
    """
    if value.startswith("-") and change in ("increase", "decrease"):
        return value[1:], "decrease" if change == "increase" else "increase"
    return value, change


def changes_of(page: Page, spots: Sequence[Spot]) -> list[Change | None]:
    """The change of each figure of a sentence; one that follows in a list without words of its own shares it."""
    changes: list[Change | None] = []
    for spot in spots:
        own = change_of(page.text, spot.figure, page.lexicon, spot.left)
        shares = changes and _continues_list(page, spot)
        changes.append(changes[-1] if own is None and shares else own)
    return changes


def _continues_list(page: Page, spot: Spot) -> bool:
    """Whether nothing but a mark of a list stands between a figure and the one before."""
    between = page.text[spot.left : spot.figure.start].strip(" 、和与及约近超")
    return spot.joint in ("、", "same") and not between


def _is_part_of_word(before: str, word: str, text: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    if before.endswith(lexicon.no_qualifiers):
        return True
    if word in ("上", "过", "破"):
        # 上千 and 过万 estimate; 网上3件, 通过3件 and 跨过两个大关 do not.
        return text[candidate.start] not in MULTIPLIERS or before.endswith(_PLACES_AND_WAYS)
    return word == "近" and candidate.unit in _NO_APPROXIMATION


def _is_count(text: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    is_level = candidate.unit == "位" or text.startswith(_LEVELS, candidate.end)
    return lexicon.kind_of(candidate.unit) in _COUNTS and not is_level
