"""Labelled lines above a report: what each label's value is, and which lines are no labels at all."""

import pytest

from worker.clean.labels import LONGEST_LABELLED_LINE, LONGEST_VALUE_BELOW, begins_with_label, read_labels
from worker.clean.lines import lines_of


def read(text: str) -> tuple[list[tuple[str, str]], list[int]]:
    """Names and values, and the lines that are used up."""
    lines = list(lines_of(text))
    found, used = read_labels(lines, [line.text for line in lines])
    return [(one.name, text[one.start : one.end]) for one in found], sorted(used)


@pytest.mark.parametrize(
    ("text", "values", "used"),
    [
        ("来源：县政府办", [("来源", "县政府办")], [0]),
        ("来 源 : 县政府办", [("来源", "县政府办")], [0]),
        ("　来源：县政府办\n名称：甲\n", [("来源", "县政府办"), ("名称", "甲")], [0, 1]),
        ("来源：县政府办　作者：张三", [("来源", "县政府办"), ("作者", "张三")], [0]),
        ("来源：县政府办|作者：张三", [("来源", "县政府办"), ("作者", "张三")], [0]),
        ("来源：｜作者：张三", [("来源", ""), ("作者", "张三")], [0]),
        ("来源：县政府办；作者：张三", [("来源", "县政府办；"), ("作者", "张三")], [0]),
        ("[来源：县政府办][作者：张三]", [("来源", "县政府办"), ("作者", "张三")], [0]),
        ("【来源：县政府办】【作者：张三】", [("来源", "县政府办"), ("作者", "张三")], [0]),
        ("（来源：县政府办", [("来源", "县政府办")], [0]),
        ("来源：|【县政府办】", [("来源", "县政府办")], [0]),
        ("来源：县政府办公室作者：张三", [("来源", "县政府办公室作者：张三")], [0]),
        ("工作报告 来源：县政府办", [], []),
        ("2024年3月5日 来源：县政府办", [("发文日期", "2024年3月5日"), ("来源", "县政府办")], [0]),
        ("2024-03-05 09:30　来源：县政府办", [("发文日期", "2024-03-05"), ("来源", "县政府办")], [0]),
        ("2024年3月 来源：县政府办", [], []),
        ("2024年3月5日来源：县政府办", [], []),
        ("来源 县政府办", [], []),
        ("其他来源：县政府办", [], []),
        ("来源：" + "办" * (LONGEST_LABELLED_LINE - 3), [("来源", "办" * (LONGEST_LABELLED_LINE - 3))], [0]),
        ("来源：" + "办" * (LONGEST_LABELLED_LINE - 2), [], []),
    ],
)
def test_a_line_that_begins_with_a_label_gives_the_values_in_it(
    text: str, values: list[tuple[str, str]], used: list[int]
) -> None:
    assert read(text) == (values, used)


@pytest.mark.parametrize(
    ("text", "values", "used"),
    [
        ("来源：\n县政府办", [("来源", "县政府办")], [0, 1]),
        ("来源：\n县政府办\n工作报告", [("来源", "县政府办")], [0, 1]),
        ("来源：县政府办\n工作报告", [("来源", "县政府办")], [0]),
        ("作者：张三 来源：\n县政府办", [("作者", "张三"), ("来源", "县政府办")], [0, 1]),
        ("来源： 作者：\n县政府办", [("来源", ""), ("作者", "")], [0]),
        ("发布时间：\n2024年1月5日", [("发文日期", "2024年1月5日")], [0, 1]),
        ("发布时间：\n2024-1-5 10:20", [("发文日期", "2024-1-5 10:20")], [0, 1]),
        ("发布时间：\n2024.01.05", [("发文日期", "2024.01.05")], [0, 1]),
        ("发布时间：\n2024/01/05", [("发文日期", "2024/01/05")], [0, 1]),
        ("发布时间：\n县政府办", [("发文日期", "")], [0]),
        ("主题词：\n县政府办", [("主题词", "")], [0]),
        ("来源：\n\n县政府办", [("来源", "")], [0]),
        ("来源：\n作者：张三", [("来源", ""), ("作者", "张三")], [0, 1]),
        ("来源：\n【打印】", [("来源", "")], [0]),
        ("来源：\n[打印]", [("来源", "")], [0]),
        ("工作报告\n来源：", [("来源", "")], [1]),
        ("来源：\n" + "办" * LONGEST_VALUE_BELOW, [("来源", "办" * LONGEST_VALUE_BELOW)], [0, 1]),
        ("来源：\n" + "办" * (LONGEST_VALUE_BELOW + 1), [("来源", "")], [0]),
    ],
)
def test_a_label_that_ends_its_line_may_have_its_value_below(
    text: str, values: list[tuple[str, str]], used: list[int]
) -> None:
    """In the very next line, if that is what such a label has: a date, or one short line."""
    assert read(text) == (values, used)


@pytest.mark.parametrize(
    "text",
    ["2024-01-05 10:20", "2024-1-5 9:05:30", "2024年1月5日 10：20", "2024/01/05 10:20", "2024.1.5  10:20", "2024年01月05日 10时20分", "2024-01-05 10时20分30秒"],
)  # fmt: skip
def test_a_time_of_day_alone_is_when_the_page_was_published(text: str) -> None:
    assert read(f"工作报告\n{text}\n来源：甲") == ([("发文日期", text), ("来源", "甲")], [1, 2])


@pytest.mark.parametrize(
    "text", ["2024-01-05", "2024年1月5日", "会议于2024-01-05 10:20", "2024-01-05 10:20召开", "10:20"]
)
def test_other_lines_with_a_date_are_the_reports(text: str) -> None:
    assert read(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("来源：县政府办", True),
        ("【发布日期：", True),
        ("县政府办 来源：", False),
        ("来源于基层", False),
        ("来源：" + "办" * (LONGEST_LABELLED_LINE - 3), True),
        ("来源：" + "办" * (LONGEST_LABELLED_LINE - 2), False),
    ],
)
def test_a_line_of_metadata_begins_with_a_label(text: str, *, begins: bool) -> None:
    assert begins_with_label(text) is begins
