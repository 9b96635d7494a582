"""Every format holds the same rows, whatever stands in them; nothing half-written is left behind."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import openpyxl
import pandas
import pytest

from exports.columns import COLUMNS, NAMES, Row, rows_of
from exports.folder import Unread
from exports.formats import FORMATS, SUFFIXES, WIDE, format_of, piped, written
from exports.parquet_file import ParquetTable
from exports.text_files import guarded
from exports.wide import Series, WideTable
from exports.words import WORDS
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Relation, RelationMember, Report, ReportWarning, SourceFile

KINDS = {column.name: column.kind for column in COLUMNS}


def metric(indicator: str, value: str, unit: str, **more: Any) -> Metric:
    said = {"period": "2023", "sentence": f"{indicator}{value}{unit}。", **more}
    return Metric(indicator=indicator, value=value, unit=unit, source=MetricSource(start=0, end=3, quote=value), **said)


def report(*metrics: Metric, path: str = "2023/报告, 一.txt", **more: Any) -> Report:
    source = SourceFile(
        name="报告.txt", path=path, sha256="0" * 64, size_bytes=9, media_type="text/plain", encoding="utf-8"
    )
    document = Document(title="年度报告", region="广州市", region_code="440100", province="广东省", period="2023")
    members = (RelationMember(metric=0, start=0, end=3), RelationMember(metric=None, start=5, end=6))
    relation = Relation(kind="sum", members=members, formula="a = b", stated="1", computed="1", verdict="holds")
    about = {"relations": (relation,), "warnings": (ReportWarning(code="bytes_lost", message="=lost", start=3, end=4),)}
    return Report(
        **{
            "id": "0" * 20,
            "source": source,
            "document": document,
            "metrics": metrics,
            "pipeline": PipelineInfo(version="4"),
            **about,
            **more,
        }
    )


HOSTILE = report(
    metric('=HYPERLINK("x")', "12", "件", confidence=0.875, confidence_reasons=("+a", "-b")),
    metric("@SUM(1,2)", "-3.50", "%", change="decrease", measure="rate_of_change"),
    metric(
        '多行\n名称, “引号” "双"', "12345678901234567890", "元", status="planned", value_high="99999999999999999999"
    ),
    metric("三分之二", "2/3", "", period=None),
    metric("\tx", "0", "亩", qualifier="about", scope="全市", section=("一", "二")),
    metric("土地", "15", "亩", period="2021/2025", indicator_id="land.farm"),
)
ROWS = list(rows_of(HOSTILE))
UNREAD = [Unread("坏.pdf", "it is damaged")]


#: The tables beside the figures, as a database has them.
SIDES: dict[str, list[Row]] = {
    "reports": [
        {"path": "2023/报告, 一.txt", "title": "年度报告", "place": "广州市", "region_code": "440100", "province": "广东省",
         "city": None, "year": "2023", "kind": None, "issuer": None, "document_number": None, "published": None,
         "signed": None, "figures": 6, "warnings": 1, "id": "0" * 20, "revision": 1, "sha256": "0" * 64,
         "pipeline_version": "4"},
    ],
    "relations": [
        {"path": "2023/报告, 一.txt", "kind": "sum", "formula": "a = b", "stated": "1", "computed": "1", "verdict": "holds",
         "quotes": "12; ?", "id": "0" * 20},
    ],
    "warnings": [
        {"path": "2023/报告, 一.txt", "code": "bytes_lost", "message": "=lost", "start": 3, "end": 4, "id": "0" * 20},
    ],
}  # fmt: skip


def write(kind: str, folder: Path) -> Path:
    file = folder / f"表{SUFFIXES[kind][0]}"
    with written(kind, file, folder) as writer:
        writer.report(HOSTILE, ROWS)
        writer.close(UNREAD, {"made": "today"})
    return file


def from_csv(file: Path) -> list[Row]:
    lines = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))
    return [{name: _typed(name, _unguarded(name, cell)) for name, cell in line.items()} for line in lines]


def from_json(file: Path) -> list[Row]:
    return list(json.loads(file.read_text("utf-8")))


def from_ndjson(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def from_sqlite(file: Path) -> list[Row]:
    with sqlite3.connect(file) as database:
        database.row_factory = sqlite3.Row
        found = database.execute("SELECT * FROM figures").fetchall()
    database.close()
    return [{name: row[name] for name in NAMES} for row in found]


def from_parquet(file: Path) -> list[Row]:
    with duckdb.connect() as database:
        return [dict(zip(NAMES, row, strict=True)) for row in database.read_parquet(str(file)).fetchall()]


def from_xlsx(file: Path) -> list[Row]:
    book = openpyxl.load_workbook(file, read_only=True)
    header, *lines = book["数字"].iter_rows(values_only=True)
    assert list(header) == [column.title for column in COLUMNS]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    meant = {name: {word: value for value, word in words.items()} for name, words in WORDS.items()}
    rows = [{name: _as_text(name, cell) for name, cell in zip(NAMES, line, strict=True)} for line in lines]
    return [{name: meant.get(name, {}).get(cell, cell) for name, cell in row.items()} for row in rows]


READERS: dict[str, Callable[[Path], list[Row]]] = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
    "ndjson": from_ndjson,
    "sqlite": from_sqlite,
    "parquet": from_parquet,
}


def _unguarded(name: str, cell: str) -> str:
    return cell[1:] if KINDS[name] == "text" and cell.startswith("'") else cell


def _typed(name: str, cell: str) -> Any:
    if cell == "":
        return None
    return {"whole": int, "real": float}.get(KINDS[name], str)(cell)


def _as_text(name: str, cell: Any) -> Any:
    """A decimal that a workbook holds as a number, as text."""
    if KINDS[name] == "decimal" and isinstance(cell, int | float):
        return f"{cell:.12f}".rstrip("0").rstrip(".")
    return cell


def _plain(row: Row) -> Row:
    """Decimals without the zeros that a number does not keep."""
    return {
        name: cell.rstrip("0").rstrip(".")
        if KINDS[name] == "decimal" and isinstance(cell, str) and "." in cell
        else cell
        for name, cell in row.items()
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_the_same_rows(kind: str, tmp_path: Path) -> None:
    """Names that look like formulas, twenty digits, fractions, line breaks and nothing at all among them."""
    read = READERS[kind](write(kind, tmp_path))

    assert [_plain(row) for row in read] == [_plain(row) for row in ROWS]
    assert not list(tmp_path.glob(".zhibiao-*"))


def test_a_spreadsheet_is_given_no_formula(tmp_path: Path) -> None:
    """An apostrophe stands before what begins with a sign of one, and before no number."""
    lines = list(csv.DictReader(io.StringIO(write("csv", tmp_path).read_text("utf-8-sig"), newline="")))

    assert [line["indicator"][:2] for line in lines[:2]] == ["'=", "'@"]
    assert lines[1]["value"] == "-3.50"
    assert [guarded("text", f"{begins}1") for begins in "=+-@\t\r\n0"] == [
        *(f"'{sign}1" for sign in "=+-@\t\r"),
        "\n1",
        "01",
    ]
    assert [guarded(kind, "-1") for kind in ("decimal", "real", "whole")] == ["-1"] * 3


def test_a_file_is_for_excel_and_a_pipe_is_not(tmp_path: Path) -> None:
    """A byte order mark and CRLF, or neither."""
    out = io.StringIO()
    writer = piped("csv", out, wide=False)
    writer.report(HOSTILE, ROWS)
    writer.close([], {})
    file = write("csv", tmp_path).read_bytes()

    assert file.startswith(b"\xef\xbb\xbfplace,issuer,year,indicator,value,")
    assert b"reviewed_at,figure\r\n" in file
    assert out.getvalue().startswith("place,issuer,")
    assert "\r\n" not in out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_pandas_opens_it_with_the_same_values(kind: str, tmp_path: Path) -> None:
    """With nothing but its reader's defaults, and text kept text."""
    file = write(kind, tmp_path)
    table = (
        pandas.read_csv(file, dtype={"value": str})
        if kind == "csv"
        else pandas.read_excel(file, sheet_name="数字", engine="openpyxl")
    )

    values = table["value"] if kind == "csv" else table["数值"]
    assert [str(value) for value in values][3] == "2/3"
    assert float(values[1]) == -3.5
    assert str(values[2]) == "12345678901234567890"


