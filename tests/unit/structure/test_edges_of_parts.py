"""Titles, signatures and headings: the lines that are one, and the nearest that are none."""

from datetime import date

import pytest

from worker.clean.lines import lines_of
from worker.structure.headings import find_headings
from worker.structure.signature import find_signature
from worker.structure.title import _OF_A_YEAR, LONGEST_TITLE_LINE, find_title, head_lines

PROSE = "2023年，全县坚持依法行政，扎实推进法治政府建设各项工作，取得了积极成效，现将有关情况报告如下。"
TITLE = "云山县法治政府建设情况报告"


def title_of(text: str, named: str | None = None) -> str | None:
    return find_title(head_lines(f"{text}\n{PROSE}\n"), named)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (TITLE, TITLE),
        ("云 山 县 工 作 报 告", "云山县工作报告"),
        ("云山县工作 报告", "云山县工作 报告"),
        (f"云山县人民政府\n{TITLE}", TITLE),
        ("云山县人民政府关于\n工作情况的报告", "云山县人民政府关于工作情况的报告"),
        ("关于法治\n政府建设情况的报告", "关于法治政府建设情况的报告"),
        ("关于法治政府建设情况的报告\n又一行", "关于法治政府建设情况的报告"),
        ("关于法治政府建设情况的报告（草案）\n又一行", "关于法治政府建设情况的报告（草案）"),
        ("关于《条例》执行\n情况的报告\n又一行", "关于《条例》执行情况的报告"),
        *(
            (f"云山县{one}条例\n执行{other}报告\n又一行", f"云山县{one}条例执行{other}报告")
            for one, other in ("《》", "「」", "“”", "（）", "()", "〈〉")
        ),
        ("云山县条例》执行报告\n又一行", "云山县条例》执行报告"),
        ("关于甲\n乙\n丙\n的报告", "关于甲乙丙"),
        (f"关于{'甲' * 50}\n{'乙' * 29}报告", f"关于{'甲' * 50}"),
        (f"关于{'甲' * 50}\n{'乙' * 26}报告", f"关于{'甲' * 50}{'乙' * 26}报告"),
        ("关于GDP\nreport的报告", "关于GDP report的报告"),
        ("甲" * LONGEST_TITLE_LINE, "甲" * LONGEST_TITLE_LINE),
        ("甲" * (LONGEST_TITLE_LINE + 1), None),
        (f"{TITLE}——2024年1月5日在县人民代表大会上", TITLE),
        (f"{TITLE}—2024 年 1 月在大会上", TITLE),
        ("2023年度工作报告", "2023年度工作报告"),
        ("2023—2024年度工作报告", "2023—2024年度工作报告"),
        ("2023年财政年度预算", "2023年财政年度预算"),
        ("2024年海河县项目支出情况表\n单位：万元", "2024年海河县项目支出情况表"),
        ("2022年云山县行政执法数据统计表", "2022年云山县行政执法数据统计表"),
        ("2023年度云山县依法行政白皮书", "2023年度云山县依法行政白皮书"),
    ],
)
def test_the_title_of_a_report(head: str, title: str | None) -> None:
    assert title_of(head) == title


def test_a_title_that_has_lost_its_line_stands_before_the_body() -> None:
    """With a year of its own, and a blank or a year behind it; a sentence that names another paper begins with no title."""
    titles = ("桃源镇2024年法治政府建设工作情况报告", "云山县司法局2022年度工作总结", "某区2021年财政决算情况说明")
    bodies = (f" {PROSE}", f"\u3000今年以来，我局{PROSE}", PROSE)
    sentences = (
        f"根据2022年政府工作报告 {PROSE}",
        f"围绕全市2022年工作要点{PROSE}",
        f"市政府工作报告 {PROSE}",
        f"2022年，我局报告{PROSE}",
    )
    read = {title + body: find_title(head_lines(title + body), None) for title in titles for body in bodies}

    assert read == {title + body: title for title in titles for body in bodies}
    assert [find_title(head_lines(text), None) for text in sentences] == [None] * len(sentences)
    assert title_of(f"{TITLE}\n{titles[0]} {PROSE}") == TITLE


