"""Times that a text states, in the forms of ``Metric.period``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from worker.extract.language.reading_text import ReadingText
from worker.extract.time.named_period import (
    in_fiscal_year,
    is_to_come,
    months_listed,
    period_named,
    same_period,
    since_month,
    years_listed,
)
from worker.extract.time.period_parts import years_of
from worker.extract.time.time_forms import may_state_time, time_pattern
from worker.patterns import Pattern

_COMPARED = Pattern("{times.compared_with}(?:前|过去)?$")
# 较疫情前2019年同期成长: words between.
_COMPARED_FAR = Pattern("{times.compared_with}[^,。;:()0-9]{1,6}$")
_CARRIED_ON = re.compile(r"结转[至到入]?$")
# 对1954年的灾区: what is meant is named by its time.
_NAMING = re.compile("对$")
_BESIDE = re.compile(r"[同和与跟]$")
_COMPARED_AFTER = Pattern("[^,。;]{0,24}?(?:{times.compared_after}|相当(?!于))")
_COMPARISON = Pattern("同期(?:相比|持平)|相比|的?{times.level}")
# 在过去十年植树造林的基础上: what is built on, and no time of what is built.
_BASIS = Pattern("[^,;。0-9]{0,40}?的?{times.level.basis}")
_MULTIPLE = re.compile(
    r"的(?:[0-9.]+|[〇零一两二三四五六七八九十百]+(?:点[〇零一二三四五六七八九]+)?) ?(?:倍|%|成(?![立为]))"
)
# 降至去年的三分之二: what is told in parts of what was then is no level of it, as 降至2024年的12% is.
_PARTS = re.compile(
    "的[约近]?(?:[一二三四五六七八九十百]+分之[一两二三四五六七八九十]|[一二三四五六七八九两]成(?![立为]))"
)
_SET_BESIDE = Pattern("(?:{growth.earlier}|{growth.earlier.reached})了?$")
_YEARS = re.compile("[0-9]{4}/[0-9]{4}")
# 增为111年底之254项: the level of that day, which the number right behind it is.
_REACHED_THEN = re.compile("[降升增减提涨高少低大加达][至到为]$")
_OF_ONE_NUMBER = re.compile("(?:[之的]|(?<=的)) ?[0-9]")
_REACHED = re.compile("[降升增减提涨高少低大加][至到]")
_SAME_PERIOD = re.compile(r"(?:的)?同期")
# 上年结转 is the name of a sum in this year's accounts.
_OF_THIS_YEAR = Pattern("年度?的?{times.carried_over}")
# A span named only to say how long nothing was like it: 自2007年夏季以来第一次, 24年来新低.
_UNRIVALLED = Pattern("(?:[^,。;0-9]{0,6}?以?来)?的?(?:同期|历史)?{times.unrivalled}")
_LATER_SINCE = Pattern("[^,。;:0-9]{1,8}?以来|[^,。;:0-9]{1,24}?{times.begun}以来")
# 自2019年推行“总对总”查控以来, 自去年7月一窗通办改革启动至今: an event between, which 自 opens.
_BEGUN_THEN = re.compile("[^,。;:0-9至到起止以前后]{1,8}(?=,)")
_LATER_SINCE_FROM = re.compile(r"[^,。;:0-9][^,。;:]{0,30}?(?:以来|至今(?!年))")
# 2019年成立家事审判庭以来: an event that the sentence tells of, not the body itself (2019年成立以来) or its term.
_OF_ALL = re.compile("[^,。;]{0,4}以来|[^,。;]*?(?:换届|届|任期|履职|上任|党代会|改革)")
# 去年6月开工，完成投资3.4亿元: the month is that of the event, its year that of what follows.
_CAME_ABOUT = Pattern("(?:正式|全面|顺利)?{times.begun}(?:建设|运行|运营|使用)?,")
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_NAMES_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[一二][〇零九][〇零一二三四五六七八九]{2}年|^明年")
# 完成全年目标任务的73%: the year is that of the goal.
_OF_A_GOAL = Pattern("的?{times.goals}")
_MEASURED_BY = Pattern("{times.measured_by}$")
# 较2017年的4.3万户: a level of that time, which the figure right after it is.
_LEVEL = re.compile(r"[的之]?(?:约|近)? ?[0-9]")
# 与2010年第六次全国人口普查的51.3万人相比: the level is told by what found it.
# 比上年决算数5亿元增加: by the account that it is told in.
_LEVEL_FOUND = Pattern(
    "(?:(?:第[0-9]+次)?[^,。;:0-9的增减升降提长]{2,16}的|度?的?{indicators.told_in_accounts}的?)(?:约|近)? ?[0-9][0-9.,]*(?![0-9.,倍成])"
)
_AND = re.compile("[、和与及]|以及")
# 较110年356件减少44件: the same without 的.
_LEVEL_AND_CHANGE = re.compile(r"(?:之)?[0-9][0-9,.]*(?:%|[^0-9,。;:、倍成%]{1,4})(?:增|减|上升|下降|提高|降低|成长)")
# 上年度报告指出的问题: the year of a paper, and of nothing that is counted.
_OF_A_PAPER = re.compile(
    "度?(?:指出|提出|反馈|通报|交办|移交)的(?:[^,。;:0-9]{0,12}的?)?(?:问题|意见|建议|清单)|的?(?:年度)?(?:工作|审计|考核|评估|督察)?报告(?:中?(?:指出|提出|反映|明确|列出|披露)|的)"
)
# 于2023年3月31日,共有员工4512名
_AT_DAY = re.compile(r"(?:^|[\s,;。:])[于在]$")
# 现在,我代表县人民政府向大会报告工作: whoever speaks begins to, and dates nothing.
_ADDRESS = Pattern(" ?,? ?{times.now.address}")
_JUST_PAST = Pattern("{times.just_past}的?$")


class Reach(IntEnum):
    """How far a stated time holds, the shortest first.

    ``FIGURE``: the figure after it (由2010年的21.6%). ``SENTENCE``: its sentence, as it belongs to one matter there
    (存款年末达到, 连续三年累计). ``POINT``: the rest of its point or paragraph, and the list that it announces, where it
    stands free. ``PART``: all to the next heading (刚刚过去的2025年).
    """

    FIGURE = 1
    SENTENCE = 2
    POINT = 3
    PART = 4


@dataclass(frozen=True, slots=True)
class Time:
    """A stated time: ``text[start:end]`` says ``period``, in the forms of ``Metric.period``.

    It is None where the text leaves the year open. ``reach`` is how far it holds at most. ``is_past`` says that its words
    tell of what has come about (截至, 以来, 目前). ``listed`` are the times that it is a list of (2021年、2022年).
    ``is_vague`` says that nobody could put a year to it (近年来).
    """

    start: int
    end: int
    period: str | None
    reach: Reach = Reach.POINT
    is_past: bool = False
    listed: tuple[str | None, ...] = ()
    is_vague: bool = False

    @property
    def is_base(self) -> bool:
        """Whether it is that of one figure only, which a change starts from or which stands beside another (去年同期45件)."""
        return self.reach == Reach.FIGURE

    @property
    def only_year(self) -> bool:
        """Whether it is one whole year."""
        return bool(self.period and self.period.isdigit())

    @property
    def governs(self) -> bool:
        """Whether it is long enough to be the time of several paragraphs: a year or a span of years."""
        return bool(self.period and re.fullmatch(r"[0-9]{4}(?:/[0-9]{4})?", self.period))

    @property
    def is_day(self) -> bool:
        """Whether it is the date of one event."""
        return bool(self.period and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.period))


def find_times(
    reading: ReadingText,
    year: int | None,
    this_year: int | None,
    *,
    within: tuple[int, int] | None = None,
    before: str | None = None,
    plans: bool = False,
    is_fiscal: bool = False,
    spoken_of: int | None = None,
    is_of_months: bool = False,
    span: str | None = None,
    plan: str | None = None,
) -> Iterator[Time]:
    """The times that a figure can refer to, not those it is compared with, in the text or ``within`` a part of it.

    ``this_year`` is what 今年 means, ``year`` the one that a month without a year belongs to; without them, times that
    rest on them are left open. ``before`` is the period spoken of so far: the one that 去年同期 is a year behind.
    ``plans`` says that the text looks ahead: 三年新建 is then a span to come. ``is_fiscal`` says that the report's year is one
    from April to March, which 年内 and 上一年度 then are, too. ``spoken_of`` is the one year that the sentences before have
    told of, which 当年 is: 1983年并网。当年发电…; months are of it in a text without a year of its own. ``is_of_months`` says that the
    report is one on months, whose 一季度 is always of its year. ``span`` is the span of years told of last, ``plan`` the years of the plan that
    the report is: it looks back (五年来, 过去五年) on those before, and 规划期内 is of its own.
    """
    start, end = within or (0, len(reading.text))
    if not may_state_time(reading.text, start, end):
        return
    gone = years_of(plan)[0] - 1 if plan else None
    before = earlier = before or (str(year) if year else None)
    last_year, stated_year = spoken_of, None if year else spoken_of
    whole_year, span = stated_year, span if gone else span or before
    compared_end = done = -1
    time: Time | None = None
    for match in time_pattern(in_republic=reading.counts_from_republic).finditer(reading.text, start, end):
        is_address = match["now"] == "现在" and _ADDRESS.match(reading.text, match.end())
        if match.start() < done or is_address or reading.cover_of(match.start()) == "inside the title of a document":
            continue
        is_listed = compared_end >= 0 and _AND.fullmatch(reading.text, compared_end, match.start())
        if is_listed or _is_compared(reading.text, match, start):
            compared_end = match.end()
            continue
        told = earlier if time and _AND.fullmatch(reading.text, time.end, match.start()) else before
        goes_on = bool(time and time.is_base and _AND.fullmatch(reading.text, match.start() - 1, match.start()))
        period = period_named(
            match,
            year,
            this_year,
            last_year,
            stated_year,
            told,
            plans=plans,
            whole_year=whole_year,
            is_of_months=is_of_months,
            told=span,
            gone=gone or year,
            plan=plan,
        )
        period = in_fiscal_year(match, period) if is_fiscal and period else period
        time = _time(reading.text, match, period, told, year, plans=plans, goes_on=goes_on)
        done = _since_after(reading.text, match)
        earlier = told
        before = before if match["part_years"] else time.period or before
        span = time.period if _YEARS.fullmatch(time.period or "") else span
        last_year = int(time.period) if time.period and time.only_year else last_year
        if not time.is_base and _NAMES_YEAR.search(match[0]) and len(years := set(years_of(time.period or ""))) == 1:
            stated_year = years.pop()
            whole_year = stated_year if time.only_year else None
        yield time


def _time(
    text: str,
    match: re.Match[str],
    period: str | None,
    before: str | None,
    year: int | None,
    *,
    plans: bool,
    goes_on: bool,
) -> Time:
    """A time with what its surroundings make of it; ``before`` is the period spoken of so far.

    ``goes_on`` says that it stands behind one which a change starts from: 由2021年的91.2%、2022年的93.5%升至95.1%.
    """
    since = -1
    end, is_past = match.end(), _is_past(match) and not (plans and is_to_come(match))
    is_base = (
        (goes_on and text[end - 1] == "的")
        or text[match.start() - 1 : match.start()] in ("由", "从")
        or is_built_on(text, match.start(), end)
        or bool(_COMPARED.search(text, max(0, match.start() - 4), match.start()) or _is_beside(text, match))
    )
    same = _SAME_PERIOD.match(text, end)
    bare_end = end - match.group().endswith("的")
    reached = _REACHED.search(text, max(0, match.start() - 2), match.start() + 1)
    after = same.end() if same else bare_end
    start = match.start("base") if match["base"] else match.start()  # behind the 至 of 降至去年
    is_part = _PARTS.match(text, after) and _SET_BESIDE.search(text, max(0, start - 4), start)
    if not is_base and (is_part or (not reached and _MULTIPLE.match(text, after))):
        period, is_base = before, True  # a share of what was then (为1955年的98%) is a figure of now
    elif is_base and before and (match["base"] or "").startswith("上"):
        period = str(years_of(before)[-1] - 1)  # 由上年的94%: a year before the one spoken of
    elif same:
        period, end, is_base = same_period(match, before, period), same.end(), True
    elif (since := _since_after(text, match)) >= 0:
        period, is_past = _since_then(period, year), True
    elif _CAME_ABOUT.match(text, match.end()) and _MONTH.fullmatch(period or ""):
        period = period and period[:4]
    if period and _AT_DAY.search(text, max(0, match.start() - 3), match.start()) and _ends_quarter(period):
        period = f"..{period}"
    reach = Reach.FIGURE if is_base or _is_of_one_number(text, match, period) else _reach(text, match, period)
    if since >= 0 and not _OF_ALL.match(text, match.end(), since):
        reach = min(reach, Reach.SENTENCE)
    is_past = is_past and not (year and period and is_to_come(match) and years_of(period)[-1] > year)
    listed = years_listed(match["base"] or "") or months_listed(match["alone"] or match["part"] or "", period)
    return Time(match.start(), end, period, reach, is_past, listed, is_vague=bool(match["vague"]))


def is_built_on(text: str, start: int, end: int) -> bool:
    """Whether the time ``text[start:end]`` is that of what something is built on: 在过去十年植树造林的基础上."""
    return text[start - 1 : start] == "在" and _BASIS.match(text, end) is not None


def _ends_quarter(period: str) -> bool:
    """Whether it is a day on which books are closed: what is told of it is how much there is then."""
    return period[4:] in ("-03-31", "-06-30", "-09-30", "-12-31")


def _is_of_one_number(text: str, match: re.Match[str], period: str | None) -> bool:
    """Whether a day is only that of the level which a change arrives at: 增为111年底之254项, 增至2023年末的12家."""
    is_day = bool(period and period.startswith(".."))
    start = match.start() + match[0].startswith(("至", "到"))
    reached = _REACHED_THEN.search(text, max(0, start - 2), start)
    return is_day and bool(reached and _OF_ONE_NUMBER.match(text, match.end()))


def _since_after(text: str, match: re.Match[str]) -> int:
    """Where 以来 ends that an event parts from its time, or -1: 2019年换届以来, 自2019年推行“总对总”查控以来.

    自 and a day need no 以来: 自11月15日开打,累计接种1.2万剂.
    """
    if match["since"] or match["back"] or match["since_part"] or not (match["base"] or match["alone"]):
        return -1
    is_opened = text[match.start() - 1 : match.start()] in ("自", "从")
    since = (_LATER_SINCE_FROM if is_opened else _LATER_SINCE).match(text, match.end())
    if not since and match["alone"] and text[match.start() - 1 : match.start()] == "自":
        since = _BEGUN_THEN.match(text, match.end())
    return since.end() if since else -1


def _since_then(period: str | None, year: int | None) -> str | None:
    """From a year, or a month of one, to the report's year; None where an end of it is not known."""
    if period is None or year is None:
        return None
    if not period.isdigit():
        return since_month(period.strip("."), year)
    return f"{period}/{year}" if int(period) < year else period


