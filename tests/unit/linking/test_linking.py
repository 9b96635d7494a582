"""A figure gets an id where its name leaves no doubt, and none where it does."""

import tomllib
from pathlib import Path

import pytest

from worker.facts import load_facts
from worker.figure import Figure, Place, Said
from worker.linking.catalogue import load_catalogue
from worker.linking.ids import id_of
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "linking.toml").read_text(encoding="utf-8"))["case"]
CATALOGUE = load_catalogue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_sentence_has_these_ids(case: dict[str, str]) -> None:
    text = f"2023年度工作报告\n{case['text']}\n"
    origin = Origin("id", "report.txt", "report.txt", "0" * 64)
    report = read_report(text.encode(), origin, load_tools(), lambda: 0.0)

    assert [metric.indicator_id or "-" for metric in report.metrics] == case["ids"]


def linked(indicator: str, unit: str, change: str | None = None) -> str | None:
    said = {"indicator": Said(indicator, "indicator.said"), "change": Said(change, "change.said")}
    return id_of(Figure(Place(0, 1, 0, 1), written="1", value="1", unit=unit, **said), CATALOGUE, load_tools().lexicon)


def test_every_wording_of_the_catalogue_leads_to_its_indicator() -> None:
    """Words that are dropped leave something to tell indicators by; one wording is truly shared by two norms."""
    entries = load_facts("catalogue")["indicator"]
    wordings = [(entry["id"], wording) for entry in entries for wording in (entry["name"], *entry["aliases"])]
    leads = {wording: CATALOGUE.ids[CATALOGUE.key_of(wording)] for _, wording in wordings}

    assert [wording for id_, wording in wordings if id_ not in leads[wording]] == []
    assert {ids for ids in leads.values() if len(ids) > 1} == {
        frozenset({"disclosure.normative.repealed", "normative.repealed"})
    }


def test_wording_that_two_indicators_share_gives_no_id() -> None:
    assert linked("行政规范性文件废止", "件") is None


@pytest.mark.parametrize(
    ("indicator", "unit", "change", "id_"),
    [
        ("接待游客", "人次", None, "economy.tourism.visitors"),
        ("接待游客", "人", None, None),  # persons are no visits
        ("检查市场主体", "户次", None, "enforcement.inspections.subjects"),
        ("城镇化率", "%", None, "people.urban_rate"),
        ("城镇化率", "个百分点", None, None),
        ("城镇化率提高", "个百分点", "increase", "people.urban_rate"),
        ("地区生产总值", "", None, None),
        ("PM2.5年均浓度", "微克/立方米", None, "environment.air.pm25"),
        ("城乡居民收入比", "", None, "income.ratio"),
        ("", "件", None, None),
        ("了的", "件", None, None),
    ],
)
def test_unit_has_to_agree(indicator: str, unit: str, change: str | None, id_: str | None) -> None:
    assert linked(indicator, unit, change) == id_
