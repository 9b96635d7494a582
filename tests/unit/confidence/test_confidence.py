"""Each reason is found where it applies, and the scale turns reasons into a number that only they move."""

import ast
import tomllib
from pathlib import Path

import pytest

from benchmarks.confidence import Row, fit
from schemas.report import Report
from worker.confidence import cell_reasons as cells
from worker.confidence import reasons
from worker.confidence.scale import IN_A_TABLE, load_scale
from worker.extract.rule_list import catalogue
from worker.facts import load_facts
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "confidence.toml").read_text(encoding="utf-8"))["case"]
SCALE = load_scale()


def read(text: str) -> Report:
    origin = Origin("id", "report.txt", "report.txt", "0" * 64)
    return read_report(f"2023年度工作报告\n{text}\n".encode(), origin, load_tools(), lambda: 0.0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_last_figure_has_these_reasons(case: dict[str, str]) -> None:
    last = read(case["text"]).metrics[-1]

    assert sorted(reason[1:] for reason in last.confidence_reasons) == sorted(case["reasons"])
    assert last.confidence == SCALE.confidence(case["reasons"])


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("全市农村公路", {"name_very_short"}),
        ("全市涉企收费", {"name_very_short"}),
        ("全市农村水电站", {"name_short"}),
        ("全市残疾人车位", {"name_short"}),
        ("全市道路交通安全", {"name_short"}),
        ("全市农产品示范基地", set()),
        ("全市医保定点零售店", set()),
        ("全市城乡居民基本养老保险待遇领取人员", set()),
        ("全市城乡居民基本养老保险待遇新领取人员", {"name_long"}),
        ("部门认真组织开展学习宣传贯彻工作累计受理案件", {"name_long"}),
        ("各部门认真组织开展学习宣传贯彻工作累计受理案件", {"name_long", "clause_long"}),
    ],
)
def test_lengths_of_names_and_clauses_begin_where_they_say(words: str, reasons: set[str]) -> None:
    """Names of 4, 6 and 16 characters are the longest of their kind; a clause of 22 is the longest that is not long."""
    found = {reason[1:] for reason in read(f"{words}30个。").metrics[-1].confidence_reasons}

    assert found == {"kind_unknown", "period_by_default"} | reasons


def test_reasons_are_signed_and_those_for_it_come_first() -> None:
    last = read("共受理执行案件1234件,结案1102件,结案率89.3%的案件。").metrics[-1]
    signs = "".join(reason[0] for reason in last.confidence_reasons)

    assert signs == "".join(sorted(signs, key="+-".index))
    assert {"+relation_holds", "-words_after"} <= set(last.confidence_reasons)


def test_confidence_is_cut_off_and_never_rounded_up() -> None:
    """What is called 0.9 is at least that."""
    confidence = SCALE.confidence([])

    assert 0 < confidence < 1
    assert round(confidence, 2) == confidence
    assert SCALE.confidence(["indicator_known"]) > confidence > SCALE.confidence(["damage_nearby"])


def test_table_holds_the_reasons_that_the_code_gives() -> None:
    trees = [ast.parse(Path(module.__file__ or "").read_bytes()) for module in (reasons, cells)]
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    said |= {IN_A_TABLE, *SCALE.rules}
    given = said & SCALE.weights.keys()

    assert given == SCALE.weights.keys()


def test_a_rule_that_is_a_reason_is_one_of_the_rules_and_of_one_reason_of_its_field() -> None:
    known = {name for _, rules in catalogue() for name, _ in rules}
    told = [rule for rules in SCALE.rules.values() for rule in rules]

    assert set(told) - known == set()
    assert len(told) == len(set(told))


def test_weights_keep_to_their_signs() -> None:
    """And a fit does so, even where the figures at hand speak otherwise."""
    signs = {row["name"]: row["sign"] for row in load_facts("confidence")["reason"] if "sign" in row}
    known = [Row("a", ("indicator_known",), right=True)] * 40 + [Row("b", (), right=False)] * 40
    lucky = [Row("a", ("period_by_default",), right=True)] * 40 + [Row("b", (), right=False)] * 40
    unlucky = [Row("a", ("indicator_known",), right=False)] * 40 + [Row("b", (), right=True)] * 40

    assert all(SCALE.weights[name] * (1 if sign == "+" else -1) >= 0 for name, sign in signs.items())
    assert fit(lucky, ["period_by_default"], {})["period_by_default"] == 0
    assert fit(unlucky, ["indicator_known"], {})["indicator_known"] == 0
    assert fit(known, ["indicator_known"], {})["indicator_known"] > 1


@pytest.mark.parametrize("lacking", ["period_unknown", "name_missing"])
def test_a_figure_without_a_time_or_a_name_is_never_sure(lacking: str) -> None:
    """Whatever else speaks for it."""
    best = [name for name, weight in SCALE.weights.items() if weight > 0 and name != IN_A_TABLE]

    assert SCALE.confidence(best) > 0.9 > SCALE.confidence([*best, lacking])


def test_damage_close_by_is_a_reason() -> None:
    """A number further along the sentence may be one or two; the figure of the sentence before is far enough away."""
    text = (
        "辖区公安机关全年共立案侦办刑事案件112宗。"
        + "其他工作按照部署有序开展。" * 3
        + "刑事拘留嫌疑人13人,取保候审1 3人。"
    )
    near = ["-damage_nearby" in metric.confidence_reasons for metric in read(text).metrics]

    assert near == [False, True]


def page(header: str, title: str) -> Report:
    table = f"<table><tr><td>项目</td>{header}</tr><tr><td>甲</td><td>3</td></tr><tr><td>乙</td><td>4</td></tr></table>"
    html = f"<html><body><h1>{title}</h1><p>受理投诉561件。</p>{table}</body></html>".encode()
    return read_report(html, Origin("id", "report.html", "report.html", "0" * 64), load_tools(), lambda: 0.0)


@pytest.mark.parametrize(
    ("header", "title", "found"),
    [
        ("<td>投资（万元）</td>", "2023年度工作报告", []),
        ("<td>投资额</td>", "2023年度工作报告", ["-cell_without_unit"]),
        ("<td>投资（万元）</td>", "工作报告", ["-cell_without_time"]),
    ],
)
def test_a_cell_is_doubted_where_its_table_does_not_say_enough(header: str, title: str, found: list[str]) -> None:
    """A cell has its own base, and every figure a confidence."""
    metrics = page(header, title).metrics
    cell = metrics[-1]

    assert cell.source.quote == "4"
    assert list(cell.confidence_reasons) == ["+in_a_table", *found]
    assert (cell.confidence or 0) > 0.8 if not found else (cell.confidence or 0) < 0.6
    assert all(metric.confidence is not None for metric in metrics)
