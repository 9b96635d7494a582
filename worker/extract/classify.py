"""Tells figures from the other numbers of a text: dates, ordinals, names, identifiers, list markers.

Rules are asked in order; the first that speaks decides, and says why. What no rule rejects is a figure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from worker.extract.candidates import Candidate
from worker.extract.numerals import MULTIPLIERS
from worker.extract.page import Page

Kind = Literal["metric", "date", "ordinal", "marker", "name", "identifier", "word", "damaged", "bare", "vague", "cell"]

NEAR = 12  # characters on either side that the rules look at


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a number is, and the reason."""

    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A candidate with its surroundings.

    ``left`` ends where it starts, ``after`` starts behind the number proper, ``right`` behind its unit.
    """

    candidate: Candidate
    number: str
    left: str
    after: str
    right: str
    page: Page


Rule = Callable[[Sight], Verdict | None]


def sight(candidate: Candidate, page: Page) -> Sight:
    """The candidate as the rules see it."""
    text = page.text
    return Sight(
        candidate,
        text[candidate.start : candidate.number_end],
        text[max(0, candidate.start - NEAR) : candidate.start],
        text[candidate.number_end : candidate.number_end + NEAR],
        text[candidate.end : candidate.end + NEAR],
        page,
    )


def classify(seen: Sight) -> Verdict:
    """The class of a number, by the first rule that knows it."""
    for rule in RULES:
        if verdict := rule(seen):
            return verdict
    return Verdict("metric", "a number with a unit" if seen.candidate.unit else "a number that measures")


def _name(seen: Sight) -> Verdict | None:
    why = seen.page.cover_of(seen.candidate.start)
    return Verdict("identifier" if why == "a document number" else "name", why) if why else None


_CODE_LEFT = re.compile(r"(?:[A-Za-z_@#/&]|[A-Za-z][-.—]|[0-9A-Za-z一二三四五六七八九N][+×*]|[0-9]-)$")
_CODE_LABEL = re.compile(
    r"(?:电话|邮编|邮政编码|备案|备|编号|识别码|索引号|热线|号码|代码|证号|传真|QQ|账号|编码|ICP|公网安备|票号)[^,。;]{0,4}$"
)
_CODE_RIGHT = re.compile(
    r"(?:[A-Za-z_@](?![a-z]*[·/])|[+×*][0-9N]|-[0-9A-Za-z]|热线|平台|版本?|后(?=[,、]|青年|人才)|高速|次列车)"
)


def _code(seen: Sight) -> Verdict | None:
    candidate, number, left = seen.candidate, seen.number, seen.left
    if candidate.form == "range":
        return None
    if _CODE_LEFT.search(left) and not left.endswith("GDP"):
        return Verdict("name", "joined to a letter, a hyphen or a plus sign")
    if candidate.arabic and _CODE_LABEL.search(left) and number.isdigit() and len(number) > 2 and not candidate.unit:
        return Verdict("identifier", "a number by which something is called, filed or rung up")
    if candidate.arabic and re.match("[国省县]道", seen.after):
        return Verdict("name", "the name of a road")
    if candidate.arabic and not candidate.unit and _CODE_RIGHT.match(seen.after):
        return Verdict("name", "the name of a line, a version, a road or a programme")
    if candidate.arabic and re.match("[+×*][0-9N]", seen.right):
        return Verdict("name", "joined to a plus sign")
    if (number.isdigit() and len(number) > 10) or (number.isdigit() and len(number) > 1 and number[0] == "0"):
        return Verdict("identifier", "too long for a figure, or begins with zero")
    return None


_RANKED = re.compile(r"(?:居|列|排名|排|位次|位|前|首|TOP|top)[^0-9,。;]{0,6}$")


def _ordinal(seen: Sight) -> Verdict | None:
    candidate, left = seen.candidate, seen.left
    if re.search(r"第 ?$|第[一二三四五六七八九十]+个$|第[0-9一二三四五六七八九十]+[、和至到-]$", left):
        return Verdict("ordinal", "第 stands before it")
    if (
        re.search(r"(?:前|居|列|排名)(?:全国|全省|全市|世界|全球|第)?$", left)
        and not candidate.unit.endswith("年")
        and (
            candidate.unit in ("位", "名", "") or (re.search("前$", left) and candidate.unit not in ("个月", "天", "%"))
        )
    ):
        return Verdict("ordinal", "a rank")
    if re.match(r"强(?!制|化|度)", seen.after) or re.match(r"(?:强|佳|甲|名之)", seen.right):
        return Verdict("ordinal", "a rank")
    if not candidate.arabic and (
        re.match(r"届|中全会|大(?:报告|以来|精神|召开|代表)", seen.after)
        or (candidate.unit == "期" and not candidate.high)
    ):
        return Verdict("ordinal", "the number of a congress, a term or a phase")
    if re.match(
        r"(?:届|次)(?:[、和及至][一二三四五六七八九十]+次)*(?:[^,。;、]{0,6})(?:全会|全体|会议|代表大会|常委会|党代会)",
        seen.after,
    ) and not re.search("[开行办]了?$", left):
        return Verdict("ordinal", "the number of a meeting")
    return None


_YEAR = re.compile(r"(?:1[89]|20|21)[0-9]{2}$")
_NAMED_YEARS = re.compile(
    r"(?:来|以来|间|期间|代|级|后|前|内|底|初|末|制|期|规划|计划|行动|战略|决战|攻坚|发展|专项|方案|目标|任务|工作|实施|建设|提升|滚动|上台阶|跟踪|过渡)"
)


def _date(seen: Sight) -> Verdict | None:
    candidate, left, after, right = seen.candidate, seen.left, seen.after, seen.right
    unit = candidate.unit
    if _is_year(seen.number, after, left):
        return Verdict("date", "a year")
    if re.match(r"月(?!台|饼|球)", after) and _at_most(candidate, 12):
        return Verdict("date", "a month")
    if re.match(r" ?[日号](?!均|元|内)", after) and _at_most(candidate, 31) and not re.search(r"[近约达为需每]$", left):
        return Verdict("date", "a day")
    if not unit and re.match(r"[至到、—–\-~和及]{1,2}[0-9一二十]{1,3}(?:月|日|季度)", after):
        return Verdict("date", "the start of a span of months or days")
    if re.match(r"个?(?:季度|年代|世纪)", after) and not after.startswith("个季度"):
        return Verdict("date", "a quarter, decade or century")
    if re.match(r"(?:时(?!代|期|间|尚|段)|点(?:[0-9半整]|钟|前|后|至)|:[0-9]{2})", after) or re.search(
        r"(?:[上下中]午|晚上?|凌晨|[0-9]时|[0-9]点|[0-9]:)$", left
    ):
        return Verdict("date", "a time of day")
    if unit == "周" and re.match("[年岁]", right):
        return Verdict("date", "an anniversary")
    return _span(seen) if unit in _SPAN_UNITS else None


_SPAN_UNITS = frozenset({"年", "天", "个月", "周", "日", "个季度"})


def _span(seen: Sight) -> Verdict | None:
    left, right = seen.left, seen.right
    if (
        _NAMED_YEARS.match(right)
        if seen.candidate.unit == "年"
        else re.match(r"(?:来|以来|期间|后|前|里|中|时间内)", right)
    ):
        return Verdict("date", "a span of time that dates or names something")
    if (
        seen.candidate.unit == "年"
        and (_SAYS_WHEN.search(left[-4:]) or re.match("累计|共", right))
        and not re.match("[零又]?[0-9一二三四五六七八九十]+个月", right)
    ):
        return Verdict("date", "a span of years that says when")
    if (
        re.search(r"(?:近|过去|前|今后|未来|这|上|后|下|最近|头)(?:的)?$", left)
        and not re.search(r"(?:提前|将)近?$", left)
        and (seen.candidate.unit == "年" or not re.search("近$", left))
    ):
        return Verdict("date", "a span of time looked back on or ahead to")
    return None


# A span of years counts as a figure where something lasted so long, not where it says when.
_SAYS_WHEN = re.compile(r"[,;:。、\n\s(]$|^$|(?:这|的|经过|在|是|本届政府)$")


def _at_most(candidate: Candidate, most: int) -> bool:
    value = candidate.value
    return value is not None and value.isdigit() and 0 < int(value) <= most


def _is_year(number: str, after: str, left: str) -> bool:
    tail = re.split(r"[-—–~至到/]+", number)[-1]
    if re.fullmatch(r"[一二][九〇零][〇零一二三四五六七八九]{2}", tail):
        return True
    if tail == number and re.search(r"(?:1[89]|20|21)[0-9]{2}[-—–~至到/、]+$", left) and after.startswith("年"):
        return True
    if re.fullmatch(r"(?:1[89]|20|21)[0-9]{2}", tail) and "," not in number:
        return bool(re.match(r" ?(?:年|[-—–/.~至到、和]+[0-9]{1,4} ?(?:年|[-/.月]))|学年|财年|届", after))
    if after.startswith("年") and re.search(r"(?:民国|昭和|公元前?)$", left):
        return True
    return bool(re.fullmatch(r"1[0-2][0-9]", number) and re.match("年度|年[0-9底初]", after)) or bool(
        re.fullmatch(r"[5-9][0-9]", number) and after.startswith("年代")
    )


_LINE_START = re.compile(r"(?:^|[\n。;:；])\s*[(（]?$")


def _marker(seen: Sight) -> Verdict | None:
    candidate, left, after = seen.candidate, seen.left, seen.after
    place = candidate.start
    opened = _LINE_START.search(left) if place > len(left) else re.search(r"(?:^|[\n。;:])\s*[(（]?$", left)
    if candidate.form == "range":
        return None
    if left.endswith("(") and after.startswith(")") and len(seen.number) <= 3:
        return Verdict("marker", "a number alone in brackets")
    if opened and re.match(r"[、.．](?![0-9])|[)）]", after):
        return Verdict("marker", "opens a line of a list")
    if not candidate.arabic and re.match(r"(?:是|要|则|者|来)(?!否)", after) and len(seen.number) <= 2:
        return Verdict("marker", "counts off points: 一是, 二是")
    return None


def _place(seen: Sight) -> Verdict | None:
    if re.match(r" ?(?:号(?!召|称|令)|弄|室|号楼|单元)", seen.after) and not seen.candidate.unit:
        return Verdict("identifier", "a number by which something is called")
    if re.match(r"楼|路(?!公里)|版(?!次)", seen.after) and not seen.candidate.unit:
        return Verdict("identifier", "an address or a version")
    return None


def _word(seen: Sight) -> Verdict | None:
    candidate, number = seen.candidate, seen.number
    if candidate.arabic or candidate.form != "number":
        return None
    if not _is_estimate(seen) and _inside_word(seen):
        return Verdict("word", "part of a word")
    if number[0] in MULTIPLIERS and number[0] != "十" and not _is_estimate(seen):
        return Verdict("word", "a bare 百, 千, 万 or 亿")
    if number[0] in "零〇" and len(number) == 1:
        zero = seen.page.lexicon.zeros.match(seen.page.text, candidate.number_end)
        return None if zero else Verdict("word", "a zero that is an attitude or part of a word")
    if candidate.unit in seen.page.lexicon.after_digits_only:
        return None if seen.page.lexicon.kind_of(candidate.unit) == "person" else Verdict("word", "part of a word")
    if not candidate.unit:
        return Verdict("word", "a numeral without a unit")
    if number == "一" and not _counts_one(seen):
        return Verdict("word", "一 as an article")
    return None


def _is_estimate(seen: Sight) -> bool:
    return bool(seen.candidate.inexact) or bool(
        re.search(r"(?:近|[^以网线会马楼早晚之路]上|超|约|过|逾|超过|达|数)$", seen.left)
    )


def _counts_one(seen: Sight) -> bool:
    candidate = seen.candidate
    if candidate.unit == "年":
        return bool(re.match("[零又]?[0-9一二三四五六七八九十]+个月", seen.right))
    duration = candidate.unit in ("个月", "天", "小时", "分钟", "工作日", "周")
    return duration and bool(re.search(r"(?:近|约|不到|不足|仅|仅用|提前|只需|超过|满|达|用时|缩短至)$", seen.left))


_KEPT_TAGS = frozenset({"m", "mq", "q", "t", "v", "x", "nr", "nrt"})


def _inside_word(seen: Sight) -> bool:
    candidate, text, words = seen.candidate, seen.page.text, seen.page.words
    longest = words.longest(text, candidate.start)
    if longest and len(longest) > len(seen.number) and words.tag(longest) not in _KEPT_TAGS:
        return len(longest) > candidate.end - candidate.start or not candidate.unit
    for back in (1, 2, 3):
        start = candidate.start - back
        if start >= 0 and len(word := words.longest(text, start)) > back:
            return words.tag(word) not in ("m", "t", "nr", "nrt") and len(word) >= back + 1
    return False


_COMPARED = re.compile(r"比(?![分赛])(?:值|例|重)?[^,。;]{0,8}$|[由从至到为成]$")
_MEASURED = re.compile(
    r"(?:率|分|指数|系数|总数|人数|数量|数|值|比重|比例|占比|量|户|规模|总量|存量|增量|点)(?:约|近|达到?|为|至|超过?|突破|逾|升?到|是|保持在|稳定在|提高到|降至|高达|已达|已?超过|\s)*$"
)


def _valueless(seen: Sight) -> Verdict | None:
    candidate = seen.candidate
    if candidate.value is None:
        return Verdict("vague", "no value can be told from it")
    if candidate.unit or candidate.form in ("fraction", "half", "doubling"):
        return None
    if candidate.form == "ratio":
        return None if _COMPARED.search(seen.left) else Verdict("bare", "a ratio of nothing named")
    if candidate.form == "quotient":
        return (
            None
            if re.search(r"(?:占|约|近|超|过|逾|达)[^,。;]{0,8}$", seen.left)
            else Verdict("name", "two numbers with a stroke")
        )
    if re.search(r"[0-9][ \t]+$", seen.left) or re.match(r"[ \t]+[0-9]", seen.right):
        return Verdict("bare", "in a row of numbers")
    multiplied = seen.number[-1:] in ("万", "亿") or bool(candidate.inexact)
    if candidate.arabic and (multiplied or _MEASURED.search(seen.left)):
        return None
    if not candidate.arabic and seen.number == "零":
        return None
    return Verdict("bare", "a number without a unit that measures nothing named")


_AGE = re.compile(r"(?:以上|以下|及以上|周岁|左右|以内|至)")


def _group(seen: Sight) -> Verdict | None:
    unit = seen.candidate.unit
    if unit in ("岁", "周岁") and (_AGE.match(seen.right) or re.match("[的老儿青少女男]", seen.right)):
        return Verdict("name", "an age that names a group")
    if unit in ("千伏", "伏", "千伏安") and not re.match(r"[,。;、)]|$|以上", seen.right):
        return Verdict("name", "a rating that names a kind of equipment")
    if seen.number == "24" and unit == "小时" and not re.match("内|以内", seen.right):
        return Verdict("name", "round the clock")
    if unit == "级" and not re.search("[升降高了]$", seen.left):
        return Verdict("name", "a grade")
    return None


RULES: tuple[Rule, ...] = (_name, _ordinal, _code, _date, _marker, _place, _word, _group, _valueless)
