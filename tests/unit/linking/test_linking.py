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
    text = f"{case.get('title', '2023年度工作报告')}\n{case['text']}\n"
    origin = Origin("id", "report.txt", "report.txt", "0" * 64)
    report = read_report(text.encode(), origin, load_tools(), lambda: 0.0)

    assert [metric.indicator_id or "-" for metric in report.metrics] == case["ids"]


def linked(indicator: str, unit: str, change: str | None = None) -> str | None:
    said = {"indicator": Said(indicator, "indicator.said"), "change": Said(change, "change.said")}
    return id_of(Figure(Place(0, 1, 0, 1), written="1", value="1", unit=unit, **said), CATALOGUE, load_tools().lexicon)


def test_every_wording_of_the_catalogue_leads_to_its_indicator() -> None:
    """Words that are dropped or that say the same leave something to tell indicators by."""
    owners: dict[str, set[str]] = {}
    for entry in load_facts("catalogue")["indicator"]:
        beside = [name for row in entry.get("beside", ()) for name in row["names"]]
        for wording in (entry["name"], *entry["aliases"], *entry.get("growth", ()), *beside):
            owners.setdefault(CATALOGUE.words.key(wording), set()).add(entry["id"])

    assert owners.get("", set()) == set()
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PM2.5年均浓度", "PM₂.₅平均浓度"),
        ("pm 2.5浓度", "PM_2.5浓度"),
        ("空气质量优良天数比率", "空气质量优良天数占比"),
        ("研究与试验发展经费支出占国内生产总值比重", "R&D经费支出占GDP比例"),
        ("规模以上工业企业增加值", "规模工业增加值"),
        ("进出口总值", "进出口总额"),
    ],
)
def test_wordings_that_say_the_same_have_one_key(one: str, other: str) -> None:
    assert CATALOGUE.words.key(one) == CATALOGUE.words.key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("生产总值", "进出口总值"), ("案件受理", "案件审结"), ("建成公园", "新建公园")]
)
def test_words_that_say_something_else_keep_keys_apart(one: str, other: str) -> None:
    assert CATALOGUE.words.key(one) != CATALOGUE.words.key(other)


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
        ("人大代表建议办理", "类", None, None),  # kinds of proposals are no proposals
        ("人均预期寿命", "岁", None, "people.life_expectancy"),
        ("技术合同成交额增长", "倍", "increase", "science.contracts"),
        ("技术合同成交额", "倍", None, None),  # 达到2.6倍 says no amount
        ("城镇调查失业率均值", "%", None, "employment.surveyed_unemployment"),
        ("粮食总产量继续保持", "吨", None, "agriculture.grain.output"),
        ("扎实开展行政检查", "次", None, "enforcement.inspections.done"),
        ("居民人均可支配收入实际增长", "%", "increase", "income.all"),
        ("实际使用外资同比增长", "%", "increase", "economy.fdi"),
        ("一般公共预算收入剔除一次性因素增长", "%", "increase", "fiscal.revenue.general"),
        ("地区生产总值可比增长", "%", "increase", "economy.gdp"),
        ("粮食产量继续稳定", "吨", None, "agriculture.grain.output"),
        ("经济增长", "%", "increase", "economy.gdp"),
        ("经济", "元", None, None),
        ("县域经济增长", "%", "increase", None),
    ],
)
def test_unit_has_to_agree(indicator: str, unit: str, change: str | None, id_: str | None) -> None:
    assert linked(indicator, unit, change) == id_


@pytest.mark.parametrize(
    ("place", "text", "id_"),
    [
        ("云山县", "云山县森林覆盖率为61.3%。", "environment.forest.rate"),
        ("宁夏回族自治区", "宁夏回族自治区常住人口城镇化率为66.1%。", "people.urban_rate"),
        ("云山县", "临河县森林覆盖率为61.3%。", None),  # another place's
    ],
)
def test_only_the_place_reported_on_is_left_out_of_a_name(place: str, text: str, id_: str | None) -> None:
    origin = Origin("id", "report.txt", "report.txt", "0" * 64)
    report = read_report(f"{place}2023年度工作报告\n{text}\n".encode(), origin, load_tools(), lambda: 0.0)

    assert [metric.indicator_id for metric in report.metrics] == [id_]
