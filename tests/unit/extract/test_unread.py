"""A number that looks like a figure and is none is warned of; one that is rightly none is not."""

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Flaw, Text
from worker.parts import Cell
from worker.readers.tables import GridCell, find_headers
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools

TOOLS = load_tools()


def warned(text: str) -> list[tuple[str, str]]:
    """The code of each warning, and the words of the text that it points to."""
    draft = Draft(b"", "report.txt", text=Text.of(text), document=Document(period="2023"))
    return [(one.code, text[one.start : one.end]) for one in extract(draft, TOOLS).warnings]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("全县户籍人口13万2，增长3%。", "13万2"),
        ("累计发放补助5千3，惠及70户。", "5千3"),
        ("共减轻企业负担3万多亿元。", "3万多亿元"),
        ("净流出-200人。", "200人"),
        ("基本农田灌溉水价3块5。", "3块"),
        ("解决60万无房职工的困难。", "60万"),
        ("政府性基金支出预算为0。", "0"),
        ("城乡收入比由1.92缩小到1.88。", "1.88"),
        ("预计可提供约27\n公顷住宅用地。", "27"),
        ("投资占比由去年同期的1.1:50.3:48.6起步。", "1.1"),
    ],
)
def test_a_figure_that_is_left_out_is_warned_of(text: str, number: str) -> None:
    """With the place of the first."""
    assert warned(text) == [("unread_number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "2023年5月12日，第3次会议印发〔2023〕12号文件。",
        "联系电话：0668-2345678，邮编525000。",
        "1.加强领导。2.落实责任（见附件3）。",
        "开通12345热线，G15高速和国道318线通车。",
        "对2型糖尿病患者和60岁以上老年人随访。",
        "如果以1950年为100，则成绩显著[3]。",
        "几十个部门参与，数百名干部下沉，四个全面统筹推进。",
        "推广3.0版平台，建设5G网络，优化365展贸网。",
        "办结案件61件，下降3.2%。",
    ],
)
def test_what_is_rightly_no_figure_is_not(text: str) -> None:
    """Dates, ordinals, marks, names, codes, groups of people, words."""
    assert [code for code, _ in warned(text) if code.startswith("unread")] == []


def test_a_figure_of_a_text_that_lost_bytes_is_warned_of() -> None:
    """Where nothing shows that its unit is whole."""
    text = Text.of("\ufffd年初步统计。裁减员额50万。").apply([Flaw(0, 1, "decode_damage", "lost")])
    warnings = extract(Draft(b"", "report.txt", text=text, document=Document(period="2023")), TOOLS).warnings
    assert [(one.code, one.message) for one in warnings] == [
        ("unread_number", "50万 is a figure, perhaps, and could not be read")
    ]


def test_all_places_are_one_warning() -> None:
    """As those of other kinds."""
    text = "收入3万多亿元，支出2万多亿元。"
    draft = Draft(b"", "report.txt", text=Text.of(text), document=Document(period="2023"))
    (warning,) = [one for one in extract(draft, TOOLS).warnings if one.code == "unread_number"]
    assert warning.message == "3万多亿元 is a figure, perhaps, and could not be read (2 places)"


def table(*rows: str) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str]]]:
    """The figures of a table, its cells parted by bars, and what is warned of."""
    grid = [GridCell(text, row, column) for row, line in enumerate(rows) for column, text in enumerate(line.split("|"))]
    paths = find_headers(grid, ("单位：万元",) if "额" in rows[0] else ())
    text, cells = "", []
    for cell, path in zip(grid, paths, strict=True):
        cells.append(Cell(len(text), len(text) + len(cell.text), path.column, path.row, "\n".join(path.caption)))
        text += f"{cell.text}\t"
    draft = Draft(b"", "report.docx", text=Text.of(text), document=Document(period="2023"), cells=tuple(cells))
    read = extract(draft, TOOLS)
    figures = [(one.source.quote, one.indicator, one.value, one.change or "") for one in metrics_of(read)]
    return figures, [(one.code, one.message) for one in read.warnings if one.code.startswith("unread")]


def test_two_numbers_in_a_cell_are_no_label() -> None:
    """The cell stays unread, and the row has its own name."""
    figures, warnings = table("部门|受理/办结|罚没", "公安分局|12/10|3", "市监所|8/8|5", "合计|20/18|8")
    assert figures == [("3", "公安分局罚没", "3", ""), ("5", "市监所罚没", "5", ""), ("8", "罚没合计", "8", "")]
    assert warnings == [("unread_cell", "12/10 is a cell of figures, and could not be read (3 places)")]