def _reach(text: str, match: re.Match[str], period: str | None) -> Reach:
    left = text[max(0, match.start() - 6) : match.start()]
    if period and period.isdigit() and _JUST_PAST.search(left):
        return Reach.PART
    if (
        left.endswith("连续")
        or match["vague"]
        or match["holiday"]
        or match.group().startswith(("近", "最近"))
        or (match["now"] or "").startswith("现")
    ):
        return Reach.SENTENCE  # 现有辅警518名 says nothing of what was done
    is_until = any(word and word[0] == "截" for word in (match["until"], match["until_inside"], match["until_part"]))
    return Reach.SENTENCE if period and period.startswith("..") and not is_until else Reach.POINT


def _is_compared(text: str, match: re.Match[str], start: int) -> bool:
    left = text[max(start, match.start() - 4) : match.start()]
    bare_end = match.end() - match.group().endswith("的")
    if _COMPARED.search(left) and not _is_level(text, match):
        return True
    if _SAME_PERIOD.match(text, match.end()) and not _is_level(text, match):
        far = text[max(start, match.start() - 10) : match.start()]
        if _COMPARED_FAR.search(far):
            return True
    if _CARRIED_ON.search(left) or _OF_A_PAPER.match(text, bare_end) or _COMPARISON.match(text, bare_end):
        return True
    if _MEASURED_BY.search(left) and _OF_A_GOAL.match(text, match.end()):
        return True
    if match["base"] and _OF_THIS_YEAR.search(text, match.start(), match.end() + 2):
        return True
    if _is_beside(text, match) and not _is_level(text, match):
        return True
    if _NAMING.search(left) and text[match.end() - 1] == "的" and not _MULTIPLE.match(text, bare_end):
        return True
    same = _SAME_PERIOD.match(text, match.end())
    if left.endswith("是") and _MULTIPLE.match(text, same.end() if same else bare_end):
        return True
    looks_back = match["vague"] or match["looking_back"] or match["since"] or match["back"] or match["event"]
    return bool(_UNRIVALLED.match(text, match.end()) and (looks_back or "来" in text[match.end() : match.end() + 8]))


