"""What the columns say, and that the page of exports names each of them."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from exports import units
from exports.columns import COLUMNS, Row, level_of, rows_of
from schemas.events import ReportEvent
from schemas.report import Document, PipelineInfo, Report, SourceFile

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("region", "code", "level"),
    [
        ("全国", None, "national"),
        ("广东省", "440000", "province"),
        ("湛江市", "440800", "city"),
        ("吴川市", "440883", "county"),
        ("某街道", None, None),
    ],
)
def test_the_level_of_a_place(region: str, code: str | None, level: str | None) -> None:
    """Told by its code."""
    source = SourceFile(name="a", path="a", sha256="0" * 64, size_bytes=1, media_type="text/plain", encoding=None)
    document = Document(region=region, region_code=code)
    report = Report(id="a" * 20, source=source, document=document, pipeline=PipelineInfo(version="4"))

    assert level_of(report) == level


@pytest.mark.parametrize(
    ("value", "unit", "base", "number"),
    [
        ("1600", "斤", "吨", "0.8"),
        ("15", "亩", "公顷", "1"),
        ("2", "平方公里", "公顷", "200"),
        ("3", "名", "人", "3"),
        ("7", "美元", "美元", "7"),
        ("7", "新台币", "新台币元", "7"),
        ("7", "港币", "港元", "7"),
        ("0.5", "%", "%", "0.5"),
        ("1/3", "度", "千瓦时", "0.333333333333"),
    ],
)
def test_values_in_the_base_of_their_unit(value: str, unit: str, base: str, number: str) -> None:
    """Exact; currencies and rates stay what they are."""
    assert (units.base_of(unit), units.decimal_text(units.in_base(value, unit))) == (base, number)


@pytest.mark.parametrize(
    ("base", "equal"),
    [
        ("吨", "1/1000千吨 1000公斤 1000千克 1000kg 2000斤 1000000克 20担 10公担"),
        ("公顷", "1/1000千公顷 15亩 1/100平方公里 1/100平方千米 10000平方米 10000㎡ 10000m2 1/100km2"),
        ("公里", "1千米 1km 1000米 1000m 2里 250/463海里"),
        ("立方米", "1方 1m3 1000升 1000L"),
        ("千瓦时", "1度 1kWh 1/1000兆瓦时 1/1000MWh 1/1000000吉瓦时 1/1000000GWh"),
        ("千瓦", "1kW 1000瓦 1/1000兆瓦 1/1000MW 1/1000000吉瓦 1/1000000GW"),
        ("吨标准煤", "1吨标煤 1000千克标准煤 1000公斤标准煤"),
        ("元", "1人民币 1元人民币 1圆"),
        ("美元", "1USD"),
        ("新台币元", "1新台币 1TWD"),
        ("港元", "1港币 1港幣 1HKD"),
        ("微克/立方米", "1微克每立方米 1μg/m3 1ug/m3 1/1000毫克/立方米"),
        ("人", "1名 1位 1口"),
        ("件", "1宗 1起 1案 1桩"),
        ("户", "1家"),
    ],
)
def test_one_of_a_base_is_so_many_of_its_units(base: str, equal: str) -> None:
    """Each unit is listed once, and bases are ends; what only counts measures nothing."""
    for said in [f"1{base}", *equal.split()]:
        number, unit = re.findall(r"^([\d/]*\d)(.+)$", said)[0]
        assert (units.base_of(unit), units.in_base(number, unit)) == (base, Fraction(1))
        assert units.measures(unit) == (base not in ("人", "件", "户"))
    assert [units.measures(rate) for rate in ("%", "‰", "个百分点", "次")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("value", "unit"),
    [("1600", "斤"), ("-0.1", "件"), ("1/3", "件"), ("2/7", "亩"), ("12345678901234567.89", "元"), ("3", "")],
)
def test_a_near_value_is_the_nearest_of_the_exact_one(value: str, unit: str) -> None:
    assert units.near_in_base(value, unit) == float(units.in_base(value, unit))


def test_rows_have_the_cells_of_every_column() -> None:
    """In their order."""
    report = ReportEvent.model_validate_json((ROOT / "tests/golden/report-event.full.json").read_text("utf-8")).data
    whole: list[Row] = [
        {column.name: column.of(report, metric) for column in COLUMNS}
        | {"figure": number}  # which no figure tells alone
        for number, metric in enumerate(report.metrics, 1)
    ]
    assert [[*row.items()] for row in rows_of(report)] == [[*row.items()] for row in whole]
    assert not [*rows_of(report.model_copy(update={"metrics": ()}))]


def test_the_page_of_exports_names_every_column() -> None:
    """In their order."""
    page = (ROOT / "docs" / "exports.md").read_text("utf-8").partition("\n## Columns\n")[2]

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [column.name for column in COLUMNS]
