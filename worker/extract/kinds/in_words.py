"""Numerals that are part of a word, and numbers that measure nothing."""

import re

from worker.extract.kinds.surroundings import NEAR, NumberKind, Sight
from worker.extract.language.words import Words
from worker.extract.numbers.numerals import MULTIPLIERS
from worker.patterns import Pattern, set_of, words_of

_ESTIMATED_LEFT = Pattern("(?:{numbers.estimates}|[^{numbers.estimates.above}]上|[^{numbers.estimates.passing}]过)$")
_SOME_LEFT = re.compile(r"[数几]$")
_ONE_UNITS = frozenset({"倍"})  # 增长一倍: never an article
_MEASURED_ONE_LEFT = Pattern("{numbers.durations.measured}$")
# Tags of dictionary words that are number and measure, times, or names that share their characters by chance.
_COUNTING_TAGS = frozenset({"m", "mq", "q", "t", "v", "x", "nr", "nrt"})
_NO_WORDS_ACROSS = frozenset({"m", "t", "nr", "nrt"})

_COMPARED_LEFT = re.compile(r"比(?![分赛])(?:值|例|重)?[^,。;]{0,8}$|[由从至到为成]$")
_SHARE_LEFT = Pattern("{numbers.fractions}[^,。;]{0,8}$|{numbers.fractions.changed}了?$")
_MEASURED_LEFT = Pattern(
    r"(?:{numbers.measured}|比(?=[{numbers.measured.after_ratio}]))(?:{numbers.measured.between}|\s)*$"
)
_ENDS_LENGTH = re.compile("[,。;、)的多以之左]|$")  # 三里屯, 五里墩 and 七里河 are places
_DISCOUNTED_LEFT = Pattern("{numbers.discounts}$")
_INDEX_LEFT = Pattern("[A-Z]{3}{numbers.indexes}$")  # PMI为50.2
_SHARE_OF_HALF_LEFT = re.compile("[占比率][^,。;]{0,6}[过近超]$")  # 占比过半
_WITH_STROKE = NumberKind("name", "two numbers with a stroke")
_STROKE_RIGHT = re.compile("/[0-9]")
_TOLERANCE_LEFT = re.compile("[0-9℃%‰](?:±|加减 ?)$")  # 25±2℃
_SPOKEN_PRICE = re.compile("[0-9一二三四五六七八九]")  # 3块5
_BEFORE = 6
_PARALLEL_LEFT = re.compile("(?<![0-9一二三四五六七八九十百千万])[一二三四五六七八九十两][\u4e00-\u9fff]$")
# 四级三类国土空间规划体系: what comes first is a part of a structure.
_STRUCTURE_NAMED_LEFT = Pattern(
    "(?<![0-9一二三四五六七八九十百千万])[一二三四五六七八九十两]{numbers.set_phrases.parts}$"
)
_ENDS_PHRASE = Pattern("[,。;、)”]|$|的?{numbers.set_phrases}")
_ONCE_RIGHT = re.compile("[一两][^遇个天]")
# 三次产业结构调整为8.3:41.4:50.3
_STRUCTURE_LEFT = Pattern(
    "三次产业[^。;]{0,40}[为由从到至达](?:[去上]年(?:同期)?的?)?[0-9.:∶ ]*$|{numbers.structures}[^,。;、]{0,36}$"
)
# What cannot be a unit that nobody can read any more.
_NO_UNIT_FOLLOWS = Pattern(r"[^\u4e00-\u9fff]|$|[{numbers.no_units}]")
_CHANGED_LEFT = Pattern("{numbers.changed} ?$")
_MOST_POINTS = 2  # characters
_TOGETHER = Pattern("[项个]?{numbers.together}[^,;。0-9]{0,6}(?:分别|依次)")  # 四项指数同比分别下降11%、9%
_ASPECTS = Pattern(" ?(?:个|大)?{numbers.aspects}(?!军|队|的?[0-9一二两三四五六七八九十])")  # 方面军, 8个方面32项任务
_POINTS_LEFT = Pattern("以下的?(?:{numbers.aspects.good})?$")
_POINTS = Pattern("[个条]?[点条](?![0-9])|{numbers.aspects.units}的?{numbers.aspects.announced}")
# 采取三项举措。 and 提出四点建议 only announce them; 点 with a numeral is no points of an index.
_ANNOUNCED = Pattern("{numbers.aspects.announced}[,。:;]")
# 60岁以上三人 is a bound and a count, 除以上三项 is none.
_BACK_LEFT = Pattern("(?:这|上述|前述|该|(?:^|[,。;:、(]|{numbers.back.after})以[上下])$")
_DIVIDED_LEFT = re.compile("分(?:为|成)?$")
_IN_GOES_LEFT = Pattern("(?<![{numbers.goes.no_division}])分(?:为|成)?$")
_GOES = Pattern("个?{numbers.goes}(?!长)")
_UPS_AND_DOWNS = Pattern("[^,。;、0-9]{0,8}“?[一二两三四五六七八九]{numbers.directions}[一二两三四五六七八九]")
_DIVIDED = re.compile("[个大](?:部分|章|篇章|板块)")  # 本报告共分6个部分
_ENDS = re.compile("[,。;)]")
_LISTED_LEFT = Pattern("{numbers.summed} ?$")
_BODIES = Pattern(" ?{numbers.summed.bodies}(?![0-9])")  # 等11机关
_ROW_LEFT = re.compile(r"[0-9][ \t]+$")
_ROW_RIGHT = re.compile(r"[ \t]+[0-9]")


