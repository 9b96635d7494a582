"""Lines that are no part of a report, by where they stand, and what makes a line one of prose."""

import pytest

from worker.clean.boilerplate import LONGEST_INSIDE, boilerplate_lines, is_page_furniture
from worker.clean.lines import Line, lines_of, with_break
from worker.clean.one_block import find_one_block
from worker.clean.rows import Rows
from worker.edits import Edit, Flaw, Text
from worker.parts import Cell

BODY = "全年受理行政复议案件十二件，都已办结。"


def left_of(*lines: str, first: int, last: int) -> list[str]:
    """The lines that stay."""
    text = "\n".join(lines)
    found = list(lines_of(text))
    gone = boilerplate_lines(found, [line.text for line in found], first, last)
    return [line.text for index, line in enumerate(found) if index not in gone]


@pytest.mark.parametrize(
    ("lines", "first", "last", "left"),
    [
        (["打印", BODY, "关闭窗口"], 1, 2, [BODY]),
        (["打印 关闭", BODY], 1, 2, [BODY]),
        (["打印", BODY, "打印", BODY], 1, 4, [BODY, "打印", BODY]),
        (["标题", BODY, "打印 关闭", BODY], 1, 4, ["标题", BODY, BODY]),
        (["标题", BODY, "打印本次报告", BODY], 1, 4, ["标题", BODY, "打印本次报告", BODY]),
        (["当前位置：首页", BODY], 1, 2, [BODY]),
        (["大 中 小", "打印", BODY], 2, 3, [BODY]),
        (["大 中 小", BODY], 1, 2, ["大 中 小", BODY]),
        (["打印", "大", "默认", BODY], 3, 4, [BODY]),
        ([BODY, "默认", "大", "打印"], 0, 1, [BODY]),
        ([BODY, "大", BODY, "打印"], 0, 3, [BODY, "大", BODY]),
        (["首页", ">", "政务信息", ">", "要闻", "要闻", BODY], 6, 7, [BODY]),
        (["首页", ">", "政务信息", "标题", BODY], 4, 5, ["标题", BODY]),
        *((["首页", mark, "政务信息", "标题", BODY], 4, 5, ["标题", BODY]) for mark in ("->", "＞", "»", "›", "/", ">>")),
        *((["首页", mark, "政务信息", "标题", BODY], 4, 5, ["首页", mark, "政务信息", "标题", BODY]) for mark in ("<", "-", "―>")),
        (["首页", ">", "政" * 20, "标题", BODY], 4, 5, ["标题", BODY]),
        (["首页", ">", "政" * 21, "标题", BODY], 4, 5, ["首页", ">", "政" * 21, "标题", BODY]),
        (["首" * 21, ">", "政务信息", "标题", BODY], 4, 5, ["首" * 21, ">", "政务信息", "标题", BODY]),
        (["首页", "标题", BODY], 2, 3, ["首页", "标题", BODY]),
    ],
)  # fmt: skip
def test_what_goes_by_where_it_stands(lines: list[str], first: int, last: int, left: list[str]) -> None:
    """Two words of furniture are needed inside the body; weak ones go beside what goes, in head and foot alone."""
    assert left_of(*lines, first=first, last=last) == left


def test_a_long_line_of_furniture_goes_outside_the_body_alone() -> None:
    long = "当前位置：首页 > " + "政务公开 > " * LONGEST_INSIDE

    assert len(long) > LONGEST_INSIDE
    assert left_of(long[:200], BODY, first=1, last=2) == [BODY]
    assert left_of(BODY, long[:200], BODY, first=0, last=3) == [BODY, long[:200], BODY]
    assert left_of(long[:301], BODY, first=1, last=2) == [long[:301], BODY]


@pytest.mark.parametrize(
    ("text", "is_furniture"),
    [
        ("打印", True),
        ("打印 关闭", True),
        ("当前位置：首页", True),
        ("大 中 小", False),
        ("大 打印", True),
        ("打印机", False),
        (BODY, False),
        ("", False),
    ],
)
def test_what_can_be_nothing_else(text: str, *, is_furniture: bool) -> None:
    assert is_page_furniture(text) is is_furniture


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("受" * 19 + "。", True), ("受" * 18 + "。", False), ("受" * 19 + "；", True), ("受" * 19 + "！", True), ("受" * 10 + "。" + "受" * 10, False),
        ("受" * 20 + "。" + "受" * 19, True), ("受" * 20 + "。" + "受" * 18, False), ("受" * 40, False), ("受" * 20 + "，" + "受" * 20, False),
        ("受" * 20 + "，受，" + "受" * 17, True), ("受" * 20 + "，受、" + "受" * 17, True), ("受" * 20 + "，受，" + "受" * 16, False),
        ("受" * 20 + "，受，|" + "受" * 17, False), ("受" * 30 + "？" + "受" * 10, True),
    ],
)  # fmt: skip
def test_a_line_of_prose_is_long_and_has_the_marks_of_sentences(text: str, *, prose: bool) -> None:
    assert Line(0, len(text), text, 0).is_prose is prose


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("一、工作", True), ("十二、工作", True), ("（一）工作", True), ("(三)工作", True), ("【概况】全年", True), ("【概况】", False), ("【概】全年", False),
        ("第一章 总则", True), ("第二部分", True), ("第三篇", True), ("第一", False), ("各位代表：", True), ("尊敬的各位代表:", True), ("各位代表，", False),
        ("一是", False), ("1、工作", False), ("标题", False),
    ],
)  # fmt: skip
def test_a_body_opens_at_prose_a_heading_or_a_salutation(text: str, *, opens: bool) -> None:
    assert Line(0, len(text), text, 0).opens_body is opens


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_have_their_places_and_their_numbers(end: str) -> None:
    """Blank ones are counted and left out."""
    text = f" 甲 {end}{end}\u3000乙{end}丙"

    found = list(lines_of(text))

    assert [(text[line.start : line.end], line.text, line.number) for line in found] == [
        ("甲", "甲", 0), ("乙", "乙", 2), ("丙", "丙", 3),
    ]  # fmt: skip
    spans = [with_break(text, line) for line in found]
    assert [text[start:stop] for start, stop in spans] == [f" 甲 {end}", f"\u3000乙{end}", "丙"]


