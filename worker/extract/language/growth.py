"""The words of growth, gaps and shares around a figure, and the names that figures get from them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.patterns import Pattern, any_of, filled, words_of

# What a change is measured from: 比1954年, 较前3年平均, 与年初相比, 比上年决算数.
_BASE = (
    "{growth.base.than}[^,;、]{0,12}?{growth.base.times}{growth.base.ends}?(?:平均)?"
    "(?:{growth.base.levels}|{indicators.told_in_accounts})?{growth.base.compared}?"
)
# The same, or an account without a time: 比预算数少, 较年初预算增加.
_BASE_OR_ACCOUNT = f"(?:{_BASE}|{{growth.base.than}}[^,;、]{{0,4}}?{{indicators.told_in_accounts}})"
# 5年提升12.3个百分点: how long it took.
_SPAN = "[0-9一二两三四五六七八九十]{1,2}年[来间内]?"
_MORE_OR_FEWER = Pattern(rf"[,、]?(?:同比|环比|{_BASE_OR_ACCOUNT})(?:(?P<more>{{growth.more}})|{{growth.fewer}})")
_MEAN_ONLY = Pattern("[,、其中]*(?P<mean>{growth.mean}){growth.mean.between}*")
_MEANS = Pattern("(?:年?{growth.mean})+")
_MULTIPLE_ONLY = Pattern(
    "[,、]?{growth.multiple}?(?:[^,、]{0,8}{growth.multiple.earlier}的?|(?:[0-9一二两三四五六七八九十]{1,3}年)?前的|(?<=[是为])的)"
)
# A bound alone (不低于60%) sets nothing against another.
_GAP = Pattern(
    "(?P<before>.*?)(?P<gap>(?<![不得应能可]){growth.than}[^,;]*|{growth.than}[^,;]+|比[^,;]{2,12}(?<![提降增升减])[高低快慢]出?)$"
)
_SHARE = Pattern(
    "(?P<before>.*?)(?:所占的?{growth.share}|占(?!比|{growth.no_shares}$)(?P<whole>[^占]*?)的?(?:{growth.share.parts}|比)?|占比){growth.share.adverbs}*$"
)
_FULFILMENT = Pattern("(?P<before>.*?)(?P<of>{growth.fulfilment}[^,;]{1,12}?)的$")
_LEADS_ON = "了约达为近至到超过的 ,、"
_PROPORTION = ("%", "‰")
_BARE = "占比"


@dataclass(frozen=True, slots=True)
class Share:
    """``own`` is what has the share, empty where the clause does not say; ``of`` ends the name: 占总支出比例."""

    own: str
    of: str

    @property
    def is_bare(self) -> bool:
        """Whether nothing says what it is a share of."""
        return self.of == _BARE


class Growth:
    """Reads the words before a figure by the words of change."""

    def __init__(self, changes: Iterable[str]) -> None:
        words = tuple(changes)
        long = any_of(word for word in words if len(word) > 1)
        single = any_of(word for word in words if len(word) == 1)
        # A single character is a word of its own at the end, or before what leads to the number: 增5%, 降至.
        word = rf"(?:(?:{long})(?!值)|(?:{single})(?![\u4e00-\u9fff])|(?:{single})(?=[{{growth.after_single}}]))"
        self._only = re.compile(
            filled(
                rf"(?:{{growth.adverbs}}|(?<![0-9]){_SPAN}|由|从|{_BASE_OR_ACCOUNT}|[比较与][^,;、]{{2,12}}?(?:相比)?|相比|[,、 ])*{word}"
            )
        )
        self._alone = re.compile(filled(word))
        self._measure = re.compile(filled("(?:{growth.measures}|比(?![上去]))?番?"))
        self._name = re.compile(
            filled(rf"({{growth.kept}})?[^,]{{0,4}}?({word}(?:{{growth.measures}}|比(?![上去]))?)番?")
        )
        self._kept_at_end = re.compile(filled("{growth.kept}$"))
        planned = "".join(f"(?<!{account})" for account in words_of("indicators.planned_in_accounts"))
        self._base = re.compile(filled(rf"{_BASE}{planned},?(?={{growth.adverbs}}*(?:{word}|$))"))

    def is_all_of(self, text: str) -> bool:
        """Whether the words begin with growth and name nothing that grows: 同比增长, 比1954年增加."""
        return bool(self._only.match(text))

    def is_alone(self, text: str) -> bool:
        """Whether the words are one of change and what leads to the number, without what it is measured from: 增长了."""
        return bool(self._alone.fullmatch(text.strip(_LEADS_ON)))

    def object_in(self, text: str) -> str:
        """What stands behind the words of growth and its measure: 贫困人口 of 减少贫困人口, nothing of 增长率为."""
        grows = self._only.match(text)
        measure = self._measure.match(text, grows.end()) if grows else None
        return text[measure.end() :].strip(_LEADS_ON) if measure else ""

    def without_base(self, text: str) -> str:
        """The words without what a change is measured from: 甜菜增长 of 甜菜比1954年增长."""
        has_base = "比" in text or "较" in text or "同" in text or "与" in text
        return self._base.sub("", text) if has_base else text

    def named(self, name: str, text: str) -> str:
        """The name with the change that the words speak of."""
        match = self._name.search(text)
        if not match or name.endswith(match[2]):
            return name
        if match[1]:
            name = self._kept_at_end.sub("", name)  # 价格环比下降 after 价格同比上涨
        return name + (match[1] or "") + match[2]


def more_or_fewer(text: str) -> str:
    """``increase`` or ``decrease`` where the words only say that there are more or fewer than before: 较上年多."""
    match = _MORE_OR_FEWER.fullmatch(text)
    return ("increase" if match["more"] else "decrease") if match else ""


def mean_in(text: str) -> str:
    """What a mean refers to, where the words name nothing else: 年均, 户均."""
    match = _MEAN_ONLY.fullmatch(text)
    return match["mean"] if match else ""


def mean_before(text: str) -> str:
    """What a mean refers to at the start of the words, before what changed: 年人均 of 年人均提高."""
    match = _MEANS.match(text)
    return match.group() if match else ""


def is_multiple_of_earlier(text: str) -> bool:
    """Whether the words only say that the thing is a multiple of what it was: 是2010年的, 为上年同期的."""
    return bool(_MULTIPLE_ONLY.fullmatch(text))


def gap_in(text: str) -> tuple[str, str]:
    """What is set against another, and the words that do it: 增幅, 高于全省平均水平; empty where there are none."""
    match = _GAP.fullmatch(text)
    return (match["before"].strip("、,"), match["gap"]) if match else ("", "")


def share_in(text: str) -> Share | None:
    """The share that the words before a proportion speak of."""
    match = _SHARE.fullmatch(text)
    if match:
        whole = (match["whole"] or "").strip()
        return Share(match["before"], f"占{whole}比例" if whole else _BARE)
    return None


def fulfilment_in(text: str, unit: str) -> Share | None:
    """What a proportion is reached of: 完成预算数的(98%)."""
    match = _FULFILMENT.fullmatch(text) if unit in _PROPORTION and text.endswith("的") else None
    return Share(match["before"], match["of"]) if match else None