def find_word(seen: Sight) -> NumberKind | None:
    """A Chinese numeral that does not count."""
    candidate, number = seen.candidate, seen.number
    if candidate.arabic or candidate.form != "number":
        return None
    if number[0] in MULTIPLIERS and _SOME_LEFT.search(seen.left):
        return NumberKind("vague", "some tens, hundreds or thousands")
    is_estimate = bool(candidate.inexact or _ESTIMATED_LEFT.search(seen.left))
    if not is_estimate and _inside_word(seen):
        return NumberKind("word", "part of a word")
    if not is_estimate and number[0] in MULTIPLIERS and number[0] != "十":
        return NumberKind("word", "a bare 百, 千, 万 or 亿")
    if number in ("零", "〇"):
        zero = seen.reading.lexicon.zeros.match(seen.reading.text, candidate.number_end)
        return None if zero else NumberKind("word", "a zero that is an attitude or part of a word")
    if not candidate.unit:
        counts = is_estimate and number[-1] in "万亿" and len(number) > 1
        return None if counts else NumberKind("word", "a numeral without a unit")
    if candidate.unit in seen.reading.lexicon.after_digits_only:
        return NumberKind("word", "part of a word")
    if number == "一" and candidate.value == "1" and not _counts_one(seen):
        return NumberKind("word", "一 as an article")
    if candidate.unit == "里" and not _ENDS_LENGTH.match(seen.right):
        return NumberKind("name", "a place named by its distance")
    is_short = len(number) == len(candidate.unit) == 1
    if is_short and (
        (_PARALLEL_LEFT.search(seen.left) and _ENDS_PHRASE.match(seen.right)) or _STRUCTURE_NAMED_LEFT.search(seen.left)
    ):
        return NumberKind("name", "a set phrase of two numerals: 一主两副")
    if _refers_back(seen):
        return NumberKind("word", "takes up what was told before")
    if candidate.unit in set_of("numbers.how_often") and _ONCE_RIGHT.match(seen.right):
        return NumberKind("word", "says how often: 三天一通报")
    if number == "二" and candidate.unit in set_of("numbers.second"):
        return NumberKind("word", "the second, where two would be 两")
    return None


def find_worthless(seen: Sight) -> NumberKind | None:
    """A number without a value, or without anything that it measures."""
    candidate, left = seen.candidate, seen.left
    if candidate.value is None:
        return NumberKind("vague", "no value can be told from it")
    if _announces(seen):
        return NumberKind("word", "tells how many points follow")
    if seen.after == seen.right and _STROKE_RIGHT.match(seen.after):
        return _WITH_STROKE  # 120/30人次: the second has the unit
    if _TOLERANCE_LEFT.search(left):
        return NumberKind("vague", "how far a value may be off")
    if (
        seen.number == "半"
        and not candidate.unit.endswith(words_of("numbers.halved"))
        and not _SHARE_OF_HALF_LEFT.search(left)
    ):
        return NumberKind("word", "a half of nothing named")
    if candidate.unit == "块" and _SPOKEN_PRICE.match(seen.right):
        return NumberKind("vague", "a price as it is spoken")
    if candidate.form == "discount" and not _DISCOUNTED_LEFT.search(left):
        return NumberKind("word", "a fold, no discount")
    if _is_rare(candidate.unit) and seen.reading.lexicon.kind_of(candidate.unit) is None:
        return NumberKind("damaged", "what it counts cannot be read")
    if candidate.unit or candidate.form in ("fraction", "half", "doubling") or seen.number == "零":
        return None
    if candidate.form == "ratio":
        return None if _COMPARED_LEFT.search(left) else NumberKind("bare", "a ratio of nothing named")
    if candidate.form == "share":
        return None if _STRUCTURE_LEFT.search(_line(seen)) else NumberKind("bare", "a ratio of nothing named")
    if candidate.form == "quotient":
        return None if _SHARE_LEFT.search(left) else _WITH_STROKE
    if _ROW_LEFT.search(left) or _ROW_RIGHT.match(seen.right):
        return NumberKind("bare", "in a row of numbers")
    if seen.number[-1:] in ("万", "亿") or candidate.inexact:
        return None if _is_followed_by_word(seen) else NumberKind("damaged", "what it counts cannot be read")
    if measures_alone(left) and _NO_UNIT_FOLLOWS.match(seen.right):
        return None
    if (_CHANGED_LEFT.search(left) and _ENDS.match(seen.right)) or (
        _LISTED_LEFT.search(left) and _BODIES.match(seen.right)
    ):
        return None
    return NumberKind("bare", "a number without a unit that measures nothing named")


