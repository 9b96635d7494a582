"""Times that a text states, in the forms of ``Metric.period``."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers.numerals import parse
from worker.facts import load_facts
from worker.patterns import Pattern, filled

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:[0-9]{1,2}|[一二三]?十?[一二三四五六七八九十])"
_COUNT = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]+)"
_REPUBLIC = r"(?:中华)?民国 ?(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,5})"
_REPUBLIC_NUMBER = r"(?<![0-9.])1[0-2][0-9]"
_YEAR = (
    rf"(?:(?<![0-9.])(?:1[89]|20|21)[0-9]{{2}}|[一二][九〇零][〇零一二三四五六七八九]{{2}}|{_REPUBLIC}"
    rf"|{_REPUBLIC_NUMBER}(?= ?学?年度| ?年(?:[0-9]{{1,2}} ?月|底|第?[一二三四]季)))"
)
_DASH = r"(?:至|到|[-—–~]{1,2})"
_PART = (
    rf"(?<![提之以])[前头]{_COUNT}个?月(?![底末]|[0-9]{{1,2}} ?日)"
    rf"|{_MONTH} ?月?份?{_DASH}{_MONTH} ?月份?"
    rf"|{_MONTH} ?月(?:份|月?底|末|{_DAY} ?日)?"
    rf"|[一二三四1-4]{_DASH}[一二三四1-4]季度|第?[一二三四1-4]季度|第[一二三四1-4]季|前[二三两]个?季度|{{times.parts}}"
)
_END = "年?[底末](?![{times.no_ends}])"
_UNTIL = r"截[至止]?到?|至|到"
# Words that begin or end with those of a time: 以前年度, 安全年, 60岁以上年龄, 文明年.
_RELATIVE = (
    r"(?:今|(?<!过)去|(?<![文透])明|(?<![以目之此])前|(?<![资成基文样版课])本|(?<![相适])当|同|翌|(?<=[,。;、(于到至])次|(?<!以)上|(?<!年)来)"
    r"年度?(?![龄轻纪老级])|(?<![安健])全年|(?<![0-9几多两半一二三四五六七八九十])年内"
    r"|(?<!以)[上下]一?(?:财政)?年度|(?<!以)[上下]一年|本(?:财政年度|财年)"
)
_SINCE = "{times.since}|起(?![{times.since.no_start}])"
# 自2021年持续亏损至2023年: words between the ends, no number and no mark.
_APART = r"[^,。;:()0-9、]{1,10}?(?:至|到)"
_SPAN = r"年(?:以?来|间|中(?=[^小等期])|(?=[累合共总]计?))"
_NAMED = "(?!{times.named_spans}|{times.no_spans})"
# Every time holds one of these, with no more before the first than two years of the Republic written out.
_TIME_SIGNS = "年月季目现今末期间底来"
_TIME_SIGN = re.compile(f"[{_TIME_SIGNS}]")
_SIGN_AHEAD = f"[^{_TIME_SIGNS}]{{0,30}}+[{_TIME_SIGNS}]"
_COMPARED = Pattern("{times.compared_with}(?:前|过去)?$")
# 较疫情前2019年同期成长: words between.
_COMPARED_FAR = Pattern("{times.compared_with}[^,。;:()0-9]{1,6}$")
_CARRIED_ON = re.compile(r"结转[至到入]?$")
# 对1954年的灾区: what is meant is named by its time.
_NAMING = re.compile("对$")
_BESIDE = re.compile(r"[同和与跟]$")
_COMPARED_AFTER = Pattern("[^,。;]{0,12}?(?:{times.compared_after}|相当(?!于))")
_COMPARISON = Pattern("同期(?:相比|持平)|相比|的?{times.level}")
_MULTIPLE = re.compile(r"的(?:[0-9.]+|[一两二三四五六七八九十]+) ?(?:倍|%|成(?![立为]))")
# 降至2024年的12%: the level of that year.
_REACHED = re.compile("[降升增减提涨高少低大加][至到]")
_SAME_PERIOD = re.compile(r"(?:的)?同期")
# 上年结转 is the name of a sum in this year's accounts.
_OF_THIS_YEAR = Pattern("年度?的?{times.carried_over}")
# A span named only to say how long nothing was like it: 自2007年夏季以来第一次, 24年来新低.
_UNRIVALLED = Pattern("(?:[^,。;0-9]{0,6}?以?来)?的?{times.unrivalled}")
_LATER_SINCE = re.compile(r"[^,。;:0-9]{1,8}?以来")
# 完成全年目标任务的73%: the year is that of the goal.
_OF_A_GOAL = Pattern("的?{times.goals}")
_MEASURED_BY = Pattern("{times.measured_by}$")
# 较2017年的4.3万户: a level of that time, which the figure right after it is.
_LEVEL = re.compile(r"(?:的)?(?:约|近)? ?[0-9]")
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
    tell of what has come about (截至, 以来, 目前).
    """

    start: int
    end: int
    period: str | None
    reach: Reach = Reach.POINT
    is_past: bool = False

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


