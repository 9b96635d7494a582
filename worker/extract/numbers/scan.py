"""One scan over a text for everything that is written as a number, with its value and its unit.

What a number is (a figure, a date, part of a name ...) is decided elsewhere; nothing is left out here.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from worker.extract.language.lexicon import Lexicon
from worker.extract.numbers.minus import SIGNS, sign_before
from worker.extract.numbers.numerals import DIGIT_VALUES, MULTIPLIERS, NUMERALS, parse, text_of, times
from worker.extract.numbers.units import ADDING, Amount, measure_at, normal_unit, of_currency, without_known_unit
from worker.patterns import Pattern

# Thousands are set off by commas, or by spaces where a word follows (Hong Kong: 24 800个单位). Digits one by one are
# those of a number that typesetting has spaced out (等次 2 2 个).
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|(?<=[\u4e00-\u9fff] )[1-9](?: [0-9])+(?= ?[\u4e00-\u9fff%])|(?<![0-9] )[0-9]{1,3}(?: [0-9]{3})+(?=[\u4e00-\u9fff%])|[0-9]+)(?:\.[0-9]+)?"
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
_COMMON = "".join(char for char in NUMERALS if char not in _CAPITALS and char != "兆")
# 兆 is 10 to the 12th before money (Taiwan: 4兆8,530亿元), and a part of units elsewhere (兆瓦, 百兆宽带).
_TRILLION = r"兆(?= ?(?:[0-9]|[一二三四五六七八九][千百十万亿零]|[余多]?(?:元|美元|台币|新台币|日元|港元)))"
# Financial capitals are numerals only among themselves: 壹佰零伍, but not 队伍 or 陆港.
_RUN = (
    rf"(?:[{_CAPITALS}][{_CAPITALS}零万亿]+|[{_CAPITALS}](?=[元圆角分])|(?:{_DIGITS}|[{_COMMON}])"
    rf"(?:[{_COMMON}]|{_TRILLION}|(?<![0-9,.]){_DIGITS}|(?<=[万亿兆]) (?=[0-9])|点(?=[一二三四五六七八九零]))*)"
)
# 二、三百亿 is a range; 二、三百 at the start of a line is a mark and a number.
_PAIR = "|".join(f"{one}、(?={two}[十百千万亿](?!年代))" for one, two in pairwise(tuple(DIGIT_VALUES)[1:10]))
_SCAN = re.compile(
    rf"(?P<fraction>(?P<denominator>(?>{_RUN}))分之(?P<numerator>{_RUN}))"
    rf"|(?P<doubling>翻了?近?(?P<doublings>[一二两三四五六七八九十]|[0-9](?:\.[0-9])?)?番(?P<partly>半(?![导年数径天月]))?)"
    r"|(?P<half>半数|一半|半(?=小时|年(?![度报])|天|个月|个多月|个小时|个多小时|日)|(?:(?<=[过近超])|\A)半(?=[,。;、)的]|\Z))"
    r"|(?P<ratio>[0-9]+(?:\.[0-9]+)? ?[:∶] ?[0-9]+(?:\.[0-9]+)?(?:(?: ?[:∶] ?[0-9]+(?:\.[0-9]+)?)*))"
    r"|(?P<quotient>(?<![0-9/.])[1-9]/(?!10?万)[1-9][0-9]?(?![0-9/.年月]))"
    rf"|(?P<run>(?!零下[0-9一二三四五六七八九十])(?:(?<=[^\s。;:：第、0-9{NUMERALS}])(?:{_PAIR}))?{_RUN})"
)
# Digits and what nothing of a number begins with after them: most numbers, told twice as fast.
_DIGITS_ALONE = re.compile(rf"[0-9]+(?:\.[0-9]+)?(?![0-9., :∶/兆点分{_COMMON}])")
# What a number can begin with; much faster to look for than for a number.
_FIRST = re.compile(f"[0-9{NUMERALS}半翻]")
_APPROXIMATE = re.compile(rf"(?P<word>[余多几来])(?P<multipliers>[{''.join(MULTIPLIERS)}]*)")
_APPROXIMATING = frozenset("余多几来")
# 1100多元 is money, 3个多元化平台 are platforms.
BEGINS_WITH_MANY = Pattern("{numbers.no_remainders.many}|{numbers.no_remainders.rest}")
_CONNECTOR = re.compile(r"(?:至|到|[-－—–―~～─]{1,2})(?=[0-9一二三四五六七八九十百两])")
_CONNECTING = frozenset("至到-－—–―~～─")
#: What may add to a number, and what may go on after its unit.
_MAY_ADD = frozenset({"", " ", "/", *_APPROXIMATING, *ADDING})
_ZEROS = frozenset("零〇")
_RUNS = (None, "run")  # the names of a match that may be plain
_INSIDE_UNITS = frozenset("多半")  # 3个多月
_GOES_ON = frozenset({"/", "每", "半", *_CONNECTING})
_GAP = re.compile("(?<=[万亿兆]) ")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TENTHS = frozenset("成折")
_PARTS = {"百": "%", "千": "‰", "万": "‱"}


class Candidate(NamedTuple):
    """A number as it stands in ``text[start:end]``, its unit included; ``number_end`` is where the unit starts.

    ``value`` and ``high`` are decimals or a fraction (``2/3``), None where the characters make no value.
    ``inexact`` is the approximator inside it (余, 多).
    """

    start: int
    number_end: int
    end: int
    value: str | None
    high: str | None = None
    unit: str = ""
    form: str = "number"
    inexact: str = ""
    arabic: bool = True


def find_candidates(text: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Every number of a text whose full-width forms are folded, in order, none overlapping another."""
    place = 0
    end = 0  # of the number before
    while first := _FIRST.search(text, place):
        place = first.end()
        match = _DIGITS_ALONE.match(text, place - 1) or _SCAN.match(text, place - 1)
        if match and match.lastgroup in _RUNS and (plain := _plain(text, match, lexicon)):
            yield plain if text[plain.start - 1 : plain.start] not in SIGNS else _signed(text, plain, end, lexicon)
            place = end = max(plain.end, place)
            continue
        if match and match.lastgroup == "ratio" and len(parts := list(_NUMBER.finditer(match.group()))) > 2:
            yield from (_share(match.start(), part) for part in parts)
            place = end = match.end()
        elif match:
            candidate = _READERS[match.lastgroup or "run"](text, match, lexicon)
            yield _signed(text, candidate, end, lexicon)
            place = end = max(candidate.end, place)


