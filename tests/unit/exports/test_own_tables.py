"""Tables that were written are known again, and nothing else is taken for one."""

import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest

from exports import own_tables
from exports.columns import rows_of
from exports.formats import FORMATS, written
from exports.own_tables import is_own
from tests.unit.panels.made import growth, report


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_of_each_format_is_known(kind: str, tmp_path: Path) -> None:
    """By what stands in it, whatever it is called."""
    file = tmp_path / f"renamed.{kind}"
    one = report(growth("5.2"))
    with written(kind, file) as writer:
        writer.report(one, rows_of(one))
        writer.close([], {"made": "today"})

    assert is_own(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xef\xbb\xbfprovince,city,place,region_code,level,year,period,indicator_id,"),
        ("b.json", b'[\n{"province": "x", "city": "y", "place": "z"'),
        ("c.sqlite", b'SQLite format 3\x00CREATE TABLE figures ("province" TEXT, "city" TEXT'),
    ],
)
def test_a_table_of_an_earlier_version_is_known(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    assert is_own(tmp_path / name)


def test_a_workbook_that_another_program_has_saved_again_is_known(tmp_path: Path) -> None:
    """It keeps the mark; one of before there was a mark has its sheets."""
    file = tmp_path / "t.xlsx"
    one = report(growth("5.2"))
    with written("xlsx", file, wide=True) as writer:
        writer.report(one, rows_of(one))
        writer.close([], {})
    again = openpyxl.load_workbook(file)
    again.create_sheet("mine")
    again.save(tmp_path / "again.xlsx")
    old = openpyxl.Workbook()
    for name in ("数字", "报告", "说明"):
        old.create_sheet(name)
    old.save(tmp_path / "old.xlsx")

    panel = openpyxl.Workbook()
    for name in ("面板", "明细", "方法"):
        panel.create_sheet(name)
    panel.save(tmp_path / "panel.xlsx")

    for name in ("again.xlsx", "old.xlsx", "panel.xlsx"):
        assert is_own(tmp_path / name), name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "place,region_code,value\n湛江市,440800,5\n".encode()),
        ("b.csv", "地区,年份\n湛江市,2023\n".encode("gbk")),
        ("c.json", b'{"province": "x"}'),
        ("d.xlsx", b"PK\x03\x04 cut off"),
        ("e.xlsx", b""),
        ("f.parquet", b"PAR1"),
        ("g.sqlite", b"SQLite format 3\x00"),
        ("h.txt", b"province,city,place,region_code,level,year,period,"),
        ("o.json", b'{"place": "x", "issuer": "y", "year": "z"}'),
        ("i.csv", b"\nprovince,city,place,region_code,level,year,period,"),
        ("j.json", b'{"data": {"province": "x", "city": "y", "place": "z"}}'),
        ("k.parquet", b"indicator_id pipeline_version PAR2"),
        ("l.parquet", b"indicator_id PAR1"),
        ("m.parquet", b"pipeline_version PAR1"),
        ("n.db", b'CREATE TABLE figures ("place"'),
    ],
)
def test_what_others_wrote_is_not(name: str, content: bytes, tmp_path: Path) -> None:
    """Nor what cannot be read."""
    (tmp_path / name).write_bytes(content)

    assert not is_own(tmp_path / name)
    assert not is_own(tmp_path / "absent.csv")


@pytest.mark.parametrize("sheet", ["数字", "Sheet"])
def test_another_workbook_is_not(sheet: str, tmp_path: Path) -> None:
    """Though a sheet be called as one of ours; or one of its parts be broken."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.save(tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as broken:
        broken.writestr("xl/other.xml", "")

    assert not is_own(tmp_path / "t.xlsx")
    assert not is_own(tmp_path / "broken.xlsx")


@pytest.mark.parametrize(
    ("suffixes", "content"),
    [
        ("csv CSV", b"province,city,place,region_code,level,year,period,indicator"),
        ("csv", b"\xef\xbb\xbfplace,region_code,year,series,title,status,state,value"),
        ("csv", b"place,region_code,period,x"),
        ("json ndjson jsonl", b'{"province": "x", "city": null, "place": "z", "level": 1}'),
        ("json", b'[\n\n{"province": null, "city": "", "place": "z"}'),
        ("sqlite db sqlite3", b'SQLite format 3 CREATE TABLE figures ("province" TEXT'),
        ("parquet", b"PAR1 indicator_id pipeline_version PAR1"),
    ],
)
def test_a_table_is_known_by_its_head(suffixes: str, content: bytes, tmp_path: Path) -> None:
    """Under each name that its format has; that of Parquet by its tail."""
    for suffix in suffixes.split():
        file = tmp_path / f"t.{suffix}"
        file.write_bytes(content)
        assert is_own(file)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("json", b"", b'{"province": null, "city": "", "place": '),
        ("sqlite", b"", b'CREATE TABLE figures ("province"'),
        ("parquet", b"indicator_id pipeline_version", b"PAR1"),
    ],
)
def test_what_lies_further_in_is_not_looked_for(kind: str, before: bytes, after: bytes, tmp_path: Path) -> None:
    for length in (65_536, 65_537):
        (tmp_path / f"{length}.{kind}").write_bytes(before + b" " * (length - len(before) - len(after)) + after)

    assert [is_own(tmp_path / f"{length}.{kind}") for length in (65_536, 65_537)] == [True, False]


@pytest.mark.parametrize(
    "error",
    [OSError, zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError],
    ids=lambda error: error.__name__,
)
def test_one_that_cannot_be_read_is_none_of_ours(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off, damaged or encrypted."""

    def fails(_: object) -> bool:
        raise error

    monkeypatch.setitem(own_tables._LOOKS, ".xlsx", fails)
    assert not is_own(tmp_path / "t.xlsx")
