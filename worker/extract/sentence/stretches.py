"""The words of a stretch of a sentence: without the times in it, what changes are measured from, and marks of points."""

import re
from collections.abc import Sequence

from worker.extract.language.name_faults import without_long_brackets, without_notes
from worker.extract.language.reading_text import ReadingText
from worker.extract.time.expressions import Time
from worker.patterns import Pattern

_NUMBERED = re.compile("(?<![0-9])[0-9一二两三四五六七八九十]{1,2}(?:个|大|个大)?(?=方面)")
_POINT = re.compile("^[一二三四五六七八九十]{1,2}[是要]")
_THIS_ALONE = Pattern("^{indicators.this_alone}[就便即可共]?")  # 仅此一项户均增收
# 用两年时间建成广场5个
_TAKEN = Pattern("^{times.taking}[0-9一二三四五六七八九十两半]{1,3}个?[年月天][多余]?(?:左右)?的?{times.taking.spent}")
_CIRCUMSTANCES = Pattern("在[^,;()]{0,24}?{indicators.circumstances}")
_REASON = Pattern("^[,、]?{indicators.giving_reasons}")
_GOES = Pattern("(?<![{numbers.goes.no_division}])分(?:为|成)?[0-9一二三四五六七八九十两]{1,3}个?{numbers.goes}(?!长)")
_ITEM = re.compile(r"^(?:[0-9]{1,2}\.)?[0-9]{1,2}本(?![书册])")  # 2.2本项目: the mark of a point, and this
_BOUND = Pattern("(?:[(]含[)])?以[上下]的?{indicators.punishments}")  # 五年以上有期徒刑
_YEAR = re.compile("(?:民国)?(?<![0-9])[0-9]{2,4}年度?(?!以[上下])")
_DIGIT = re.compile("[0-9]")
_NUMERAL = re.compile("[0-9一二三四五六七八九十两几]")
_AT_END = re.compile("(?<![高低快慢多少优好])[于在自]$")  # 于2012年, not 高于2012年
# What belongs to a time, and not to the words after it: 年底前建成, 6月以后; 前三季度 and 起草 are others.
_TIME_ENDS = re.compile(
    "[末底初度]?(?:[之以]?前(?![0-9一二三四五六七八九十两半几期者])|[之以]?后(?![0-9一二三四五六七八九十两半几期者续])"
    "|起(?![草诉降重步到用点伏家飞运吊])|止(?![损跌血滑步])|之(?![前后间内一余多外]))?"
)
_WITHIN_TIME = re.compile("[中内间里](?=,)")  # 这两年中，
_SPAN = Pattern("[于在]?{times.now.from}[0-9一二三四五六七八九十两几]{1,3}个?(?:年|月|季度|天){times.now.within}?")
# A number of a list that is no figure itself: 提高12.7、1 2个百分点.
_STRAY_NUMBER = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?:[.,][0-9]+)*(?:个?百分点|[%‰])?(?:[、和]|$)")
# The cells of a row that stand on one line before the last label: 规章 本年制发件数 0 本年废止件数 0 现行有效件数.
_FLAT_ROW = re.compile(r"^(?P<row>[^ 0-9]+ )(?:[^ 0-9]+ [0-9]+ )+(?=[^ 0-9]+ ?$)")
#: What a time leaves that stood in brackets: 第1期(106-107年)特别预算.
_EMPTIED = re.compile(r"\( *\)")


def words_between(reading: ReadingText, start: int, end: int, times: Sequence[Time]) -> str:
    """The words of a stretch without the times in it, and without what changes are measured from."""
    parts, place = [], start
    for time in times:
        # A time may begin before the stretch: 7、 of 7、8月降雨量 looks like the mark of a point.
        if start < time.end <= end and not _BOUND.match(reading.text, time.end):
            parts.append(_AT_END.sub("", reading.text[place : max(place, time.start)]))
            within = _WITHIN_TIME.match(reading.text, time.end)
            place = within.end() if within else _end_of_time(reading, time.end)
    parts.append(reading.text[place:end])
    said = _EMPTIED.sub("", "".join(parts)) if times else "".join(parts)
    if " " in said:
        said = _FLAT_ROW.sub(r"\g<row>", said)
    text = without_long_brackets(without_notes(said).replace(" ", "").strip("\n"))
    text = _REASON.sub("", _TAKEN.sub("", _THIS_ALONE.sub("", text)))
    text = _CIRCUMSTANCES.sub("", text) if "在" in text else text
    if not _NUMERAL.search(text):
        return reading.growth.without_base(text)
    if "方面" in text:
        text = _NUMBERED.sub("", text)  # 水利等4个方面支出
    text = _GOES.sub("", text) if "分" in text else text
    text = _SPAN.sub("", _POINT.sub("", _ITEM.sub("", text)))
    if not _DIGIT.search(text):
        return reading.growth.without_base(text)
    return _YEAR.sub("", reading.growth.without_base(_STRAY_NUMBER.sub("", text)))


def _end_of_time(reading: ReadingText, place: int) -> int:
    if reading.text.startswith("内", place) and not reading.words.longest(reading.text, place):
        return place + 1  # 年内开工, not 内河运输
    return ends.end() if (ends := _TIME_ENDS.match(reading.text, place)) else place
