"""One scan over a text for everything that is written as a number, with its value and its unit.

What a number is (a figure, a date, part of a name ...) is decided elsewhere; nothing is left out here.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from worker.extract.lexicon import Lexicon
from worker.extract.numerals import DIGIT_VALUES, MULTIPLIERS, NUMERALS, parse, text_of, times

# Thousands are set off by commas, or by spaces where a word follows (Hong Kong: 24 800个单位). Digits one by one are
# those of a number that typesetting has spaced out (等次 2 2 个).
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|(?<=[\u4e00-\u9fff] )[1-9](?: [0-9])+(?= ?[\u4e00-\u9fff%])|(?<![0-9] )[0-9]{1,3}(?: [0-9]{3})+(?=[\u4e00-\u9fff%])|[0-9]+)(?:\.[0-9]+)?"
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
_COMMON = "".join(char for char in NUMERALS if char not in _CAPITALS and char != "兆")
# 兆 is 10 to the 12th before money (Taiwan: 4兆8,530亿元), and a part of units elsewhere (兆瓦, 百兆宽带).
_TRILLION = r"兆(?= ?(?:[0-9]|[余多]?(?:元|美元|台币|新台币|日元|港元)))"
# Financial capitals are numerals only among themselves: 壹佰零伍, but not 队伍 or 陆港.
_RUN = (
    rf"(?:[{_CAPITALS}][{_CAPITALS}零万亿]+|(?:{_DIGITS}|[{_COMMON}])"
    rf"(?:[{_COMMON}]|{_TRILLION}|(?<![0-9,.]){_DIGITS}|(?<=[万亿兆]) (?=[0-9])|点(?=[一二三四五六七八九零]))*)"
)
_SCAN = re.compile(
    rf"(?P<fraction>(?P<denominator>(?>{_RUN}))分之(?P<numerator>{_RUN}))"
    rf"|(?P<doubling>翻了?近?(?P<doublings>[一二两三四五六七八九十]|[0-9](?:\.[0-9])?)?番)"
    r"|(?P<half>半数|一半|半(?=小时|年(?![度报])|天|个月|个小时|日))"
    r"|(?P<ratio>[0-9]+(?:\.[0-9]+)? ?[:∶] ?[0-9]+(?:\.[0-9]+)?(?:(?: ?[:∶] ?[0-9]+(?:\.[0-9]+)?)*))"
    r"|(?P<quotient>(?<![0-9/.])[1-9]/[1-9][0-9]?(?![0-9/.年月]))"
    rf"|(?P<run>{_RUN})"
)
# What a number can begin with; much faster to look for than for a number.
_FIRST = re.compile(f"[0-9{NUMERALS}半翻]")
_APPROXIMATE = re.compile(rf"(?P<word>[余多几来])(?P<multipliers>[{''.join(MULTIPLIERS)}]*)")
_CONNECTOR = re.compile(r"(?:至|到|[-－—–―~～─]{1,2})(?=[0-9一二三四五六七八九十百两])")
_TENTHS = re.compile(r"成(?P<hundredths>[一二三四五六七八九])?(?![员立为果效功长就本都交品份分套型熟人片])")
_SCORED = re.compile(r"(?:[高低得均总评]分|平均分)(?:为|是|达|约| )*$")
_GAP = re.compile("(?<=[万亿兆]) ")
_NEAR = 8
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
    while first := _FIRST.search(text, place):
        place = first.end()
        if match := _SCAN.match(text, first.start()):
            candidate = _READERS[match.lastgroup or "run"](text, match, lexicon)
            yield candidate
            place = max(candidate.end, place)


def with_shared_units(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Gives the numbers of a list the unit that stands once at its end: 3、5、7个."""
    shared = list(candidates)
    for index in range(len(shared) - 2, -1, -1):
        one, following = shared[index], shared[index + 1]
        if not following.unit or not one.arabic or one.form != "number":
            continue
        partial = one.unit == "个" and following.unit.startswith("个")
        if (not one.unit or partial) and text[one.end : following.start] in _LIST_MARKS:
            shared[index] = one._replace(unit=following.unit)
    return shared


# A single unknown word between number and stop is a measure word, whatever it is; a numeral there is damage.
_UNSEEN_UNIT = re.compile(
    rf"[\u4e00-\u9fff](?<![{NUMERALS}余多几等的后前内中起止至到和与及或号届版式型级强月日时点分路线楼年元以为是在有，。；、])(?=[,。;、)])"
)
# What something is measured in per volume or time: 微克/立方米. Money keeps its unit (每人每月850元).
_PER = re.compile(r"/(?:立方米|平方米|公顷|亩|升|秒|小时|分钟|天|日|年|吨|公里|m³|m3|L|h|d|a)(?![A-Za-z])")
_RATED_KINDS = frozenset({"mass", "volume", "length", "energy", "information"})