def test_a_database_sorts_by_number_and_describes_itself(tmp_path: Path) -> None:
    """Decimals are text, exact, with a number beside; Datasette finds what the columns mean."""
    file = write("sqlite", tmp_path)
    with sqlite3.connect(file) as database:
        numbers = database.execute("SELECT value, number, base_number FROM figures ORDER BY number LIMIT 3").fetchall()
        unread = database.execute("SELECT * FROM unread").fetchall()
        database.row_factory = sqlite3.Row
        sides = {name: [dict(row) for row in database.execute(f"SELECT * FROM {name}")] for name in SIDES}  # noqa: S608
    database.close()

    assert sides == SIDES
    assert numbers == [("-3.50", -3.5, -3.5), ("0", 0, 0), ("2/3", 2 / 3, 0.666666666667)]
    assert unread == [("坏.pdf", "it is damaged")]
    described = json.loads((tmp_path / "表.metadata.json").read_text("utf-8"))["databases"]["表"]["tables"]
    assert described["figures"].pop("columns") == {column.name: column.about for column in COLUMNS}
    assert described == {
        "figures": {"label_column": "indicator", "facets": ["place", "year", "indicator_id", "status"]},
        "reports": {"label_column": "title"},
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_interrupted_leaves_what_was_there(kind: str, tmp_path: Path) -> None:
    """An older table stays, and no half of a new one lies about."""
    older = tmp_path / f"表{SUFFIXES[kind][0]}"
    older.write_bytes(b"older")

    with pytest.raises(KeyboardInterrupt), written(kind, older) as writer:  # noqa: PT012 - both happen inside
        writer.report(HOSTILE, ROWS)
        raise KeyboardInterrupt

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(older.name, b"older")]


