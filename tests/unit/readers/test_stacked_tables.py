"""Tables with one cell to a line."""

import pytest

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
