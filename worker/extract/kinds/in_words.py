"""Numerals that are part of a word, and numbers that measure nothing."""

import re

from worker.extract.kinds.surroundings import NEAR, NumberClass, Sight
from worker.extract.language.words import Words
from worker.extract.numbers.numerals import MULTIPLIERS

_ESTIMATED_LEFT = re.compile(
    r"(?:近|[^以网线会马楼早晚之路]上|超|约|[^通经]过|逾|达|破|[破达]到|达成|跨过|越过|(?:保持|稳定|维持)在)$"
)
_SOME_LEFT = re.compile(r"[数几]$")
_DURATIONS = frozenset({"个月", "天", "小时", "分钟", "工作日", "周"})
_ONE_UNITS = frozenset({"倍"})  # 增长一倍: never an article
_MEASURED_ONE_LEFT = re.compile(r"(?:近|约|不到|不足|仅|仅用|提前|只需|超过|满|达|用时|缩短至)$")
# Tags of dictionary words that are number and measure, times, or names that share their characters by chance.
_NUMBERED_SECOND = frozenset({"次", "级", "类", "轮", "批", "届", "场", "层", "段", "线"})
_COUNTING_TAGS = frozenset({"m", "mq", "q", "t", "v", "x", "nr", "nrt"})
_NO_WORDS_ACROSS = frozenset({"m", "t", "nr", "nrt"})

_COMPARED_LEFT = re.compile(r"比(?![分赛])(?:值|例|重)?[^,。;]{0,8}$|[由从至到为成]$")
_SHARE_LEFT = re.compile(
    r"(?:占|约|近|超|过|逾|达)[^,。;]{0,8}$|(?:的|仅为|只有|不足|不到|降至|减至|减少|增加|下降|上升|压缩|压减|精简|缩短)了?$"
)
_MEASURED_LEFT = re.compile(
    r"(?:率|比(?=[约近达为至超突逾升降提缩高])|分|指数|系数|总数|人数|数量|数|值|比重|比例|占比|性别比|负债比|量|户|规模|总量|存量|增量|点)"
    r"(?:约|近|达到?|为|至|超过?|突破|逾|升?到|是|保持在|稳定在|提高到|降至|高达|降到|降为|缩小[至到]|已达|已?超过|\s)*$"
)
_ENDS_LENGTH = re.compile("[,。;、)的多以之左]|$")  # 三里屯, 五里墩 and 七里河 are places
_DISCOUNTED_LEFT = re.compile("(?:打|打出|享受?|优惠|按|以|低至|最低|为)$")
_INDEX_LEFT = re.compile("[A-Z]{3}(?:为|是|达到?|升至|降至|保持在|稳定在)$")  # PMI为50.2
_HALVED = ("时", "年", "天", "月", "日")
_SHARE_OF_HALF_LEFT = re.compile("[占比率][^,。;]{0,6}[过近超]$")  # 占比过半
_TOLERANCE_LEFT = re.compile("[0-9℃%‰](?:±|加减 ?)$")  # 25±2℃
_SPOKEN_PRICE = re.compile("[0-9一二三四五六七八九]")  # 3块5
_BEFORE = 6
_PARALLEL_LEFT = re.compile("(?<![0-9一二三四五六七八九十百千万])[一二三四五六七八九十两][\u4e00-\u9fff]$")
_ENDS_PHRASE = re.compile("[,。;、)”]|$|的?(?:格局|布局|发展|结构|模式)")
_EVERY_SO_OFTEN = frozenset({"天", "日", "周", "月"})
_ONCE_RIGHT = re.compile("[一两][^遇个天]")
# 三次产业结构调整为8.3:41.4:50.3
_STRUCTURE_LEFT = re.compile(
    "三次产业[^。;]{0,40}[为由从到至达][0-9.:∶ ]*$|(?:结构|比重|比例|构成|之比)[^,。;、]{0,36}$"
)
# What cannot be a unit that nobody can read any more.
_NO_UNIT_FOLLOWS = re.compile(r"[^\u4e00-\u9fff]|$|[的比较高低为是和与及至到以左上下同增降升居列位并且而均即]")
_CHANGED_LEFT = re.compile("(?:增长|增加|提高|上升|下降|减少|降低) ?$")
_ENDS = re.compile("[,。;)]")
_LISTED_LEFT = re.compile("(?:等|共|共计|合计) ?$")
_BODIES = re.compile(
    " ?(?:机关|部门|单位|企业|国家|县市|乡镇|学校|医院|高校|城市|社区|村庄|委员会)(?![0-9])"
)  # 等11机关
_ROW_LEFT = re.compile(r"[0-9][ \t]+$")
_ROW_RIGHT = re.compile(r"[ \t]+[0-9]")


