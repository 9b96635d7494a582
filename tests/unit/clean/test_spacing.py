"""Line breaks that were lost."""

import pytest

from worker.clean.spacing import find_paragraphs


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
