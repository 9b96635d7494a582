"""Numbers that say when."""

import re

from worker.extract.kinds.surroundings import NumberClass, Sight
from worker.extract.numbers.scan import Candidate

_MONTH = re.compile(r"月(?!台|饼|球)")
_DAY = re.compile(r" ?[日号](?!均|元|[以之]?内|压缩|缩短|减少|延长)")
_COUNTED_LEFT = re.compile(
    r"(?:[近约达为需每共]|时限|期限|工期|(?:压缩|缩短|减少|延长|缩减)[了至到为]?|提前|超过|不少于|不足|不到|[用历耗]时|累计|长达|持续)$"
)
_SPAN_START = re.compile(r"[至到、—–\-~和及]{1,2}[0-9一二十]{1,3}(?:月|日|季度)")
_PART_OF_YEAR = re.compile(r"季度|个?(?:年代|世纪)")
_CLOCK_AFTER = re.compile(r"时(?!代|期|间|尚|段)|点(?:[0-9半整]|钟|前|后|至)|:[0-9]{2}")
_CLOCK_LEFT = re.compile(r"(?:[上下中]午|晚上?|凌晨|[0-9]时|[0-9]点|[0-9]:|[0-9]:[0-9]{2}[至到—–~-]+)$")
_SPAN_UNITS = frozenset({"年", "天", "个月", "周", "日", "个季度"})
_NAMED_YEARS = re.compile(
    r"来|以来|间|期间|代|级|后|前|内|底|初|末|制|期|规划|计划|行动|战略|决战|攻坚|发展|专项|方案|目标|任务|工作|实施|建设"
    r"|提升|滚动|上台阶|跟踪|过渡"
)
_NAMED_DAYS = re.compile(r"来|以来|期间|后|前|里|中|时间内")
# A span of years counts as a figure where something lasted so long, not where it says when.
_SAYS_WHEN_LEFT = re.compile(r"[,;:。、\n\s(]$|^$|(?:这|的|经过|在|是|本届政府)$")
_SAYS_WHEN_RIGHT = re.compile("累计|共|分别|增长|年均")
_LOOKED_BACK = re.compile(r"(?:近|过去|前|今后|未来|这|上|后|下|最近|头)(?:的)?$")
_NEARLY = re.compile(r"(?:提前|将)近?$")

_ANY_YEAR = r"(?:1[89]|20|21)[0-9]{2}"
_DIGITS_YEAR = re.compile(_ANY_YEAR)
_NUMERAL_YEAR = re.compile(r"[一二][九〇零][〇零一二三四五六七八九]{2}")
_YEAR_LEFT = re.compile(rf"{_ANY_YEAR}[-—–~至到/、]+$")
_YEAR_AFTER = re.compile(r" ?(?:年|[-—–/.~至到、和]+[0-9]{1,4} ?(?:年|[-/.月]))|学年|财年|届")
_ERA_LEFT = re.compile(r"(?:民国|昭和|公元前?|['‘’])$")
_REPUBLICAN = re.compile(r"1[0-2][0-9]")
_REPUBLICAN_AFTER = re.compile("年度|年[0-9底初]")
_REPUBLICAN_LEFT = re.compile("(?:[较比自于从至到]|截至)$")  # 较112年减少
_IN_REPUBLIC = re.compile(" ?(?:年(?![来间以内后])|会计年度)")
_DECADE = re.compile(r"[5-9][0-9]")
_RANGE_MARK = re.compile(r"[-—–~至到/]+")


def find_date(seen: Sight) -> NumberClass | None:
    """A date, a year, a time of day, or a span of time that says when."""
    candidate, left, after = seen.candidate, seen.left, seen.after
    unit = candidate.unit
    if candidate.form == "share":
        return None
    if _is_year(seen.number, after, left, is_republic=seen.reading.counts_from_republic):
        return NumberClass("date", "a year")
    if _MONTH.match(after) and _at_most(candidate, 12):
        return NumberClass("date", "a month")
    if _DAY.match(after) and _at_most(candidate, 31) and not _COUNTED_LEFT.search(left):
        return NumberClass("date", "a day")
    if not unit and _SPAN_START.match(after):
        return NumberClass("date", "the start of a span of months or days")
    if _PART_OF_YEAR.match(after):
        return NumberClass("date", "a quarter, decade or century")
    if _CLOCK_AFTER.match(after) or _CLOCK_LEFT.search(left):
        return NumberClass("date", "a time of day")
    if unit == "周" and seen.right.startswith(("年", "岁")):
        return NumberClass("date", "an anniversary")
    return _span(seen) if unit in _SPAN_UNITS else None


def _span(seen: Sight) -> NumberClass | None:
    left, right, is_years = seen.left, seen.right, seen.candidate.unit == "年"
    if (_NAMED_YEARS if is_years else _NAMED_DAYS).match(right):
        return NumberClass("date", "a span of time that dates or names something")
    follows = _SAYS_WHEN_RIGHT.match(right) and not left.endswith("连续")
    says_when = is_years and (_SAYS_WHEN_LEFT.search(left[-4:]) or follows)
    if says_when:
        return NumberClass("date", "a span of years that says when")
    if _LOOKED_BACK.search(left) and not _NEARLY.search(left) and (is_years or not left.endswith("近")):
        return NumberClass("date", "a span of time looked back on or ahead to")
    return None


def _at_most(candidate: Candidate, most: int) -> bool:
    value = candidate.value
    return value is not None and value.isdigit() and 0 < int(value) <= most


def _is_year(number: str, after: str, left: str, *, is_republic: bool) -> bool:
    tail = _RANGE_MARK.split(number)[-1]
    if _NUMERAL_YEAR.fullmatch(tail):
        return True
    if tail == number and after.startswith("年") and (_YEAR_LEFT.search(left) or _ERA_LEFT.search(left)):
        return True
    if _DIGITS_YEAR.fullmatch(tail):
        return bool(_YEAR_AFTER.match(after))
    if _REPUBLICAN.fullmatch(number):
        follows = (_IN_REPUBLIC if is_republic else _REPUBLICAN_AFTER).match(after)
        return bool(follows or (after.startswith("年") and _REPUBLICAN_LEFT.search(left)))
    return bool(_DECADE.fullmatch(number)) and after.startswith("年代")