def find_word(seen: Sight) -> NumberClass | None:
    """A Chinese numeral that does not count."""
    candidate, number = seen.candidate, seen.number
    if candidate.arabic or candidate.form != "number":
        return None
    if number[0] in MULTIPLIERS and _SOME_LEFT.search(seen.left):
        return NumberClass("vague", "some tens, hundreds or thousands")
    is_estimate = bool(candidate.inexact or _ESTIMATED_LEFT.search(seen.left))
    if not is_estimate and _inside_word(seen):
        return NumberClass("word", "part of a word")
    if not is_estimate and number[0] in MULTIPLIERS and number[0] != "十":
        return NumberClass("word", "a bare 百, 千, 万 or 亿")
    if number in ("零", "〇"):
        zero = seen.reading.lexicon.zeros.match(seen.reading.text, candidate.number_end)
        return None if zero else NumberClass("word", "a zero that is an attitude or part of a word")
    if not candidate.unit:
        counts = is_estimate and number[-1] in "万亿" and len(number) > 1
        return None if counts else NumberClass("word", "a numeral without a unit")
    lexicon = seen.reading.lexicon
    if candidate.unit in lexicon.after_digits_only and lexicon.kind_of(candidate.unit) != "person":
        return NumberClass("word", "part of a word")
    if number == "一" and candidate.value == "1" and not _counts_one(seen):
        return NumberClass("word", "一 as an article")
    if candidate.unit == "里" and not _ENDS_LENGTH.match(seen.right):
        return NumberClass("name", "a place named by its distance")
    if len(number) == len(candidate.unit) == 1 and _PARALLEL_LEFT.search(seen.left) and _ENDS_PHRASE.match(seen.right):
        return NumberClass("name", "a set phrase of two numerals: 一主两副")
    if candidate.unit in _EVERY_SO_OFTEN and _ONCE_RIGHT.match(seen.right):
        return NumberClass("word", "says how often: 三天一通报")
    if number == "二" and candidate.unit in _NUMBERED_SECOND:
        return NumberClass("word", "the second, where two would be 两")
    return None


def find_worthless(seen: Sight) -> NumberClass | None:
    """A number without a value, or without anything that it measures."""
    candidate, left = seen.candidate, seen.left
    if candidate.value is None:
        return NumberClass("vague", "no value can be told from it")
    if _TOLERANCE_LEFT.search(left):
        return NumberClass("vague", "how far a value may be off")
    if seen.number == "半" and not candidate.unit.endswith(_HALVED) and not _SHARE_OF_HALF_LEFT.search(left):
        return NumberClass("word", "a half of nothing named")
    if candidate.unit == "块" and _SPOKEN_PRICE.match(seen.right):
        return NumberClass("vague", "a price as it is spoken")
    if candidate.form == "discount" and not _DISCOUNTED_LEFT.search(left):
        return NumberClass("word", "a fold, no discount")
    if candidate.unit or candidate.form in ("fraction", "half", "doubling") or seen.number == "零":
        return None
    if candidate.form == "ratio":
        return None if _COMPARED_LEFT.search(left) else NumberClass("bare", "a ratio of nothing named")
    if candidate.form == "share":
        return None if _STRUCTURE_LEFT.search(_line(seen)) else NumberClass("bare", "a ratio of nothing named")
    if candidate.form == "quotient":
        return None if _SHARE_LEFT.search(left) else NumberClass("name", "two numbers with a stroke")
    if _ROW_LEFT.search(left) or _ROW_RIGHT.match(seen.right):
        return NumberClass("bare", "in a row of numbers")
    if seen.number[-1:] in ("万", "亿") or candidate.inexact:
        return None if _is_followed_by_word(seen) else NumberClass("damaged", "what it counts cannot be read")
    if (_MEASURED_LEFT.search(left) or _INDEX_LEFT.search(left)) and _NO_UNIT_FOLLOWS.match(seen.right):
        return None
    if (_CHANGED_LEFT.search(left) and _ENDS.match(seen.right)) or (
        _LISTED_LEFT.search(left) and _BODIES.match(seen.right)
    ):
        return None
    return NumberClass("bare", "a number without a unit that measures nothing named")


def _counts_one(seen: Sight) -> bool:
    unit = seen.candidate.unit
    return unit in _ONE_UNITS or (unit in _DURATIONS and bool(_MEASURED_ONE_LEFT.search(seen.left)))


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
