"""The title of a report: the lines above its body that are nothing else."""

import re
from collections.abc import Sequence
from itertools import pairwise

from worker.clean.lines import Line, lines_of
from worker.facts import load_facts
from worker.patterns import Pattern
from worker.structure.places import is_organ, office_holder

#: 文号: 东府〔2021〕4号.
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,14}[〔\[(（【]\d{4}[〕\])）】] ?(?:第 ?)?\d{1,5} ?号")
_OTHER = re.compile(
    r"[(（]?[—\-–─]*[(（]?\d{4} ?[年./-].{0,60}"  # a date, or the meeting that it was given at
    r"|[—\-–─]{1,}.*|第\d+[号期].*|\d+|[(（].*[)）]|目 ?录|附件.{0,10}|[^关]{2,40}文件|.*(?:会议上|会上|会议通过)[)）]?"
    r"|据?(?:本报|本网|[\u4e00-\u9fff]{1,6}(?:社|网|日报))[^,，。]{0,10}\d{1,2}日(?:电|讯|消息)"  # where news comes from
    r"|(?:[\u4e00-\u9fff]{0,6}(?:当前|所在|您的|现在)?位置|您?(?:现)?在(?:的位置)?)[:：].*|.{1,20}(?:(?: ?[>＞»›→] ?| / )[^>＞»›→]{1,20}){2,}"  # a path
    r"|(?:新闻)?(?:联[络系]人|连络人|承办[人员单位]{1,2}|联[络系]电话|连络电话|电话|传真|发稿单位|撰稿人?|供稿)[:：].*"
    r"|[^,，]{2,30}(?:网站|政务网|信息网|公众网|官网|门户|专栏|频道)"  # the name of a site, or of a part of it
    r"|(?:金额|数量|计量)?单位[:：].{0,20}|表 ?\d{1,3}|Sheet ?\d{0,3}"  # a note on units, a sheet's name
    r"|[^,，;；\t|]{0,14}(?:[,;\t|][^,;\t|。]{0,14}){2,}"  # the header of a table
)
#: Whoever reports, and the day: 云山市统计局 2024年7月22日.
_DAY_BEHIND = re.compile(r"\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日$")
#: The mark of a note behind a title.
_NOTE = re.compile(r"(?<=[\u4e00-\u9fff）)])(?:\[\d{1,2}\]|〔\d{1,2}〕|[①-⑳]|[*＊※]+)$")
_SPAN = re.compile(r"[(（] ?\d{4} ?年? ?[-—–~至到]+ ?\d{4} ?年?[)）]")
_DATED = re.compile(r"\d{4}(?:[/—–-]\d{2,4})? ?(?:财政)?年(?:度)?[^ ]*")
#: What a year or a month is the first word of, without a day: 2024年9月份全市经济运行简况. Not when or where something was held.
_OF_A_YEAR = re.compile(
    r"\d{4} ?年(?!.*\d ?日)(?:度|\d{1,2}(?:[-—–~至]\d{1,2})? ?月份?)?[^\d,，。;；:：|\t]{6,40}(?<!会议)(?<!大会)(?<!代表)(?<![上发布稿过议])"
)
#: A title with its year that has lost its line: a blank or the year that the body begins with parts it from that.
_RUN_ON = re.compile(
    r"(?!根据|依据|按照|遵照|对照|落实|贯彻|围绕|现将|为)(?=[^\s,，。;；:：]{0,40}\d{4}年)"
    r"(?P<title>[^\s,，。;；:：!！?？|]{8,60})(?=[ \u3000]+\S|(?<=[^\d ])\d{4}年[^\d])"
)
#: 云山市政府主计处 统计通报 (2025-03号): whose papers these are, and which.
_MASTHEAD = Pattern(
    "(?P<organ>[^ \u3000]{4,30})[ \u3000]*{document.mastheads}(?:[ \u3000]*[(（第]?[\\d年.号期第-]{1,14}[)）]?)?"
)
_SALUTATION = re.compile(r".{2,30}[:：]")
_ENDS_LIKE_SENTENCE = re.compile(r"[。；;，,！!]$")
_OCCASION = re.compile(r"(?<=.{4})[—─-]{1,4}(?=\d{4} ?年 ?\d{1,2} ?月)")
_SPACED_OUT = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff])+")
_BRACKETS = ("《》", "「」", "“”", "（）", "()", "〈〉")
LONGEST_TITLE = 80
LONGEST_TITLE_LINE = 60
MOST_TITLE_LINES = 3