@lru_cache(maxsize=2)
def _pattern(*, in_republic: bool) -> re.Pattern[str]:
    """The forms of times; ``in_republic`` says that a bare 114年 is a year of the Republic of China."""
    bare = rf"{_REPUBLIC_NUMBER}(?= ?年(?![来间以内后的])| ?{_DASH} ?1[0-2][0-9] ?年)"
    year = rf"(?:{_YEAR}|{bare})" if in_republic else _YEAR
    form = (
        r"(?=[截至到0-9〇一二三四五六七八九十两民中今去明前头首本当同翌次上下全第年底目现迄近过最这来未新建改“])"
        rf"(?={_SIGN_AHEAD})(?:"
        rf"(?:(?P<from_year>{year}) ?年 ?)?(?P<from_month>{_MONTH}) ?月 ?(?P<from_day>{_DAY}) ?日 ?起? ?{_DASH} ?(?:(?P<to_year>{year}) ?年 ?)?(?:(?P<to_month>{_MONTH}) ?月 ?)?(?P<to_day>{_DAY}) ?日止?"
        rf"|(?P<first_year>{year}) ?年 ?(?P<first_part>{_PART}|初) ?起?{_DASH} ?(?:(?P<last_year>{year}) ?|[次翌])年 ?(?P<last_part>{_PART}|[底末])"
        rf"|(?<=[自从])(?P<apart_from>{year}) ?年{_APART}(?P<apart_to>{year}) ?年"
        rf"|(?P<fiscal>(?:19|20)[0-9]{{2}}) ?[-—–/] ?(?P<fiscal_end>(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})) ?(?:财政|财|学)?年度?"
        rf"|(?P<until>{_UNTIL})? ?(?P<base>{year} ?年? ?{_DASH} ?{year} ?年度?|{year} ?(?:学|财政?)?年度?|[今去本]\((?P<named>{year}|{_REPUBLIC_NUMBER})\) ?年度?|{_RELATIVE})"
        rf"(?:(?P<back>以?来)|[的,])?(?(back)|(?P<until_inside>截[至止]?到?(?= ?(?:{_PART}|{_END})))? ?(?P<part>{_PART}|{_END})?)(?:(?P<year_to>止的?(?:财政)?年度)|止)?"
        rf"(?P<since>{_SINCE})?"
        rf"|(?P<until_part>{_UNTIL})? ?(?<![0-9.第])(?P<alone>{_PART}|年[底末](?![{{times.no_ends}}]))(?:(?<=[度年底末季])|(?![0-9]|制))(?P<since_part>{_SINCE})?"
        r"|(?P<now>(?:截[至止]?到?)?{times.now}|迄今|(?<![^\s,;:。、(])现共?有)"
        rf"|(?P<looking_back>{{times.now.back}}的?(?P<years>{_COUNT})年(?:以?来)?"
        rf"|(?<=的)(?P<years_of>{_COUNT})年(?=。|$)|(?<=[由从])(?P<years_ago>{_COUNT})年前|(?<![0-9十第])(?P<years_past>{_COUNT}){_SPAN}|(?<![^\s,;:。、(])(?P<years_bare>[2-9]|10|[二两三四五六七八九十])年{_NAMED})"
        rf"|(?P<ahead>(?:{{times.now.ahead}}的?(?P<years_ahead>{_COUNT})年|(?<![0-9十第])(?P<years_within>{_COUNT})年(?:之)?内))"
        r"|(?P<plan>“?(?P<plan_name>十?[一二三四五六七八九]五)”?(?:(?P<plan_span>{times.plan_spans})|(?<=”)(?P<plan_itself>(?=是[^,。;:0-9]{1,16}的[0-9一二两三四五六七八九十]{1,3}年。|规划[^,。;:0-9]{0,16}完成[。:]))))"
        r"|(?P<event>{times.events.years})以来)"
    )
    return re.compile(filled(form))


