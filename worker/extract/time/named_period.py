"""The period that a match of a time's pattern names: years, their parts, and spans of both."""

import re
from calendar import monthrange

from worker.extract.numbers.numerals import parse
from worker.extract.time.period_parts import first_month, last_month, years_of
from worker.facts import load_facts

MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
REPUBLIC = r"(?:中华)?民国 ?(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,5})"
REPUBLIC_NUMBER = r"(?<![0-9.])1[0-2][0-9]"
_MONTHS = r"(?:[0-9]{1,2} ?(?:[至到—–~-] ?[0-9]{1,2} ?)?月|前[0-9一二三四五六七八九十]{1,2}个月|[上下]半年)"
YEAR = (
    rf"(?:(?<![0-9])(?<!\.(?![0-9]{{4}} ?年))(?:1[89]|20|21)[0-9]{{2}}|[一二][九〇零][〇零一二三四五六七八九]{{2}}|{REPUBLIC}"
    rf"|{REPUBLIC_NUMBER}(?= ?学?年度| ?年(?:{_MONTHS}|底|第?[一二三四]季)))"
)

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FIRST_FISCAL_MONTH = 4  # of Hong Kong and of the years that companies report on


def period_named(
    match: re.Match[str],
    year: int | None,
    this_year: int | None,
    last_year: int | None,
    stated_year: int | None,
    before: str | None,
    *,
    plans: bool,
    whole_year: int | None = None,
    is_of_months: bool = False,
    told: str | None = None,
    gone: int | None = None,
    plan: str | None = None,
) -> str | None:
    """The period, as the schema writes it; None where an end of it cannot be told.

    ``year`` is the one that holds where the time stands, ``this_year`` and ``last_year`` what 今年 and 去年 are there,
    ``stated_year`` the one that the sentence has stated before, in digits, which 全年 and 年内 are of, ``whole_year`` the same
    where it was stated as a whole, which parts of a year are of (2019年，上半年…，全年…),
    ``before`` the period of the time before it, ``plans`` says whether a span of years may lie ahead, and
    ``is_of_months`` that months without a year are of the report's. ``told`` is the span of years last told of, which
    五年来 looks back on, ``gone`` the last year that can be looked back on, and ``plan`` the years of the plan that the
    report is.
    """
    if match["to_day"]:
        return _between_days(match, year)
    if match["first_year"]:
        return _between_parts(match)
    if match["apart_from"]:
        return _between_years(match["apart_from"], match["apart_to"])
    if match["fiscal"]:
        return _fiscal(match["fiscal"].translate(_DIGITS), match["fiscal_end"].translate(_DIGITS))
    if match["vague"]:
        return None
    if match["now"]:
        return str(year) if year else None
    if match["plan_term"]:
        return plan and (plan[-4:] if match["plan_term"].endswith("末") else plan)
    if match["year_start"]:
        return f"{year}-01" if year else None
    if match["part_years"]:
        return _part_of(before, match["part_years"])
    if plans and is_to_come(match):
        first, span = max(year or 0, this_year or 0), _count(match["years_bare"] or match["years_past"])
        if named := _span_of(before, span):
            return named
        return f"{first}/{first + span - 1}" if first and span else None
    if match["years_ago"]:
        ago = _count(match["years_ago"])
        return str(year - ago) if year and ago else None
    if match["looking_back"]:
        span = _count(match["years"] or match["years_of"] or match["years_past"] or match["years_bare"])
        looks_back = match.group().endswith("来")
        named = None if match["years"] else _span_of(told if looks_back else before, span)
        return named or _years_ending(gone if looks_back or match["years"] else year, span)
    if match["ahead"]:
        span = _count(match["years_ahead"] or match["years_within"])
        return f"{gone + 1}/{gone + span}" if gone and span and 1 < span < 100 else None
    if match["law_span"]:
        return _of_plan("law_plans", match["plan_name"], match["law_span"], year)
    if match["plan"]:
        whole = _of_plan("plans", match["plan_name"], match["plan_span"] or "", year)
        return _part_of(whole, match["plan_years"].removeprefix("的")) if match["plan_years"] else whole
    if match["holiday"]:
        return _of_holiday(match["feast"], whole_year or year)
    if match["event"]:
        return f"{load_facts('times')['events']['years'][match['event']]}/{year}" if year else None
    if match["alone"]:
        runs_on = match["since_part"] or (match["until_part"] or "").startswith("截")
        return _alone(match, year if year and (runs_on or is_of_months) else whole_year or year)
    spoken_of = stated_year or year if match["base"][0] in "全年" else year
    if match["base"].startswith("新"):
        return _coming_year(year, this_year, plans=plans)
    return _of_base(match, spoken_of, this_year, last_year)


