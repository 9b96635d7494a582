"""The year that a report is about."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from worker.clean.dates import read_date
from worker.clean.lines import Line
from worker.facts import load_facts
from worker.patterns import Pattern
from worker.structure.opening_year import LONGEST_BEGINNING, opening_year

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)")
#: A year without 年 that stands by itself at an end of a title or in brackets; no span, and no part of a paper's number.
_BARE_YEAR = re.compile(
    r"(?:^|(?<=[（(《—]))(?:19|20)\d{2}(?! ?[\d年号.:：/–—\-〕\]]|[)）] ?第?\d)"
    r"|(?<![\d.:：/–—\-〔\[第A-Za-z])(?:19|20)\d{2}(?=$|[)）》])(?![)）] ?第?\d)"
)
_CHINESE_YEAR = re.compile(r"[一二][〇○零九八七六五四三二一]{3}(?=年)")
_REPUBLIC_YEAR = re.compile(
    r"(?<!\d)(1[0-2]\d) ?(?=年(?:度|\d{1,2} ?(?:[至到—–~-] ?\d{1,2} ?)?月|前[\d一二三四五六七八九十]{1,2}个月|底|上半年|下半年|施政|本[市县院局府署处]|全[市县台]|[业業][务務]|[预預决決]算|[统統][计計]))|民国 ?(\d{2,3})(?= ?年)"
)
#: 2023/24年度: the year that it begins in.
_FISCAL_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[/—–-](\d{2}|\d{4})|[至到](\d{2}))(?= ?(?:财政|财|学)?年|(?<=年[报報].{7})(?!\d))"
)
#: 2023至2024年度, which is no span of several years of account.
_OVER_NEW_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2}) ?[至到] ?((?:19|20)\d{2})(?= ?(?:财政年|财年|学年|年度))")
_A_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇○零九八七六五四三二一]{3})"
#: 2017年至2021年: with 年 behind both, which years of account go without.
_SPAN = re.compile(
    rf"(?<!\d)(?P<first>{_A_YEAR}) ?年度?(?: ?\d{{1,2}} ?月)? ?(?:[至到]|[-—–―~～]{{1,2}}) ?(?P<last>{_A_YEAR})(?= ?年)"
)
#: 2017年以来, 2017年换届以来: where a time begins that runs on to the report's own, whose year this is not.
_SINCE = Pattern(
    rf"(?<!\d){_A_YEAR} ?年度?(?: ?\d{{1,2}} ?月份?)?(?:至今|(?:[^，。；、和\d]{{0,8}}?{{times.begun}})?以来)"
)
#: 2025年第1期: the year of a bulletin's issue.
_ISSUE = re.compile(r"(?:19|20)\d{2}(?= ?年 ?(?:第|总第) ?\d{1,3} ?期)")
_PLANS_NAME = r"十?[一二三四五六七八九]五"
#: 第十四个五年规划, “十四五”规划: what it sets out is to come, and it looks back on the years before.
_FIVE_YEAR_PLAN = re.compile(
    r"第?(?P<count>十[一二三四五六]?|[一二三四五六七八九])个五年(?:规划|计划)"
    rf"|[“\"]?(?P<name>{_PLANS_NAME})[”\"]?[^，。；]{{0,24}}规划"
)
_OF_A_PLAN = re.compile(r"评估|实施情况|完成情况|落实情况|执行情况|总结|通知|解读|中期|年度|进展|报告")
_OF_A_WHOLE_PLAN = re.compile(r"评估|总结|(?:实施|完成|落实|执行)情况")
_OF_THE_MIDDLE = re.compile(r"中期(?:评估|总结|检查|情况|进展)")
_OF_ITS_COURSE = re.compile(
    rf"中期|年度|进展|通知|解读|方案|[“\"]?{_PLANS_NAME}[”\"]?[^，。；]{{0,24}}规划[^，。；]{{0,30}}编制"
)
_REVIEW = re.compile(
    r"回顾|总结|工作情况|完成情况|执行情况|主要成绩|主要成效|举措和成效|工作成效|发展成就|落实情况|进展情况"
)
_PLAN = re.compile(r"计划|打算|安排|目标|任务|展望|要点|思路|重点|总体要求|总体部署|政策取向|工作部署|工作的?建议")
#: 刚刚过去的2017年: the year that whoever speaks looks back on.
_JUST_PAST = re.compile(r"刚刚?(?:过去|走过)的((?:19|20)\d{2}) ?年")
#: What is read out to a congress at the start of the year after. A policy address is given at any time of its year.
_WORK_REPORT = re.compile(r"(?:政府|法院|检察院|常务委员会|常委会|政协)(?:的)?工作(?:的)?报告")
_TO_A_CONGRESS = re.compile(r"向(?:本次|这次)?(?:大会|会议|全国人民代表大会|人民代表大会)(?:报告|作)[^。]{0,12}工作")
_THIS_YEAR = re.compile(
    r"今年|本年|上半年|半年来|(?<!下)半年(?:度|工作)*(?:总结|小结|汇报|报告)|[一二三]季度|(?<![年\d])\d{1,2}(?:[-—–~至]\d{1,2})? ?月份?"
)
_NOW = re.compile("今年|本年度?(?!度)")
_WHOLE_YEAR = re.compile(r"全年|12 ?月份?|下半年|四季度")
_ADDRESS = re.compile(r"施政报告")
_PROCEEDINGS = re.compile(r"会议过程|(?:会议|院会)[纪记]录|会议(?:纪要|综述|简报)")
#: The number of a paper in its head: 〔2024〕第11号.
_NUMBERED = re.compile(r"[〔\[](\d{4})[〕\]] ?第?\d{1,4} ?[号期]")
#: What a report compares with is not what it is about, but the year after it where the same months are meant.
_COMPARED_YEAR = re.compile(r"(?:比|较|[与同和跟](?=[^,，。；;\n]{0,16}(?:同期|相比|持平)))((?:19|20)\d{2}) ?年(同期)?")
_OWN_YEAR = re.compile(r"(?:19|20)\d{2} ?年度")
_GIVEN = re.compile(r"((?:19|20)\d{2}) ?年 ?(\d{1,2}) ?月.{0,40}(?:会议|大会)")
#: A year counts as the report's own only if it is named at least so often, and by that much more than the next.
FEWEST_MENTIONS = 2
LEAD = 1.2
#: A work report given up to this month looks back on the year before.
LATEST_MONTH_OF_REVIEW = 6
LONGEST_DATED_LINE = 60
#: 国民经济和社会发展计划执行情况的报告 is read out in the year after the plan's.
_OF_LAST_PLAN = re.compile("(?:计划|预算)[^，。]{0,8}(?:执行|完成)情况")
#: Figures of a whole year are put out up to this month of the next.
LATEST_MONTH_OF_A_YEARS_FIGURES = 3
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def find_period(
    title: str | None, head: Sequence[Line], headings: Sequence[str], text: str, published: date | None = None
) -> str | None:
    """The year reported on, as four digits, or None where nothing tells it.

    The title's year, except that a government's work report, named after the year it is given in, looks back on the
    year before. Where the title names none: the year of a heading that looks back, the one before the year of a heading
    that plans, the one just past, the one that the first paragraphs name, the one named most, and for what speaks of this
    year or its months the one that it was put out in. A bulletin has the year of its issue, a five-year plan the last year
    before it. The record of a meeting has the year of the meeting, whose date stands in its head or first lines.
    """
    if title and _PROCEEDINGS.search(title):
        beginning = [line.text for line in head] + text[:LONGEST_BEGINNING].split("\n")
        held = next((day for line in beginning if (day := read_date(line))), None)
        numbered = next((match for line in head if (match := _NUMBERED.search(line.text))), None)
        if held or numbered:
            return str(held.year) if held else numbered[1] if numbered else None
    if plan := plan_span(title):
        return str(int(plan[:4]) - 1)
    if (reviewed := plan_reviewed(title)) and f"{reviewed[-4:]}年" in text:
        return reviewed[-4:]
    if middle := _middle_of_plan(title, text):
        return middle
    issue = None if _years(title or "") else next((match for line in head if (match := _ISSUE.search(line.text))), None)
    if issue:
        return issue[0]
    outline = [_SINCE.sub("", name) for name in headings]
    is_since = bool(_SINCE.search(title or ""))
    looking_back: list[str] = [year for name in outline if _REVIEW.search(name) for year in _years(name)]
    planned = [int(year) for name in outline if _PLAN.search(name) for year in _years(name)]
    titled = _years(_SINCE.sub("", title or ""))
    if not is_given_to_a_congress(title, text) or (title and _OWN_YEAR.search(title)):
        if titled:
            return titled[-1] if len(set(titled)) == 1 else titled[0]
        if looking_back:
            return looking_back[0]
        is_told_after = looks_back(title, text) or bool(title and _OF_LAST_PLAN.search(title))
        given = _year_given(head) if is_since or is_told_after else None
        told = _just_past(text) or opening_year(text) or _named_most(text)
        return given or told or _year_put_out(title, text, published) or _year_begun_in([title or "", *headings], text)
    if looking_back:
        return looking_back[0]
    year = int(titled[0]) if titled else min(planned, default=0)
    told = _just_past(text) or opening_year(text) or _named_most(text)
    return _year_given(head) or (str(year - 1) if year else told)


def is_given_to_a_congress(title: str | None, text: str) -> bool:
    """Whether a report is read out at the start of the year after: by its title or, without one, by how it begins."""
    if title:
        return bool(_WORK_REPORT.search(title))
    return bool(_TO_A_CONGRESS.search(text[:LONGEST_BEGINNING]))


def _year_put_out(title: str | None, text: str, published: date | None) -> str | None:
    """The year that something was put out in, where it speaks of that year as this one or of months without a year."""
    beginning = f"{title or ''}\n{text[:LONGEST_BEGINNING]}"
    named = {int(year) for year in _YEAR.findall(_COMPARED_YEAR.sub("", beginning))}
    if published is None or not _THIS_YEAR.search(beginning) or named - {published.year, published.year - 1}:
        return None  # a page that was moved is put out anew, years after what it tells
    is_of_last = published.month <= LATEST_MONTH_OF_A_YEARS_FIGURES and _WHOLE_YEAR.search(beginning)
    return str(published.year - 1 if is_of_last else published.year)


def _year_begun_in(names: Sequence[str], text: str) -> str | None:
    """The year that the title or a heading counts from (2024年以来), where the text names no later one."""
    since = next((found[0] for name in names if (found := _SINCE.search(name))), "")
    years = _years(since)
    return years[0] if years and max(map(int, _YEAR.findall(text)), default=0) <= int(years[0]) else None


def year_signed(body: str, signed: date | None) -> str | None:
    """The year in which a report was signed that speaks of this year, or counts from an earlier one and names no later one.

    None for one signed in a year's first months, which may look back on the year before as well. ``body`` is without the
    signature.

    >>> year_signed("2021年以来，办理案件12件。", date(2024, 12, 20)), year_signed("2021年以来，办理案件12件。", date(2025, 1, 9))
    ('2024', None)
    >>> year_signed("今年以来，办理案件12件。2025年计划培训3次。", date(2024, 11, 2)), year_signed("2021年，建成3处。", date(2024, 11, 2))
    ('2024', None)
    """
    if signed is None or signed.month <= LATEST_MONTH_OF_A_YEARS_FIGURES:
        return None
    beginning, named = body[:LONGEST_BEGINNING], {int(year) for year in _YEAR.findall(_COMPARED_YEAR.sub("", body))}
    if _NOW.search(beginning):
        return str(signed.year) if named <= {signed.year - 1, signed.year, signed.year + 1} else None
    since = _SINCE.search(beginning)
    first = _years(since[0]) if since else []
    return str(signed.year) if first and max(named, default=0) <= int(first[0]) < signed.year else None


def _year_given(head: Sequence[Line]) -> str | None:
    """The year that a report with this head looks back on, by the day that it was given on."""
    for line in head:
        match = _GIVEN.search(line.text)
        day = read_date(line.text) if match is None and len(line.text) <= LONGEST_DATED_LINE else None
        if match or day:
            year, month = (int(match[1]), int(match[2])) if match else (day.year, day.month) if day else (0, 0)
            return str(year - 1 if month <= LATEST_MONTH_OF_REVIEW else year)
    return None


def looks_back(title: str | None, text: str) -> bool:
    """Whether a report with this title and text speaks, as work reports do, in the year after the one it is about.

    >>> looks_back("2026年云山县政府工作报告", ""), looks_back("2025年法治政府建设年度报告", "")
    (True, False)
    >>> looks_back(None, "各位代表：现在，我代表县人民政府，向大会作政府工作报告。")
    True
    """
    plain = re.sub(r"\s", "", title or "")
    return bool(_ADDRESS.search(plain)) or is_given_to_a_congress(plain or None, text)


def _years(words: str) -> list[str]:
    words = _OVER_NEW_YEAR.sub(lambda two: "-".join(two.groups()) if int(two[2]) - int(two[1]) == 1 else two[0], words)
    fiscal = list(_FISCAL_YEAR.finditer(words.translate(_DIGITS)))
    if fiscal:
        return [_fiscal_year(*match.groups(), is_review=bool(_REVIEW.search(words))) for match in fiscal]
    words = _SPAN.sub(r"\g<last>" if _REVIEW.search(words) else r"\g<first>", words)
    found = _YEAR.findall(words) + [match.translate(_DIGITS) for match in _CHINESE_YEAR.findall(words)]
    return found or _republic_years(words) or _BARE_YEAR.findall(words.strip())


def _fiscal_year(first: str, last: str | None, ending: str | None, *, is_review: bool) -> str:
    """The year that 2022-23 begins in, as what is planned for 2024—2027 does; the last of a longer span looked back on."""
    end = last or ending or ""
    year = int(end if len(end) == len(first) else first[: -len(end)] + end)
    return str(year) if is_review and year - int(first) > 1 else first


def plan_span(title: str | None) -> str | None:
    """The years of the five-year plan that a paper of this title is; None for one that tells how a plan went.

    >>> plan_span("云山县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要"), plan_span("“十三五”规划实施情况评估报告")
    ('2021/2025', None)
    """
    plain = re.sub(r"\s", "", title or "")
    return None if _OF_A_PLAN.search(plain) else _five_years(plain)


def plan_reviewed(title: str | None) -> str | None:
    """The years of the five-year plan that a paper of this title looks back on as a whole.

    >>> plan_reviewed("云山县“十三五”规划实施情况总结评估报告"), plan_reviewed("“十四五”规划中期评估报告")
    ('2016/2020', None)
    """
    plain = re.sub(r"\s", "", title or "")
    is_review = _OF_A_WHOLE_PLAN.search(plain) and not _OF_ITS_COURSE.search(plain)
    return _five_years(plain) if is_review else None


def _five_years(title: str) -> str | None:
    plan = _FIVE_YEAR_PLAN.search(title)
    if plan is None or _YEAR.search(title):
        return None
    first = load_facts("times")["plans"]["first_years"].get(plan["name"] or f"{plan['count']}五")
    return f"{first}/{first + 4}" if first else None


def _middle_of_plan(title: str | None, text: str) -> str | None:
    """The year that a mid-term review of a five-year plan is of: the plan's third where the text names it, else its second."""
    plain = re.sub(r"\s", "", title or "")
    span = _five_years(plain) if _OF_THE_MIDDLE.search(plain) else None
    middle = [str(int(span[:4]) + years) for years in (2, 1)] if span else []
    return next((year for year in middle if f"{year}年" in text), None)