def find_times(
    reading: ReadingText,
    year: int | None,
    this_year: int | None,
    *,
    within: tuple[int, int] | None = None,
    before: str | None = None,
    plans: bool = False,
) -> Iterator[Time]:
    """The times that a figure can refer to, not those it is compared with, in the text or ``within`` a part of it.

    ``this_year`` is what 今年 means, ``year`` the one that a month without a year belongs to; without them, times that
    rest on them are left open. ``before`` is the period spoken of so far: the one that 去年同期 is a year behind.
    ``plans`` says that the text looks ahead: 三年新建 is then a span to come.
    """
    start, end = within or (0, len(reading.text))
    if not _TIME_SIGN.search(reading.text, start, end):
        return
    before = before or (str(year) if year else None)
    last_year: int | None = None
    for match in _pattern(in_republic=reading.counts_from_republic).finditer(reading.text, start, end):
        if reading.cover_of(match.start()) == "inside the title of a document" or _is_compared(
            reading.text, match, start
        ):
            continue
        time = _time(
            reading.text,
            match,
            _period(match, year, this_year, last_year, before, plans=plans),
            before,
            year,
            plans=plans,
        )
        before = time.period or before
        last_year = int(time.period) if time.period and time.only_year else last_year
        yield time


def _time(
    text: str, match: re.Match[str], period: str | None, before: str | None, year: int | None, *, plans: bool
) -> Time:
    """A time with what its surroundings make of it; ``before`` is the period spoken of so far."""
    end = match.end()
    is_base = text[match.start() - 1 : match.start()] in ("由", "从") or bool(
        _COMPARED.search(text, max(0, match.start() - 4), match.start()) or _is_beside(text, match)
    )
    same = _SAME_PERIOD.match(text, end)
    reached = _REACHED.search(text, max(0, match.start() - 2), match.start() + 1)
    if not is_base and not reached and _MULTIPLE.match(text, end - match.group().endswith("的")):
        period, is_base = before, True  # a share of what was then (为1955年的98%) is a figure of now
    elif is_base and before and (match["base"] or "").startswith("上"):
        period = str(int(before.strip(".")[:4]) - 1)  # 由上年的94%: a year before the one spoken of
    elif same:
        period, end, is_base = _same_period(match, before, period), same.end(), True
    elif period and period.isdigit() and year and int(period) < year and _LATER_SINCE.match(text, end):
        period = f"{period}/{year}"
    reach = Reach.FIGURE if is_base else _reach(text, match, period)
    return Time(match.start(), end, period, reach, _is_past(match) and not (plans and _is_to_come(match)))


def _reach(text: str, match: re.Match[str], period: str | None) -> Reach:
    left = text[max(0, match.start() - 6) : match.start()]
    if period and period.isdigit() and _JUST_PAST.search(left):
        return Reach.PART
    if left.endswith("连续"):
        return Reach.SENTENCE
    belongs = match["alone"] in ("年末", "年底") and not match["until_part"] and left[-1:] not in ",;:。(\n" and left
    return Reach.SENTENCE if belongs else Reach.POINT


