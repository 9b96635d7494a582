"""Relations are found where grammar and arithmetic agree, and contradicted only where grammar leaves no way out."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.report import Relation, Report, Suggestion
from worker.draft import Draft
from worker.edits import Flaw, Text
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.stages.extract import extract
from worker.stages.relate import relate
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "relations.toml").read_text(encoding="utf-8"))["case"]
HEAD = "2023年度工作报告\n"


def read(data: bytes) -> Report:
    return read_report(data, Origin("id", "report.txt", "report.txt", "0" * 64), load_tools(), lambda: 0.0)


def said(relations: Sequence[Relation], text: str) -> list[str]:
    return [
        f"{one.kind} {', '.join(text[member.start : member.end] for member in one.members)}: {one.verdict}"
        for one in relations
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_paragraph_has_these_relations_and_no_others(case: dict[str, str]) -> None:
    text = HEAD + case["text"] + "\n"
    assert said(read(text.encode()).relations, text) == case["relations"]


def test_relation_says_formula_stated_and_computed_value() -> None:
    text = HEAD + "共受理执行案件1234件,结案1102件,结案率89.3%。\n"
    (found,) = read(text.encode()).relations

    assert (found.formula, found.stated, found.computed) == ("a = b / c * 100", "89.3", "89.303079")
    assert [member.metric for member in found.members] == [2, 1, 0]


def test_contradiction_is_a_warning_on_each_member_and_changes_nothing() -> None:
    text = HEAD + "参训学员120人,其中男80人,女50人。\n"
    report = read(text.encode())

    assert [metric.value for metric in report.metrics] == ["120", "80", "50"]
    assert [(warning.code, text[warning.start : warning.end]) for warning in report.warnings] == [
        ("relation_contradicts", "120人"),
        ("relation_contradicts", "80人"),
        ("relation_contradicts", "50人"),
    ]
    assert report.warnings[0].message == (
        "sum: a = b + c gives 130 and the text 120; with a = 120人, b = 80人, c = 50人"
    )


def test_torn_number_is_suggested_where_a_sum_proves_it() -> None:
    """The number stays out of the metrics."""
    text = HEAD + "第二类考评对象28个,获优秀等次6个,良好等次2 2个。\n"
    report = read(text.encode())
    (found,) = report.relations

    assert [metric.value for metric in report.metrics] == ["28", "6"]
    assert found.suggestion == Suggestion(member=2, value="22", unit="个")
    assert [member.metric for member in found.members] == [0, 1, None]
    assert said([found], text) == ["sum 28个, 6个, 2 2: holds"]


def test_torn_number_that_no_relation_proves_is_not_suggested() -> None:
    text = HEAD + "第二类考评对象28个,获优秀等次7个,良好等次2 2个。\n"
    assert read(text.encode()).relations == ()


def damaged(text: str, lost: str, code: str) -> tuple[Relation, ...]:
    """The relations of a text in which ``lost`` was damaged."""
    start = text.index(lost)
    flawed = Text.of(text).apply([Flaw(start, start + len(lost), code, "damaged")])
    tools = load_tools()
    return relate(extract(Draft(b"", "report.txt", text=flawed), tools), tools).relations


def test_lost_number_follows_from_a_sum_that_must_hold() -> None:
    (found,) = damaged("全区划转编制102名,其中行政编制?名,事业编制83名。", "?", "digit_lost")

    assert found.suggestion == Suggestion(member=1, value="19", unit="名")
    assert (found.stated, found.computed, found.verdict) == ("102", "102", "holds")


@pytest.mark.parametrize(("left", "value"), [("1?", "19"), ("?9", "19"), ("8?", None), ("19?", "19")])
def test_suggestion_has_the_digits_that_are_left(left: str, value: str | None) -> None:
    found = damaged(f"全区划转编制102名,其中行政编制{left}名,事业编制83名。", left, "doubtful_number")

    assert [one.suggestion and one.suggestion.value for one in found] == ([value] if value else [])


def test_lost_number_does_not_follow_where_parts_may_be_missing() -> None:
    assert damaged("立案102件,其中交通类?件,城管类83件。", "?", "digit_lost") == ()


def test_seeds_hold_together() -> None:
    """Each relation of the five reports, with its verdict; two ratios are cut off and not rounded."""
    found = {}
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        text = path.read_bytes().decode()
        found[path.stem[:3]] = sorted(said(read(path.read_bytes()).relations, text))

    assert found == tomllib.loads((ROOT / "tests" / "cases" / "seed_relations.toml").read_text(encoding="utf-8"))


PIECES = [
    *("其中", "共", "加上", "占", "率", "增长", "压缩", "比上年", "由", "至", "高", "要求", "达到", "第一类", "第二类"),
    *("、", ",", ";", "。", "(", ")", ":", "12件", "3件", "15件", "80%", "0件", "2 2个", "4个百分点", "1.2万件"),
    "9" * 60 + "件",
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_text_makes_it_raise_or_point_outside(pieces: list[str]) -> None:
    text = HEAD + "".join(pieces)
    report = read(text.encode())

    for relation in report.relations:
        for member in relation.members:
            assert text[member.start : member.end].strip()
            assert member.metric is None or report.metrics[member.metric].source.start == member.start
