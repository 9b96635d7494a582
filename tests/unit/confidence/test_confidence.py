"""Each reason is found where it applies, and the scale turns reasons into a number that only they move."""

import ast
import tomllib
from pathlib import Path

import pytest

from schemas.report import Report
from worker.confidence import reasons
from worker.confidence.scale import load_scale
from worker.pipeline import Origin, read_report
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


def test_reasons_are_signed_and_those_for_it_come_first() -> None:
    last = read("共受理执行案件1234件,结案1102件,结案率89.3%的案件。").metrics[-1]
    signs = "".join(reason[0] for reason in last.confidence_reasons)

    assert signs == "".join(sorted(signs, key="+-".index))
    assert {"+relation_holds", "-words_behind"} <= set(last.confidence_reasons)


def test_confidence_is_cut_off_and_never_rounded_up() -> None:
    """What is called 0.9 is at least that."""
    confidence = SCALE.confidence([])

    assert 0 < confidence < 1
    assert round(confidence, 2) == confidence
    assert SCALE.confidence(["indicator_known"]) > confidence > SCALE.confidence(["damage_nearby"])


def test_table_holds_the_reasons_that_the_code_gives() -> None:
    tree = ast.parse(Path(reasons.__file__).read_bytes())
    given = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & SCALE.weights.keys()

    assert given == SCALE.weights.keys()


def test_damage_close_by_is_a_reason() -> None:
    """A number further along the sentence may be one or two; the figure of the sentence before is far enough away."""
    text = (
        "辖区公安机关全年共立案侦办刑事案件112宗。"
        + "其他工作按照部署有序开展。" * 3
        + "刑事拘留嫌疑人13人,取保候审1 3人。"
    )
    near = ["-damage_nearby" in metric.confidence_reasons for metric in read(text).metrics]

    assert near == [False, True]