def _is_compared(text: str, match: re.Match[str], start: int) -> bool:
    left = text[max(start, match.start() - 4) : match.start()]
    bare_end = match.end() - match.group().endswith("的")
    if _COMPARED.search(left) and not _is_level(text, match):
        return True
    if _SAME_PERIOD.match(text, match.end()) and not _is_level(text, match):
        far = text[max(start, match.start() - 10) : match.start()]
        if _COMPARED_FAR.search(far):
            return True
    if _CARRIED_ON.search(left) or _COMPARISON.match(text, bare_end):
        return True
    if _MEASURED_BY.search(left) and _OF_A_GOAL.match(text, match.end()):
        return True
    if match["base"] and _OF_THIS_YEAR.search(text, match.start(), match.end() + 2):
        return True
    if _is_beside(text, match) and not _is_level(text, match):
        return True
    if _NAMING.search(left) and text[match.end() - 1] == "的" and not _MULTIPLE.match(text, bare_end):
        return True
    if left.endswith("是") and _MULTIPLE.match(text, bare_end):
        return True
    looks_back = match["looking_back"] or match["since"] or match["back"] or match["event"]
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
    if text[end : end + 1] != "的" or not _LEVEL.match(text, end):
        return False
    multiple = _MULTIPLE.match(text, end)
    return not multiple or (multiple.group().endswith("%") and not text.startswith("相当于", max(0, match.start() - 3)))


def _is_to_come(match: re.Match[str]) -> bool:
    """Whether a span of years may lie ahead, in plans: 三年新建, 四年累计新增; not 三年来."""
    return bool(match["years_bare"] or (match["years_past"] and not match.group().endswith("来")))


def _is_past(match: re.Match[str]) -> bool:
    untils = (match["until"], match["until_inside"], match["until_part"])
    return bool(match["now"] or match["looking_back"] or match["back"] or match["since_part"]) or any(
        word and word[0] == "截" for word in untils
    )


def _period(
    match: re.Match[str],
    year: int | None,
    this_year: int | None,
    last_year: int | None,
    before: str | None,
    *,
    plans: bool,
) -> str | None:
    if match["to_day"]:
        return _between_days(match, year)
    if match["first_year"]:
        return _between_parts(match)
    if match["apart_from"]:
        return _between_years(match["apart_from"], match["apart_to"])
    if match["fiscal"]:
        return _fiscal(int(match["fiscal"]), match["fiscal_end"])
    if match["now"]:
        return str(year) if year else None
    if plans and _is_to_come(match):
        first, span = max(year or 0, this_year or 0), _count(match["years_bare"] or match["years_past"])
        return f"{first}/{first + span - 1}" if first and span else None
    if match["years_ago"]:
        ago = _count(match["years_ago"])
        return str(year - ago) if year and ago else None
    if match["looking_back"]:
        span = _count(match["years"] or match["years_of"] or match["years_past"] or match["years_bare"])
        named = None if match["years"] else _span_of(before, span)
        return named or _years_ending(year, span)
    if match["ahead"]:
        span = _count(match["years_ahead"] or match["years_within"])
        return f"{year + 1}/{year + span}" if year and span and 1 < span < 100 else None
    if match["plan"]:
        return _of_plan(match["plan_name"], match["plan_span"] or "", year)
    if match["event"]:
        return f"{load_facts('times')['events']['years'][match['event']]}/{year}" if year else None
    if match["alone"]:
        return _alone(match, year)
    return _of_base(match, year, this_year, last_year)


def _alone(match: re.Match[str], year: int | None) -> str | None:
    if year is None:
        return None
    if match["since_part"]:
        return _since(year, match["alone"], match["since_part"], year)
    until = match["until_part"] if match["until_part"] and match["until_part"].startswith("截") else ""
    return _with_part(year, match["alone"], until)


def _year_to(year: int, part: str) -> str | None:
    """The twelve months that end with a month (截至2024年3月31日止年度)."""
    last = _count((re.match(_MONTH, part) or [None])[0])
    if last is None:
        return None
    return str(year) if last == 12 else f"{year - 1}-{last + 1:02}/{year}-{last:02}"


def _since(first: int, part: str, word: str, year: int | None) -> str:
    """From a month to the end of the report's year; what runs on from a day (3月1日起) belongs to its own year."""
    month = re.fullmatch(rf"({_MONTH}) ?月份?", part) if word in ("以来", "至今") else None
    return f"{first}-{_count(month[1]):02}/{max(first, year or first)}-12" if month else str(first)


