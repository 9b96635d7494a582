"""Line breaks that were lost, spaces that mean nothing, marks that took another's place."""

from collections.abc import Callable, Iterator

import pytest

from worker.clean.spacing import (
    LONGEST_LINE_WITH_GAPS,
    find_breaks,
    find_marks,
    find_odd_spaces,
    find_paragraphs,
    find_spaces,
)
from worker.edits import Edit


def mended(text: str, find: Callable[[str], Iterator[Edit]]) -> str:
    found: dict[int, Edit] = {}
    for edit in find(text):
        found.setdefault(edit.start, edit)
    for edit in sorted(found.values(), key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def parted(text: str) -> list[str]:
    for edit in reversed(list(find_paragraphs(text))):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text.split("\n")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("情况报告如下：一、主要做法。（一）普法。办班3期。（二）执法。查案4件。二、下年打算。办班5期。", "情一（（二"),
        ("一、2021年工作总结全年办案8件。二、2022年工作计划。计划办案9件。", "一二"),
        ("抓好两件事：(一)修路。修路3公里。(二)架桥。架桥2座。", "抓(("),
        (
            "情况如下：" + "".join(f"{numeral}、抓好这一项。" for numeral in "一二三四五六七八九十"),
            "情一二三四五六七八九十",
        ),
        ("情况如下：" + "".join(f"（{numeral}）抓好这一项。" for numeral in "一二三四五六七八九十"), "情" + "（" * 10),
    ],
)
def test_numbered_headings_run_into_one_line_stand_on_their_own(text: str, starts: str) -> None:
    assert "".join(line[0] for line in parted(text)) == starts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("分产业看：一、二、三产业增加值分别增长2%、3%和4%。二、三产业占比上升。", id="list-of-numerals"),
        pytest.param("包括：（一）土地；（二）房屋；（三）车辆。", id="list-inside-a-sentence"),
        pytest.param("按照规定办理。（二）项除外。", id="a-count-that-does-not-begin"),
        pytest.param("情况如下：一、总体平稳，没有其他情形。", id="one-alone"),
        pytest.param("要点有二。一、办案要快：二、结案要准。", id="a-stop-before-the-first-alone"),
    ],
)
def test_numerals_that_count_no_headings_part_nothing(text: str) -> None:
    assert parted(text) == [text]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        *((f"全面推进{stop} {mark}抓好落实", 2) for stop in "。；;" for mark in ("一是", "二、", "十二是", "（三）", "(四)", "（二十三)")),
        *((f"全面推进。 {mark}抓好落实", 1) for mark in ("1是", "一要", "（三", "(甲)", "二，", "二十二四是")),
        ("全面推进， 二是抓好落实", 1), ("全面推进。二是抓好落实", 1), ("全面推进。  \u3000二是抓好落实", 2),
        ("2.3本项目占地86亩2.4本项目投资5万元", 2), ("2.9本项目占地86亩3.1本项目投资5万元", 2), ("2.3本项目占地86亩2.5本项目投资5万元", 1),
        ("2.3本项目占地86亩4.1本项目投资5万元", 1), ("2.3本项目占地86亩", 1), ("共2.3本项目占地86亩", 1), ("2.3本、2.4本项目", 1),
        ("项目2.3本项目占地86亩2.4本项目投资5万元", 3), ("12.3本项目占地86亩12.4本项目", 1), ("2.3本项目占地86亩3.2本项目投资5万元", 1),
    ],
)  # fmt: skip
def test_what_is_numbered_stands_on_its_own(text: str, lines: int) -> None:
    assert len(parted(text)) == lines


@pytest.mark.parametrize("gap", ["\u3000\u3000", "\t\t", "\u3000\t", "\u3000\u3000\u3000"])
def test_an_indent_inside_a_long_line_begins_a_paragraph(gap: str) -> None:
    """One at its beginning does not, nor one in a line that may be a row; neither does a single character."""
    long = "甲" * (LONGEST_LINE_WITH_GAPS + 1 - len(gap))

    assert parted(long[:50] + gap + long[50:]) == [long[:50], long[50:]]
    assert parted(gap + long) == [gap + long]
    assert parted(long[:50] + gap + long[51:]) == [long[:50] + gap + long[51:]]
    assert len(parted(long + "\u3000" + long)) == 1
    assert parted(f"上一行\n{long[:50]}{gap}{long[50:]}\n下一行") == ["上一行", long[:50], long[50:], "下一行"]


def test_how_sure_a_lost_break_is() -> None:
    long = "甲" * LONGEST_LINE_WITH_GAPS + "\u3000\u3000乙"
    headings = "情况如下：一、办案要快。二、结案要准。"
    points = "2.3本项目占地86亩2.4本项目投资5万元"

    assert [(one.start, one.end, one.kind, one.confidence) for one in find_paragraphs(long)] == [
        (200, 202, "paragraph", 0.95)
    ]
    assert {(one.kind, one.confidence) for one in find_paragraphs(f"甲。 二是乙\n{headings}\n{points}")} == {
        ("paragraph", 0.9)
    }
    assert [one.start for one in find_paragraphs(f"{headings}\n{points}")] == [5, 12, 31]