@pytest.mark.parametrize("kind", WIDE)
def test_a_wide_cell_holds_both_of_two_figures(kind: str, tmp_path: Path) -> None:
    """Never their mean; what differs in unit, status or measure has a column of its own."""
    file = tmp_path / f"wide.{kind}"
    with written(kind, file, wide=True) as writer:
        for value, path in (("15", "a.txt"), ("30", "b.txt"), ("30", "c.txt")):
            one = report(metric("土地", value, "亩"), metric("土地", "2", "公顷", status="planned"), path=path)
            writer.report(one, rows_of(one))
        writer.close([], {})

    if kind == "csv":
        header, line = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    else:
        header, line = ([cell.value for cell in row] for row in openpyxl.load_workbook(file)["数字"])
    assert (
        header
        == {
            "csv": ["place", "region_code", "period", "土地 (公顷)", "土地 (公顷, planned)"],
            "xlsx": ["地区", "区划代码", "时期", "土地（公顷）", "土地（公顷，计划）"],
        }[kind]
    )
    assert [str(cell) for cell in line] == ["广州市", "440100", "2023", "1 | 2", "2"]


@pytest.mark.parametrize(("kind", "suffixes"), SUFFIXES.items())
def test_the_end_of_a_name_tells_the_format(kind: str, suffixes: tuple[str, ...]) -> None:
    """In either case."""
    assert {format_of(f"a{suffix.upper()}") for suffix in suffixes} == {kind}