def _span_of(period: str | None, count: int | None) -> str | None:
    """The period spoken of, where it is a span of so many years: “十一五”是投资最多的5年。5年共完成…"""
    years = years_of(period) if period and re.fullmatch("[0-9]{4}/[0-9]{4}", period) else []
    return period if years and count and years[1] - years[0] + 1 == count else None


def _between_years(first: str, last: str) -> str | None:
    start, end = _year_number(first), _year_number(last)
    return f"{start}/{end}" if start and end and start < end else None


def _between_parts(match: re.Match[str]) -> str | None:
    """The months from a part of one year to a part of another, or of the same."""
    start = _year_number(match["first_year"])
    if not start:
        return None
    end = _year_number(match["last_year"]) if match["last_year"] else start + 1
    ends = (
        _with_part(start, "1月" if match["first_part"] == "初" else match["first_part"], ""),
        _with_part(end, match["last_part"], "") if end else None,
    )
    if not ends[0] or not ends[1]:
        return None
    first, last = first_month(ends[0]), last_month(ends[1])
    if first >= last:
        return None
    if (first[1], last[1]) == (1, 12):
        return str(first[0]) if first[0] == last[0] else f"{first[0]}/{last[0]}"
    return f"{first[0]}-{first[1]:02}/{last[0]}-{last[1]:02}"


def _of_base(match: re.Match[str], year: int | None, this_year: int | None, last_year: int | None) -> str | None:
    base = match["base"]
    years = [_year_number(part) for part in re.findall(rf"{_YEAR}|{_REPUBLIC_NUMBER}", base)]
    if len(years) == 2:
        return f"{years[0]}/{years[1]}" if years[0] and years[1] and years[0] < years[1] else None
    stated = years[0] if years else _relative(base, year, this_year, last_year)
    if stated is None:
        return None
    until = next((word for word in (match["until"], match["until_inside"]) if word and word.startswith("截")), "")
    if match["part"]:
        if match["year_to"]:
            return _year_to(stated, match["part"])
        if match["since"]:
            return _since(stated, match["part"], match["since"], year)
        return _with_part(stated, match["part"], until)
    if (match["since"] or match["back"]) and year and stated < year:
        return f"{stated}/{year}"
    return f"..{stated}" if until else str(stated)


def _relative(word: str, year: int | None, this_year: int | None, last_year: int | None) -> int | None:
    """The year that a word for one means: 今年 by ``this_year``, 当年 by the year named last, 全年 by ``year``."""
    if word[0] in "当同次翌":
        base = last_year or year
        return base if base is None else base + (word[0] in "次翌")
    base = year if word[0] in "全年本下" else this_year
    return None if base is None else base + {"去": -1, "上": -1, "前": -2, "明": 1, "下": 1, "来": 1}.get(word[0], 0)


def _with_part(year: int, part: str, until: str) -> str | None:
    if part in ("上半年", "下半年"):
        return f"{year}H{1 if part[0] == '上' else 2}"
    if "季" in part:
        return _of_quarter(year, part)
    if part.lstrip("年") in ("底", "末"):
        return f"..{year}-12"
    numbers = [_count(word) for word in re.findall(r"[0-9]+|[一二两三四五六七八九十]+", part)]
    if None in numbers or not numbers:
        return None
    if part[0] in "前头":
        return f"{year}-01/{year}-{numbers[0]:02}" if numbers[0] in range(2, 13) else None
    if "日" in part and len(numbers) == 2:
        if not _is_date(year, numbers[0], numbers[1]):
            return None  # 2月30日
        date = f"{year}-{numbers[0]:02}-{numbers[1]:02}"
    elif len(numbers) == 2:
        return f"{year}-{numbers[0]:02}/{year}-{numbers[1]:02}"
    else:
        date = f"{year}-{numbers[0]:02}"
    return f"..{date}" if until or part.endswith(("底", "末")) else date


def _is_date(year: int, month: int | None, day: int | None) -> bool:
    return month is not None and day is not None and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _of_quarter(year: int, part: str) -> str:
    quarters = [_count(word) or 1 for word in re.findall("[1-4一二两三四]", part)] or [1]
    first = 1 if part.startswith("前") else 3 * quarters[0] - 2
    return f"{year}-{first:02}/{year}-{3 * quarters[-1]:02}"