def head_lines(text: str) -> list[Line]:
    """The lines above a report's body; a title and the occasion that follows it on one line count as two.

    So does a title that has lost its line, and stands before the body with a blank between.
    """
    lines: list[Line] = []
    for line in lines_of(text):
        if line.opens_body:
            run_on = _RUN_ON.match(line.text)
            if run_on and _is_named_like_title(run_on["title"]) and all(_is_other(above.text) for above in lines):
                lines.append(Line(line.start, line.start + run_on.end(), run_on["title"], line.number))
            break
        occasion = _OCCASION.search(line.text)
        if occasion:
            title = line.text[: occasion.start()]
            lines.append(Line(line.start, line.start + len(title), title, line.number))
            line = Line(line.start + occasion.start(), line.end, line.text[occasion.start() :], line.number)
        lines.append(line)
    return lines


def without_masthead(line: str) -> str:
    """The organ that a line names in front of the name of its series; the line itself where it is another.

    >>> without_masthead("云山市统计局　统计快报"), without_masthead("云山市统计局")
    ('云山市统计局', '云山市统计局')
    """
    found = _MASTHEAD.fullmatch(line)
    return found["organ"] if found and is_organ(found["organ"]) else line


def find_title(head: Sequence[Line], named: str | None) -> str | None:
    """The title among the lines of the head; ``named`` is the one that the page's metadata gives.

    Lines that say when, where or by whom the report was given are no title, nor is a salutation. A title may run
    over several lines. None where no line is left.
    """
    lines = [line._replace(text=bare) for line in head if not _is_other(bare := _NOTE.sub("", line.text))]
    if named:
        joined = _joined_like(lines, named)
        if joined:
            return joined
    for index, line in enumerate(lines):
        if is_organ(line.text) and not _continues(line, lines[index + 1 : index + 2]):
            continue
        return _with_span(_whole_title(lines, index), head)
    return named


def _with_span(title: str, head: Sequence[Line]) -> str:
    """The title with the years in brackets on the line below it: 五年工作回顾（2016—2021年）."""
    for line, after in pairwise(head):
        if title.endswith(_NOTE.sub("", line.text)) and _SPAN.fullmatch(after.text):
            return title + after.text
    return title


def _is_other(text: str) -> bool:
    if len(text) > LONGEST_TITLE_LINE or _ENDS_LIKE_SENTENCE.search(text) or DOCUMENT_NUMBER.fullmatch(text):
        return True
    day = _DAY_BEHIND.search(text)
    if (
        _SALUTATION.fullmatch(text)
        or without_masthead(text) != text
        or office_holder(text)
        or (day and is_organ(text[: day.start()].strip()))
    ):
        return True
    is_dated = _OF_A_YEAR.fullmatch(text) or (_DATED.fullmatch(text) and _is_named_like_title(text))
    return bool(_OTHER.fullmatch(text)) and not is_dated


def _is_named_like_title(text: str) -> bool:
    """Whether a line ends as titles do: with the name of a kind of paper, or of a table."""
    titles = load_facts("document")["titles"]
    return text.endswith((*titles["words"], *titles["tables"])) and not text.endswith(tuple(titles["no_tables"]))


def _whole_title(lines: Sequence[Line], index: int) -> str:
    title = lines[index].text.strip()
    if _SPACED_OUT.fullmatch(title):
        title = title.replace(" ", "")
    for after in lines[index + 1 : index + MOST_TITLE_LINES]:
        if (_is_whole(title) and not after.text.startswith("关于")) or len(title) + len(after.text) > LONGEST_TITLE:
            break
        title = _join(title, after.text)
    return title


def _is_whole(title: str) -> bool:
    """Whether a title needs no further line: its last word is one that titles end with."""
    facts = load_facts("document")["titles"]
    if title.endswith(tuple(facts["unfinished"])) or any(
        title.count(pair[0]) > title.count(pair[1]) for pair in _BRACKETS
    ):
        return False
    bare = re.sub(r"[(（][^)）]*[)）]$", "", title)
    return bare.endswith(tuple(facts["words"])) or "关于" not in title


def _continues(line: Line, after: Sequence[Line]) -> bool:
    return bool(after) and after[0].text.startswith("关于")


def _join(first: str, second: str) -> str:
    both_latin = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return f"{first} {second}" if both_latin else first + second


def _joined_like(lines: Sequence[Line], named: str) -> str | None:
    """The title as the report sets it, where a few lines together say what the metadata says."""
    wanted = re.sub(r"\s", "", named)
    for first in range(len(lines)):
        title = ""
        for line in lines[first : first + MOST_TITLE_LINES + 1]:
            title = _join(title, line.text) if title else line.text
            if re.sub(r"\s", "", title) == wanted:
                return title
    return None
