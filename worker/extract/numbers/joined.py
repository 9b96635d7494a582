"""Numbers that belong together: lists that share a unit, and quantities given in two units."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from worker.extract.numbers.numerals import shortest, text_of
from worker.extract.numbers.scan import Candidate
from worker.facts import load_facts
from worker.patterns import set_of, words_of


class _Step(NamedTuple):
    """``per`` of the smaller unit make up one of the larger; the sum is given in ``result``, one of the two."""

    per: int
    result: str


@lru_cache(maxsize=1)
def _steps() -> dict[tuple[str, str], _Step]:
    rows = load_facts("units")["steps"]
    return {(row["larger"], row["smaller"]): _Step(row["per"], row["result"]) for row in rows}


def with_shared_units(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Gives the numbers of a list the unit that stands once at its end: 3、5、7个."""
    shared = list(candidates)
    for index in range(len(shared) - 2, -1, -1):
        one, following = shared[index], shared[index + 1]
        if not following.unit or not one.arabic or not following.arabic or one.form != "number":
            continue
        if following.unit == "年" and following.number_end - following.start == 4 and one.number_end - one.start != 4:
            continue  # 受理案件128,2023年
        partial = one.unit == "个" and following.unit.startswith("个")
        joint = text[one.end : following.start]
        if (not one.unit or partial) and joint in set_of("numbers.joints.lists"):
            if joint == "," and not _is_list_with_commas(text, shared, index):
                continue
            shared[index] = one._replace(unit=following.unit)
    return shared


def _is_list_with_commas(text: str, numbers: Sequence[Candidate], index: int) -> bool:
    """Whether there is another joint beside the comma behind a number, or what stands before deals numbers out: no 指数为108,345人参加."""
    if text.endswith(words_of("numbers.joints.dealing"), 0, numbers[index].start):
        return True
    beside = [place for place in (index - 1, index + 1) if 0 <= place < len(numbers) - 1]
    joints = set_of("numbers.joints.lists")
    return any(text[numbers[place].end : numbers[place + 1].start] in joints for place in beside)


def shares_unit(text: str, one: Candidate, following: Candidate) -> bool:
    """Whether the unit of one number can only be told by the next of its list: 12.7个、l2个百分点."""
    own_unit = text[one.number_end : one.end]
    return (
        one.arabic
        and own_unit in ("", "个")
        and text[one.end : following.start].strip() in set_of("numbers.joints.lists")
    )


def with_steps(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Makes one quantity of a number and the smaller units right after it: 一年2个月 is 14个月."""
    joined: list[Candidate] = []
    steps = _steps()
    for candidate in candidates:
        step = steps.get((joined[-1].unit, candidate.unit)) if joined else None
        if step and (sum_ := _together(text, joined[-1], candidate, step)):
            joined[-1] = sum_
        else:
            joined.append(candidate)
    return joined


def _together(text: str, first: Candidate, second: Candidate, step: _Step) -> Candidate | None:
    if text[first.end : second.start] not in set_of("numbers.joints.between") or not first.value or not second.value:
        return None
    if first.high or second.high or "/" in first.value + second.value:
        return None
    total = Decimal(first.value) * step.per + Decimal(second.value)
    if step.result == first.unit:
        total /= step.per
    return second._replace(start=first.start, value=text_of(shortest(total)), unit=step.result, arabic=first.arabic)
