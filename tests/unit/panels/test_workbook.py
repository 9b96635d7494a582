"""The sheet of sources of a workbook: which reports stand behind a panel, which do not and why."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exports.folder import Unread
from panels.cells import Panel
from panels.codebook import Codebook
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from panels.series import Series
from panels.text import write as write_text
from panels.workbook import write
from schemas.report import Report
from schemas.review import Review
from tests.unit.panels.made import BOOK, growth, metric, report


def rows(
    tmp_path: Path,
    sheet: str,
    *reports: Report,
    unread: tuple[Unread, ...] = (),
    reviews: tuple[Review, ...] = (),
) -> list[list[Any]]:
    made = panel_of(BOOK, sources_of(reports, Corrections(()), BOOK.kinds), reviews)
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

    assert found[0] == [
        "地区", "区划代码", "报告年份", "标题", "发文机关", "文种", "数字", "是否采用", "文件", "文档编号", "版次", "sha256", "规则版本",
    ]  # fmt: skip
    assert list(by_path) == ["b.txt", "d.txt", "c.txt", "e.txt"]
    assert by_path["b.txt"][:8] == ["广东省", "440000", "2025", "报告", None, "政府工作报告", 1, "采用"]
    assert by_path["b.txt"][10:] == [1, "0" * 64, "4"]
    assert by_path["c.txt"][:3] == ["湛江市", None, "2024"]
    assert by_path["c.txt"][7] == "采用；部分内容未能读出"
    assert by_path["d.txt"][7] not in ("采用", "采用；部分内容未能读出", None)
    assert by_path["e.txt"] == [*[None] * 7, "未能读取：is empty", "e.txt", *[None] * 4]


PLANNED = growth(
    "6", at=40, status="planned", period="2026", qualifier="about", sentence="2026年地区生产总值力争增长6%左右。"
)


def test_each_cell_stands_under_its_head_with_its_sentence(tmp_path: Path) -> None:
    """A target with its tone beside it; what is not stated says so, and leads nowhere."""
    grain = metric("粮食产量", "7", "吨", at=20, confidence=0.5)
    found = rows(
        tmp_path,
        "面板",
        report(growth("5.2"), grain, PLANNED),
        report(growth("4"), path="b.txt", code=None, place="某地"),
    )
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["面板"]
    head = found[0]

    assert head == [
        "地区", "区划代码", "年份",
        "地区生产总值增长目标（%）", "地区生产总值增长目标语气", "地区生产总值增长实绩（%）",
        "粮食产量目标（吨）", "粮食产量目标语气", "粮食产量实绩（吨）", "能耗下降（%）",
    ] or head[3:] == [
        "地区生产总值增长实绩（%）", "地区生产总值增长目标（%）", "地区生产总值增长目标语气",
        "粮食产量实绩（吨）", "粮食产量目标（吨）", "粮食产量目标语气", "能耗下降（%）",
    ]  # fmt: skip
    cells = {(row[1], row[2]): dict(zip(head, row, strict=True)) for row in found[1:]}
    now, then = cells["440000", "2025"], cells["440000", "2026"]
    assert {code for code, _ in cells} == {"440000", None}
    assert (now["地区生产总值增长实绩（%）"], now["粮食产量实绩（吨）"], now["能耗下降（%）"]) == (5.2, 7, "未载明")
    assert then["地区生产总值增长目标（%）"] == 6
    assert then["地区生产总值增长目标语气"]
    assert now["地区生产总值增长目标语气"] is None
    notes = {cell.value: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes[5.2] == "地区生产总值增长5.2%。\n报告，a.txt"
    assert notes[7] == "可信度低\n粮食产量7吨。\n报告，a.txt"
    assert "未载明" not in notes
    lines = openpyxl.load_workbook(tmp_path / "p.xlsx")["明细"]
    title = [cell.value for cell in lines[1]]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.hyperlink and isinstance(cell.value, int | float):
                line = int(str(cell.hyperlink.location).rpartition("A")[2])
                assert [one.value for one in lines[line]][title.index("数值")] == cell.value


def test_a_review_stands_in_the_note_and_one_that_fits_nothing_among_the_doubts(tmp_path: Path) -> None:
    """Each doubt names its line of the list."""
    about: dict[str, Any] = {"at": "2026-01-01", "document": report().id, "by": "甲", "note": "看过"}
    cell = {"series": "growth", "year": "2025", "status": "achieved"}
    reviews = (
        Review(action="confirm", start=0, end=4, quote="5.2%", **cell, **about),
        Review(action="correct", start=90, end=92, quote="9%", value="8", path="a.txt", **cell, **about),
    )
    grain = metric("粮食产量", "7", "吨", at=20, confidence=0.5)
    doubts = rows(tmp_path, "待核", report(growth("5.2"), grain), reviews=reviews)
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    notes = [
        cell.comment.text for row in book["面板"].iter_rows() for cell in row if cell.comment and cell.value == 5.2
    ]

    assert notes == ["已人工复核\n复核：看过 甲 2026-01-01\n地区生产总值增长5.2%。\n报告，a.txt"]
    head, first, last = doubts
    assert head[0] == "明细行"
    assert [one.value for one in book["明细"][first[0]]] == first[1:]
    assert last[:6] == [None, None, None, "2025", "growth", "此复核找不到对应的数字：更正 a.txt growth 2025 9% 8 看过"]


def test_the_method_says_what_belongs_to_each_series(tmp_path: Path) -> None:
    """By ids, names and groups of words, in which units and measures; after what was said of the making, and what the words mean."""
    found = rows(tmp_path, "方法", report(growth("5")))

    assert found == [
        ["项目", "内容"], ["made", "today"],
        ["未载明", "报告已通读，其中没有任何数字可能是此项"], ["未找到", "可能写了而没有认出：最接近的数字及其原句在批注和明细中"],
        ["读作他项", "报告已通读，其中有相近的数字，但属于另一指标、另一类数量或另一单位：见批注和明细"],
        ["有多个数值", "报告给出不同的数值，全部列出，从不取平均"], ["语气", "软：约、左右、区间；硬：以上、以内、不低于、确保；力争；无：只有数字"],
        ["地区生产总值增长", "growth: economy.gdp; %; rate_of_change"], ["粮食产量", "grain: 粮食产量; 吨, 斤; level"], ["能耗下降", "energy: 能耗; %; rate_of_change"],
    ]  # fmt: skip
    every = Series(
        "s", "甲", ids=("a.b", "a.c"), names=("乙",), words=(("丙", "丁"), ("戊",)), measures=("level", "share")
    )
    write(Panel(Codebook("t", (every,), ()), []), tmp_path / "s.xlsx", (), {})
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert [cell.value for cell in list(book["方法"])[-1]] == ["甲", "s: a.b, a.c | 乙 | 丙/丁 + 戊; ; level, share"]
    assert [cell.value for cell in book["面板"][1]] == ["地区", "区划代码", "年份", "甲"]


@pytest.mark.parametrize(
    ("read", "head", "notes"),
    [
        (["次"], "甲（次）", ["甲3次。\n报告，0.txt"]),
        (["件", "次", "次"], "甲（次、件）", ["单位：件\n甲3件。\n报告，0.txt", "单位：次\n甲4次。\n报告，1.txt", "单位：次\n甲5次。\n报告，2.txt"]),
    ],
)  # fmt: skip
def test_a_head_has_the_units_that_its_cells_are_in(
    tmp_path: Path, read: list[str], head: str, notes: list[str]
) -> None:
    """Not that which the codebook names first; where there are several, each cell says its own."""
    book = Codebook("t", (Series("s", "甲", names=("甲",), units=("件", "次")),))
    reports = [
        report(metric("甲", str(3 + at), unit, period=str(2023 + at)), path=f"{at}.txt", year=str(2023 + at), code=None)
        for at, unit in enumerate(read)
    ]
    made = panel_of(book, sources_of(reports, Corrections(()), ()), ())
    write(made, tmp_path / "p.xlsx", (), {})
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["面板"]

    assert sheet["D1"].value == head
    assert [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment] == notes


@pytest.mark.parametrize(("units", "head"), [((), "甲"), (("",), "甲"), (("", "件"), "甲"), (("件", ""), "甲（件）")])
def test_a_head_over_no_value_has_the_first_unit_of_its_series(
    tmp_path: Path, units: tuple[str, ...], head: str
) -> None:
    write(Panel(Codebook("t", (Series("s", "甲", units=units),), ()), []), tmp_path / "p.xlsx", (), {})

    assert openpyxl.load_workbook(tmp_path / "p.xlsx")["面板"]["D1"].value == head


def test_a_list_is_written_for_excel(tmp_path: Path) -> None:
    made = panel_of(BOOK, sources_of([report(growth("5.2"))], Corrections(()), BOOK.kinds), ())
    write_text(made, tmp_path / "p.csv")
    data = (tmp_path / "p.csv").read_bytes()

    assert data.startswith(b"\xef\xbb\xbfplace,region_code,year,")
    assert data.count(b"\r\n") == data.count(b"\n") == len(made.cells) + 1
    assert b"\r\r" not in data
