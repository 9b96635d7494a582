"""The sheet of sources of a workbook: which reports stand behind a panel, which do not and why."""

from pathlib import Path
from typing import Any

import openpyxl

from exports.folder import Unread
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from panels.workbook import write
from schemas.report import Report
from tests.unit.panels.made import BOOK, growth, report


def rows(tmp_path: Path, sheet: str, *reports: Report, unread: tuple[Unread, ...] = ()) -> list[list[Any]]:
    made = panel_of(BOOK, sources_of(reports, Corrections(()), BOOK.kinds), ())
    write(made, tmp_path / "p.xlsx", unread, {"made": "today"})
    return [list(row) for row in openpyxl.load_workbook(tmp_path / "p.xlsx")[sheet].iter_rows(values_only=True)]


def test_each_source_says_whether_it_is_used(tmp_path: Path) -> None:
    """One that was not read whole is used, and says so; so does a file that could not be read."""
    found = rows(
        tmp_path,
        "来源",
        report(growth("5"), path="b.txt"),
        report(growth("6"), path="c.txt", place="湛江市", code=None, year="2024", warned=("table_not_read",)),
        report(growth("7"), path="d.txt", kind="audit"),
        unread=(Unread("e.txt", "is empty"),),
    )  # fmt: skip
    by_path = {row[8]: row for row in found[1:]}

    assert list(by_path) == ["b.txt", "d.txt", "c.txt", "e.txt"]
    assert by_path["b.txt"][:8] == ["广东省", "440000", "2025", "报告", None, "government_work", 1, "采用"]
    assert by_path["b.txt"][10:] == [1, "0" * 64, "4"]
    assert by_path["c.txt"][:3] == ["湛江市", None, "2024"]
    assert by_path["c.txt"][7] == "采用；部分内容未能读出"
    assert by_path["d.txt"][7] not in ("采用", "采用；部分内容未能读出", None)
    assert by_path["e.txt"] == [*[None] * 7, "未能读取：is empty", "e.txt", *[None] * 4]
