"""Headers of flattened tables that leave a field out."""

import hashlib

import pytest

from worker.pipeline import read_report
from worker.readers.cell_words import is_time
from worker.readers.flat_tables import find_flat_cells
from worker.readers.plain import find_empty_fields
from worker.report_writer import Origin
from worker.tools import load_tools


def cells(text: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {text[cell.start : cell.end]: (cell.column, cell.row) for cell in find_flat_cells(text)}


@pytest.mark.parametrize("head", ["2021年  2022年  2023年", "2021  2022  2023", "2021年末\t2022年末\t2023年末"])
def test_a_line_of_years_heads_the_one_line_below(head: str) -> None:
    found = cells(f"{head}\n投诉  12宗  9宗  15宗")

    assert [column for column, _ in (found["12宗"], found["9宗"], found["15宗"])] == [
        (year,) for year in head.replace("\t", "  ").split("  ")
    ]
    assert found["9宗"][1] == ("投诉",)


def test_an_empty_corner_of_a_narrow_table_is_a_field() -> None:
    found = cells(",受理（件）,罚款（万元）\n2021年,41,3.5\n2022年,43,3.9")

    assert found["3.9"] == (("罚款（万元）",), ("2022年",))


def test_a_header_without_the_corner_stands_over_the_figures() -> None:
    found = cells("受理,办结,未结\n东镇,41,39,2\n西镇,6,5,1")

    assert found["2"] == (("未结",), ("东镇",))
    assert found["6"] == (("受理",), ("西镇",))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("受理  办结\n东镇  41  39", id="one-row-and-no-times"),
        pytest.param("受理,办结,未结\n1,41,39,2\n2,6,5,1", id="figures-for-labels"),
        pytest.param("受理,办结\n东镇,41,39,2\n西镇,6,5,1", id="two-fields-too-few"),
    ],
)
def test_a_header_that_may_stand_elsewhere_heads_nothing(text: str) -> None:
    assert all(column == () for column, _ in cells(text).values())


def test_a_time_alone() -> None:
    texts = ("2023年第一季度", "2023年1-6月", "2023年度", "2023年度报告", "上年")

    assert [text for text in texts if is_time(text)] == ["2023年第一季度", "2023年1-6月", "2023年度"]


@pytest.mark.parametrize(
    ("row", "label", "value"),
    [
        ('"税收收入","986,000","951,230",96.5', "税收收入", "951,230"),
        ('非税收入,"218,500","280,650",', "非税收入", "280,650"),
        ('"国有资本、国有企业, 其他",12,"7",', "国有资本、国有企业,其他", "7"),
    ],
)
def test_fields_of_a_sheet_are_parted_as_sheets_part_them(row: str, label: str, value: str) -> None:
    """A comma within quotes is the field's, the quotes are not; a field that is empty at the end is one."""
    found = cells(f'项目,预算数,决算数,完成率（%）\n{row}\n一般公共预算收入,"1,204,500","1,231,880",102.3')

    assert found[value] == (("决算数",), (label,))
    assert found["102.3"] == (("完成率（%）",), ("一般公共预算收入",))


@pytest.mark.parametrize(
    "lead", ["云溪市2023年财政收支情况,,,\n", "云溪市2023年财政收支情况,,,\n单位：万元,,,\n", "单位：万元,,,\n,,,\n"]
)
def test_a_title_in_the_first_field_of_a_sheet_is_no_header(lead: str) -> None:
    found = cells(f"{lead}项目,预算数,决算数,完成率\n教育,31,35,112.9\n卫生,22,20,90.9")

    assert found["35"][0][-1] == "决算数"
    assert found["20"][1] == ("卫生",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("完成投资12亿元,增长5%,\n办结案件120件,调解成功率98%,", id="sentences-that-end-in-a-comma"),
        pytest.param('项目,预算数,决算数\n教育,"1,20,3\n卫生,22,20', id="a-quote-that-is-never-closed"),
        pytest.param("项目,预算数,决算数\n教育,31,35,7\n卫生,22,20", id="a-row-of-more-fields"),
    ],
)
def test_commas_that_part_no_sheet_head_nothing(text: str) -> None:
    assert all(column == () for column, _ in cells(text).values())


