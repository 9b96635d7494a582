"""Which headers and labels a cell gets."""

from collections.abc import Sequence

import pytest

from worker.readers.cell_words import plain
from worker.readers.flat_tables import find_flat_cells
from worker.readers.pdf_tables import without_strays
from worker.readers.tables import GridCell, Path, find_headers

Rows = Sequence[Sequence[str]]


def grid(rows: Rows) -> list[GridCell]:
    """Cells of a table drawn in text: ``<`` goes on with the cell to the left, ``^`` with the one above."""
    cells: dict[tuple[int, int], GridCell] = {}
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            above, left = owners.get((row - 1, column)), owners.get((row, column - 1))
            owner = above if text == "^" else left if text == "<" else None
            owners[row, column] = owner or (row, column)
            if owner is None:
                cells[row, column] = GridCell(text, row, column)
            else:
                held = cells[owner]
                cells[owner] = GridCell(held.text, *owner, row - owner[0] + 1, column - owner[1] + 1)
    return list(cells.values())


def paths(rows: Rows, above: Sequence[str] = ()) -> dict[str, Path]:
    """The words of each cell's path, after a look at the cells and lines that it says they stand in."""
    cells = grid(rows)
    found = find_headers(cells, above)
    texts = [*(cell.text for cell in cells), *above]
    for path in found:
        places = ((path.column, path.column_at), (path.row, path.row_at), (path.caption, path.caption_at))
        for words, at in places:
            assert [word.removeprefix("单位：") in plain(texts[one]) for word, one in zip(words, at, strict=True)] == [
                True
            ] * len(words)
    named = ((cell.text, path) for cell, path in zip(cells, found, strict=True) if path.column or path.row)
    return {text: Path(path.column, path.row, path.caption) for text, path in named}


def test_header_and_label() -> None:
    """The plainest table; headers and labels themselves have no path."""
    assert paths([["地区", "2022年", "2023年"], ["赤坎区", "120", "135"], ["霞山区", "98", "—"]]) == {
        "120": Path(("2022年",), ("赤坎区",)),
        "135": Path(("2023年",), ("赤坎区",)),
        "98": Path(("2022年",), ("霞山区",)),
    }


def test_headers_over_several_rows_and_columns() -> None:
    """Outermost first; a header that covers two rows counts once."""
    rows = [["项目", "收入", "<", "备注"], ["^", "预算数", "决算数", "^"], ["税收", "120", "135", "按期"]]

    assert paths(rows) == {
        "120": Path(("收入", "预算数"), ("税收",)),
        "135": Path(("收入", "决算数"), ("税收",)),
    }


def test_two_tables_side_by_side() -> None:
    """Each figure takes the label nearest on its left: the budget sheets' income beside expenditure."""
    rows = [
        ["项目", "预算数", "项目", "预算数"],
        ["一、拨款", "100", "一、教育", "90"],
        ["二、其他", "20", "二、卫生", "30"],
    ]

    assert paths(rows)["90"] == Path(("预算数",), ("一、教育",))
    assert paths(rows)["20"] == Path(("预算数",), ("二、其他",))


def test_codes_number_the_rows() -> None:
    """Neither a code nor a row's number is a figure."""
    rows = [
        ["科目编码", "<", "科目名称", "行次", "金额"],
        ["类", "款", "^", "^", "^"],
        ["栏次", "<", "<", "1", "2"],
        ["201", "06", "财政事务", "1", "84.5"],
        ["合计", "<", "<", "2", "97"],
    ]

    assert paths(rows) == {"84.5": Path(("金额",), ("财政事务",)), "97": Path(("金额",), ("合计",))}


def test_years_label_rows() -> None:
    """A column of years holds labels."""
    assert paths([["年份", "总值"], ["2019", "1,204"], ["2020", "1300"]])["1300"] == Path(("总值",), ("2020",))


