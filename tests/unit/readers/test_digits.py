"""Digits of two places that meet on the way to one text, in web pages and PDF files."""

from types import ModuleType

import pytest

from worker.readers.reading import Reading
from worker.stages.decode import read

PAGE = (
    "<html><body><h1>湛江市2023年法治政府建设报告</h1><p>全市法治政府建设工作在过去的一年里取得了新的成效和进展，"
    "主要情况如下所述。</p>{}</body></html>"
)
TABLE = "<table><tr><td>项目</td><td>数</td></tr><tr><td>复议</td><td>{}</td></tr></table>"


def doubted(reading: Reading) -> list[str]:
    return [reading.text.raw[flaw.start : flaw.end] for flaw in reading.text.flaws if flaw.code == "torn_number"]


@pytest.mark.parametrize(
    ("cell", "seen", "torn"),
    [
        ("<p>1286</p><p>8.6%</p>", "1286  8.6%", ["6</p><p>8"]),
        ("12<br>345", "12  345", ["2<br>3"]),
        ("<div>7,</div>120", "7,  120", [",</div>1"]),
        ("办结<br>12<br>件", "办结12件", []),
        ("<b>12</b><i>3</i>", "123", []),
    ],
)
def test_lines_of_a_cell_of_a_web_page(cell: str, seen: str, torn: list[str]) -> None:
    """Lines of their own are two texts; what is set on in another type is one."""
    reading = read(PAGE.format(TABLE.format(cell)).encode())

    assert (reading.text.now.rpartition("\t")[2], doubted(reading)) == (seen, torn)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("共办结513<sup>1</sup>件。", "共办结513¹件。"),
        ("面积为10<sup>4</sup>平方米。", "面积为10⁴平方米。"),
        ("共办结513<sup>[2]</sup>件。", "共办结513[²]件。"),
        ("绿地90m<sup>2</sup>。", "绿地90m²。"),
        ("共办结513<sup>&#50;</sup>件。", "共办结513²件。"),
    ],
)
def test_raised_digits_of_a_web_page_are_none_of_the_number(written: str, seen: str) -> None:
    assert read(PAGE.format(f"<p>{written}</p>").encode()).text.now.splitlines()[-1] == seen


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize(
    ("one", "gap", "other", "torn"),
    [
        ("共办结12", 5, "345件", []),  # groups of three
        ("共办结12", 12, "345件", ["2 3"]),
        ("共办结12", 90, "345件", ["2 3"]),
        ("投资1,204", 30, "567万元", ["4 5"]),
        ("共办结12", 90, "34件", []),  # no group: nobody reads it as one number
    ],
)
def test_a_wide_gap_of_a_pdf_makes_no_group_of_three(
    pdfs: ModuleType, one: str, gap: float, other: str, torn: list[str], *, ruled: bool
) -> None:
    """PDFium and pdfplumber write one blank, however wide it is."""
    page = pdfs.PdfPage().text(60, 270, "以下为全年的主要情况。").text(60, 300, one)
    page.text(60 + sum(8 if char.isascii() else 16 for char in one) + gap, 300, other)
    if ruled:
        page.table(60, 60, [["类别", "金额"], ["税收", "120"], ["非税", "98"]])

    reading = read(pdfs.pdf([page]))

    assert f"{one} {other}" in reading.text.raw
    assert doubted(reading) == torn


def test_two_lines_of_a_cell_of_a_pdf(pdfs: ModuleType) -> None:
    page = pdfs.PdfPage().table(60, 60, [["类别", "金额"], ["税收", "120"], ["非税", "98"]])
    page.text(164, 97, "456", 8)

    reading = read(pdfs.pdf([page]))

    assert "税收\t120  456\n" in reading.text.raw
    assert doubted(reading) == ["0  4"]