def _plain(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate | None:
    """Digits or numerals with nothing after them that adds to them but a unit, as most numbers are.

    None where what stands there has to be looked at, as :func:`_number` does.
    """
    start, end = match.span()
    run, following, arabic = match[0], text[end : end + 1], text[start].isdigit()
    if following in _MAY_ADD and (following != "个" or text[end + 1 : end + 2] in _INSIDE_UNITS):
        return None
    if end - start > 1 and (run[0] in _ZEROS or " " in run):
        return None
    if end - start > 1 and run[-1] in MULTIPLIERS and lexicon.unit_at(text, end - 1):
        return None  # 5万千瓦
    unit = lexicon.unit_at(text, end)
    value, is_range = _value(run)
    if is_range or (arabic and value is None):
        return None
    if unit:
        stop, unit = end + len(unit), normal_unit(of_currency(text, start, unit))
    else:
        unit, stop = without_known_unit(text, start, end, "") if arabic else ("", end)
    return None if text[stop : stop + 1] in _GOES_ON else Candidate(start, end, stop, value, None, unit, arabic=arabic)


@lru_cache(maxsize=4096)
def _value(run: str) -> tuple[str | None, bool]:
    """The value of digits or numerals, and whether they mean a range by themselves."""
    value = parse(run)
    return (None, False) if value is None else (text_of(value.low), value.high is not None)


def _signed(text: str, candidate: Candidate, previous_end: int, lexicon: Lexicon) -> Candidate:
    """The candidate with the minus in front of it; without a value where that may be a dash."""
    if candidate.value is None or "/" in candidate.value or candidate.form not in ("number", "range", "fraction"):
        return candidate
    sign = sign_before(text, candidate.start, candidate.unit, previous_end, lexicon)
    if sign is None:
        return candidate
    if not sign.certain:
        return candidate._replace(value=None, high=None)
    return candidate._replace(start=sign.start, value=f"-{candidate.value}")


def _fraction(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    base, part = match["denominator"], parse(match["numerator"])
    arabic = bool(re.search("[0-9]", match.group()))
    if part is None:
        return Candidate(match.start(), match.end(), match.end(), None, form="fraction", arabic=arabic)
    if base in _PARTS:
        low, unit = text_of(part.low), _PARTS[base]
        one = Candidate(match.start(), match.end(), match.end(), low, None, unit, "fraction", arabic=arabic)
        return _up_to(text, one, lexicon)
    whole = parse(base)
    value_text = None
    if whole is not None and whole.low:
        low, base = text_of(part.low), text_of(whole.low)
        value_text = f"{low}/{base}" if low.isdigit() and base.isdigit() else _quotient(low, base)
    return Candidate(match.start(), match.end(), match.end(), value_text, form="fraction", arabic=arabic)


def _up_to(text: str, one: Candidate, lexicon: Lexicon) -> Candidate:
    """The range that a share begins: 百分之八十至九十; without a value where its ends are in the wrong order."""
    connector = _CONNECTOR.match(text, one.end)
    following = _SCAN.match(text, connector.end()) if connector else None
    if not following or text[max(0, one.start - 1) : one.start] in ("从", "由"):
        return one
    if following.lastgroup == "fraction" and _PARTS.get(following["denominator"]) == one.unit:
        last = parse(following["numerator"])
    elif following.lastgroup == "run" and not lexicon.unit_at(text, following.end()):
        last = parse(following.group())
    else:
        return one
    end = following.end()
    if last is None or last.high or last.low <= Decimal(one.value or 0):
        return one._replace(number_end=end, end=end, value=None)
    return one._replace(number_end=end, end=end, high=text_of(last.low))


def _doubling(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    # Doubled once is 100 % more, twice is four times as much.
    times_doubled = parse(match["doublings"] or "一")
    whole = (
        times_doubled is not None and times_doubled.low == times_doubled.low.to_integral_value() and not match["partly"]
    )
    value = text_of(Decimal(100 * (2 ** int(times_doubled.low) - 1))) if times_doubled and whole else None
    inexact = "近" if "近" in match.group() else ""
    return Candidate(match.start(), match.end(), match.end(), value, None, "%", "doubling", inexact, arabic=False)


def _half(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    if match.group() == "半":
        measure = measure_at(text, match.start(), match.end(), Amount(Decimal("0.5")), lexicon)
        if measure.unit:
            inexact = measure.amount.inexact
            return Candidate(
                match.start(), match.end(), measure.end, "0.5", None, measure.unit, "half", inexact, arabic=False
            )
    return Candidate(match.start(), match.end(), match.end(), "50", unit="%", form="half", arabic=False)


def _ratio(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    parts = re.split(" ?[:∶] ?", match.group())
    value = _quotient(*parts) if len(parts) == 2 else None
    return Candidate(match.start(), match.end(), match.end(), value, form="ratio")


def _share(start: int, part: re.Match[str]) -> Candidate:
    """One of the parts of a whole, as in 三次产业结构为4.0:37.7:58.3."""
    end = start + part.end()
    return Candidate(start + part.start(), end, end, part.group(), form="share")


def _written_fraction(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    return Candidate(match.start(), match.end(), match.end(), match.group(), form="quotient")


def _quotient(dividend: str, divisor: str) -> str | None:
    """As a decimal where it is divided by one, else as a fraction."""
    if divisor == "1":
        return dividend
    ratio = Fraction(dividend) / Fraction(divisor) if Fraction(divisor) else None
    return None if ratio is None else f"{ratio.numerator}/{ratio.denominator}"


def _run(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    start = match.start() + (match.group()[0] in "零〇" and len(match.group()) > 1)  # 三年零两个月
    first = _number(text, start, match.end(), lexicon)
    if first.value is None or text[first.end : first.end + 1] not in _CONNECTING:
        return first
    connector = _CONNECTOR.match(text, first.end)
    if not connector:
        return first
    following = _SCAN.match(text, connector.end())
    if not following or following.lastgroup != "run":
        return first
    last = _number(text, following.start(), following.end(), lexicon)
    return _joined(first, last, text) or first


def _joined(first: Candidate, last: Candidate, text: str) -> Candidate | None:
    """The range of two numbers: one unit at its end or the same at both; the multiplier at its end counts for both."""
    if last.value is None or first.unit not in ("", last.unit) or last.high or first.high or not last.unit:
        return None
    low = Decimal(first.value or 0)
    written = text[last.start : last.number_end].rstrip("余多几")
    if not first.unit and text[first.number_end - 1] not in MULTIPLIERS and written[-1:] in ("万", "亿"):
        low = times(low, MULTIPLIERS[written[-1]])
    if not first.unit and text[last.number_end] in _TENTHS:
        low = times(low, 10)  # 三至四成, 七到八折
    if low >= Decimal(last.value):
        return None
    return last._replace(start=first.start, value=text_of(low), high=last.value, form="range", arabic=first.arabic)


def _number(text: str, start: int, end: int, lexicon: Lexicon) -> Candidate:
    run, arabic = text[start:end], text[start].isdigit()
    while end - start > 1 and text[end - 1] in MULTIPLIERS and len(lexicon.unit_at(text, end - 1)) > 1:
        end -= 1  # 5万千瓦: 千 belongs to the unit
    run = text[start:end]
    value = parse(_GAP.sub("", run) if " " in run else run)
    if value is None and arabic:
        end = start + len(re.match(_DIGITS, run).group())  # type: ignore[union-attr]
        value = parse(text[start:end])
    amount = Amount(None) if value is None else Amount(value.low, value.high)
    if text[end : end + 1] in _APPROXIMATING and (near := _approximate(text, end, run)):
        amount, end = _approximated(amount, near, run), near.end()
        if near["multipliers"] and text.startswith(("余", "多"), end):
            end += 1
    measure = measure_at(text, start, end, amount, lexicon)
    low, high, inexact = measure.amount
    return Candidate(
        start,
        end,
        measure.end,
        None if low is None else text_of(low),
        None if high is None else text_of(high),
        measure.unit,
        measure.form,
        inexact,
        arabic,
    )


def _approximated(amount: Amount, near: re.Match[str], run: str) -> Amount:
    if near["word"] == "几":
        if run != "十":
            return Amount(None)
        low, high = Decimal(11), Decimal(19)
        for multiplier in near["multipliers"]:
            low, high = times(low, MULTIPLIERS[multiplier]), times(high, MULTIPLIERS[multiplier])
        return Amount(low, high)
    if near["multipliers"]:
        # 4亿3900余万: 万 is that of the second part. 10亿余万 is nothing.
        value = None if run[-1] in "万亿兆" else parse(run + near["multipliers"])
        return Amount(None) if value is None else Amount(value.low, value.high, near["word"])
    return Amount(amount.low, amount.high, near["word"])


def _approximate(text: str, end: int, run: str) -> re.Match[str] | None:
    near = _APPROXIMATE.match(text, end)
    if not near:
        return None
    if near["word"] in "几来":
        return near if run[-1] in MULTIPLIERS and not text.startswith(("来源", "来自", "来访"), end) else None
    is_word = run[-1] in DIGIT_VALUES or BEGINS_WITH_MANY.match(text, end)
    return near if near["multipliers"] or not is_word else None


_READERS = {
    "fraction": _fraction,
    "doubling": _doubling,
    "half": _half,
    "ratio": _ratio,
    "quotient": _written_fraction,
    "run": _run,
}
