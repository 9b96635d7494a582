"""Tables to take along: each format whole, fit for what opens it, and gone once it is sent."""

import asyncio
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from page.downloads import FIGURES, FORMATS, Sheet, download

COLUMNS = (("name", "名称", "text"), ("value", "数值", "decimal"), ("number", "个数", "whole"))
ROWS = [{"name": "=甲", "value": "-3", "number": 1}, {"name": None, "value": None, "number": 2}]


def sent(kind: str, *sheets: Sheet) -> bytes:
    """The content of a download."""
    response = download(kind, "figures", sheets or (Sheet("数字", COLUMNS, ROWS),), {"asked": "everything"})
    content = Path(response.path).read_bytes()
    assert response.background is not None
    asyncio.run(response.background())
    return content


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", "\ufeffname,value,number\r\n'=甲,-3,1\r\n,,2\r\n"),
        (
            "json",
            '[\n{"name": "=甲", "value": "-3", "number": 1},\n{"name": null, "value": null, "number": 2}\n]\n',
        ),
    ],
)
def test_text_is_as_programs_and_excel_want_it(kind: str, content: str) -> None:
    assert sent(kind).decode() == content
    told = sent(kind, Sheet("数字", COLUMNS, [])).decode("utf-8-sig")
    assert told == ("[\n]\n" if kind == "json" else "name,value,number\r\n")
    assert kind != "json" or json.loads(told) == []


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
    ],
)
def test_a_file_has_its_type_and_a_name_of_its_own_and_is_gone_when_sent(kind: str, type_: str) -> None:
    response = download(kind, "figures", (Sheet("数字", COLUMNS, ROWS),), {})
    assert response.headers["content-type"] == type_
    name = re.search('filename="(.*)"', response.headers["content-disposition"])
    assert name
    assert re.fullmatch(rf"zhibiao-figures-\d{{8}}-\d{{4}}\.{kind}", name[1])
    folder = Path(response.path).parent
    assert folder.name.startswith("zhibiao-")
    assert response.background is not None
    asyncio.run(response.background())
    assert not folder.exists()
    assert kind in FORMATS


def test_a_workbook_has_every_sheet_and_each_report_once() -> None:
    """Where its rows are of reports; and what was asked for."""
    row: dict[str, Any] = {name: None for name, _, _ in FIGURES}
    figures = [
        {
            **row,
            "path": path,
            "title": f"t{path}",
            "id": f"i{path}",
            "revision": 2,
            "event_id": f"e{path}",
            "place": "甲",
        }
        for path in ("a", "b", "a")
    ]
    content = sent("xlsx", Sheet("数字", FIGURES, figures), Sheet("别的", COLUMNS, ROWS))
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {sheet.title: [list(line) for line in sheet.iter_rows(values_only=True)] for sheet in book}

    assert list(found) == ["数字", "别的", "报告", "说明"]
    assert found["数字"][0] == [title for _, title, _ in FIGURES]
    assert len(found["数字"]) == 4
    assert found["别的"] == [["名称", "数值", "个数"], ["=甲", -3, 1], [None, None, 2]]
    empty = [None] * 4
    assert [line[:3] + line[7:10] for line in found["报告"][1:]] == [
        [path, f"t{path}", "甲", f"i{path}", 2, f"e{path}"] for path in "ab"
    ]
    assert [line[3:7] for line in found["报告"][1:]] == [empty, empty]
    assert found["说明"][-1] == ["asked", "everything"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(found["说明"][1][1]))
    alone = sent("xlsx", Sheet("别的", COLUMNS, ROWS))
    assert openpyxl.load_workbook(io.BytesIO(alone)).sheetnames == ["别的", "说明"]
