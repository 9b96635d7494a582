"""Tables whose columns are parted by single spaces: the header above them tells how many columns there are."""

import pytest

from worker.readers.flat_tables import find_flat_cells


def cells(text: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The column and the row of each cell, by its text."""
    return {text[cell.start : cell.end]: (cell.column, cell.row) for cell in find_flat_cells(text)}


def test_a_label_and_a_figure_for_each_column() -> None:
    found = cells("文件类别 制发件数 废止件数\n规章 11 12\n规范性文件 23 24\n")

    assert found["11"] == (("制发件数",), ("规章",))
    assert found["24"] == (("废止件数",), ("规范性文件",))


@pytest.mark.parametrize(
    ("text", "figure", "column", "row"),
    [
        ("信息内容 本年处理决定数量\n行政许可 12453\n", "12453", "本年处理决定数量", "行政许可"),
        ("信息内容\t本年处理决定数量\n行政许可\t12453\n", "12453", "本年处理决定数量", "行政许可"),
        ("站点 面积\n北站 81\n南站 77\n", "77", "面积", "南站"),
        ("收费项目 标准（元）\n停车 12\n", "12", "标准（元）", "停车"),
        ("收费项目 收费金额（万元）\n\n停车费 45.6\n", "45.6", "收费金额（万元）", "停车费"),
    ],
)
def test_one_column_whose_header_says_what_is_measured(text: str, figure: str, column: str, row: str) -> None:
    assert cells(text)[figure] == ((column,), (row,))


@pytest.mark.parametrize(
    "text",
    [
        "信息内容 负责科室\n办公室 12\n",  # a header that measures nothing
        "信息内容\t负责科室\n办公室\t12\n",
        "本年处理决定数量\t3\n行政许可\t12453\n",  # a row, and no header
        "联系电话 12345\n邮编 300100\n",  # no header
        "本年处理决定数量\n行政许可 12453\n",  # no field for the label
        "2022年 数量\n行政许可 12453 3\n",  # other fields than the header
        "办理情况如下， 数量\n行政许可 12453\n",  # a sentence
        "联系人 电话号码（办）\n张三 6221234\n",  # a bracket that holds no unit
        "项目 文号（字号）\n甲项 20230501\n",
    ],
)
def test_what_no_header_fits_has_no_headers(text: str) -> None:
    assert all(cell == ((), ()) for cell in cells(text).values())
