"""What stands after a number: its unit, and what else belongs to its value there (成, 折, 半)."""

import re
from decimal import Decimal
from typing import NamedTuple

from worker.extract.language.lexicon import Lexicon
from worker.extract.numbers.numerals import DIGIT_VALUES, MULTIPLIERS, NUMERALS, times
from worker.facts import load_facts
from worker.patterns import Pattern

_TENTHS = Pattern("成(?P<hundredths>[一二三四五六七八九半]|[1-9](?=[，。；、,;()（）]|$))?(?![{numbers.no_tenths}])")
_SCORED = Pattern("{numbers.scores}(?:{numbers.scores.between}| )*$")
_NEAR = 8
# A single unknown word between number and stop is a measure word, whatever it is; a numeral there is damage.
_UNSEEN_UNIT = Pattern(
    r"[\u4e00-\u9fff](?<![" + NUMERALS + "，。；、{numbers.no_measures}])(?=[,。;、)]|[和与及][0-9])"
)
# 3个多月, 两个多小时: the approximator stands inside the unit. 两个半月, 三年半: so does the half, or after it.
_AND_MORE = Pattern("个多({numbers.split_units.many})")
_AND_A_HALF = Pattern("个半({numbers.split_units.half})")
_HALF_AFTER = Pattern("半(?![{numbers.no_halves}])")
_HALVED_KINDS = frozenset({"duration", "times"})
# What something is measured in per volume or time: 微克/立方米, 元/平方米·月. Money of a mean keeps its unit
# (每人每月850元). Between counted things the stroke means "or" (艘/台); before a time (件/年), before so many that they can
# only be what is divided by (批次/千人), and before 次 (个/次, but 人/次 is 人次) it does not.
_PER_TIME = Pattern("/(?:{numbers.per.times}|{numbers.per.many}|(?<![人户件批台辆架]/){numbers.per.once})(?![A-Za-z])")
_PER = Pattern(
    "(?:每(?={numbers.per.each})|/)(?:{numbers.per}|{numbers.per.times})(?:[·•/]{numbers.per.and_per})?(?![A-Za-z])"
)
_RATED_KINDS = frozenset({"mass", "volume", "length", "energy", "information", "money"})
# How statistics write rare events: a mortality of 8.9/10万 is 8.9 in 100 000, its unit 1/10万.
_PER_MANY = Pattern("/(?:10万|1?万)(?!{numbers.per.no_rate})")
# Money whose currency stands in front, as in Hong Kong: $345,600.
_CURRENCY_NAMED = Pattern("(?P<name>{units.currencies.in_front}){growth.mean.between}? ?$")  # 港币约35亿元
_CURRENCY_LEFT = Pattern("(?P<mark>{units.currencies.marks}) ?$")


class Amount(NamedTuple):
    """The value of a number's digits or numerals, ``high`` where they mean a range; ``inexact`` is 余 or 多."""

    low: Decimal | None
    high: Decimal | None = None
    inexact: str = ""


class Measure(NamedTuple):
    """The amount with what its unit adds to it, the unit, and where that ends."""

    amount: Amount
    unit: str
    end: int
    form: str = "number"


def measure_at(text: str, start: int, end: int, amount: Amount, lexicon: Lexicon) -> Measure:
    """The measure of the number at ``text[start:end]``; its unit is empty where none is known there."""
    following = text[end : end + 1]
    if following in _ADDED and (part := _ADDED[following](text, start, end, amount, lexicon)):
        return part
    arabic = text[start].isdigit()
    if arabic and following == "/" and (many := _PER_MANY.match(text, end)):
        return Measure(amount, f"1{many.group()}", many.end())
    gap = 1 if arabic and following == " " else 0
    unit = lexicon.unit_at(text, end + gap)
    if not unit or unit == "成":
        return Measure(amount, *without_known_unit(text, start, end, unit)) if arabic else Measure(amount, "", end)
    stop = end + gap + len(unit)
    return _with_rate(text, stop, amount, of_currency(text, start, unit), lexicon)


