"""Each word and sign that the readers of layout know, by itself, and the nearest that they do not."""

import re

import pytest

from worker.readers import (
    cell_words,
    crowded,
    flat_tables,
    layout,
    page_blocks,
    page_body,
    paged,
    pdf_tables,
    plain,
    sniff,
    spreadsheet,
    stacked_tables,
    tables,
)
from worker.readers.cell_words import is_figure, is_like_number, is_time, is_year

DIGITS = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        (
            layout._MARKER,
            [
                *(f"{one}、" for one in f"{DIGITS}百"),
                *(f"（{one}）" for one in f"{DIGITS}百3"),
                *(f"第{one}条" for one in f"{DIGITS}百3"),
                *(f"第一{one}" for one in "章节条部编"),
                *("十二．", "三.", "(3)", "12、", "3．", "3.水利", "\u3000一、", "●", "•", "★", "※", "①", "⑳"),
            ],
            ["3.5万元", "123、", "一二三四五、", "（一二三四）", "第一名", "一是", "㊀"],
        ),
        (
            stacked_tables._HEADING,
            [
                *(f"{one}、" for one in DIGITS),
                *(f"（{one}）" for one in f"{DIGITS}3"),
                *(f"第{one}条" for one in f"{DIGITS}3"),
                *("第二十章", "第三部", "(十)", "(12)"),
            ],
            ["3、", "第一节", "一.", "一二三四、", "（一二三四）", "第一二三四五条"],
        ),
        (
            page_body._HEADING,
            [
                *(f"第{one}章" for one in f"{DIGITS}百"),
                *(f"{one}、" for one in DIGITS),
                *("第一节", "第一部", "（一）", "(一)", "二）", "三)", "3.水利", "12、", "3．"),
            ],
            ["第一条", "3.5", "一二三四、", "123、", "一."],
        ),
        (
            paged._NUMBERED,
            [*(f"{one}、" for one in DIGITS), *("（一）", "(一)", "3)", "12.", "三．", "3、")],
            ["一", "123、", "一二三四、", "水利"],
        ),
        (
            pdf_tables._SECTION,
            [*(f"{one}、" for one in DIGITS), *("（一）、", "(二).", "三．", "十二、")],
            ["一", "（一）", "3、", "水利"],
        ),
        (
            tables._TIME,
            [
                *("2023年", "3月", "12月", "4季度", "2023年末"),
                *("本年", "上年", "去年", "今年", "本年度", "上年末", "去年底", "本年累计", "本年度累计"),
            ],
            ["明年", "本年数", "年", "同比本年", "月"],
        ),
        (
            tables._OF_TIME,
            ["年", "时间", "日期", "期间", "年份", "起止时间", "1998", "2023"],
            ["月", "期", "2123", "20231", "时"],
        ),
        (
            flat_tables._MEASURES,
            [
                *("案件数", "投资额", "产量", "合格率", "比例", "比重", "面积", "人次", "收入", "支出", "收入 "),
                *(
                    f"水利（{unit}）"
                    for unit in ["元", "件", "个", "人", "户", "名", "家", "次", "项", "条", "起", "吨", "亩", "公里", "公顷", "平方米", "立方米", "千瓦", "%", "％", "‰"]
                ),
                *(f"投资（{one}元）" for one in "万亿千百"),
                *("投资(单位：万元)", "投资（单位:亿元)", "投资（百万元）", "投资（ 万元 ）"),
            ],
            ["电话（办）", "单位", "数字", "收入表", "元", "投资（十元）", "投资（千百万元）"],
        ),
        (
            page_blocks._WORTH_PARSING,
            [f"<td {name}=a>" for name in ("class", "id", "style", "hidden", "colspan", "rowspan", "CLASS")],
            ["<td align=left>", "<td data-classy=a>", "<td width=3>"],
        ),
        (
            sniff._CLOSING,
            [f"</{tag}>" for tag in ["p", "div", "td", "tr", "li", "span", "table", "body", "html", "P"]] + ["<br>", "<br/>", "<br />", "</p >"],
            ["</b>", "<p>", "</pre>", "<brr>"],
        ),
        (
            sniff._MARKUP_FIRST,
            [
                *(
                    f"<{tag}>"
                    for tag in ["html", "head", "title", "meta", "link", "style", "script", "body", "div", "table", "p", "span", "center", "font", "section", "article"]
                ),
                *(f"<h{number}>" for number in range(1, 7)),
                *("<!DOCTYPE html>", "\ufeff <p class=a>", "<!-- a --><p>", "<?xml version='1.0'?><html/>", "<%a%><div>"),
            ],
            ["<h7>", "<b>", "p>", "<pp>", "一<p>", "<?xml version='1.0'?><a>"],
        ),
        (spreadsheet._FRACTION, ["0.5", "-0.5", "率\t0.985", "率\t-0.3", "一\n0.5"], ["10.5", "率 0.5", "1\t2.5", "0.x"]),
        (cell_words._HAS_YEAR, ["2023年", "1998年", "2023 年"], ["2123年", "2023", "23年"]),
        (cell_words._DAY, ["2023-5-1", "1998/12", "2023.5"], ["2123-5-1", "98-5", "2023"]),
    ],
)  # fmt: skip
def test_words_and_signs(pattern: re.Pattern[str], found: list[str], not_found: list[str]) -> None:
    assert [text for text in found if not pattern.search(text)] == []
    assert [text for text in not_found if pattern.match(text)] == []


