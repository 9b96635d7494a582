"""Values of numbers written in digits, in Chinese numerals, or in both.

Exact decimals throughout; 万, 亿, 千 and 百 are multiplied out. The numerals are those of GB/T 15835-2011 with the
financial capitals (壹贰叁), 廿, 卅, 两 and 俩.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

# Wider than any figure: longer runs of digits are codes (MAX_DIGITS), and no product of theirs is rounded.
_EXACT = Context(prec=60)
MAX_DIGITS = 18

DIGIT_VALUES = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
}
TENS = {"廿": 20, "卅": 30}
MULTIPLIERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
NUMERALS = "".join((*DIGIT_VALUES, *TENS, *MULTIPLIERS))

# One place of a number below 10 000: its digits, and the multiplier that names the place.
_PLACE = re.compile(
    rf"(?P<digits>[零〇]?(?:[0-9][0-9, ]*(?:\.[0-9]+)?|[{''.join(DIGIT_VALUES)}廿卅])|)(?P<multiplier>[十拾百佰千仟]?)"
)


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or the ends of the range that its numerals mean by themselves (二三十 is 20 to 30)."""

    low: Decimal
    high: Decimal | None = None


def parse(run: str) -> Value | None:
    """The value of a run of digits and numerals, or None where they make no number.

    >>> parse("1万4千"), parse("1亿零500万"), parse("二三十")
    (Value(low=Decimal('14000'), high=None), Value(low=Decimal('105000000'), high=None), Value(low=Decimal('20'), high=Decimal('30')))
    """
    return _parsed(run) if len(run) <= 2 * MAX_DIGITS else None


@lru_cache(maxsize=4096)
def _parsed(run: str) -> Value | None:
    if len(run) > MAX_DIGITS and sum(map(str.isdigit, run)) > MAX_DIGITS:
        return None
    if run.isascii() and run.isdecimal():
        return Value(Decimal(run))
    if "点" in run:
        return _with_point(run)
    run = run.replace("、", "")  # 二、三百
    pair = _neighbours(run)
    if pair:
        low, high = (_sum(part) for part in pair)
        return Value(low, high) if low is not None and high is not None and low < high else None
    value = _positional(run) if _is_positional(run) else _sum(run)
    return None if value is None else Value(value)


def times(value: Decimal, factor: int) -> Decimal:
    """The exact product.

    >>> times(Decimal("1.28"), 10000)
    Decimal('12800')
    """
    return value if factor == 1 else shortest(_EXACT.multiply(value, Decimal(factor)))


def shortest(value: Decimal) -> Decimal:
    """The same value without zeros at its end and without an exponent."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1), context=_EXACT)
    return value.normalize(_EXACT)


def text_of(value: Decimal) -> str:
    """Plain decimal notation.

    >>> text_of(Decimal("1E+3"))
    '1000'
    """
    return format(value, "f")


def _neighbours(run: str) -> tuple[str, str] | None:
    """Two numerals side by side mean a range: 三五 -> 三, 五; 二三十 -> 二十, 三十; 十七八 -> 十七, 十八."""
    match = re.fullmatch(r"(.*?)([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]*)", run)
    if not match:
        return None
    head, low, high, tail = match.groups()
    if head and head[-1] not in MULTIPLIERS:
        return None
    step = DIGIT_VALUES[high] - DIGIT_VALUES[low]
    if step == 1 or (step == 2 and low == "三" and not head):
        return head + low + tail, head + high + tail
    return None


def _is_positional(run: str) -> bool:
    return len(run) > 1 and all(char in DIGIT_VALUES for char in run)


def _positional(run: str) -> Decimal | None:
    # 二〇二三 is read digit by digit; two bare numerals that are no neighbours (一三) make no number.
    return Decimal("".join(str(DIGIT_VALUES[char]) for char in run)) if len(run) > 2 else None


def _with_point(run: str) -> Value | None:
    whole, _, part = run.partition("点")
    scale = part.lstrip("".join(DIGIT_VALUES))
    digits = part[: len(part) - len(scale)]
    value = _sum(whole)
    if value is None or not digits or any(char not in MULTIPLIERS for char in scale):
        return None
    value += Decimal("0." + "".join(str(DIGIT_VALUES[char]) for char in digits))
    for char in scale:
        if _is_beyond_figures(value):
            return None
        value = times(value, MULTIPLIERS[char])
    return Value(value)


def _sum(run: str) -> Decimal | None:
    """The value by place: the last 兆, 亿 or 万 parts the run, what stands before it is multiplied."""
    run = run.lstrip("零〇") or run[:1]
    for mark in "兆亿万":
        if mark in run:
            head, _, tail = run.rpartition(mark)
            whole = _sum(head) if head else Decimal(1)
            rest = _rest(tail, MULTIPLIERS[mark])
            if whole is None or rest is None or _is_beyond_figures(whole):
                return None
            return times(whole, MULTIPLIERS[mark]) + rest
    return _below_ten_thousand(run)


def _is_beyond_figures(value: Decimal) -> bool:
    # 亿亿亿亿 is a torn text, not a number; multiplied on, it would not fit into exact decimals.
    return value.adjusted() >= MAX_DIGITS


def _rest(tail: str, factor: int) -> Decimal | None:
    if not tail:
        return Decimal(0)
    # 三万五 is 35 000: a lone numeral speaks of the next place.
    return times(Decimal(DIGIT_VALUES[tail]), factor // 10) if tail in DIGIT_VALUES else _sum(tail)


def _below_ten_thousand(run: str) -> Decimal | None:
    total, above, place = Decimal(0), 0, 0
    while place < len(run):
        match = _PLACE.match(run, place)
        if not match or not match.group():
            return None
        digits, multiplier = match["digits"], match["multiplier"]
        factor = MULTIPLIERS[multiplier] if multiplier else 1
        if above and factor >= above:
            return None
        if not multiplier and above >= 100 and digits in DIGIT_VALUES:
            factor = above // 10  # 一百五 is 150, 一百零五 is 105
        total += times(_written(digits), factor)
        above = 10 if digits in TENS else factor
        place = match.end()
    return total


def _written(digits: str) -> Decimal:
    if not digits:
        return Decimal(1)
    digits = digits.replace(",", "").replace(" ", "").lstrip("零〇") or "零"
    if digits in TENS:
        return Decimal(TENS[digits])
    return Decimal(DIGIT_VALUES[digits]) if digits in DIGIT_VALUES else _EXACT.create_decimal(digits)
