"""A package is walked once: nothing in it is read twice, and digits of two of its parts make no number."""

from types import ModuleType

import pytest

from worker.readers.reading import Reading
from worker.stages.decode import read

_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def box(inner: str) -> str:
    """A paragraph with a text box alone, as old programs write it."""
    return f"<w:p><w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>"


def box_for_all(inner: str) -> str:
    """The same, as Word writes it: a drawing, and a picture for old programs."""
    held = f"<w:txbxContent>{inner}</w:txbxContent>"
    choice = f"<mc:Choice><w:drawing>{held}</w:drawing></mc:Choice><mc:Fallback><w:pict>{held}</w:pict></mc:Fallback>"
    return f"<w:p><w:r><mc:AlternateContent {_MC}>{choice}</mc:AlternateContent></w:r></w:p>"


def frame(inner: str) -> str:
    """A table of one cell."""
    return f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"


def beside(*cells: str) -> str:
    """A table's row."""
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def doubted(reading: Reading) -> list[tuple[str, str]]:
    return [(flaw.code, reading.text.raw[flaw.start : flaw.end]) for flaw in reading.text.flaws]


WRAPS = {"box": box, "box for all programs": box_for_all, "frame": frame}


@pytest.mark.parametrize("outer", WRAPS)
@pytest.mark.parametrize("inner", WRAPS)
def test_boxes_and_frames_in_each_other_are_read_once(packages: ModuleType, outer: str, inner: str) -> None:
    held = WRAPS[inner](packages.paragraph("共调解纠纷485件。"))

    reading = read(packages.docx(WRAPS[outer](packages.paragraph("综述") + held) + packages.paragraph("以上。")))

    assert reading.text.raw == "综述\n共调解纠纷485件。\n以上。\n"


@pytest.mark.parametrize(("wrap", "depth"), [("box", 60), ("frame", 60), ("box for all programs", 9)])
def test_any_depth_costs_one_reading(packages: ModuleType, wrap: str, depth: int) -> None:
    """A walk that doubles with each level would not come back from the second."""
    body = packages.paragraph("共调解纠纷485件。")
    for _ in range(depth):
        body = WRAPS[wrap](body)

    assert read(packages.docx(body)).text.raw == "共调解纠纷485件。\n"


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_figure_in_a_box_in_a_cell_is_there_once(packages: ModuleType, wrap: str) -> None:
    p = packages.paragraph
    rows = beside(p("项目"), p("案件（件）")) + beside(p("行政复议"), WRAPS[wrap](p("56")))

    reading = read(packages.docx(f"<w:tbl>{rows}</w:tbl>"))

    assert reading.text.raw == "项目\t案件（件）\n行政复议\t56\n"
    assert [(c.column, c.row) for c in reading.cells if c.column] == [(("案件（件）",), ("行政复议",))]


def test_the_fallback_is_read_where_there_is_nothing_else(packages: ModuleType) -> None:
    held = f"<w:txbxContent>{packages.paragraph('附注：共12件。')}</w:txbxContent>"
    old = f"<mc:AlternateContent {_MC}><mc:Fallback><w:pict>{held}</w:pict></mc:Fallback></mc:AlternateContent>"

    assert read(packages.docx(f"<w:p><w:r>{old}</w:r></w:p>")).text.raw == "附注：共12件。\n"


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_list_counts_each_of_its_paragraphs_once(packages: ModuleType, wrap: str) -> None:
    """In the order of the file, whatever they stand in."""
    item = [packages.paragraph(text, _NUMBERED) for text in ("甲", "乙", "丙")]
    body = item[0] + WRAPS[wrap](WRAPS[wrap](item[1])) + item[2]

    reading = read(packages.docx(frame(body), word__numbering=packages.numbering("decimal", "%1.")))

    assert reading.text.raw == "1.甲\n2.乙\n3.丙\n"


def test_a_table_that_holds_a_table_lays_out_the_page(packages: ModuleType) -> None:
    """The inner one keeps its rows and headers, wherever it stands in the outer."""
    inner = packages.table([["地区", "2023年"], ["赤坎区", "135"]])
    side = packages.paragraph("栏目")
    outer = f"<w:tbl>{beside(side, packages.paragraph('正文。') + frame(inner))}{beside(side, side)}</w:tbl>"

    reading = read(packages.docx(outer))

    assert reading.text.raw == "栏目\n正文。\n地区\t2023年\n赤坎区\t135\n栏目\n栏目\n"
    assert [(c.column, c.row) for c in reading.cells if c.column] == [(("2023年",), ("赤坎区",))]