def is_plan(title: str) -> bool:
    """Whether a title calls its paper a plan, and none of how it went.

    >>> is_plan("云山县法治建设规划（2026—2030年）"), is_plan("云山县2021—2025年规划实施情况")
    (True, False)
    """
    return bool(re.search("规划|计划|纲要", title)) and not _OF_A_PLAN.search(title) and not _REVIEW.search(title)


def _republic_years(words: str) -> list[str]:
    return [str(int(one or other) + 1911) for one, other in _REPUBLIC_YEAR.findall(words)]


def _just_past(text: str) -> str | None:
    """The year that the text calls just gone by, if it is one."""
    years = set(_JUST_PAST.findall(text))
    return years.pop() if len(years) == 1 else None


def _named_most(text: str) -> str | None:
    """The year that stands out among those named; else the one after the only year whose same months are compared with."""
    alone = _SINCE.sub("", _COMPARED_YEAR.sub("", text))
    ranked: list[tuple[str, int]] = Counter(_YEAR.findall(alone) or _republic_years(alone)).most_common(2)
    if not ranked:
        same = {match[1] for match in _COMPARED_YEAR.finditer(text) if match[2]}
        return str(int(same.pop()) + 1) if len(same) == 1 else None
    if ranked[0][1] < FEWEST_MENTIONS or (len(ranked) == 2 and ranked[0][1] < ranked[1][1] * LEAD):
        return None
    return ranked[0][0]
