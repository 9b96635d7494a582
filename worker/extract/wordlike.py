"""Numerals that are part of a word, and numbers that measure nothing."""

import re

from worker.extract.numerals import MULTIPLIERS
from worker.extract.sight import Sight, Verdict

_ESTIMATED_LEFT = re.compile(r"(?:近|[^以网线会马楼早晚之路]上|超|约|过|逾|超过|达)$")
_SOME_LEFT = re.compile(r"[数几]$")
_DURATIONS = frozenset({"个月", "天", "小时", "分钟", "工作日", "周"})
_MEASURED_ONE_LEFT = re.compile(r"(?:近|约|不到|不足|仅|仅用|提前|只需|超过|满|达|用时|缩短至)$")
# Tags of dictionary words that are number and measure, times, or names that share their characters by chance.
_COUNTING_TAGS = frozenset({"m", "mq", "q", "t", "v", "x", "nr", "nrt"})
_NO_WORDS_ACROSS = frozenset({"m", "t", "nr", "nrt"})

_COMPARED_LEFT = re.compile(r"比(?![分赛])(?:值|例|重)?[^,。;]{0,8}$|[由从至到为成]$")
_SHARE_LEFT = re.compile(r"(?:占|约|近|超|过|逾|达)[^,。;]{0,8}$")
_MEASURED_LEFT = re.compile(
    r"(?:率|分|指数|系数|总数|人数|数量|数|值|比重|比例|占比|量|户|规模|总量|存量|增量|点)"
    r"(?:约|近|达到?|为|至|超过?|突破|逾|升?到|是|保持在|稳定在|提高到|降至|高达|已达|已?超过|\s)*$"
)
_ROW_LEFT = re.compile(r"[0-9][ \t]+$")
_ROW_RIGHT = re.compile(r"[ \t]+[0-9]")


def find_word(seen: Sight) -> Verdict | None:
    """A Chinese numeral that does not count."""
    candidate, number = seen.candidate, seen.number
    if candidate.arabic or candidate.form != "number":
        return None
    if number[0] in MULTIPLIERS and _SOME_LEFT.search(seen.left):
        return Verdict("vague", "some tens, hundreds or thousands")
    is_estimate = bool(candidate.inexact or _ESTIMATED_LEFT.search(seen.left))
    if not is_estimate and _inside_word(seen):
        return Verdict("word", "part of a word")
    if not is_estimate and number[0] in MULTIPLIERS and number[0] != "十":
        return Verdict("word", "a bare 百, 千, 万 or 亿")
    if number in ("零", "〇"):
        zero = seen.page.lexicon.zeros.match(seen.page.text, candidate.number_end)
        return None if zero else Verdict("word", "a zero that is an attitude or part of a word")
    if not candidate.unit:
        return Verdict("word", "a numeral without a unit")
    lexicon = seen.page.lexicon
    if candidate.unit in lexicon.after_digits_only and lexicon.kind_of(candidate.unit) != "person":
        return Verdict("word", "part of a word")
    if number == "一" and not _counts_one(seen):
        return Verdict("word", "一 as an article")
    return None


def find_worthless(seen: Sight) -> Verdict | None:
    """A number without a value, or without anything that it measures."""
    candidate, left = seen.candidate, seen.left
    if candidate.value is None:
        return Verdict("vague", "no value can be told from it")
    if candidate.unit or candidate.form in ("fraction", "half", "doubling") or seen.number == "零":
        return None
    if candidate.form == "ratio":
        return None if _COMPARED_LEFT.search(left) else Verdict("bare", "a ratio of nothing named")
    if candidate.form == "quotient":
        return None if _SHARE_LEFT.search(left) else Verdict("name", "two numbers with a stroke")
    if _ROW_LEFT.search(left) or _ROW_RIGHT.match(seen.right):
        return Verdict("bare", "in a row of numbers")
    if seen.number[-1:] in ("万", "亿") or candidate.inexact or _MEASURED_LEFT.search(left):
        return None
    return Verdict("bare", "a number without a unit that measures nothing named")


def _counts_one(seen: Sight) -> bool:
    return seen.candidate.unit in _DURATIONS and bool(_MEASURED_ONE_LEFT.search(seen.left))


def _inside_word(seen: Sight) -> bool:
    candidate, text, words = seen.candidate, seen.page.text, seen.page.words
    longest = words.longest(text, candidate.start)
    if len(longest) > len(seen.number) and words.tag(longest) not in _COUNTING_TAGS:
        return len(longest) > candidate.end - candidate.start or not candidate.unit
    for back in (1, 2, 3):
        start = candidate.start - back
        if start >= 0 and len(word := words.longest(text, start)) > back:
            return words.tag(word) not in _NO_WORDS_ACROSS
    return False