@pytest.mark.parametrize(
    ("cell", "text", "torn"),
    [
        ("{p1}{p2}", "1286  8.6%", "6  8"),
        ("{box1}{p2}", "1286  8.6%", "6  8"),
        ("{p1}{frame2}", "1286  8.6%", "6  8"),
        ("<w:p><w:r><w:t>35.</w:t><w:br/><w:t>00</w:t></w:r></w:p>", "35.  00", ".  0"),
    ],
)
def test_digits_of_two_paragraphs_of_a_cell_make_no_number(
    packages: ModuleType, cell: str, text: str, torn: str
) -> None:
    """They stay apart, and no figure is read from them."""
    one, other = packages.paragraph("1286"), packages.paragraph("8.6%")
    held = cell.format(p1=one, p2=other, box1=box(one), frame2=frame(other))
    rows = beside(packages.paragraph("项目"), packages.paragraph("数")) + beside(packages.paragraph("甲"), held)

    reading = read(packages.docx(f"<w:tbl>{rows}</w:tbl>"))

    assert reading.text.raw == f"项目\t数\n甲\t{text}\n"
    assert doubted(reading) == [("torn_number", torn)]


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("<w:r><w:t>甲12</w:t><w:tab/><w:t>345件</w:t></w:r>", "甲12  345件"),
        ("<w:r><w:t>甲7</w:t></w:r><w:r><w:ptab/></w:r><w:r><w:t>120</w:t></w:r>", "甲7  120"),
        ("<w:r><w:t>一、</w:t><w:tab/><w:t>概况</w:t></w:r>", "一、 概况"),
        ('<w:r><w:t>共513</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', "共513²"),
        ('<w:r><w:t>90m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', "90m²"),
        ("<w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>2024年</w:t></w:r>", "2023-2024年"),
        ("<w:r><w:t>甲5</w:t><w:cr/><w:t>乙7</w:t></w:r>", "甲5\n乙7"),
        ("<w:r><w:t>甲5</w:t><w:br/><w:t>乙7</w:t></w:r>", "甲5\n乙7"),
        ("<w:r><w:t/><w:t>甲5</w:t></w:r>", "甲5"),
    ],
)  # fmt: skip
def test_tabs_and_raised_marks_part_digits(packages: ModuleType, run: str, text: str) -> None:
    """One blank would make 12 345 of the first. A hyphen that holds a line together is one, and a line may end within a paragraph."""
    assert read(packages.docx(f"<w:p>{run}</w:p>")).text.raw == text + "\n"


@pytest.mark.parametrize("written", ["B1:A2", "A2:B1", "B2:A1", "A1:B2"])
def test_a_merged_range_may_be_written_from_any_corner(packages: ModuleType, written: str) -> None:
    cells = {"A1": "收入情况", "A3": "项目", "B3": "金额", "A4": "税收", "B4": 7.0}

    reading = read(packages.xlsx(cells, [written]))

    assert reading.text.raw == "表1\n收入情况\n项目\t金额\n税收\t7\n"


@pytest.mark.parametrize("written", ["C9:A1", "XFD4:A4", "A1048576:A1", "B4:B4"])
def test_any_merged_range_ends(packages: ModuleType, written: str) -> None:
    """Whatever it covers, what stands in its first cell is read."""
    cells = {"A1": "收入情况", "A3": "项目", "B3": "金额", "A4": "税收", "B4": 7.0}

    assert "税收" in read(packages.xlsx(cells, [written, "B3:A3", "A4:B3"])).text.raw


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-3", "1e9"])
def test_numbers_of_strangers_are_read_or_left_aside(packages: ModuleType, number: str) -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="{number}"/></w:tcPr>{packages.paragraph("甲")}</w:tc>'
    before = f'<w:trPr><w:gridBefore w:val="{number}"/></w:trPr>'
    place = f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr>'
    body = f"<w:tbl><w:tr>{before}{wide}</w:tr></w:tbl>" + packages.paragraph("乙", place)

    reading = read(packages.docx(body, word__numbering=packages.numbering("decimal", "%1.")))

    assert reading.text.raw.replace("1.", "") == "甲\n乙\n"