def test_parts_of_an_item() -> None:
    """其中 hangs on the label above."""
    rows = [["指标", "数额"], ["存款", "100"], ["其中：住户", "50"], ["其中：企业", "40"], ["贷款", "70"]]

    assert paths(rows)["40"] == Path(("数额",), ("存款", "其中：企业"))
    assert paths(rows)["70"] == Path(("数额",), ("贷款",))


def test_a_part_beside_its_whole() -> None:
    """其中 hangs on the header to the left."""
    rows = [["月份", "用电量", "其中：工业"], ["一月", "100", "50"]]

    assert paths(rows)["50"] == Path(("用电量", "其中：工业"), ("一月",))


def test_a_column_of_units() -> None:
    """It is said what they are."""
    rows = [["指标", "计量单位", "2022年"], ["产值", "亿元", "100"]]

    assert paths(rows)["100"] == Path(("2022年",), ("产值", "单位：亿元"))


def test_what_is_compared_belongs_to_the_time_before_it() -> None:
    """Without it two columns would have one name."""
    rows = [["指标", "3月末", "比年初", "4月末", "比年初"], ["存款", "100", "3", "104", "7"]]

    assert paths(rows)["3"] == Path(("3月末", "比年初"), ("存款",))
    assert paths(rows)["7"] == Path(("4月末", "比年初"), ("存款",))


def test_new_part_has_a_new_header() -> None:
    """A row over the whole width begins it; its own title replaces the first part's."""
    rows = [
        ["第（一）项", "<", "<"],
        ["内容", "制发数", "废止数"],
        ["规章", "3", "1"],
        ["第（五）项", "<", "<"],
        ["内容", "决定数", "<"],
        ["许可", "9487", "<"],
    ]

    assert paths(rows) == {
        "3": Path(("制发数",), ("规章",), ("第（一）项",)),
        "1": Path(("废止数",), ("规章",), ("第（一）项",)),
        "9487": Path(("决定数",), ("第（五）项", "许可")),
    }


def test_repeated_header_is_no_data() -> None:
    """A long table repeats its header on each page."""
    rows = [["项目", "数额"], ["甲", "1.5"], ["项目", "数额"], ["乙", "2.5"]]

    assert paths(rows)["2.5"] == Path(("数额",), ("乙",))


def test_row_of_words_keeps_the_header() -> None:
    """It may be data: the figures below it keep their names."""
    rows = [["项目", "数额", "进度"], ["甲", "1.5", "3%"], ["乙", "未定", "缓办"], ["丙", "2.5", "4%"]]

    assert paths(rows)["2.5"] == Path(("数额",), ("丙",))


def test_units_may_change_within_a_table() -> None:
    """Two tables of a communiqué in one grid: each figure gets the note above it."""
    rows = [
        ["金融", "<", "<"],
        ["", "", "单位：亿元"],
        ["指标", "3月末", "增减"],
        ["存款", "2291.6", "34.8"],
        ["外贸", "<", "<"],
        ["", "", "单位：万美元"],
        ["指标", "1-3月", "增长"],
        ["出口", "6939.2", "-39.5"],
    ]

    assert paths(rows)["34.8"].caption == ("金融", "单位：亿元")
    assert paths(rows)["-39.5"] == Path(("增长",), ("出口",), ("外贸", "单位：万美元"))


@pytest.mark.parametrize("row", [["甲", "—", "3"], ["甲", "", "3"], ["甲", "／", "3"]])
def test_blank_marks_are_no_figures(row: list[str]) -> None:
    """A dash says that there is none."""
    assert paths([["项目", "数额", "件数"], ["乙", "1", "2"], row])["3"] == Path(("件数",), ("甲",))


def flat(text: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(text[cell.start : cell.end], cell.column, cell.row) for cell in find_flat_cells(text)]