@pytest.mark.parametrize(
    "other",
    [
        "2024年1月5日", "2024年云山县人大代表", "（2024年1月5日在大会上）", "——在县人民代表大会上", "第4期", "第12号", "12", "(草案)", "（讨论稿）",
        "目录", "目 录", "附件1", "附件", "云山县人民政府文件", "云府〔2024〕4号", "云府〔2024〕第 4 号",
        "在县人民代表大会会议上", "在大会上", "经全体会议通过）", "本报云山1月5日电", "据新华社北京1月5日电", "人民网北京1月5日讯", "据云山日报1月5日消息", "本网1月5日电", "当前位置：首页",
        "您现在的位置：首页", "首页 > 政务公开 > 报告", "首页 / 政务 / 报告", "单位：万元", "金额单位:元", "表1", "表 12", "Sheet1",
        "项目,金额,比例", "项目|金额|比例", "县长 张三", "县人民政府决定如下。", "如下；", "现在，", "好！",
    ],
)  # fmt: skip
def test_lines_that_are_no_title(other: str) -> None:
    """When, where and by whom it was given, paths, units, sheets, what ends like a sentence."""
    assert title_of(f"{other}\n{TITLE}") == TITLE


def test_what_only_says_when_and_where_something_was_is_no_title_of_a_year() -> None:
    held = [f"2024年全县经济运行{end}" for end in ("会议", "大会", "代表", *"上发布稿过议")]
    papers = [
        f"2024年{part}全县经济运行简况" for part in ("", "度", "9月", "1-9月份", "1—9 月", "1至9月", "1~9月", "1–9月")
    ]

    assert [line for line in held if _OF_A_YEAR.fullmatch(line)] == []
    assert [line for line in papers if not _OF_A_YEAR.fullmatch(line)] == []
    assert not _OF_A_YEAR.fullmatch("2024年9月3日全县经济运行简况")


def test_the_title_that_the_page_names_is_taken_as_the_report_sets_it() -> None:
    assert title_of("简报\n关于法治政府\n建设的报告", "关于法治政府 建设的报告") == "关于法治政府建设的报告"
    assert title_of("简报", "关于法治政府建设的报告") == "简报"
    assert title_of("第4期", "关于法治政府建设的报告") == "关于法治政府建设的报告"
    assert title_of("第4期") is None


@pytest.mark.parametrize(
    ("end", "issuer", "signed", "first"),
    [
        ("云山县人民政府\n2024年1月5日", "云山县人民政府", date(2024, 1, 5), "云山县人民政府"),
        ("云山县司法局\n云山县财政局\n2024年1月5日", "云山县司法局 云山县财政局", date(2024, 1, 5), "云山县司法局"),
        ("云山县人民政府 2024年1月5日", "云山县人民政府", date(2024, 1, 5), "云山县人民政府 "),
        ("云山县人民政府\n二〇二四年一月五日", "云山县人民政府", date(2024, 1, 5), "云山县人民政府"),
        ("云山县人民政府\n（2024-1-5）", "云山县人民政府", date(2024, 1, 5), "云山县人民政府"),
        ("云山县人民政府\n2024年1月5日\n（此件公开发布）", "云山县人民政府", date(2024, 1, 5), "云山县人民政府"),
        ("2024年1月5日", None, date(2024, 1, 5), "2024年1月5日"),
        ("2024年1月5日\n附一\n附二", None, date(2024, 1, 5), "2024年1月5日"),
        ("2024年1月5日\n附一\n附二\n附三", None, None, ""),
        ("云山县人民政府", "云山县人民政府", None, "云山县人民政府"),
        ("其他\n云山县人民政府", None, None, ""),
        ("会议于2024年1月5日", None, None, ""),
        ("云山县人民政府\n2024年1月", None, None, ""),
        ("云山县人民政府\n2024年1月5日印发", None, None, ""),
        ("云山县人民政府\n2024年2月30日", None, None, ""),
    ],
)
def test_the_signature_of_a_report(end: str, issuer: str | None, signed: date | None, first: str) -> None:
    text = f"{TITLE}\n{PROSE}\n{end}"

    found = find_signature(text)

    assert (found.issuer, found.signed) == (issuer, signed)
    assert (
        found.start == (text.rindex(first) if not (first and text.count(first) > 1) else text.index(first, 60))
        if first
        else len(text)
    )