def measures_alone(left: str) -> bool:
    """Whether what stands before a number is measured without a unit: 得分98.5, PMI为50.2."""
    return bool(_MEASURED_LEFT.search(left) or _INDEX_LEFT.search(left))


def _is_rare(unit: str) -> bool:
    """Whether a unit is one character that GB/T 2312-1980 has not, as a wrong byte makes of 万元 or 名: no measure word is that rare."""
    return len(unit) == 1 and "\u4e00" <= unit <= "\u9fff" and not unit.encode("gb2312", "ignore")


def _announces(seen: Sight) -> bool:
    """Whether the number only tells how many points follow, or goes there were: 四个方面, 以下三点, 分6个批次."""
    if len(seen.number) > _MOST_POINTS or seen.candidate.form != "number":
        return False
    if not seen.candidate.arabic and len(seen.number) == 1:
        unit = seen.candidate.unit
        if unit == "点" or (unit in set_of("numbers.aspects.units") and _ANNOUNCED.match(seen.right)):
            return True
    if _DIVIDED_LEFT.search(seen.left) and _DIVIDED.match(seen.after):
        return True
    if not seen.candidate.arabic and _UPS_AND_DOWNS.match(seen.right):
        return True
    if _IN_GOES_LEFT.search(seen.left) and _GOES.match(seen.after):
        return True
    if _TOGETHER.match(seen.right):
        return True
    return bool(_ASPECTS.match(seen.right)) or bool(_POINTS_LEFT.search(seen.left) and _POINTS.match(seen.after))


def _refers_back(seen: Sight) -> bool:
    """Whether the numeral only takes up what was told before: 这两类, 上述三项, 以上五项."""
    is_counted = seen.candidate.unit in set_of("numbers.back.units")
    return len(seen.number) == 1 and is_counted and bool(_BACK_LEFT.search(seen.left))


def _counts_one(seen: Sight) -> bool:
    unit = seen.candidate.unit
    return unit in _ONE_UNITS or (
        unit in set_of("numbers.durations.words") and bool(_MEASURED_ONE_LEFT.search(seen.left))
    )


def _inside_word(seen: Sight) -> bool:
    candidate, text, words = seen.candidate, seen.reading.text, seen.reading.words
    longest = words.longest(text, candidate.start)
    if len(longest) > len(seen.number) and words.tag(longest) not in _COUNTING_TAGS:
        return len(longest) > candidate.end - candidate.start or not candidate.unit
    for back in (1, 2, 3):
        start = candidate.start - back
        if start >= 0 and len(word := words.longest(text, start)) > back:
            return words.tag(word) not in _NO_WORDS_ACROSS and _lies_across(text, candidate.start, candidate.end, words)
    return False


def _lies_across(text: str, start: int, end: int, words: Words) -> bool:
    """Whether a word lies across the place once the text is divided: not 国三 in 占全国三成."""
    first = max(0, start - _BEFORE)
    place = first
    for word in words.cut(text[first:end]):
        if place >= start:
            break
        place += len(word.text)
    return place > start


def _is_followed_by_word(seen: Sight) -> bool:
    """Whether a stop or a word of the dictionary follows, and not the torn half of a unit."""
    text, place = seen.reading.text, seen.candidate.end
    return bool(_NO_UNIT_FOLLOWS.match(text, place) or seen.reading.words.longest(text, place))


def _line(seen: Sight) -> str:
    """A longer stretch before the number than other rules need."""
    start = seen.candidate.start
    return seen.reading.text[max(0, start - 4 * NEAR) : start]
