"""Marks of Markdown are layout."""

import time

import pytest

from worker.pipeline import read_report
from worker.readers.markdown import find_marks
from worker.report_writer import Origin
from worker.stages.decode import read
from worker.tools import load_tools


def without_marks(text: str) -> str:
    return read(text.encode()).text.now


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("# 青石镇工作报告", "青石镇工作报告"),
        ("### 二、主要工作 ##", "二、主要工作"),
        ("办理**许可**`1286`件", "办理许可1286件"),
        ("完成率__98%__。", "完成率98%。"),
        ("**受理12件，办结9件**", "受理12件，办结9件"),
    ],
)
def test_marks_go(text: str, now: str) -> None:
    """Around numbers, words and titles."""
    assert without_marks(text) == now


@pytest.mark.parametrize(
    "text",
    ["#出口 35", "3**，见注", "5*6=30", "C# 语言", "2_3_4", "`未闭合", "** 注：略", "****", "|#|**|", "一个*星号*"],
)
def test_other_marks_stay(text: str) -> None:
    """Notes, products, parts of a whole in statistics."""
    assert without_marks(f"{text}\n正文") == f"{text}\n正文"


def test_twice_is_the_same_as_once() -> None:
    """Nothing is left to take away."""
    assert not list(find_marks(without_marks("## **甲** `乙`\n# 丙")))


def test_a_report_in_markdown_is_read() -> None:
    """Title, cells and prose, each with its place in the file."""
    text = (
        "# 临江镇2023年法治政府建设报告\n\n| 事项 | 件数 | 同比 |\n|---|---:|---|\n| 行政检查 | **340** | +8.6% |\n"
        "| 行政裁决 | `12` | -3.1% |\n\n全年**办理**公证`77`件。\n"
    )
    report = read_report(text.encode(), Origin("x", "a.md", "a.md", "0" * 64), load_tools(), time.perf_counter)
    assert report.document.title == "临江镇2023年法治政府建设报告"
    assert [(one.value, one.unit, one.change, text[one.source.start : one.source.end]) for one in report.metrics] == [
        ("340", "", None, "340"),
        ("8.6", "%", "increase", "+8.6%"),
        ("12", "", None, "12"),
        ("3.1", "%", "decrease", "-3.1%"),
        ("77", "件", None, "77`件"),
    ]
    assert report.warnings == ()


@pytest.mark.parametrize("text", ["# a" + " " * 300_000 + "b", "**a" * 100_000, "`" * 300_000, "# " * 150_000])
def test_hostile_marks_are_found_in_one_pass(text: str) -> None:
    """Each mark looks only so far: this ends, where looking to the end of the line each time would not."""
    assert len(list(find_marks(text))) < len(text)