def test_a_number_in_square_brackets_is_warned_of() -> None:
    """In tables of plans it is the sum of several years, elsewhere the mark of a note."""
    figures, warnings = table("指标|2025年|2030年", "林草补植|12|[60]", "渠系整治|7|〔35〕")
    assert [value for _, _, value, _ in figures] == ["12", "7"]
    assert warnings == [("unread_cell", "[60] is a cell of figures, and could not be read (2 places)")]


def test_numbers_behind_signs_are_classes_left_of_figures_and_figures_elsewhere() -> None:
    """A class names its row's or column's figures, and is none."""
    assert table("规模|厂数", "<50|8", "≥50|3")[0] == [("8", "<50厂数", "8", ""), ("3", "≥50厂数", "3", "")]
    assert [name for _, name, _, _ in table("行业|规模|厂数", "制茶|<50|8", "缫丝|≥50|3")[0]] == [
        "制茶<50厂数",
        "缫丝≥50厂数",
    ]
    assert table("|年纪|年纪", "地区|<18|≥18", "东街|4|6")[0] == [
        ("4", "东街年纪<18", "4", ""),
        ("6", "东街年纪≥18", "6", ""),
    ]
    assert table("指标|目标值", "到课率|≥95", "缺勤率|<3")[0] == [
        ("95", "到课率目标值", "95", ""),
        ("3", "缺勤率目标值", "3", ""),
    ]
    assert [value for _, _, value, _ in table("指标|指标值|完成值", "到课率|≥95|97", "缺勤率|≤3|2")[0]] == [
        "95",
        "97",
        "3",
        "2",
    ]


def test_a_table_of_such_cells_alone_has_a_header_all_the_same() -> None:
    """Its first row is no second header."""
    figures, warnings = table("镇街|新收/结案", "东江镇|35/31", "西河镇|27/27")
    assert (figures, len(warnings)) == ([], 1)
    assert warnings[0][1].startswith("35/31")


@pytest.mark.parametrize("number", ["35*", "△12/3", "7①", "（4）", "9（暂估）"])
def test_a_cell_that_holds_more_than_a_number_is_warned_of(number: str) -> None:
    """Notes' marks, remarks, brackets that may mean anything."""
    figures, warnings = table("事项|件数", "许可|16", f"处罚|{number}")
    assert [quote for quote, *_ in figures] == ["16"]
    assert [code for code, _ in warnings] == ["unread_cell"]


def test_a_remark_on_a_part_leaves_the_whole() -> None:
    """The number before the bracket is the cell's."""
    assert table("事项|件数", "许可|16（含线上9）", "处罚|1.5（其中简易0.3）") == (
        [("16", "许可件数", "16", ""), ("1.5", "处罚件数", "1.5", "")],
        [],
    )


def test_brackets_of_accounts_are_below_zero_under_differences() -> None:
    """And a plus says nothing."""
    figures, warnings = table("项目|金额|增减额", "税收|90|(35.2)", "规费|30|（8.0）", "其他|4|+2")
    assert [(quote, value, change) for quote, _, value, change in figures if "增减" in _] == [
        ("(35.2)", "352000", "decrease"),
        ("（8.0）", "80000", "decrease"),
        ("+2", "20000", "increase"),
    ]
    assert warnings == []


def test_a_table_without_headers_is_warned_of() -> None:
    """But for short numbers, which may number its rows."""
    text = "1978年,18.25,6.25\n1979年,17.82,6.21"
    spans = [(6, 11), (12, 16), (23, 28), (29, 33)]
    cells = tuple(Cell(start, end, (), ()) for start, end in [*spans, (0, 1)])
    draft = Draft(b"", "rates.csv", text=Text.of(text), document=Document(), cells=cells)
    messages = [one.message for one in extract(draft, TOOLS).warnings if one.code == "unread_cell"]
    assert messages == ["18.25 is a cell of figures, and could not be read (4 places)"]


@pytest.mark.parametrize("label", ["2023/5/1", "2022-03", "2021", "3号楼", "2023年度", "A12", "见附件3"])
def test_days_codes_and_words_in_a_column_of_labels_stay_labels(label: str) -> None:
    """Nothing is warned of."""
    figures, warnings = table("时间|受理", f"{label}|16", "小计|16")
    assert ([value for _, _, value, _ in figures], warnings) == (["16", "16"], [])