def _is_beside(text: str, match: re.Match[str]) -> bool:
    """Whether 同, 和, 与 or 跟 leads to the time of what is compared with: 与2022年相比."""
    return bool(_BESIDE.search(text, match.start() - 1, match.start()) and _COMPARED_AFTER.match(text, match.end()))


def _is_level(text: str, match: re.Match[str]) -> bool:
    """Whether what is compared with is the level of that time, told right after it: 较2017年的4.3万户, 较2022年的18.3%.

    相当于2022年的85% and 比2022年的3倍多 are shares and multiples of what was then, and no level of it.
    """
    same = _SAME_PERIOD.match(text, match.end())
    end = same.end() if same else match.end() - match.group().endswith("的")
    if _LEVEL_AND_CHANGE.match(text, end) or _LEVEL_FOUND.match(text, end):
        return True
    if text[end : end + 1] not in ("的", "之") or not _LEVEL.match(text, end):
        return False
    multiple = _MULTIPLE.match(text, end)
    return not multiple or (multiple.group().endswith("%") and not text.startswith("相当于", max(0, match.start() - 3)))


def _is_past(match: re.Match[str]) -> bool:
    untils = (match["until"], match["until_inside"], match["until_part"])
    looks_back = match["now"] or match["looking_back"] or match["vague"] or match["law_span"] == "以来"
    runs_on = match["back"] or match["since_part"] or match["since"] in ("以来", "至今")
    return bool(looks_back or runs_on) or any(word and word[0] == "截" for word in untils)
