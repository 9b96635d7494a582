"""Page numbers that count up go, with the lines that stand near them again and again; a title given twice goes once."""

import pytest

from worker.clean.repeats import LINES_LOOKED_AT, find_repeats
from worker.clean.running_heads import FEWEST_PAGES, LONGEST_HEAD, find_running_heads
from worker.edits import Text

LINES = [f"本年第{mark}项工作已经完成" for mark in "甲乙丙丁戊己庚辛"]


def taken_off(text: str) -> str:
    return Text.of(text).apply(find_running_heads(text)).now


def paged(foot: str, first: int = 1, pages: int = FEWEST_PAGES) -> str:
    return "\n".join(f"{line}\n{foot.format(first + index)}" for index, line in enumerate(LINES[:pages]))


@pytest.mark.parametrize(
    "foot",
    [
        "{}", "- {} -", "— {} —", "-{}-", "–{}–", "─{}─", "·{}·", ".{}.", "第{}页", "第 {} 页", "{}页", "{}/9", "{} ／ 9",
        "第{}页 共9页", "第{}页，共9页", "第 {} 页,共 9 页", "{} 共9页",
    ],
)  # fmt: skip
def test_numbers_of_pages_go_in_all_the_forms_that_they_have(foot: str) -> None:
    assert taken_off(paged(foot)) == "\n".join(LINES[:FEWEST_PAGES])


def test_pages_may_begin_at_any_number() -> None:
    assert taken_off(paged("— {} —", first=98)) == "\n".join(LINES[:FEWEST_PAGES])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(paged("{}", pages=FEWEST_PAGES - 1), id="too few"),
        pytest.param("\n".join(f"{line}\n7" for line in LINES), id="that do not count"),
        pytest.param("\n".join(f"{line}\n{9 - index}" for index, line in enumerate(LINES)), id="that count down"),
        pytest.param("\n".join(f"{line}\n{2 * index}" for index, line in enumerate(LINES)), id="that leave some out"),
        pytest.param(paged("{}件"), id="with a unit"),
        pytest.param(paged("{}." + "0" * 6), id="of a cell"),
        pytest.param(paged("第{}章"), id="of chapters"),
    ],
)
def test_other_numbers_that_stand_alone_stay(text: str) -> None:
    assert taken_off(text) == text


def test_the_head_of_the_pages_goes_with_their_numbers() -> None:
    """A line that differs in its digits only, near the number of every page."""
    head = "云山县2023年工作报告 第{}版"
    text = "\n".join(f"{head.format(index)}\n— {index + 1} —\n{line}" for index, line in enumerate(LINES))

    assert taken_off(text) == "\n".join(LINES)


def test_a_head_stands_two_lines_off_at_most() -> None:
    near = "\n".join(f"简报\n{line}\n{index + 1}" for index, line in enumerate(LINES))
    far = "\n".join(f"简报\n{line}\n又及{line}\n且{line}\n{line}\n{index + 1}" for index, line in enumerate(LINES))

    assert "简报" not in taken_off(near)
    assert "简报" in taken_off(far)


def test_a_line_that_stands_elsewhere_as_well_is_no_head() -> None:
    """One more of five elsewhere is borne, two are not."""
    pages = [f"合计\n{line}\n{index + 1}" for index, line in enumerate(LINES[:FEWEST_PAGES])]
    apart = ["中间的一行", "另外的一行", "合计", "还有的一行", "末尾的一行"]

    assert taken_off("\n".join([*pages, *apart])).count("合计") == 1
    assert taken_off("\n".join([*pages, *apart, *apart])).count("合计") == FEWEST_PAGES + 2


def test_a_paragraph_is_no_head_however_often_it_stands_there() -> None:
    longest, longer = "甲" * LONGEST_HEAD, "甲" * (LONGEST_HEAD + 1)

    assert longest not in taken_off("\n".join(f"{longest}\n{index + 1}\n{one}" for index, one in enumerate(LINES)))
    assert longer in taken_off("\n".join(f"{longer}\n{index + 1}\n{one}" for index, one in enumerate(LINES)))


def test_what_stood_before_and_after_keeps_one_break_between() -> None:
    """And none is left at the ends of the text."""
    text = "\n".join(f"{line}\n\n  {index + 1}\n" for index, line in enumerate(LINES))

    assert taken_off(text) == "\n".join(LINES) + "\n"
    assert taken_off("1\n甲\n2\n乙\n3\n丙\n4\n丁\n5") == "甲\n乙\n丙\n丁"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("云山县工作报告\n云山县工作报告\n正文", "云山县工作报告\n正文"),
        ("云山县工作报告\n\n  云山县 工作报告\n正文", "云山县工作报告\n\n正文"),
        ("甲报告\n甲报告\n正文", "甲报告\n甲报告\n正文"),
        ("某县报告\n某县报告\n正文", "某县报告\n正文"),
        ("某县报告\n来源\n某县报告\n正文", "某县报告\n来源\n某县报告\n正文"),
    ],
)
def test_a_title_that_stands_right_below_itself_goes(text: str, left: str) -> None:
    assert Text.of(text).apply(find_repeats(text)).now == left


def test_lines_further_down_may_say_the_same() -> None:
    """They may be rows; and below the first paragraph nothing is a title."""
    assert LINES_LOOKED_AT == 12
    rows = [f"第{index}行" for index in range(11)]
    prose = "全县各级各部门认真贯彻落实上级工作部署，着力推进各项重点任务落地见效。"
    for lines, repeats in ((rows[1:], 1), (rows, 0), ([prose], 0)):
        text = "\n".join([*lines, "情况说明", "情况说明"])
        assert len(list(find_repeats(text))) == repeats


def test_cells_that_count_up_are_no_numbers_of_pages() -> None:
    """规章 0 1 2, one cell to a line."""
    rows = "".join(f"事项{name}\n{first}\n{first + 1}\n{first + 2}\n" for first, name in enumerate("甲乙丙丁"))

    assert list(find_running_heads(rows)) == []