@pytest.mark.parametrize("gap", ["\t", "   ", " | "])
def test_flat_table_with_its_fields_apart(gap: str) -> None:
    """Each row has as many fields as the header: they get their headers."""
    rows = [["指标", "2022年", "2023年"], ["总值", "1,204.5", "1300"], ["税收", "120", "135"]]
    text = "现将情况报告如下。\n" + "\n".join(map(gap.join, rows)) + "\n全年完成120件。"

    assert flat(text)[4:6] == [("1,204.5", ("2022年",), ("总值",)), ("1300", ("2023年",), ("总值",))]
    assert len(flat(text)) == 9


def test_flat_table_that_lost_its_fields() -> None:
    """One blank between label and numbers: which is which is not known, so that no figure is read."""
    text = "信息内容 本年制发件数 现行有效件数\n规章 0 8\n行政规范性文件 3 0 8\n全年制发3件。"

    assert flat(text) == [(word, (), ()) for word in ("规章", "0", "8", "行政规范性文件", "3", "0", "8")]


def test_flat_table_with_a_cell_a_line() -> None:
    """As copied from some sites: numbers alone on their lines."""
    assert flat("合计\n95\n0\n12\n31\n全年受理95件。") == [(number, (), ()) for number in ("95", "0", "12", "31")]


@pytest.mark.parametrize(
    "text",
    [
        "全年受理95件，办结90件。\n同比增长5%，下降3%。",
        "一、总体情况\n二、主动公开情况\n三、存在问题",
        "政 府 工 作 报 告\n2019 年 1 月\n2020 年 2 月",
        "时间：2024-04-11 09:19:41    来源：市司法局\n浏览次数：120",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    """Sentences, headings and dates stay what they are."""
    assert flat(text) == []


def test_a_stray_line_in_a_header_parts_nothing() -> None:
    """The header below reaches under both pieces; an empty corner and an empty column stay as they are."""
    head = [GridCell("", 0, 0, 2), GridCell("", 0, 1, 1, 2), GridCell("行政诉讼", 0, 3, 1, 2), GridCell("", 0, 5)]
    below = [GridCell("直接起诉", 1, 1, 1, 3), GridCell("复议后起诉", 1, 4), GridCell("合计", 1, 5)]
    data = [GridCell(text, 2, column) for column, text in enumerate(("件数", "1", "0", "0", "2", ""))]

    cells = without_strays([*head, *below, *data])

    assert cells == [head[0], GridCell("行政诉讼", 0, 1, 1, 4), head[3], *below, *data]


def test_an_empty_cell_between_two_headers_belongs_to_neither() -> None:
    """Where headers below reach under it from both sides, the lines tell nothing."""
    head = [GridCell("收入", 0, 0, 1, 2), GridCell("", 0, 2, 1, 2), GridCell("支出", 0, 4, 1, 2)]
    below = [GridCell("预算", 1, 0), GridCell("决算", 1, 1, 1, 2), GridCell("合计", 1, 3, 1, 2), GridCell("其他", 1, 5)]

    assert without_strays([*head, *below]) == [*head, *below]


@pytest.mark.parametrize(
    ("rows", "figure", "label"),
    [
        ([["事项", "数量"], ["行政处罚", "1973"], ["行政强制", "26"]], "1973", "行政处罚"),
        ([["站点", "客流", "票款"], ["北站", "2018", "1960"], ["南站", "31", "7"]], "2018", "北站"),
    ],
)
def test_numbers_that_look_like_years_are_figures_beside_a_label(rows: Rows, figure: str, label: str) -> None:
    found = paths(rows)

    assert found[figure].row == (label,)
    assert figure not in found[rows[2][1]].column


@pytest.mark.parametrize(
    "rows",
    [
        [["指标", "数值"], ["", "1973"], ["收入", "26"]],
        [["指标", "数值", "数值"], ["年份", "2018", "1960"], ["收入", "26", "27"]],
        [["指标", "数值", "数值"], ["项目", "2022", "2023"], ["收入", "26", "27"]],
    ],
)
def test_years_under_a_header_go_on_with_it(rows: Rows) -> None:
    found = paths(rows)

    assert found["26"].column[-1] == rows[1][1]
