"""What the columns say, and that the page of exports names each of them."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from exports import units
from exports.columns import COLUMNS, level_of, rows_of
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


def test_no_base_has_a_base_of_its_own() -> None:
    """Each unit is listed once, and bases are ends."""
    for unit in ("吨", "公顷", "公里", "立方米", "千瓦时", "千瓦", "人", "件", "元", "户"):
        assert (units.base_of(unit), units.in_base("1", unit)) == (unit, Fraction(1))


@pytest.mark.parametrize(
    ("value", "unit"),
    [("1600", "斤"), ("-0.1", "件"), ("1/3", "件"), ("2/7", "亩"), ("12345678901234567.89", "元"), ("3", "")],
)
def test_a_near_value_is_the_nearest_of_the_exact_one(value: str, unit: str) -> None:
    assert units.near_in_base(value, unit) == float(units.in_base(value, unit))


def test_rows_have_the_cells_of_every_column() -> None:
    """In their order."""
    report = ReportEvent.model_validate_json((ROOT / "tests/golden/report-event.full.json").read_text("utf-8")).data
    whole = [{column.name: column.of(report, metric) for column in COLUMNS} for metric in report.metrics]
    assert [[*row.items()] for row in rows_of(report)] == [[*row.items()] for row in whole]
    assert not [*rows_of(report.model_copy(update={"metrics": ()}))]


def test_the_page_of_exports_names_every_column() -> None:
    """In their order."""
    page = (ROOT / "docs" / "exports.md").read_text("utf-8").partition("\n## Columns\n")[2]

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [column.name for column in COLUMNS]
