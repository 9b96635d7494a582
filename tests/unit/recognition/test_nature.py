"""What is no report is told from what is one, and none of its numbers is published."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.annotated import invented, seeds
from schemas.report import Report
from worker.draft import Draft
from worker.pipeline import STAGES, read_report
from worker.recognition.code import share_of_code
from worker.recognition.nature import RULES, Nature, Reading, nature_of
from worker.report_writer import Origin
from worker.tools import load_tools

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "natures.toml").read_text(encoding="utf-8"))["case"]
ANNOTATED = [*seeds(), *invented()]


def nature(data: bytes, name: str = "a.txt") -> Nature:
    draft = Draft(data, name)
    for _, run in STAGES[: [stage for stage, _ in STAGES].index("recognise")]:
        draft = run(draft, load_tools())
    return nature_of(Reading(draft.text.now, draft.document, draft.figures))


def read(text: str) -> Report:
    return read_report(text.encode(), Origin("id", "a.txt", "a.txt", "0" * 64), load_tools(), lambda: 0.0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_rule_that_decides(case: Mapping[str, Any]) -> None:
    found = nature(case["text"].encode())

    assert (found.rule, found.is_report) == (case["rule"], case["is_report"])


def test_every_rule_decides_a_case() -> None:
    told = {case["rule"] for case in CASES}

    assert {rule.__name__ for rule, _ in RULES} - told == {"says_its_kind"}  # of it speaks every report in the seeds


@pytest.mark.parametrize("annotated", ANNOTATED, ids=lambda one: one.name)
def test_an_annotated_report_is_one(annotated: Any) -> None:
    assert nature(annotated.data, "report.html" if annotated.data.lstrip()[:1] == b"<" else "report.txt").is_report


def test_of_something_else_no_figure_is_published() -> None:
    """Nor what such a figure would be warned of, nor a place or a year whose channel it would ring."""
    text = "手冲咖啡 32元\n拿铁 28元/杯\n蛋糕 26元/块\n"
    report = read(text)

    assert [warning.code for warning in report.warnings] == ["not_a_report", "no_metrics"]
    assert report.warnings[0].message.startswith(
        "3 of its 3 figures are prices, and none has a time; 3 figures left out;"
    )
    assert (report.metrics, report.relations, report.document.kind) == ((), (), None)
    assert (report.document.region, report.document.period) == (None, None)


def test_a_report_has_no_such_warning() -> None:
    report = read("云山县2023年工作总结\n全县新建公路30公里。\n")

    assert [warning.code for warning in report.warnings] == []
    assert [metric.value for metric in report.metrics] == ["30"]


def test_nothing_at_all_is_no_report() -> None:
    """A text of marks has neither letters nor lines to count."""
    seen = "0 words of reports among 0 characters, no issuer, no kind"

    assert nature("——\n……\n".encode()) == Nature(is_report=False, rule="says_nothing", seen=seen)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("全县新建公路30公里。", 0.0),
        ("x = 1", 1.0),
        ("全县新建公路30公里\nx = [1, 2, 3]", 13 / 23),
        ("```\n甲乙丙\n```\n甲乙丙丁戊己庚辛壬", 0.5),
        ("用`a`即可", 1.0),
        ("注：表中“-”表示无数据；单位：万元", 0.0),
        ("GDP: 增长5%", 0.0),
        ("", 0.0),
    ],
)
def test_lines_of_code(text: str, share: float) -> None:
    assert share_of_code(text) == share


#: Each has one mark of a line of code.
CODE = (
    *("甲{", "甲}", "甲;", "甲; // 乙", "甲;// 乙", "甲; \t//"),
    *("#!甲", "//甲", "/*甲", "#include甲", "import", "from a.b import", "def 甲", "class a", "return", "const 甲", "let 甲", "var 甲"),
    *("public 甲", "private 甲", "function 甲"),
    *("elif (甲", "elif(甲", "if (甲", "if(甲", "for (甲", "while (甲", "switch (甲", "catch (甲", "else 甲", "try", "except 甲", "finally"),
    *("SELECT 甲", "INSERT 甲", "CREATE 甲", "UPDATE 甲"),
    *(f"{command} 甲".replace("甲", "./a") for command in ("pip", "pip3", "npm", "yarn", "git", "sudo", "apt", "docker", "python")),
    *(f"{command} a" for command in ("python3", "curl", "wget", "cargo", "make", "cd", "export", "$ cd", "> cd")),
    *("甲a()", "甲 a_1(\"b\", c='d', e.f)", "甲a(b)"),
    *("a=b", "a = b", "a == b", "a != b", "a <= b", "a >= b", "a := b", "a += b", "a -> b", "a => b", "a = \"甲\"", "a = '甲'", "a = [甲]", "a = {甲}", "a = (甲)"),
    *("--input 甲", "甲 --input", "甲\t--in-put", "用`甲`乙"),
    *("2023-01-02 10:20:30", "2023-01-02T10:20:30", "[2023-01-02 10:20:30", "2023-01-0210:20:30"),
    *(f"甲 {level} 乙" for level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "Traceback")),
    *(f"见 a-b.{suffix} 甲" for suffix in ("py", "js", "ts", "java", "go", "rs", "cpp", "sh", "json", "yml", "yaml", "toml", "exe", "dll")),
    *("- A.b-c: 甲", "-a: 甲", "- \"A\": 甲", "- 'A':", "a-b.c: d", "\"a\": \"甲\"", "'a':1", "a: '甲'", "a: [甲", "a: {甲", "a: -1", "a:"),
)  # fmt: skip
#: What a line of words may have.
NO_CODE = (
    *("甲;乙", "甲; 乙", "甲 import", "imports 甲", "from 甲 import", "from a", "defa", "class 甲", "returned 甲", "constant 甲", "甲 #!", "甲 //", "GDP"),
    *("if 甲", "format (甲", "甲 if (", "elsewhere", "trying", "甲 SELECT a", "SELECTED 甲", "git 甲", "cd", "digit a", "甲 cd a", "公司(甲)", "a(甲)", "1(2)"),
    *("甲 = 乙", "a = 乙", "甲=a", "a < b", "甲--input", "甲 --1", "甲 -- a", "`甲", "2023-01-02", "甲 2023-01-02 10:20:30", "DEBUGGING", "info", "REINFORCE"),
    *("a.pyc", "a.json5", "a. go", ".py", "甲: a", "A: b", "- 甲: a", "a:甲", "1: 2", "- a:b", "12:30", "甲a:", "A:"),
)  # fmt: skip


def test_each_mark_of_a_line_of_code() -> None:
    assert [line for line in CODE if share_of_code(line) != 1.0] == []
    assert [line for line in NO_CODE if share_of_code(line) != 0.0] == []


def test_a_mark_far_into_a_line_is_one_of_a_sentence() -> None:
    assert [share_of_code("甲" * before + "`a`") for before in (297, 298)] == [1.0, 0.0]


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_what_stands_between_fences_is_code(fence: str) -> None:
    """They and their indents are; what stands behind the second one is not, and a fence inside a line is none."""
    assert share_of_code(f"甲乙丙\n  {fence}\n甲\n{fence}\n甲乙") == 7 / 12
    assert share_of_code(f"甲{fence[0]}{fence[1:]}\n甲乙") == 0.0