def test_a_letter_before_another_paper_is_signed_inside() -> None:
    text = f"{PROSE}\n云山县司法局\n2024年1月5日\n{TITLE}\n{PROSE}\n{PROSE}"

    found = find_signature(text)

    assert (found.issuer, found.signed, found.start) == ("云山县司法局", date(2024, 1, 5), len(text))


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("一、主要做法", [("一", "主要做法", 1)]),
        ("一．主要做法", [("一", "主要做法", 1)]),
        ("第一章 主要做法", [("第一章", "主要做法", 1)]),
        ("第二部分：主要做法", [("第二部分", "主要做法", 1)]),
        ("（一）主要做法", [("(一)", "主要做法", 1)]),
        ("(十二)主要做法", [("(十二)", "主要做法", 1)]),
        ("1.主要做法", [("1", "主要做法", 1)]),
        ("1、主要做法", [("1", "主要做法", 1)]),
        ("(1)主要做法", [("(1)", "主要做法", 1)]),
        ("【主要做法】" + PROSE, [("", "主要做法", 1)]),
        ("一、主要做法。" + PROSE, [("一", "主要做法", 1)]),
        ("一是加强领导。" + PROSE, [("一是", "加强领导", 1)] ),
        ("一、主要做法\n（一）普法\n1.宣讲\n（二）执法\n二、打算", [("一", "主要做法", 1), ("(一)", "普法", 2), ("1", "宣讲", 3), ("(二)", "执法", 2), ("二", "打算", 1)]),
        ("一、甲项\n三、丙项\n四、丁项", [("一", "甲项", 1), ("三", "丙项", 1), ("四", "丁项", 1)]),
        ("一、甲项\n五、戊项", [("一", "甲项", 1)]),
        ("十九、甲项\n二十、乙项\n二十一、丙项", [("十九", "甲项", 1), ("二十", "乙项", 1), ("二十一", "丙项", 1)]),
        ("1.5亿元", []),
        ("一、三十年", []),
        ("1.新建公路12公里", []),
        ("1、2023年工作", [("1", "2023年工作", 1)]),
        ("一、新建公路12公里", [("一", "新建公路12公里", 1)]),
        ("一、", []),
        ("一、" + "甲" * 50, [("一", "甲" * 50, 1)]),
        ("一、" + "甲" * 51, []),
        ("一、" + "甲" * 45 + "。" + PROSE, [("一", "甲" * 45, 1)]),
        ("一、" + "甲" * 46 + "。" + PROSE, []),
        ("一、甲项；二项；" + PROSE, []),
        ("一、甲项\t12", []),
        ("附件1：统计表", [("附件1", "统计表", 1)]),
        ("附件 2\n统计表", [("附件2", "统计表", 1)]),
        ("附件：1.统计表", []),
        ("附件\n" + PROSE, []),
        (PROSE + "\n2024年工作安排", [("", "2024年工作安排", 1)]),
        ("2024年工作安排\n" + PROSE, []),
    ],
)  # fmt: skip
def test_the_headings_of_a_text(text: str, headings: list[tuple[str, str, int]]) -> None:
    assert [(one.number, one.title, one.level) for one in find_headings(text)] == headings


def test_the_body_of_a_heading_in_its_line_begins_behind_it() -> None:
    """Wherever the line stands."""
    text = f"{TITLE}\n一、概况\n【主要做法】{PROSE}\n（一）普法。{PROSE}"
    bodies = [text[one.body_start :].partition("\n")[0] for one in find_headings(text)]

    assert bodies == ["", PROSE, PROSE]


def test_a_line_without_words_ends_no_text() -> None:
    assert list(lines_of("\n 　\n")) == []
    assert find_signature("").start == 0