def with_months(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Makes one duration of years and the months right behind them: 一年2个月 is 14个月."""
    joined: list[Candidate] = []
    for candidate in candidates:
        last = joined[-1] if joined else None
        follows = last and last.unit == "年" and text[last.end : candidate.start] in ("", "零", "又")
        if last and follows and last.value and candidate.value and candidate.unit == "个月":
            months = Decimal(last.value) * 12 + Decimal(candidate.value)
            joined[-1] = candidate._replace(start=last.start, value=text_of(months))
        else:
            joined.append(candidate)
    return joined


_LIST_MARKS = frozenset({"、", "和", "与", "及", "或", ",", "/"})


def _fraction(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    base, part = match["denominator"], parse(match["numerator"])
    arabic = bool(re.search("[0-9]", match.group()))
    if part is None:
        return Candidate(match.start(), match.end(), match.end(), None, form="fraction", arabic=arabic)
    if base in _PARTS:
        return Candidate(
            match.start(),
            match.end(),
            match.end(),
            text_of(part.low),
            unit=_PARTS[base],
            form="fraction",
            arabic=arabic,
        )
    whole = parse(base)
    value_text = None
    if whole is not None and whole.low:
        low, base = text_of(part.low), text_of(whole.low)
        value_text = f"{low}/{base}" if low.isdigit() and base.isdigit() else _quotient(low, base)
    return Candidate(match.start(), match.end(), match.end(), value_text, form="fraction", arabic=arabic)


def _doubling(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    # Doubled once is 100 % more, twice is four times as much.
    times_doubled = parse(match["doublings"] or "一")
    whole = times_doubled is not None and times_doubled.low == times_doubled.low.to_integral_value()
    value = text_of(Decimal(100 * (2 ** int(times_doubled.low) - 1))) if times_doubled and whole else None
    return Candidate(match.start(), match.end(), match.end(), value, unit="%", form="doubling", arabic=False)


def _half(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    if match.group() == "半":
        unit = lexicon.unit_at(text, match.end())
        return Candidate(
            match.start(), match.end(), match.end() + len(unit), "0.5", unit=unit, form="half", arabic=False
        )
    return Candidate(match.start(), match.end(), match.end(), "50", unit="%", form="half", arabic=False)


def _ratio(text: str, match: re.Match[str], lexicon: Lexicon) -> Candidate:
    parts = re.split(" ?[:∶] ?", match.group())
    value = _quotient(*parts) if len(parts) == 2 else None
    return Candidate(match.start(), match.end(), match.end(), value, form="ratio")


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
    connector = _CONNECTOR.match(text, first.end)
    if first.value is None or not connector:
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
    low, high = (None, None) if value is None else (value.low, value.high)
    inexact = ""
    if near := _approximate(text, end, run):
        inexact, end = near["word"], near.end()
        if low is not None and inexact == "几":
            low, high = (Decimal(11), Decimal(19)) if run == "十" else (None, None)
        for multiplier in near["multipliers"]:
            low, high = (None if part is None else times(part, MULTIPLIERS[multiplier]) for part in (low, high))
        if near["multipliers"] and text.startswith(("余", "多"), end):
            end += 1
    return _with_unit(text, start, end, low, high, inexact if inexact != "几" else "", arabic, lexicon)


def _approximate(text: str, end: int, run: str) -> re.Match[str] | None:
    near = _APPROXIMATE.match(text, end)
    if not near:
        return None
    if near["word"] in "几来":
        return near if run[-1] in MULTIPLIERS and not text.startswith(("来源", "来自", "来访"), end) else None
    return (
        None
        if text.startswith(("多元", "多样", "多方", "多层", "多部", "多数", "余额", "余下"), end)
        and not near["multipliers"]
        else near
    )


def _with_unit(
    text: str,
    start: int,
    end: int,
    low: Decimal | None,
    high: Decimal | None,
    inexact: str,
    arabic: bool,
    lexicon: Lexicon,
) -> Candidate:
    def made(unit_end: int, unit: str) -> Candidate:
        low_text = None if low is None else text_of(low)
        high_text = None if high is None else text_of(high)
        return Candidate(start, end, unit_end, low_text, high_text, unit, "number", inexact, arabic)

    tenths = _TENTHS.match(text, end)
    if tenths and low is not None and low < 10 and text[end - 1] not in MULTIPLIERS:
        low = times(low, 10) + (DIGIT_VALUES[tenths["hundredths"]] if tenths["hundredths"] else 0)
        high = None if high is None else times(high, 10)
        return made(tenths.end(), "%")
    gap = 1 if arabic and text.startswith(" ", end) else 0
    unit = lexicon.unit_at(text, end + gap)
    if not unit and arabic and _SCORED.search(text, max(0, start - _NEAR), start):
        return made(end, "分")
    if (not unit or unit == "成") and arabic and (unseen := _UNSEEN_UNIT.match(text, end)):
        return made(unseen.end(), unseen.group())
    if not unit or unit == "成":
        return made(end, "")
    unit_end = end + gap + len(unit)
    if (per := _PER.match(text, unit_end)) and lexicon.kind_of(unit) in _RATED_KINDS:
        return made(per.end(), _normal(unit) + per.group())
    return made(unit_end, _normal(unit))


def _normal(unit: str) -> str:
    """The unit by one name: 个工作日 and 工作日, 人民币元 and 元."""
    return _ONE_NAME.get(unit, unit)


_ONE_NAME = {
    "个工作日": "工作日",
    "人民币元": "元",
    "元人民币": "元",
    "块钱": "元",
    "百分点": "个百分点",
    "个小时": "小时",
    "人(次)": "人次",
    "㎡": "平方米",
    "m2": "平方米",
    "m²": "平方米",
    "平米": "平方米",
    "个基点": "基点",
    "个自然日": "自然日",
    "台(套)": "台套",
}

_READERS = {
    "fraction": _fraction,
    "doubling": _doubling,
    "half": _half,
    "ratio": _ratio,
    "quotient": _written_fraction,
    "run": _run,
}