def of_currency(text: str, start: int, unit: str) -> str:
    """The unit with its currency, where that stands in front of the number: 新台币312万元, 港币约35亿元; 人民币 is what 元 means."""
    named = _CURRENCY_NAMED.search(text, max(0, start - _NEAR), start) if unit == "元" else None
    return load_facts("units")["currencies"]["in_front"][named["name"]] if named else unit


def _with_rate(text: str, end: int, amount: Amount, unit: str, lexicon: Lexicon) -> Measure:
    kind = lexicon.kind_of(unit)
    is_rate = text[end : end + 1] in ("/", "每")
    if is_rate and (per := (_PER if kind in _RATED_KINDS else _PER_TIME).match(text, end)):
        return Measure(amount, normal_unit(unit) + per.group().replace("每", "/"), per.end())
    if kind in _HALVED_KINDS and amount.low is not None and not amount.high and _HALF_AFTER.match(text, end):
        return Measure(_plus_half(amount), normal_unit(unit), end + 1)
    return Measure(amount, normal_unit(unit), end)


def without_known_unit(text: str, start: int, end: int, unit: str) -> tuple[str, int]:
    """What digits measure that no unit of the table stands behind, or nothing; and where that ends."""
    left = text[max(0, start - _NEAR) : start]
    if not unit and _SCORED.search(left):
        return "分", end
    if unseen := _UNSEEN_UNIT.match(text, end):
        return unseen.group(), unseen.end()
    currency = _CURRENCY_LEFT.search(left)
    return load_facts("units")["currencies"]["marks"][currency["mark"]] if currency else "", end


def _discounted(text: str, start: int, end: int, amount: Amount, lexicon: Lexicon) -> Measure | None:
    """The per cent of 八折 and 八五折."""
    if amount.low is None and re.fullmatch("[一二三四五六七八九]{2}", text[start:end]):
        low = Decimal(10 * DIGIT_VALUES[text[start]] + DIGIT_VALUES[text[start + 1]])
        return Measure(Amount(low), "%", end + 1, "discount")
    if amount.low is None or amount.low >= 10:
        return None
    return Measure(_tenfold(amount), "%", end + 1, "discount")


def _in_tenths(text: str, start: int, end: int, amount: Amount, lexicon: Lexicon) -> Measure | None:
    """The per cent of 七成, 九成五, 1成2 and 六成半."""
    match = _TENTHS.match(text, end)
    if not match or amount.low is None or amount.low >= 10 or text[end - 1] in MULTIPLIERS:
        return None
    tenths = _tenfold(amount)
    more = match["hundredths"]
    # 8成三高患者 are eight tenths of those with 三高.
    if not more or lexicon.names.match(text, end + 1) or tenths.low is None:
        return Measure(tenths, "%", end + 1)
    hundredths = 5 if more == "半" else int(more) if more.isdecimal() else DIGIT_VALUES[more]
    return Measure(Amount(tenths.low + hundredths, tenths.high), "%", match.end())


def _inside_unit(text: str, start: int, end: int, amount: Amount, lexicon: Lexicon) -> Measure | None:
    """The months of 3个多月 and 两个半月."""
    if more := _AND_MORE.match(text, end):
        return Measure(Amount(amount.low, amount.high, "多"), normal_unit("个" + more[1]), more.end())
    if amount.low is not None and not amount.high and (half := _AND_A_HALF.match(text, end)):
        return Measure(_plus_half(amount), normal_unit("个" + half[1]), half.end())
    return None


#: What reads the part of a number's value that stands after its digits or numerals, by the character there.
_ADDED = {"折": _discounted, "成": _in_tenths, "个": _inside_unit}
ADDING = frozenset(_ADDED)


def _tenfold(amount: Amount) -> Amount:
    low, high = (None if part is None else times(part, 10) for part in (amount.low, amount.high))
    return Amount(low, high, amount.inexact)


def _plus_half(amount: Amount) -> Amount:
    return Amount(None if amount.low is None else amount.low + Decimal("0.5"), None, amount.inexact)


def normal_unit(unit: str) -> str:
    """The unit by one name: 个工作日 and 工作日, 人民币元 and 元."""
    names: dict[str, str] = load_facts("units")["one_name"]["units"]
    return names.get(unit, unit)
