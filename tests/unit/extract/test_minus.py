"""Which mark before a number is a minus, and whether it surely is one: not a dash, a range, the mark of a line."""

import pytest

from worker.extract.language.reading_text import fold
from worker.extract.numbers.minus import Sign, sign_before
from worker.tools import load_tools

LEXICON = load_tools().lexicon


def sign(left: str, unit: str, previous_end: int = 0) -> Sign | None:
    text = fold(left)
    return sign_before(f"{text}3{unit}", len(text), unit, previous_end, LEXICON)


@pytest.mark.parametrize(
    ("left", "unit", "start"),
    [
        ("增速为-", "%", 3), ("增速为−", "%", 3), ("增速为﹣", "%", 3), ("增速负", "%", 2), ("气温零下", "℃", 2), ("气温-", "℃", 2),
        ("-", "%", 0), ("利润:-", "元", 3), ("利润,-", "元", 3), ("利润(-", "元", 3), ("-", "元", 0), ("利润总额-", "元", 4), ("结余负", "元", 2),
    ],
)  # fmt: skip
def test_a_minus_that_is_sure(left: str, unit: str, start: int) -> None:
    assert sign(left, unit) == Sign(start, certain=True)


@pytest.mark.parametrize(
    ("left", "unit", "start"),
    [
        ("同比下降-", "%", 4),
        ("同比减少-", "%", 4),
        ("增速为—", "%", 3),
        ("增速为–", "%", 3),
        ("进出口-", "元", 3),
        ("净流出-", "人", 3),
    ],
)
def test_a_mark_that_may_be_a_dash(left: str, unit: str, start: int) -> None:
    """A decrease below zero may mean either, and so may a long dash, or a mark between a thing and its money or count."""
    assert sign(left, unit) == Sign(start, certain=False)


@pytest.mark.parametrize(
    ("left", "unit"),
    [
        ("增速为", "%"), ("2-", "%"), ("A-", "%"), ("3月-", "%"), ("3日-", "%"), ("2时-", "%"), ("2点-", "%"), ("3号-", "%"), ("2/-", "%"),
        ("--", "%"), ("抱负", "%"), ("胜负", "%"), ("目标—", "%"), ("零下", "%"), ("零下", "元"), ("办结-", "件"), ("\n-", "件"), ("负", "件"),
    ],
)  # fmt: skip
def test_what_is_no_minus(left: str, unit: str) -> None:
    assert sign(left, unit) is None


def test_a_mark_that_belongs_to_the_number_before_is_no_minus() -> None:
    assert sign("增速为-", "%", 2) == Sign(3, certain=True)
    assert sign("增速为-", "%", 3) is None
    assert sign("增速为-", "%", 4) is None