def test_a_page_feed_ends_a_line_and_counts_for_none() -> None:
    assert [(line.text, line.number) for line in lines_of("甲\f乙\v丙\n丁")] == [
        ("甲", 0),
        ("乙", 0),
        ("丙", 0),
        ("丁", 1),
    ]


def test_what_would_join_two_cells_is_left_out() -> None:
    """Inside a cell, between two of them and of another kind it stays."""
    rows = Rows.of([Cell(3, 5, (), ()), Cell(6, 8, (), ())])
    text = Text.of("甲乙丙12\t34丁戊")

    def kept(start: int, end: int, kind: str = "number") -> bool:
        return bool(list(rows.outside(text, [Edit(start, end, "", kind)])))

    assert [kept(4, 7), kept(2, 4), kept(5, 7), kept(4, 6)] == [False, False, False, False]
    assert [kept(0, 2), kept(3, 4), kept(8, 10), kept(9, 10)] == [True, True, False, True]
    assert kept(4, 7, "spacing")
    assert not kept(4, 7, "line")
    assert list(rows.outside(text, [Flaw(4, 7, "torn_number", ""), Flaw(4, 7, "digit_lost", "")])) == [
        Flaw(4, 7, "digit_lost", "")
    ]
    assert len(list(Rows.of([]).outside(text, [Edit(4, 7, "", "number")]))) == 1
    edge = Rows.of([Cell(0, 5, (), ())])
    ends = {
        (start, end): list(edge.outside(text, [Edit(start, end, "", "number")])) == []
        for start, end in ((3, 6), (3, 5), (5, 7), (6, 8))
    }
    assert ends == {(3, 6): True, (3, 5): False, (5, 7): True, (6, 8): False}


NUMBER, TITLE, TO = "云政发〔2024〕12号", "云山县人民政府关于法治政府建设情况的报告", "市人民政府："
PAPER = "现将有关情况报告如下，" + "全年办结案件。" * 6
SIGNED = "云山县人民政府2024年1月15日"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (f"{NUMBER}{TITLE}{TO}{PAPER}", [NUMBER, TITLE, TO, PAPER]),
        (f"{TITLE} {TO} {PAPER}", [TITLE, TO, PAPER]),
        (f"{TITLE}{TO}{PAPER}{SIGNED}", [TITLE, TO, PAPER, "云山县人民政府", "2024年1月15日"]),
        (f"{PAPER} 云山县人民政府 2024 年 1 月 15 日 ", [PAPER, "云山县人民政府", "2024 年 1 月 15 日 "]),
        (f"{TITLE}{TO}现将情况报告", [f"{TITLE}{TO}现将情况报告"]),
        (f"{TITLE}{PAPER}", [f"{TITLE}{PAPER}"]),
        (f"{TITLE}{TO}" + "没有句号" * 12, [f"{TITLE}{TO}" + "没有句号" * 12]),
        (f"{PAPER}云山县有关的地方2024年1月15日", [f"{PAPER}云山县有关的地方2024年1月15日"]),
        (f"{PAPER}{SIGNED}印发", [f"{PAPER}{SIGNED}印发"]),
        *(
            (
                f"云山县人民政府关于法治政府建设的{kind}{TO}{PAPER}",
                [f"云山县人民政府关于法治政府建设的{kind}", TO, PAPER],
            )
            for kind in ("报告", "总结", "通报", "公告", "汇报")
        ),
        *(
            (f"{number}{TITLE}{TO}{PAPER}", [number, TITLE, TO, PAPER])
            for number in ("云政发[2024] 第 12345 号", "云政发(2024)1号", "云政发（2024）1号", "云政发【2024】1号")
        ),
        (f"{TITLE}{TO}" + "甲" * (59 - len(TITLE + TO)) + "。", [TITLE, TO, "甲" * (59 - len(TITLE + TO)) + "。"]),
        (
            f"{TITLE}{TO}" + "甲" * (58 - len(TITLE + TO)) + "。",
            [f"{TITLE}{TO}" + "甲" * (58 - len(TITLE + TO)) + "。"],
        ),
        (f"{'甲' * 40}关于法治建设的报告{TO}{PAPER}", [f"{'甲' * 40}关于法治建设的报告", TO, PAPER]),
        (f"{'甲' * 41}关于法治建设的报告{TO}{PAPER}", [f"{'甲' * 41}关于法治建设的报告{TO}{PAPER}"]),
        (f"关于甲{'乙' * 56}的报告{TO}{PAPER}", [f"关于甲{'乙' * 56}的报告", TO, PAPER]),
        (f"{PAPER[:-1]}！{SIGNED}", [f"{PAPER[:-1]}！", "云山县人民政府", "2024年1月15日"]),
        (f"{PAPER[:-1]}，{SIGNED}", [f"{PAPER[:-1]}，{SIGNED}"]),
    ],
)
def test_a_paper_on_one_line_is_parted(line: str, parts: list[str]) -> None:
    """Its number, title, addressee, body, signer and day; where it is long enough, and is one."""
    assert Text.of(f"前\n{line}\n后").apply(find_one_block(f"前\n{line}\n后")).now.split("\n") == ["前", *parts, "后"]
