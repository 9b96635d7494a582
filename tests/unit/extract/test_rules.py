"""Each rule decides somewhere: for every rule there is a sentence in which it does."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from worker.extract import figure_fields
from worker.extract.figure_fields import FIELDS
from worker.extract.sentence.rules import Field, only_with, words_found
from worker.extract.tables.cell_fields import CELL_FIELDS
from worker.figure import Figure
from worker.pipeline import read_draft
from worker.tools import load_tools

SEEDS = Path(__file__).parents[3] / "seeds"
CASES: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "rules.toml").read_text(encoding="utf-8")
)["case"]
TABLE_CASES: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "table_rules.toml").read_text(encoding="utf-8")
)["case"]


def rules_of(field: Field[Any]) -> Iterator[str]:
    for rule in field.rules:
        names = field.inner if rule.__name__ == field.asking else (rule,)
        yield from (f"{field.name}.{one.__name__}" for one in names)


def figure_of(text: str, quote: str) -> Figure:
    draft = read_draft(text.encode(), "report.txt", load_tools())
    return next(one for one in draft.figures if draft.text.raw[one.place.raw_start : one.place.raw_end] == quote)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_rule_decides(case: dict[str, str]) -> None:
    """The field has its value by this rule."""
    title = case.get("title", "2023年度工作报告")
    said = getattr(figure_of(f"{title}\n\n{case['text']}\n", case["quote"]), case["rule"].partition(".")[0])

    assert (said.rule, said.value) == (case["rule"], case.get("value"))


@pytest.mark.parametrize("case", TABLE_CASES, ids=lambda case: case["rule"])
def test_rule_decides_in_a_table(case: dict[str, str]) -> None:
    said = getattr(figure_of(case["text"], case["quote"]), case["rule"].partition(".")[0])

    assert (said.rule, said.value) == (case["rule"], case.get("value"))


def test_every_rule_has_a_sentence() -> None:
    of_prose = {name for field in FIELDS for name in rules_of(field)}
    of_tables = {name for field in CELL_FIELDS for name in rules_of(field)}

    assert of_prose - {case["rule"] for case in CASES} == set()
    assert of_tables - {case["rule"] for case in TABLE_CASES} == set()


def test_rules_that_are_not_asked_would_not_have_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rule needs by `only_with` stands wherever it speaks: asking all rules of every figure changes nothing."""
    texts = [f"{case.get('title', '2023年度工作报告')}\n\n{case['text']}\n" for case in CASES]
    texts += [seed.read_text(encoding="utf-8") for seed in sorted(SEEDS.glob("*.txt"))]
    read = [read_draft(text.encode(), "report.txt", load_tools()).figures for text in texts]
    monkeypatch.setattr(figure_fields, "rules_asked", lambda found: [(field, field.rules) for field in FIELDS])

    for text, figures in zip(texts, read, strict=True):
        assert read_draft(text.encode(), "report.txt", load_tools()).figures == figures, text[:200]


def test_rule_is_asked_only_where_its_words_may_stand() -> None:
    @only_with("每年", "{status.aims}")
    def rule(seen: str) -> None:
        """Speaks of nothing."""

    field: Field[str] = Field("name", (rule,))

    for text in ("每 年新增12件", "80%的目标", "实现3%之目标"):
        assert field.asked(words_found(text)) == (rule,), text
    for text in ("", "年每", "每月新增12件", "新增12件", "目前的3%"):
        assert field.asked(words_found(text)) == (), text
