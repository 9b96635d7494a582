"""Numbers that say when."""

import re

from worker.extract.kinds.surroundings import NumberKind, Sight
from worker.extract.numbers.scan import Candidate
from worker.patterns import Pattern, set_of

# What stands after numbers of dates; no two of these begin alike.
_DAY = " ?[日号](?!均|元|[以之]?内|压缩|缩短|减少|延长)"
_DATED_AFTER = Pattern(
    "(?P<month>月(?!{times.not_in_dates.months}))"
    f"|(?P<day>{_DAY})"
    rf"|(?P<span>(?:、[0-9]{{1,2}})*[至到、—–\-~和及]{{1,2}}[0-9一二十]{{1,3}}(?:月|{_DAY}|季度)"
    "|(?:[、和及][0-9]{1,2})+ ?(?:[两三四五六]个?|个)?月份?(?!{times.not_in_dates.months}))"
    "|(?P<months>[两三]个?月)"  # 7、8两月 is no weight
    "|(?P<part>季度|个?{times.eras})"
    "|(?P<clock>时(?!{times.not_in_dates.hours})|点(?:[0-9]|{times.clock.after})|:[0-9]{2})"
)
_HANDED_ON = ("", "两", "日", "号")  # by the last of a list: 7、8两月, 3、5日
_LISTED_LEFT = re.compile("[0-9][、和及]$")
_COUNTED_LEFT = Pattern("(?:{times.counted_days}|{times.counted_days.shortened}[了至到为]?)$")
_CLOCK_LEFT = Pattern("(?:{times.clock}|[0-9]时|[0-9]点|[0-9]:|[0-9]:[0-9]{2}[至到—–~-]+)$")
_NAMED_YEARS = Pattern("{times.named_spans}")
_NAMED_DAYS = Pattern("{times.named_days}")
# 用三年左右的时间, 经过两年多的努力: that is no measure of anything.
_TAKES_LEFT = Pattern("{times.taking}$")
_TAKEN = Pattern("[多余]?(?:左右)?的?{times.taking.spent}")
# A span of years counts as a figure where something lasted so long, not where it says when.
_SAYS_WHEN_LEFT = Pattern(r"[,;:。、\s(]$|^$|[0-9]年$|{times.says_when}$")
_SAYS_WHEN_RIGHT = Pattern("{times.summed_up}")
# 分别是上一个五年的1.7倍 says when, too.
_LOOKED_BACK = Pattern("(?:{times.looked_back}的?|[上下]一?个)$")
_NEARLY = re.compile(r"(?:提前|将)近?$")

_ANY_YEAR = r"(?:1[89]|20|21)[0-9]{2}"
_DIGITS_YEAR = re.compile(_ANY_YEAR)
_NUMERAL_YEAR = re.compile(r"[一二][九〇零][〇零一二三四五六七八九]{2}")
_YEAR_LEFT = re.compile(rf"(?:{_ANY_YEAR}|[一二][九〇零][〇零一二三四五六七八九]{{2}})[-—–~至到/、]+$")
_YEAR_AFTER = re.compile(
    r" ?(?:年|[-—–/.~至到、和]+[0-9]{1,4} ?(?:年|[-/.月])|(?:、(?:19|20)[0-9]{2}){1,5} ?[两二三]?年)|学年|财年|届"
)
_ERA_LEFT = Pattern("(?:{times.eras.before}|['‘’])$")
_REPUBLICAN = re.compile(r"1[0-2][0-9]")
_REPUBLICAN_AFTER = re.compile("年度|年[0-9底初]")
_REPUBLICAN_LEFT = re.compile("[较比自于从至到]$")  # 较112年减少
_IN_REPUBLIC = re.compile(" ?(?:年(?![来间以内后])|会计年度)")
_DECADE = re.compile(r"[5-9][0-9]")
_YEARS = ("两年", "二年", "三年", "四年", "五年", "六年")  # 2018、2019两年
_RANGE_MARK = re.compile(r"[-—–~至到/]+")


def find_date(seen: Sight) -> NumberKind | None:
    """A date, a year, a time of day, or a span of time that says when."""
    candidate, left, after = seen.candidate, seen.left, seen.after
    unit = candidate.unit
    if candidate.form == "share":
        return None
    if _is_year(seen.number, after, left, is_republic=seen.reading.counts_from_republic):
        return NumberKind("date", "a year")
    if (dated := _DATED_AFTER.match(after)) and (verdict := _by_what_follows(seen, dated.lastgroup)):
        return verdict
    if _CLOCK_LEFT.search(left):
        return NumberKind("date", "a time of day")
    if unit == "周" and seen.right.startswith(("年", "岁")):
        return NumberKind("date", "an anniversary")
    return _span(seen) if unit in set_of("times.spans") else None


def _by_what_follows(seen: Sight, following: str | None) -> NumberKind | None:
    candidate = seen.candidate
    if following == "month":
        return NumberKind("date", "a month") if _at_most(candidate, 12) else None
    if following == "day":
        is_day = _at_most(candidate, 31) and not _COUNTED_LEFT.search(seen.left)
        return NumberKind("date", "a day") if is_day else None
    if following == "span":
        is_start = candidate.unit in _HANDED_ON and not _COUNTED_LEFT.search(seen.left)
        return NumberKind("date", "the start of a span of months or days") if is_start else None
    if following == "months":
        is_month = _at_most(candidate, 12) and (not seen.follows_word or _LISTED_LEFT.search(seen.left))
        return NumberKind("date", "a month") if is_month else None
    return NumberKind("date", "a quarter, decade or century" if following == "part" else "a time of day")


def _span(seen: Sight) -> NumberKind | None:
    left, right, is_years = seen.left, seen.right, seen.candidate.unit == "年"
    if _TAKEN.match(right) and _TAKES_LEFT.search(left):
        return NumberKind("date", "how long it took to do what the clause tells of")
    if (_NAMED_YEARS if is_years else _NAMED_DAYS).match(right):
        return NumberKind("date", "a span of time that dates or names something")
    follows = _SAYS_WHEN_RIGHT.match(right) and not left.endswith("连续")
    says_when = is_years and (_SAYS_WHEN_LEFT.search(left[-4:]) or follows)
    if says_when:
        return NumberKind("date", "a span of years that says when")
    if _LOOKED_BACK.search(left) and not _NEARLY.search(left) and (is_years or not left.endswith("近")):
        return NumberKind("date", "a span of time looked back on or ahead to")
    return None


def _at_most(candidate: Candidate, most: int) -> bool:
    value = candidate.value
    return value is not None and value.isdigit() and 0 < int(value) <= most


def _is_year(number: str, after: str, left: str, *, is_republic: bool) -> bool:
    tail = number if number.isdecimal() else _RANGE_MARK.split(number)[-1]
    if _NUMERAL_YEAR.fullmatch(tail):
        return True
    if tail == number and after.startswith("年") and (_YEAR_LEFT.search(left) or _ERA_LEFT.search(left)):
        return True
    if _DIGITS_YEAR.fullmatch(tail):
        return bool(_YEAR_AFTER.match(after)) or (after.startswith(_YEARS) and bool(_YEAR_LEFT.search(left)))
    if _REPUBLICAN.fullmatch(number):
        follows = (_IN_REPUBLIC if is_republic else _REPUBLICAN_AFTER).match(after)
        return bool(follows or (after.startswith("年") and _REPUBLICAN_LEFT.search(left)))
    return after.startswith("年代") and bool(_DECADE.fullmatch(number))