def _of_holiday(name: str, year: int | None) -> str | None:
    """The month that a holiday is in; the year of one that the moon's calendar moves."""
    month = load_facts("times")["holidays"]["months"].get(name)
    if year is None:
        return None
    return f"{year}-{month:02}" if month else str(year)


def _coming_year(year: int | None, this_year: int | None, *, plans: bool) -> str | None:
    """新的一年: the one that plans are for, else the one that has begun when the report is given, else the next."""
    if year is None or this_year is None:
        return None
    return str(max(year, this_year) if plans or year != this_year else year + 1)


def _part_of(whole: str | None, words: str) -> str | None:
    """The first or last years of a span: “十四五”后两年 and, where that is spoken of, 前三年; None of any other."""
    count = _count(words.strip("前后年"))
    years = years_of(whole) if whole and re.fullmatch("[0-9]{4}/[0-9]{4}", whole) else []
    if not years or not count or not 0 < count <= years[1] - years[0]:
        return None
    first, last = (years[0], years[0] + count - 1) if words[0] == "前" else (years[1] - count + 1, years[1])
    return str(first) if first == last else f"{first}/{last}"


def _alone(match: re.Match[str], year: int | None) -> str | None:
    if year is None:
        return None
    if match["since_part"]:
        return _since(year, match["alone"], match["since_part"], year)
    until = match["until_part"] if match["until_part"] and match["until_part"].startswith("截") else ""
    return _with_part(year, match["alone"], until)


def _year_to(year: int, part: str) -> str | None:
    """The twelve months that end with a month (截至2024年3月31日止年度)."""
    last = _count((re.match(MONTH, part) or [None])[0])
    if last is None:
        return None
    return str(year) if last == 12 else f"{year - 1}-{last + 1:02}/{year}-{last:02}"


def _since(first: int, part: str, word: str, year: int | None) -> str | None:
    """From a part of a year to the end of the report's; what runs on from a day (3月1日起) belongs to its own year."""
    named = _with_part(first, part, "")
    if word not in ("以来", "至今") or not named or named.count("-") > 2 or re.fullmatch(r"[0-9-]{10}", named):
        return str(first)
    return since_month(named, year)


def since_month(named: str, year: int | None) -> str | None:
    """From the first month of a part of a year to the end of the report's year; None where nobody knows that.

    >>> since_month("2021-03", 2023), since_month("2023H2", 2023), since_month("2021-03", None)
    ('2021-03/2023-12', '2023H2', None)
    """
    if year is None:
        return None
    first, last = first_month(named), max(year, first_month(named)[0])
    if first == (last, 7):
        return f"{last}H2"
    if first[1] == 1:
        return str(last) if first[0] == last else f"{first[0]}/{last}"
    return f"{first[0]}-{first[1]:02}/{last}-12"


def _span_of(period: str | None, count: int | None) -> str | None:
    """The period spoken of, where it is a span of so many years: “十一五”是投资最多的5年。5年共完成…"""
    years = years_of(period) if period and re.fullmatch("[0-9]{4}/[0-9]{4}", period) else ()
    # 五年工作回顾（2016—2021年）: five years that begin in the middle of one.
    return period if years and count and years[1] - years[0] in (count - 1, count) else None


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
    years = [_year_number(part) for part in re.findall(rf"{YEAR}|{REPUBLIC_NUMBER}", base)]
    if listed := years_listed(base):
        return f"{listed[0]}/{listed[-1]}" if int(listed[-1]) - int(listed[0]) == len(listed) - 1 else None
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
    if match["since"] or match["back"]:
        return _since_year(stated, year, is_told=bool(years))
    return f"..{stated}" if until else str(stated)


def years_listed(base: str) -> tuple[str, ...]:
    """The years of a list that has 年 but once: 2018、2019两年."""
    return tuple(re.findall("[0-9]{4}", base)) if "、" in base else ()


def months_listed(part: str, period: str | None) -> tuple[str, ...]:
    """The months or quarters of a list that has 月 or 季度 but once, in the year of the ``period`` that they are together.

    >>> months_listed("六、七、八月份", "2023-06/2023-08")
    ('2023-06', '2023-07', '2023-08')
    >>> months_listed("一、二季度", "2023-01/2023-06")
    ('2023-01/2023-03', '2023-04/2023-06')
    """
    if "、" not in part or not period:
        return ()
    if part.endswith("季度"):
        firsts = [3 * quarter - 2 for quarter in map(_count, part.removesuffix("季度").split("、")) if quarter]
        return tuple(f"{period[:4]}-{first:02}/{period[:4]}-{first + 2:02}" for first in firsts)
    return tuple(f"{period[:4]}-{month:02}" for month in _months_of(part))


