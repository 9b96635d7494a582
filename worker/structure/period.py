"""The year that a report is about."""

import re
from collections import Counter
from collections.abc import Sequence

from worker.clean.dates import read_date
from worker.clean.lines import Line

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)")
_CHINESE_YEAR = re.compile(r"[一二][〇○零九八七六五四三二一]{3}(?=年)")
_REPUBLIC_YEAR = re.compile(r"(?<!\d)(1\d{2})(?=年度)")
_REVIEW = re.compile(
    r"回顾|总结|工作情况|完成情况|执行情况|主要成绩|主要成效|举措和成效|工作成效|发展成就|落实情况|进展情况"
)
_PLAN = re.compile(r"计划|打算|安排|目标|任务|展望|要点|思路|重点")
_WORK_REPORT = re.compile(r"政府工作报告|人民政府工作报告")
_PROCEEDINGS = re.compile(r"会议过程|(?:会议|院会)[纪记]录")
_GIVEN = re.compile(r"((?:19|20)\d{2}) ?年 ?(\d{1,2}) ?月.{0,40}(?:会议|大会)")
#: A year counts as the report's own only if it is named at least so often, and by that much more than the next.
FEWEST_MENTIONS = 2
LEAD = 1.2
#: A work report given up to this month looks back on the year before.
LATEST_MONTH_OF_REVIEW = 6
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def find_period(title: str | None, head: Sequence[Line], headings: Sequence[str], text: str) -> str | None:
    """The year reported on, as four digits, or None where nothing tells it.

    The title's year, except that a government's work report, named after the year it is given in, looks back on the
    year before. Where the title names none: the year of a heading that looks back, that of the first paragraph, the
    one named most. The record of a meeting has the year of the meeting, whose date stands in its head.
    """
    if title and _PROCEEDINGS.search(title):
        held = next((day for line in head if (day := read_date(line.text))), None)
        if held:
            return str(held.year)
    looking_back: list[str] = [year for name in headings if _REVIEW.search(name) for year in _years(name)]
    if title is None or not _WORK_REPORT.search(title):
        titled = _years(title or "")
        if titled:
            return titled[-1] if len(set(titled)) == 1 else titled[0]
        return looking_back[0] if looking_back else _named_most(text)
    if looking_back:
        return looking_back[0]
    given = next((match for line in head for match in [_GIVEN.search(line.text)] if match), None)
    if given:
        return str(int(given[1]) - 1 if int(given[2]) <= LATEST_MONTH_OF_REVIEW else int(given[1]))
    titled = _years(title)
    return str(int(titled[0]) - 1) if titled else _named_most(text)


def _years(words: str) -> list[str]:
    found = _YEAR.findall(words) + [match.translate(_DIGITS) for match in _CHINESE_YEAR.findall(words)]
    return found or [str(int(year) + 1911) for year in _REPUBLIC_YEAR.findall(words)]


def _named_most(text: str) -> str | None:
    ranked: list[tuple[str, int]] = Counter(_YEAR.findall(text)).most_common(2)
    if not ranked or ranked[0][1] < FEWEST_MENTIONS:
        return None
    if len(ranked) == 2 and ranked[0][1] < ranked[1][1] * LEAD:
        return None
    return ranked[0][0]
