"""How exact a number is, and whether it is a change: both from the words right around it."""

import re
from collections.abc import Sequence

from schemas.metric import Change, Qualifier
from worker.extract.candidates import Candidate
from worker.extract.clauses import Spot
from worker.extract.lexicon import Lexicon
from worker.extract.page import Page

_NEAR = 16
_TIME_BETWEEN = re.compile(r"(?:(?:19|20)[0-9]{2}|[今去本])年(?:底|末|[0-9]{1,2}月)?的?$")  # 增加到2015年的136.3亿元
_REFERS = re.compile("(?:以下|以上)(?:简称|几|举措|工作)")
_NO_APPROXIMATION = frozenset({"年"})  # 近5年来 looks back, it does not round


def qualifier_of(text: str, candidate: Candidate, lexicon: Lexicon) -> Qualifier:
    """``about``, ``over``, ``under``, else ``exact``; words after the unit decide before those in front."""
    if candidate.inexact in ("余", "多"):
        return "over"
    if candidate.inexact == "来":
        return "about"
    after = text[candidate.end : candidate.end + 4].lstrip("的")
    for word, qualifier in lexicon.qualifiers_after.get(after[:1], ()):
        if after.startswith(word) and not _REFERS.match(after):
            return qualifier  # type: ignore[return-value]
    before = text[max(0, candidate.start - _NEAR) : candidate.start].rstrip()
    if candidate.form == "half" and before.endswith(("过", "超")):
        return "over"
    for word, qualifier in lexicon.qualifiers_before.get(before[-1:], ()):
        if before.endswith(word) and not _is_part_of_word(before, word, candidate):
            return qualifier  # type: ignore[return-value]
    return "exact"


def change_of(text: str, candidate: Candidate, lexicon: Lexicon, clause_start: int) -> Change | None:
    """``increase`` or ``decrease`` where the number is a change, ``to`` where it is the level reached by one."""
    if candidate.form == "doubling":
        return "increase"
    before = _TIME_BETWEEN.sub("", text[max(clause_start, candidate.start - _NEAR) : candidate.start].rstrip())
    match = lexicon.change_before.search(before)
    if not match or before[: match.start()].endswith("新"):
        return None  # 新增 names something done
    if match["reached"] and not match["word"].endswith(("幅", "速")):
        return "to"
    return lexicon.changes[match["word"]]  # type: ignore[return-value]


def changes_of(page: Page, spots: Sequence[Spot]) -> list[Change | None]:
    """The change of each figure of a sentence; one that follows in a list without words of its own shares it."""
    changes: list[Change | None] = []
    for spot in spots:
        own = change_of(page.text, spot.figure, page.lexicon, spot.left)
        between = page.text[spot.left : spot.figure.start].strip(" 、和与及约近超")
        shares = changes and spot.joint in ("、", "same") and not between and changes[-1] in ("increase", "decrease")
        changes.append(changes[-1] if own is None and shares else own)
    return changes


def _is_part_of_word(before: str, word: str, candidate: Candidate) -> bool:
    if word in ("上", "过"):
        # 上千 and 过万 estimate; 网上3件 and 通过3件 do not.
        return candidate.arabic or before.endswith(
            ("以上", "网上", "线上", "通过", "经过", "超过", "会上", "上上", "加上", "早上")
        )
    return word == "近" and (before.endswith("最近") or candidate.unit in _NO_APPROXIMATION)
