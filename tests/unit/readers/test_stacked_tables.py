"""Tables with one cell to a line."""

import pytest

from worker.parts import Cell
from worker.readers.stacked_tables import find_stacked_cells


def cells(text: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {text[cell.start : cell.end]: (cell.column, cell.row) for cell in find_stacked_cells(text)}


def of_lines(*lines: str, gap: str = "\n") -> str:
    return gap.join(lines)


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n  "])
def test_rows_are_put_together_by_the_count_of_their_figures(gap: str) -> None:
    found = cells(
        of_lines("二、执法情况", "事项", "受理数", "办结数", "行政许可", "41", "39", "行政强制", "6", "5", gap=gap)
    )

    assert found["39"] == (("办结数",), ("行政许可",))
    assert found["6"] == (("受理数",), ("行政强制",))
    assert found["受理数"] == ((), ())


def test_a_table_without_a_corner_and_with_units_and_blanks() -> None:
    found = cells(
        of_lines("2022年", "2023年", "2024年", "粮食", "1.2万吨", "—", "1.4万吨", "油料", "800吨", "810吨", "820吨")
    )

    assert found["1.4万吨"] == (("2024年",), ("粮食",))
    assert found["810吨"] == (("2023年",), ("油料",))
    assert "—" not in found


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("受理数", "办结数", "行政许可", "41", "39"), id="one-row"),
        pytest.param(("受理数", "办结数", "行政许可", "41", "39", "行政强制", "6"), id="rows-of-two-lengths"),
        pytest.param(("办结数", "行政许可", "41", "39", "行政强制", "6", "5"), id="too-few-heads"),
        pytest.param(
            ("事项", "受理数", "办结数", "备注", "许可", "41", "39", "强制", "6", "5"), id="a-column-without-cells"
        ),
        pytest.param(("受理数", "办结数", "未结数", "许可", "41", "39", "强制", "6", "5"), id="one-heading-too-many"),
        pytest.param(("行政许可", "41", "行政强制", "6", "行政检查", "7"), id="one-figure-a-label"),
        pytest.param(("受理数", "办结数", "行政许可", "—", "—", "行政强制", "—", "—"), id="no-figure"),
    ],
)
def test_what_repeats_less_strictly_is_left(lines: tuple[str, ...]) -> None:
    assert cells(of_lines(*lines)) == {}


def test_prose_around_a_table_is_none_of_it() -> None:
    found = cells(
        of_lines(
            "全年情况如下。",
            "受理",
            "办结",
            "东镇",
            "41",
            "39",
            "西镇",
            "6",
            "5",
            "以上数据由各镇报送，不含市直部门。",
            "12",
        )
    )

    assert set(found) == {"受理", "办结", "东镇", "41", "39", "西镇", "6", "5"}


ROWS = ("东镇", "41", "39", "西镇", "6", "5")


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        (("表1各镇案件",), "表1各镇案件"), (("表1各镇案件", "单位：件"), "表1各镇案件\n单位：件"), (("单位：件", "事项"), None),
        (("全年情况如下。", "单位：件"), "单位：件"), (("单位：件", "全年情况如下。", "地区"), None), (("二、执法情况",), "二、执法情况"), (("（三）执法情况",), "（三）执法情况"),
        (("第十条",), None), ((), None), (("表1各镇案件", "单位：件", "事项"), None), (("单位：件", "第3章"), None),
    ],
)  # fmt: skip
def test_what_stands_above_names_the_table(above: tuple[str, ...], caption: str | None) -> None:
    """No more than two lines over it, and the corner of its head."""
    text = of_lines(*above, "受理数", "办结数", *ROWS)
    found = [*find_stacked_cells(text)]

    assert {text[cell.start : cell.end] for cell in found} == {"受理数", "办结数", *ROWS}
    assert {cell.caption for cell in found if cell.row} == {caption}
    assert {cell.table for cell in found} == {text.index("受理数")}


@pytest.mark.parametrize("above", [("简况",), ("表1各镇案件", "备注"), ("41", "备注")])
def test_a_line_above_the_head_that_may_be_a_heading_too_many_spoils_the_table(above: tuple[str, ...]) -> None:
    assert cells(of_lines(*above, "受理数", "办结数", *ROWS)) == {}


@pytest.mark.parametrize("spoilt", ["甲" * 25, "受\t理", "受|理", "受理数。", "受理数；", "受理数，", "受理数："])
def test_what_is_no_cell_ends_a_table(spoilt: str) -> None:
    assert cells(of_lines(spoilt, "办结数", *ROWS)) == {}
    assert cells(of_lines("甲" * 24, "办结数", *ROWS)) != {}


@pytest.mark.parametrize(("columns", "is_table"), [(1, False), (2, True), (11, True), (12, False)])
def test_how_many_figures_a_row_has(columns: int, *, is_table: bool) -> None:
    heads = [f"第{'一二三四五六七八九十甲乙'[column]}季" for column in range(columns)]
    rows = [line for town in ("东镇", "西镇") for line in (town, *map(str, range(11, 11 + columns)))]

    assert bool(cells(of_lines(*heads, *rows))) is is_table


def test_tables_follow_one_another_and_leave_known_cells_aside() -> None:
    """One of another width begins where the first ends; places are those of the text."""
    text = of_lines("受理数", "办结数", *ROWS, "甲", "乙", "丙", "南镇", "1", "2", "3", "北镇", "4", "—", "6")
    found = {text[cell.start : cell.end]: cell for cell in find_stacked_cells(text)}

    assert (found["5"].column, found["5"].row) == (("办结数",), ("西镇",))
    assert "1" not in found
    known = [Cell(text.index("39"), text.index("39") + 2, (), ())]
    assert [*find_stacked_cells(text, known)] == []
    beside = [Cell(text.index("南镇") - 1, text.index("南镇"), (), ())]
    assert {*found} <= {text[cell.start : cell.end] for cell in find_stacked_cells(text, beside)}
    assert found["39"].column_at == ((4, 7),)
    assert found["39"].row_at == ((8, 10),)


@pytest.mark.parametrize(
    "heading",
    [
        *(f"{mark}执法" for number in "一二三四五六七八九十" for mark in (f"{number}、", f"（{number}）", f"({number})", f"第{number}部")),
        *("二十一、执法", "（十二）执法", "(12)执法", "第十条", "第12章", "第二百一十", "第3部"),
    ],
)  # fmt: skip
def test_a_numbered_heading_stands_above_a_table(heading: str) -> None:
    """An article without its word, and a number without its mark, are headings of a column too many."""
    assert bool(cells(of_lines(heading, "受理数", "办结数", *ROWS))) is (heading != "第二百一十")
    assert cells(of_lines(heading.strip("、（）()条章部")[:1] + "项", "受理数", "办结数", *ROWS)) == {}