def _months_of(part: str) -> list[int]:
    names = (
        re.sub("[两三四五六]?个?月份?$", "", part)
        if re.search("[0-9]", part)
        else re.sub("(?:[两三四五六]个)?月份?$", "", part)
    )
    return [month for name in names.split("、") if (month := _count(name.strip()))]


def _since_year(first: int, year: int | None, *, is_told: bool) -> str | None:
    """From a year to the report's; 2019年以来 has no end where nobody knows that."""
    if year is None:
        return None if is_told else str(first)
    return f"{first}/{year}" if first < year else str(first)


def _relative(word: str, year: int | None, this_year: int | None, last_year: int | None) -> int | None:
    """The year that a word for one means: 今年 by ``this_year``, 当年 by the year named last, 全年 by ``year``."""
    if word[0] in "当同次翌":
        base = last_year or year
        return base if base is None else base + (word[0] in "次翌")
    base = year if word[0] in "全年本下" else this_year
    if word[0] in "今去上" and year and base and year > base:
        base = year  # under the heading of the year to come: 三、2024年工作措施 今年…
    return None if base is None else base + {"去": -1, "上": -1, "前": -2, "明": 1, "下": 1, "来": 1}.get(word[0], 0)


def _with_part(year: int, part: str, until: str) -> str | None:
    if part in ("上半年", "下半年"):
        return f"{year}H{1 if part[0] == '上' else 2}"
    if "季" in part:
        return _of_quarter(year, part)
    if part.lstrip("年") in ("底", "末"):
        return f"..{year}-12"
    if "、" in part:
        return _of_months(year, _months_of(part))
    numbers = [_count(word) for word in re.findall(r"[0-9]+|[一二两三四五六七八九十]+", part)]
    if None in numbers or not numbers:
        return None
    if part[0] in "前头首":
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


def _of_months(year: int, months: list[int]) -> str | None:
    """Months that follow each other, as one span; None of others."""
    if months != list(range(months[0], months[0] + len(months))):
        return None
    return f"{year}-{months[0]:02}/{year}-{months[-1]:02}"


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


def _fiscal(begin: str, end: str) -> str | None:
    first = int(begin)
    last = int(end) if len(end) == 4 else first - first % 100 + int(end) + (100 if first % 100 == 99 else 0)
    return f"{first}/{last}" if first < last else None


def in_fiscal_year(match: re.Match[str], period: str) -> str:
    """What a time without a year of its own means where the report's year runs from April to March.

    年内 and 上一年度 are years of that kind, and its months up to March are of the year in which it ends.
    """
    if match["base"] and not re.search(YEAR, match["base"]) and period.isdigit():
        return f"{period}/{int(period) + 1}"
    alone = match["alone"] or ""
    if "月" in alone and alone[0] not in "前头首" and last_month(period)[1] < _FIRST_FISCAL_MONTH:
        return re.sub("[0-9]{4}(?=-|$)", lambda year: str(int(year[0]) + 1), period)
    return period


def _years_ending(year: int | None, span: int | None) -> str | None:
    if not year or not span or span >= 100:
        return None
    return str(year) if span == 1 else f"{year - span + 1}/{year}"


def _of_plan(kind: str, name: str, span: str, year: int | None) -> str | None:
    """The years of a plan of this kind; 以来 counts from its first to the report's year."""
    first = load_facts("times")[kind]["first_years"].get(name)
    if first is None:
        return None
    if span in ("初", "末"):
        return str(first if span == "初" else first + 4)
    if not span.endswith("以来"):
        return f"{first}/{first + 4}"
    if year is None or year < first:
        return None
    return str(year) if year == first else f"{first}/{year}"


def same_period(match: re.Match[str], before: str | None, stated: str | None) -> str | None:
    """The part of the year that ``before`` names, in the year named before 同期; 去年 is the year before that part's."""
    if before is None or stated is None:
        return None
    year = int(stated[:4]) if re.search(YEAR, match["base"] or "") else int(before.strip(".")[:4]) - 1
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


def is_to_come(match: re.Match[str]) -> bool:
    """Whether a span of years may lie ahead, in plans: 三年新建, 四年累计新增; not 三年来."""
    return bool(match["years_bare"] or (match["years_past"] and not match.group().endswith("来")))
