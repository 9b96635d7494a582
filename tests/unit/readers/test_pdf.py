"""PDF: paragraphs, tables, pages; what cannot be read."""

from types import ModuleType

import pytest

from worker.errors import BadReport
from worker.stages.decode import read

FULL = "全市各级行政机关共受理行政复议申请，并按期办理完毕结案共"  # reaches the right edge in 16 points


def test_wrapped_lines_and_running_lines(pdfs: ModuleType) -> None:
    """A sentence goes over the page's end; header, footer and page number go; a number is no item of a list."""
    head = "市人民政府公报 2024 年第 4 期"
    pages = [
        pdfs.PdfPage().text(60, 40, head, 10).text(60, 90, "一、工作情况")
        .lines(92, 118, [FULL]).lines(60, 146, [FULL + "投资", "4835.7万元，培训领导干"]).text(280, 800, "— 1 —", 10),
        pdfs.PdfPage().text(60, 40, head, 10).lines(60, 90, ["部培训体系建设完成。", "二、存在问题"]).text(280, 800, "— 2 —", 10),
        pdfs.PdfPage().text(60, 40, head, 10).lines(60, 90, ["三、下一步打算"]).text(280, 800, "— 3 —", 10),
    ]  # fmt: skip

    reading = read(pdfs.pdf(pages))

    text = reading.text.raw
    assert text.splitlines() == [
        "一、工作情况",
        FULL + FULL + "投资4835.7万元，培训领导干",
        "部培训体系建设完成。",
        "二、存在问题",
        "三、下一步打算",
    ]
    assert [text[start : start + 3] for start in reading.page_starts] == ["一、工", "部培训", "三、下"]
    assert (reading.media_type, reading.encoding, reading.text.now) == ("application/pdf", None, text)


def test_sentence_over_a_page_end(pdfs: ModuleType) -> None:
    """It is one paragraph, and the page begins inside it."""
    pages = [
        pdfs.PdfPage().lines(60, 90, ["上年" + FULL, FULL]).text(290, 800, "1", 10),
        pdfs.PdfPage().lines(60, 90, ["结束。", "二、存在问题"]).text(290, 800, "2", 10),
    ]

    reading = read(pdfs.pdf(pages))

    assert reading.text.raw == "上年" + FULL + FULL + "结束。\n二、存在问题\n"
    assert reading.page_starts == (0, 2 + 2 * len(FULL))


def test_number_that_may_be_torn_is_flawed(pdfs: ModuleType) -> None:
    """A digit ends the line, a digit begins the next."""
    reading = read(pdfs.pdf([pdfs.PdfPage().lines(60, 90, [FULL + "12", "345件办结完毕。"])]))

    at = reading.text.raw.index("12345")
    assert [(flaw.start, flaw.end, flaw.code) for flaw in reading.text.flaws] == [(at + 1, at + 3, "torn_number")]


def test_ruled_table(pdfs: ModuleType) -> None:
    """Its cells have headers; it stands between the lines above and below."""
    rows = [["地区", "2022年", "2023年"], ["赤坎区", "120", "135.5"], ["霞山区", "98", "—"]]
    page = pdfs.PdfPage().lines(60, 60, ["收入情况表"]).text(380, 90, "单位：万元", 10)
    page.table(60, 110, rows).text(60, 300, "以上数据均为快报数。")

    reading = read(pdfs.pdf([page]))

    raw = reading.text.raw
    assert raw.splitlines() == ["收入情况表", "单位：万元", *map("\t".join, rows), "以上数据均为快报数。"]
    assert [(raw[c.start : c.end], c.column, c.row, c.caption) for c in reading.cells if c.column] == [
        ("120", ("2022年",), ("赤坎区",), "收入情况表\n单位：万元"),
        ("135.5", ("2023年",), ("赤坎区",), "收入情况表\n单位：万元"),
        ("98", ("2022年",), ("霞山区",), "收入情况表\n单位：万元"),
    ]


def test_table_over_two_pages(pdfs: ModuleType) -> None:
    """The header of the first holds on the second, and so does a label that the page's end cut off."""
    first = pdfs.PdfPage().table(60, 60, [["类别", "项目", "金额"], ["收入", "税收", "120"]])
    second = pdfs.PdfPage().table(60, 60, [["", "非税", "98.5"], ["支出", "教育", "77"]])

    reading = read(pdfs.pdf([first, second]))

    raw = reading.text.raw
    assert [(raw[c.start : c.end], c.column, c.row) for c in reading.cells if c.column] == [
        ("120", ("金额",), ("收入", "税收")),
        ("98.5", ("金额",), ("收入", "非税")),
        ("77", ("金额",), ("支出", "教育")),
    ]
    assert [raw[start : start + 2] for start in reading.page_starts] == ["类别", "非税"]


def test_scanned_pages(pdfs: ModuleType) -> None:
    """Nothing but images needs OCR; one such page among others is a warning."""
    with pytest.raises(BadReport) as caught:
        read(pdfs.pdf([pdfs.PdfPage().image(), pdfs.PdfPage().image()]))
    reading = read(pdfs.pdf([pdfs.PdfPage().lines(60, 90, [FULL, FULL]), pdfs.PdfPage().image()]))

    assert (caught.value.code, caught.value.place) == ("needs_ocr", "page 1")
    assert [(warning.code, warning.message) for warning in reading.warnings] == [
        ("page_without_text", "page 2 is an image; its text was not read")
    ]


def test_broken_pdfs(pdfs: ModuleType) -> None:
    """Locked, cut off at any place, or a head alone: an error of its own, never a crash."""
    data = pdfs.pdf([pdfs.PdfPage().lines(60, 90, [FULL])])
    codes = {}
    for name, broken in (
        ("locked", pdfs.pdf([pdfs.PdfPage()], locked=True)),
        ("head", b"%PDF-1.7\n"),
        ("cut", data[:900]),
    ):
        with pytest.raises(BadReport) as caught:
            read(broken)
        codes[name] = caught.value.code

    assert codes == {"locked": "encrypted", "head": "damaged_file", "cut": "damaged_file"}


def test_object_that_refers_to_itself(pdfs: ModuleType) -> None:
    """It is followed once, not for ever."""
    ruled = pdfs.PdfPage().table(60, 60, [["类别", "金额"], ["税收", "120"], ["非税", "98"]])
    data = pdfs.pdf([ruled, pdfs.PdfPage()])
    at = data.index(b"8 0 obj\n") + len(b"8 0 obj\n")  # the second page
    end = data.index(b"\nendobj", at)

    with pytest.raises(BadReport) as caught:
        read(data[:at] + b"8 0 R".ljust(end - at) + data[end:])

    assert (caught.value.code, caught.value.place) == ("damaged_file", "page 2")
