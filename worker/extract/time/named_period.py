"""The period that a match of a time's pattern names: years, their parts, and spans of both."""

import re
from calendar import monthrange

from worker.extract.numbers.numerals import parse
from worker.extract.time.period_parts import first_month, last_month, years_of
from worker.facts import load_facts

MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
REPUBLIC = r"(?:中华)?民国 ?(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,5})"
REPUBLIC_NUMBER = r"(?<![0-9.])1[0-2][0-9]"
YEAR = (
    rf"(?:(?<![0-9.])(?:1[89]|20|21)[0-9]{{2}}|[一二][九〇零][〇零一二三四五六七八九]{{2}}|{REPUBLIC}"
    rf"|{REPUBLIC_NUMBER}(?= ?学?年度| ?年(?:[0-9]{{1,2}} ?月|底|第?[一二三四]季)))"
)


def period_named(
    match: re.Match[str],
    year: int | None,
    this_year: int | None,
    last_year: int | None,
    stated_year: int | None,
    before: str | None,
    *,
    plans: bool,
) -> str | None:
    """The period, as the schema writes it; None where an end of it cannot be told.

    ``year`` is the one that holds where the time stands, ``this_year`` and ``last_year`` what 今年 and 去年 are there,
    ``stated_year`` the one that the sentence has stated before, in digits, which 全年 is of (2019年，上半年…，全年…),
    ``before`` the period of the time before it, and ``plans`` says whether a span of years may lie ahead.
    """
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
    if plans and is_to_come(match):
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
    return _of_base(match, stated_year or year if match["base"].startswith("全") else year, this_year, last_year)


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


def _since(first: int, part: str, word: str, year: int | None) -> str:
    """From a month to the end of the report's year; what runs on from a day (3月1日起) belongs to its own year."""
    month = re.fullmatch(rf"({MONTH}) ?月份?", part) if word in ("以来", "至今") else None
    return f"{first}-{_count(month[1]):02}/{max(first, year or first)}-12" if month else str(first)


def _span_of(period: str | None, count: int | None) -> str | None:
    """The period spoken of, where it is a span of so many years: “十一五”是投资最多的5年。5年共完成…"""
    years = years_of(period) if period and re.fullmatch("[0-9]{4}/[0-9]{4}", period) else ()
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
    years = [_year_number(part) for part in re.findall(rf"{YEAR}|{REPUBLIC_NUMBER}", base)]
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