def _between_days(match: re.Match[str], year: int | None) -> str | None:
    """A span of days as one of months; the whole year where it is one."""
    first_year = _year_number(match["from_year"]) if match["from_year"] else year
    last_year = _year_number(match["to_year"]) if match["to_year"] else first_year
    first, last = _count(match["from_month"]), _count(match["to_month"] or match["from_month"])
    if not first_year or not last_year or not first or not last or (first_year, first) > (last_year, last):
        return None
    if first_year == last_year and first == last:
        return f"{first_year}-{first:02}"
    days = _count(match["from_day"]), _count(match["to_day"])
    if first_year == last_year and (first, last, *days) == (1, 12, 1, 31):
        return str(first_year)
    return f"{first_year}-{first:02}/{last_year}-{last:02}"


def _fiscal(first: int, end: str) -> str | None:
    last = int(end) if len(end) == 4 else first - first % 100 + int(end) + (100 if first % 100 == 99 else 0)
    return f"{first}/{last}" if first < last else None


def _years_ending(year: int | None, span: int | None) -> str | None:
    if not year or not span or span >= 100:
        return None
    return str(year) if span == 1 else f"{year - span + 1}/{year}"


def _of_plan(name: str, span: str, year: int | None) -> str | None:
    """The years of a plan; 以来 counts from its first to the report's year."""
    first = load_facts("times")["plans"]["first_years"].get(name)
    if first is None:
        return None
    if span == "末":
        return str(first + 4)
    if not span.endswith("以来"):
        return f"{first}/{first + 4}"
    if year is None or year < first:
        return None
    return str(year) if year == first else f"{first}/{year}"


def _same_period(match: re.Match[str], before: str | None, stated: str | None) -> str | None:
    """The part of the year that ``before`` names, in the year named before 同期; 去年 is the year before that part's."""
    if before is None or stated is None:
        return None
    year = int(stated[:4]) if re.search(_YEAR, match["base"] or "") else int(before.strip(".")[:4]) - 1
    return re.sub("[0-9]{4}(?=H|-|$)", str(year), before)


def _year_number(written: str) -> int | None:
    republic = re.fullmatch(r"(?:中华)?民国 ?(.+)", written)
    if republic or re.fullmatch("1[0-2][0-9]", written):
        value = _count(republic[1] if republic else written)
        return value and 1911 + value
    return _count(written)


def _count(written: str | None) -> int | None:
    value = parse(written) if written else None
    return int(value.low) if value else None


def years_of(period: str) -> list[int]:
    """The years that a period names, in order.

    >>> years_of("2021/2025"), years_of("..2023-12")
    ([2021, 2025], [2023])
    """
    return [int(year) for year in re.findall("[0-9]{4}", period)]


def whole_years(period: str) -> str:
    """A period without its months: what is so each year is not of one.

    >>> whole_years("2023-11"), whole_years("..2023-12"), whole_years("2022-04/2023-03")
    ('2023', '2023', '2022/2023')
    """
    years = sorted({str(year) for year in years_of(period)})
    return "/".join(years)


def names_month(period: str) -> bool:
    """Whether a period is finer than a year."""
    return "-" in period or "H" in period


def first_month(period: str) -> tuple[int, int]:
    """Year and month that a period begins with.

    >>> first_month("2023H2"), first_month("2023-01/2023-11"), first_month("2023")
    ((2023, 7), (2023, 1), (2023, 1))
    """
    return _month(period.strip(".").split("/")[0], (1, 7), 1)


def last_month(period: str) -> tuple[int, int]:
    """Year and month that a period ends with.

    >>> last_month("2023H1"), last_month("2023-01/2023-11"), last_month("..2023")
    ((2023, 6), (2023, 11), (2023, 12))
    """
    return _month(period.strip(".").split("/")[-1], (6, 12), 12)


def _month(part: str, halves: tuple[int, int], otherwise: int) -> tuple[int, int]:
    if "H" in part:
        return int(part[:4]), halves[int(part[5]) - 1]
    return int(part[:4]), int(part[5:7]) if "-" in part else otherwise