@pytest.mark.parametrize(
    "line", ["表1 收入", "附表一", "【附表3", "附表 2", "收支情况", "收支统计", "项目一览", "收入表（汇总）"]
)
def test_a_line_that_is_the_title_of_a_table(line: str) -> None:
    assert cell_words.caption_above([line]) == (line,)


@pytest.mark.parametrize("line", [*(f"表{one} 某" for one in DIGITS), "表2某", *(f"附表{one} 某" for one in DIGITS)])
def test_a_table_may_have_any_number(line: str) -> None:
    assert cell_words.caption_above([line]) == (line,)


@pytest.mark.parametrize(
    "line", ["表百 某", "图1 收入", "收支情况如下", "收入表（这一个括号里的字数比十二个要多）", "统计局"]
)
def test_a_line_that_is_none(line: str) -> None:
    assert cell_words.caption_above([line]) == ()


@pytest.mark.parametrize(
    ("text", "figure", "like"),
    [
        *[(f"3{power}元", True, False) for power in "万亿千百"],
        *[(f"2023{word}", False, False) for word in "年月日号季"],
        ("-1,204.5件", True, False), ("3万亿元", True, False), ("3㎡", True, False), ("3平方千米", False, False),
        ("(3)", True, True), ("±3%", True, True), ("５‰", True, True),
        ("[100]", False, True), ("【3】", False, True), ("▲3", False, True), ("约3万", False, True), ("超5亿", False, True),
        ("近5", False, True), ("12/10", False, True), ("12|10", False, True), ("12／10%", False, True), ("3①", False, True),
        ("35*", False, True), ("35[2]", False, True), ("35[123]", False, False), ("1.2（含电子0.3）", False, True),
        ("2023/5/1", False, False), ("1998-12", False, False), ("2023", False, False), ("1998", False, False),
        ("2123", True, True), ("1" * 40, True, True), ("1" * 41, False, False),
    ],
)  # fmt: skip
def test_a_cell_that_holds_a_number(text: str, figure: bool, like: bool) -> None:  # noqa: FBT001
    assert is_figure(text) is figure
    assert is_like_number(text) is (like or figure)


@pytest.mark.parametrize(
    "text",
    [
        "2023", "1998", "2023年", "2023 年", "2023年度", "2023年末", "2023年底", "2023年度末", "2023年上半年", "2023年下半年",
        *(f"2023年第{one}季度" for one in "一二三四"), "2023年一季度", "2023年3月", "2023年1-6月", "2023年1—6月", "2023年1–6月",
        "2023年1至6月", "2023年6月末", "2023年6月底", "2023年6月份",
    ],
)  # fmt: skip
def test_a_cell_that_holds_a_time_alone(text: str) -> None:
    assert is_time(f" {text} ")
    assert is_year(text) is (text in ("2023", "1998"))


@pytest.mark.parametrize(
    "text", ["2123年", "2023年五季度", "2023年半", "2023年6月初", "年末", "2023年度报告", "1998-2023"]
)
def test_a_cell_that_holds_more_than_a_time(text: str) -> None:
    assert not is_time(text)


@pytest.mark.parametrize("sign", list("〇零一二两兩三四五六七八九十百千万萬亿億"))
def test_every_numeral_makes_a_number_of_those_that_are_counted(sign: str) -> None:
    assert [match[0] for match in crowded._NUMBER.finditer(f"甲{sign}乙")] == [sign]


def test_a_number_is_counted_once_whatever_it_is_written_with() -> None:
    text = "1,234.5与12,34与1,2345.67与三千二百万与3万"

    assert crowded._NUMBER.findall(text) == ["1,234.5", "12", "34", "1,234", "5.67", "三千二百万", "3", "万"]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        *[(f"{sign}斤拷", f"{sign}斤拷") for sign in "锟拷錕"], ("斤锟锟", "斤锟锟"), ("锟斤錕", "锟斤錕"), ("拷拷拷", "拷拷拷"),
        ("烫烫烫", "烫烫烫"), ("燙燙燙", "燙燙燙"), ("烫燙烫", "烫燙烫"), ("燙烫烫", "燙烫烫"), ("屯屯屯屯", "屯屯屯屯"),
        ("锟斤", None), ("烫烫", None), ("屯屯屯", None), ("锟烫烫", None), ("两斤重", None),
    ],
)  # fmt: skip
def test_what_lost_characters_look_like_when_read_as_gbk(text: str, lost: str | None) -> None:
    match = plain._REPLACED_TWICE.search(f"甲{text}乙")

    assert (match and match[0]) == lost


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("本" * 24, False), ("本" * 25, True), ("本年已办结。", True), ("本年办结。", False), ("本年办结案件！", True),
        ("本年办结案件；", True), ("本年办结案件;", True), ("本年办结案件! ", True), ("本年办结案件，", False), *((f"{numeral}、总则", True) for numeral in "一二三四五六七八九十"),
        *((f"第{numeral}章", True) for numeral in "一二三四五六七八九十百"), ("第一节", True), ("第一部", True), ("第一条", False), ("（一）总则", True), ("(一)总则", True),
        ("1.总则", True), ("1.5万元", False), ("12、总则", True), ("3．总则", True), ("123、总则", False),
    ],
)  # fmt: skip
def test_a_line_of_a_page_that_belongs_to_its_text(text: str, is_one: bool) -> None:  # noqa: FBT001
    block = page_blocks.Block([], 0, is_around=False, is_article=False, is_heading=False, cell=None)

    assert page_body._is_text(page_body.BodyLine(block, text)) is is_one
