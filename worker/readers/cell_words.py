"""What the words of one table cell, or of a line above a table, say by themselves."""

import re
from collections.abc import Sequence
from functools import lru_cache

from worker.facts import load_facts

_SIGNED = re.compile(r"[≥≤<>＜＞≈]\s*(?=[-\d０-９])")
_NUMBER = re.compile(r"[(（]?[-+−－＋±]?\s*[\d０-９][\d０-９,，\s]*(?:[.．][\d０-９]+)?\s*[%％‰]?[)）]?")
_WITH_UNIT = re.compile(r"[-+−－＋]?\d[\d,，]*(?:\.\d+)?\s*[万亿千百]{0,2}(?![年月日号季])[\u4e00-\u9fff㎡]{1,3}")
# Two numbers in one cell (12/10), a remark or a note's mark after one (1.2（含电子0.3）, 35*), square brackets (in
# tables of plans they hold sums of several years).
_LIKE_NUMBER = re.compile(
    r"[(（\[【〔]?[-+−－＋±▲△约近超]?\s*[\d０-９][\d０-９,，.．]*\s*[%％‰万亿]?[)）\]】〕]?(?:\s*[/／|]\s*[-+]?[\d０-９][\d０-９,，.．]*[%％‰]?)*"
    r"\s*(?:[(（][^()（）]*[)）]|[*＊①-⑳]|\[\d{1,2}\])?"
)
_DAY = re.compile(r"(?:19|20)\d\d\s*[-./／]\s*\d{1,2}(?:\s*[-./／]\s*\d{1,2})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ONLY_TIME = re.compile(
    r"(?:19|20)\d{2} ?(?:年度?(?:[末底]|[上下]半年|第?[一二三四]季度|\d{1,2}(?:[-—–至]\d{1,2})?月(?:末|底|份)?)?)?"
)
#: Spaces that part neither two words in Latin letters nor two numbers.
_SET_APART = re.compile(r"(?<![A-Za-z\d])\s+|\s+(?![A-Za-z\d])|(?<=[A-Za-z])\s+(?=\d)|(?<=\d)\s+(?=[A-Za-z])")
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[\u4e00-\u9fff][^。；;]{8,}[。；;]")
_TITLE = re.compile(
    r"^(?:附?表|【?附表)\s*[\d一二三四五六七八九十]|(?:表|情况|统计|一览)\s*(?:[(（][^()（）]{1,12}[)）])?\s*$"
)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d ?年")
_ANNOUNCES = re.compile(r"(?:如下|见下表)?\s*[:：]?$")
_EMPTY_BRACKETS = re.compile(r"[(（\[【]\s*[)）\]】]")
_LONG_TITLE = 40
_LONG_CELL = 120
_LONG_FIGURE = 40
_LONGEST_BLANK = 8  # characters of a mark


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, bare or with a unit; a year is none.

    >>> [is_figure(text) for text in ("1,204.5", "98.5%", "120件", "2023", "2023年", "3月末", "第1项", "3.其他")]
    [True, True, True, False, False, False, False, False]
    """
    text = text.strip()
    return len(text) <= _LONG_FIGURE and not _YEAR.fullmatch(text) and _is_number(text)


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _WITH_UNIT.fullmatch(text))


def is_time(text: str) -> bool:
    """Whether a cell holds nothing but a year, with a part of it or without.

    >>> [is_time(text) for text in ("2023年", "2023", "2023年末", "2023年上半年", "2023年度报告", "12宗")]
    [True, True, True, True, False, False]
    """
    return bool(_ONLY_TIME.fullmatch(text.strip()))


def is_year(text: str) -> bool:
    """Whether a cell holds a year and no more.

    >>> [is_year(text) for text in ("2023", "2023年", "1204")]
    [True, False, False]
    """
    return bool(_YEAR.fullmatch(text.strip()))


def is_like_number(text: str) -> bool:
    """Whether a cell holds numbers, alone or in a form that only a reader understands; a day or a year is none.

    >>> [is_like_number(text) for text in ("12/10", "1.2（含电子0.3）", "35*", "[100]", "2023/5/1", "2023", "3.其他", "A12")]
    [True, True, True, True, False, False, False, False]
    """
    text = text.strip()
    if len(text) > _LONG_FIGURE or _YEAR.fullmatch(text) or _DAY.fullmatch(text):
        return False
    return _is_number(text) or bool(_LIKE_NUMBER.fullmatch(text))


def is_bounded(text: str) -> bool:
    """Whether a cell holds a number behind a sign that says how exact it is; classes of things (<18, ≥60) are written so, too.

    >>> [is_bounded(text) for text in ("≥95%", "＞10", "≤ 8", "95", "≥良好", "≥≥95")]
    [True, True, True, False, False, False]
    """
    sign = _SIGNED.match(text.strip())
    return bool(sign) and is_figure(_SIGNED.sub("", text.strip(), count=1))


def judged(text: str) -> str:
    """A cell's text as the words of layout are looked for in it: in simplified script as far as they go, of the same length.

    >>> judged("單位：萬元"), judged("合計")
    ('单位：萬元', '合计')
    """
    simplified, traditional = _simplified()
    # Replacing the few characters that occur is several times as fast as str.translate.
    for char in set(traditional.findall(text)):
        text = text.replace(char, simplified[char])
    return text


@lru_cache(maxsize=1)
def _simplified() -> tuple[dict[str, str], re.Pattern[str]]:
    """The simplified characters by the traditional ones, and what finds those."""
    script = load_facts("tables")["script"]
    return dict(zip(script["traditional"], script["simplified"], strict=True)), re.compile(f"[{script['traditional']}]")


def is_blank(text: str) -> bool:
    """Whether a cell says that it has no figure."""
    bare = "".join(text.split())
    return len(bare) <= _LONGEST_BLANK and (not bare or judged(bare) in load_facts("tables")["blanks"]["marks"])


def is_prose(text: str) -> bool:
    """Whether a cell holds sentences, to be read as any others.

    >>> is_prose("全年调解纠纷485件，成功率98%。"), is_prose("（二）部分公开（区分处理的，只计这一情形）")
    (True, False)
    """
    return len(text) > _LONG_CELL or bool(_SENTENCE.search(text))


def caption_above(lines: Sequence[str]) -> tuple[str, ...]:
    """Of the lines above a table, those that name it or give its units: at most two, the nearest last.

    >>> caption_above(["现将情况报告如下。", "表1 收入预算总表", "单位：万元"])
    ('表1 收入预算总表', '单位：万元')
    """
    found: list[str] = []
    for line in reversed(lines[-2:]):
        if len(line) > _LONG_TITLE or not (_TITLE.search(judged(line)) or units_note(line)):
            break
        found.insert(0, line.strip())
    return tuple(found)


def units_note(text: str) -> str | None:
    """What a line says of a table's units, or None.

    >>> units_note("编制单位：市财政局  单位：万元"), units_note("填报单位：市财政局"), units_note("單位：輛")
    ('单位：万元', None, '单位：輛')
    """
    match = re.search(load_facts("tables")["units"]["pattern"], judged(text))
    return plain(match.group()) if match else None


def title_and_note(line: str) -> tuple[str | None, str | None]:
    """The title of a table and the note on its units in one line: either may be missing.

    What stands beside a note is a title if it is one by its words, or has a year; who made the table is none.

    >>> title_and_note("2019年支出表（单位：万元）"), title_and_note("编制单位：市财政局  单位：万元"), title_and_note("表1 收入")
    (('2019年支出表', '单位：万元'), (None, '单位：万元'), ('表1收入', None))
    """
    note = units_note(line)
    if note is None:
        return plain(line), None
    spans = [match.span() for match in re.finditer(load_facts("tables")["units"]["pattern"], judged(line))]
    beside = line
    for start, end in reversed(spans):
        beside = f"{beside[:start]} {beside[end:]}"
    beside = _ANNOUNCES.sub("", _EMPTY_BRACKETS.sub(" ", beside).strip())
    is_title = _TITLE.search(judged(beside)) or (_HAS_YEAR.search(beside) and not re.search("[:：]", beside))
    return (plain(beside) if is_title else None), note


def plain(text: str) -> str:
    """A header's words without the spaces and line breaks that set them.

    >>> plain("本年新收政府\\n信息公开 申请"), plain("GDP per capita"), plain("表1 2019年支出")
    ('本年新收政府信息公开申请', 'GDP per capita', '表1 2019年支出')
    """
    return _SET_APART.sub("", text.strip())
