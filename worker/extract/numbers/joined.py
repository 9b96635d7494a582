"""Numbers that belong together: lists that share a unit, and quantities given in two units."""

from decimal import Decimal
from typing import NamedTuple

from worker.extract.numbers.numerals import shortest, text_of
from worker.extract.numbers.scan import Candidate

_LIST_MARKS = frozenset({"、", "和", "与", "及", "或", ",", "/"})


class _Step(NamedTuple):
    """``per`` of the smaller unit make up one of the larger; the sum is given in ``result``, one of the two."""

    per: int
    result: str


# 一年2个月 is 14个月, 2小时8分 is 128分钟, 3元5角 is 3.5元.
_STEPS = {
    ("年", "个月"): _Step(12, "个月"),
    ("周岁", "个月"): _Step(12, "个月"),
    ("岁", "个月"): _Step(12, "个月"),
    ("天", "小时"): _Step(24, "小时"),
    ("小时", "分钟"): _Step(60, "分钟"),
    ("小时", "分"): _Step(60, "分钟"),
    ("分钟", "秒"): _Step(60, "秒"),
    ("分", "秒"): _Step(60, "秒"),
    ("元", "角"): _Step(10, "元"),
    ("元", "分"): _Step(100, "元"),
    ("角", "分"): _Step(10, "角"),
}
_NOTHING_BETWEEN = frozenset({"", "零", "又", " "})


def with_shared_units(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Gives the numbers of a list the unit that stands once at its end: 3、5、7个."""
    shared = list(candidates)
    for index in range(len(shared) - 2, -1, -1):
        one, following = shared[index], shared[index + 1]
        if not following.unit or not one.arabic or not following.arabic or one.form != "number":
            continue
        partial = one.unit == "个" and following.unit.startswith("个")
        if (not one.unit or partial) and text[one.end : following.start] in _LIST_MARKS:
            shared[index] = one._replace(unit=following.unit)
    return shared


def shares_unit(text: str, one: Candidate, following: Candidate) -> bool:
    """Whether the unit of one number can only be told by the next of its list: 12.7个、l2个百分点."""
    own_unit = text[one.number_end : one.end]
    return one.arabic and own_unit in ("", "个") and text[one.end : following.start].strip() in _LIST_MARKS


def with_steps(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Makes one quantity of a number and the smaller units right behind it: 一年2个月 is 14个月."""
    joined: list[Candidate] = []
    for candidate in candidates:
        sum_ = _together(text, joined[-1], candidate) if joined else None
        if sum_:
            joined[-1] = sum_
        else:
            joined.append(candidate)
    return joined


def _together(text: str, first: Candidate, second: Candidate) -> Candidate | None:
    step = _STEPS.get((first.unit, second.unit))
    if not step or text[first.end : second.start] not in _NOTHING_BETWEEN or not first.value or not second.value:
        return None
    if first.high or second.high or "/" in first.value + second.value:
        return None
    total = Decimal(first.value) * step.per + Decimal(second.value)
    if step.result == first.unit:
        total /= step.per
    return second._replace(start=first.start, value=text_of(shortest(total)), unit=step.result, arabic=first.arabic)