@pytest.mark.parametrize(
    ("lead", "title", "value"),
    [
        ("清河县2024年主要经济指标完成情况,,,,\n", "清河县2024年主要经济指标完成情况", "28640000000"),
        ("云溪市2023年国民经济统计公报,,,,\r\n单位：亿元,,,,\r\n", "云溪市2023年国民经济统计公报", "28640000000"),
    ],
)
def test_the_first_field_of_a_sheet_is_the_title_of_its_report(lead: str, title: str, value: str) -> None:
    """And says its place and its year; places of figures are those of the file."""
    text = f'{lead}指标名称,单位,本年,上年,增长（%）\n地区生产总值,亿元,286.4,271.9,5.3\n税收收入,万元,"158,320","151,006",4.8\n'
    data = text.encode()
    origin = Origin("0" * 20, "a.csv", "a.csv", hashlib.sha256(data).hexdigest())

    report = read_report(data, origin, load_tools(), lambda: 0.0)

    assert report.document.title == title
    assert report.document.region == title[:3]
    first = report.metrics[0]
    assert (first.value, text[first.source.start : first.source.end]) == (value, "286.4")


def test_commas_of_a_text_stay() -> None:
    """Behind what is no head of a sheet."""
    assert [*find_empty_fields("第一行\n第二行,,,\n")] == []
    assert [*find_empty_fields("甲,乙,,\n丙,,,\n")] == []
    assert [(one.start, one.end) for one in find_empty_fields("甲,,\n,,,\n乙,1,2")] == [(1, 3), (4, 7)]


def test_a_delimiter_row_below_an_empty_line_begins_another_table() -> None:
    text = (
        "|项目|新增|失效|\n|---|---|---|\n|规章|0|1|\n\n| 类别 | 数量 |\n| :--- | ---: |\n| 许可 | 12 |\n| 处罚 | 3 |\n"
    )
    found = {text[cell.start : cell.end]: (cell.row, cell.column) for cell in find_flat_cells(text) if cell.column}

    assert found["1"] == (("规章",), ("失效",))
    assert found["12"] == (("许可",), ("数量",))
    assert found["3"] == (("处罚",), ("数量",))


def test_what_is_said_of_one_header_is_not_said_of_the_next() -> None:
    """One row below a header is a table where a line of dashes says so; below another header it is none."""
    text = "|项目|新增|\n|---|---|\n|规章|1|\n以下为办理情况。\n受理  办结\n东镇  41"
    found = {text[cell.start : cell.end]: cell.column for cell in find_flat_cells(text)}

    assert found == {"项目": (), "新增": (), "规章": (), "1": ("新增",)}


@pytest.mark.parametrize(
    "measure",
    [
        *["件数", "金额", "产量", "增长率", "比例", "比重", "种植面积", "受助人次", "财政收入", "公共支出"],
        *(f"办理（{unit}）" for unit in ["元", "万元", "件", "个", "人", "户", "名", "家", "次", "项", "条", "起", "吨", "亩", "公里", "公顷", "平方米", "立方米", "千瓦", "%", "％", "‰"]),
        *("办理(单位：件)", "办理（单位件）", "办理(百 件 )", "办理（千件）", "办理（亿元）"),
    ],
)  # fmt: skip
def test_one_column_of_figures_has_a_header_that_says_what_is_measured(measure: str) -> None:
    measure = measure.replace(" ", "")
    text = f"镇街 {measure}\n东镇 41\n西镇 6"
    found = {text[cell.start : cell.end]: (cell.column, cell.row) for cell in find_flat_cells(text)}

    assert (found["41"], found["6"]) == (((measure,), ("东镇",)), ((measure,), ("西镇",)))


@pytest.mark.parametrize("other", ["办理（办）", "电话", "件数据", "办理（件）处"])
def test_one_column_under_another_header_is_no_table(other: str) -> None:
    """A telephone's number, for one."""
    assert cells(f"镇街 {other}\n东镇 41\n西镇 6") == {}


@pytest.mark.parametrize(
    "title",
    [
        "表1  行政检查情况统计表（单位：次）",
        "附表2-1    行政检查情况表\n单位：次",
        "行政检查情况统计表        单位：次",
    ],
)
def test_gaps_set_a_number_or_a_note_apart_from_the_title(title: str) -> None:
    found = cells(f"{title}\n类别    检查    整改\n日常    26    3\n专项    214    18")

    column, row = found["214"]
    assert (column[-1], row) == ("检查", ("专项",))
    assert "统计表" not in "".join(column)
