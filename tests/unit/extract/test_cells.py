"""Figures of tables."""

import pytest

from schemas.report import Document
from worker.draft import Cell, Draft
from worker.edits import Text
from worker.stages.extract import extract
from worker.tools import load_tools


def read(cell: str, column: tuple[str, ...], row: tuple[str, ...], caption: str | None = None) -> list[list[str]]:
    text = f"表\n{cell}\n全年受理623件。"
    draft = Draft(
        b"",
        "report.html",
        text=Text.of(text),
        document=Document(period="2023"),
        cells=(Cell(2, 2 + len(cell), column, row, caption),),
    )
    metrics = extract(draft, load_tools()).metrics
    assert metrics[-1].source.quote == "623件"
    return [[m.source.quote, m.indicator, m.value, m.unit, m.change or "", m.period or ""] for m in metrics[:-1]]


@pytest.mark.parametrize(
    ("cell", "column", "row", "caption", "figure"),
    [
        ("95", ("自然人",), ("一、本年新收申请数量",), None, ["95", "新收申请数量自然人", "95", "", "", "2023"]),
        (
            "2291.6",
            ("3月末",),
            ("存款余额",),
            "单位：亿元",
            ["2291.6", "存款余额", "229160000000", "元", "", "..2023-03"],
        ),
        (
            "-26.3",
            ("比年初增减额",),
            ("存款余额",),
            "单位：亿元",
            ["-26.3", "存款余额比年初增减额", "2630000000", "元", "decrease", "2023"],
        ),
        ("62.2", ("增长（%）",), ("出口",), "单位：万美元", ["62.2", "出口增长", "62.2", "%", "increase", "2023"]),
        ("41.7", ("比重",), ("出口",), "单位：万美元", ["41.7", "出口比重", "41.7", "", "", "2023"]),
        ("7545", ("收费金额（单位：万元）",), ("收费",), None, ["7545", "收费收费金额", "75450000", "元", "", "2023"]),
        ("12件", ("办结",), ("投诉",), None, ["12件", "投诉办结", "12", "件", "", "2023"]),
    ],
)
def test_headers_name_and_measure(
    cell: str, column: tuple[str, ...], row: tuple[str, ...], caption: str | None, figure: list[str]
) -> None:
    """Row, then column; the unit of the cell, of the nearest header, or of the caption."""
    assert read(cell, column, row, caption) == [figure]


@pytest.mark.parametrize("cell", ["2023年", "3号", "见附件", "12 15", ""])
def test_other_cells_hold_no_figure(cell: str) -> None:
    """Years, codes and several numbers at once."""
    assert read(cell, ("数量",), ("申请",)) == []


def test_cells_without_headers_hold_no_figure() -> None:
    """A number alone says nothing."""
    assert read("12", (), ()) == []