@pytest.mark.parametrize("odd", ["\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_break_becomes_a_plain_one(odd: str) -> None:
    assert mended(f"甲{odd}乙\n丙", find_breaks) == "甲\n乙\n丙"
    assert [one.kind for one in find_breaks(f"甲{odd}乙")] == ["spacing"]


@pytest.mark.parametrize("odd", ["\u00a0", *map(chr, range(0x2000, 0x200B)), "\u202f", "\u205f"])
def test_every_kind_of_space_becomes_a_plain_one(odd: str) -> None:
    assert mended(f"a{odd}b\u3000c", find_odd_spaces) == "a b\u3000c"
    assert [one.kind for one in find_odd_spaces(f"甲{odd}乙")] == ["spacing"]


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("单位 33个", "单位33个"), ("33 个", "33个"), ("镇街 部门", "镇街 部门"), ("1 200", "1 200"), ("a 甲", "a 甲"), ("甲 a", "甲 a"), ("1 a", "1 a"),
        *((f"甲 {mark}乙", f"甲{mark}乙") for mark in "，。、；：？！”’》〉）】〕］」』…—·,;:!?)]>%％"),
        *((f"甲{mark} 乙", f"甲{mark}乙") for mark in "，。、；：？！“‘《〈（【〔［「『…—·,;:!?([<%％"),
        ("甲， ，乙", "甲，，乙"), ("甲， 3件", "甲，3件"), ("3 ，乙", "3，乙"), ("a ，乙", "a ，乙"), ("甲， a", "甲， a"),
        ("】 甲", "】 甲"), ("】 3", "】 3"), ("】 ，", "】 ，"), (" 甲", "甲"), ("甲 ", "甲"), ("甲 \n 乙", "甲\n乙"), ("甲 \r 乙", "甲\r乙"),
        ("甲  乙", "甲 乙"), ("甲\u3000乙", "甲 乙"), ("甲\u00a0乙", "甲 乙"), ("a\u3000b", "a\u3000b"), ("甲\u3000b", "甲\u3000b"), ("甲\t3", "甲\t3"),
        ("工 作 总 结", "工作总结"), ("工 作 总", "工 作 总"), ("工 作 总 结报", "工 作 总 结报"), ("二 〇 二 ○", "二〇二○"), ("工\u3000作\u3000总\u3000结", "工作总结"),
        ("\u3000甲", "甲"), ("3\u3000件", "3件"),
    ],
)  # fmt: skip
def test_spaces_that_mean_nothing_go(text: str, now: str) -> None:
    assert mended(text, find_spaces) == now


def test_how_sure_a_space_means_nothing() -> None:
    """Of a title set with spaces less so."""
    assert [(one.kind, one.confidence) for one in find_spaces("工 作 总 结\n33 个")] == [("spacing", 0.9)] * 3 + [
        ("spacing", 1.0)
    ]


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("各项工作.全县", "各项工作。全县"), ("”.全县", "”。全县"), ("》.全县", "》。全县"), (").全县", ")。全县"), ("）.《甲》", "）。《甲》"), ("甲.“乙”", "甲。“乙”"),
        ("甲.(乙)", "甲。(乙)"), ("甲.（乙）", "甲。（乙）"), ("3.全县", "3.全县"), ("甲.3", "甲.3"), ("甲.a", "甲.a"), ("a.甲", "a.甲"),
        ("“法治?云山”", "“法治·云山”"), ("《法治？云山》", "《法治·云山》"), ("“法治?云山?同行”", "“法治?云山?同行”"), ("法治?云山", "法治?云山"),
        *((f"“法治?云山{mark}”", f"“法治?云山{mark}”") for mark in "?？。！!"), ("“法治?云山，”", "“法治·云山，”"), ("“法?云”", "“法·云”"), ("“?云山”", "“?云山”"),
        ("“法治?a”", "“法治?a”"), ("“a?云山”", "“a?云山”"), (f"“{'法' * 38}?云”", f"“{'法' * 38}·云”"), (f"“{'法' * 39}?云”", f"“{'法' * 39}?云”"),
        ("“法治\n?云山”", "“法治\n?云山”"), ("甲“法治?云山”乙", "甲“法治·云山”乙"),
    ],
)  # fmt: skip
def test_the_mark_that_was_meant(text: str, now: str) -> None:
    assert mended(text, find_marks) == now
    assert {(one.kind, one.confidence) for one in find_marks(text)} <= {("punctuation", 0.9)}