@pytest.mark.parametrize(("for_spreadsheets", "begins", "ends"), [(True, "\ufeff", "\r\n"), (False, "", "\n")])
def test_a_wide_table_is_text_for_programs_or_for_excel(begins: str, ends: str, *, for_spreadsheets: bool) -> None:
    """No word of a report is a formula, a range is one value, an unknown place is of its file, and no cell is nothing."""
    out = io.StringIO(newline="")
    table = WideTable(out, for_spreadsheets=for_spreadsheets)
    one = report(
        metric("=甲", "-3", "亩"),
        metric("=甲", "-3", "亩"),
        metric("乙", "5", "%", value_high="7", measure="rate_of_change", change="increase", scope="全市"),
    )
    unknown = report(metric("=甲", "4", "亩"), path="x.txt")
    unknown = unknown.model_copy(update={"document": Document(title="年度报告", period="2023")})
    for each in (unknown, one):
        table.report(each, rows_of(each))
    table.close([], {})
    text = out.getvalue()

    guard = "'"
    assert text == begins + "".join(
        line + ends
        for line in (
            f'place,region_code,period,{guard}=甲 (公顷),"乙 (%, rate_of_change, increase, 全市)"',
            "(x.txt),,2023,0.266666666667,",
            "广州市,440100,2023,-0.2,5~7",
        )
    )


@pytest.mark.parametrize(
    ("said", "heading", "title"),
    [
        (("x", "", "level", "", "achieved", ""), "x", "x"),
        (("x", "件", "level", "", "achieved", ""), "x (件)", "x（件）"),
        (("x", "", "share", "to", "required", "全市"), "x (share, to, required, 全市)", "x（占比，达到，要求，全市）"),
        (
            ("x", "%", "difference", "decrease", "ongoing", ""),
            "x (%, difference, decrease, ongoing)",
            "x（%，差额，减少，进行中）",
        ),
        (
            ("x", "", "yearly_mean", "increase", "planned", ""),
            "x (yearly_mean, increase, planned)",
            "x（年均，增加，计划）",
        ),
        (("x", "", "rate_of_change", "", "achieved", ""), "x (rate_of_change)", "x（变化率）"),
        (("x", "level", "level", "", "achieved", "achieved"), "x (level, achieved)", "x（level，achieved）"),
    ],
)
def test_a_columns_heading_says_what_does_not_go_without_saying(
    said: tuple[str, ...], heading: str, title: str
) -> None:
    """For programs and for people."""
    series = Series(*said)
    assert (series.heading, series.title) == (heading, title)


def test_a_database_finds_figures_by_what_they_are_asked_for(tmp_path: Path) -> None:
    """An index for each way, named after its columns, and what was said of how it was made."""
    with sqlite3.connect(write("sqlite", tmp_path)) as database:
        indexes = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        method = database.execute("SELECT * FROM method").fetchall()
        types = {name: kind for _, name, kind, *_ in database.execute("PRAGMA table_info(figures)")}
    database.close()

    asked_for = ("indicator_id, year", "place, year", "id, revision")
    assert indexes == {
        f"figures_{columns.replace(', ', '_')}": f"CREATE INDEX figures_{columns.replace(', ', '_')} ON figures ({columns})"
        for columns in asked_for
    }
    kinds = {"text": "TEXT", "decimal": "TEXT", "real": "REAL", "whole": "INTEGER"}
    assert types == {**{name: kinds[kind] for name, kind in KINDS.items()}, "number": "REAL", "base_number": "REAL"}
    assert ("made", "today") in method


def test_parquet_is_written_with_little_memory_by_one_thread(tmp_path: Path) -> None:
    asked: list[Any] = []

    def connect(**options: Any) -> Any:
        asked.append(options)
        return duckdb.connect(**options)

    table = ParquetTable(tmp_path / "t.parquet")
    table._duckdb = SimpleNamespace(connect=connect)  # type: ignore[assignment]
    table.report(HOSTILE, ROWS)
    table.close([], {})

    assert asked == [{"config": {"memory_limit": "512MB", "threads": 1}}]
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]
    with duckdb.connect() as database:
        types = {name: kind for name, kind, *_ in database.execute(f"DESCRIBE FROM '{tmp_path}/t.parquet'").fetchall()}
    kinds = {"text": "VARCHAR", "decimal": "VARCHAR", "real": "DOUBLE", "whole": "BIGINT"}
    assert types == {name: kinds[kind] for name, kind in KINDS.items()}
