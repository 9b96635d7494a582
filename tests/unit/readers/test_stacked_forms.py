"""Tables of prescribed forms in plain text, whose headers are known."""

import pytest

from worker.readers.stacked_forms import _words_of, find_form_cells
from worker.readers.stacked_tables import find_stacked_cells

REQUESTS = ["自然人", "法人或其他组织", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
PROCEEDINGS = ["行政复议", "行政诉讼", *OUTCOMES, "未经复议直接起诉", "复议后起诉", *OUTCOMES, *OUTCOMES]


def cells(text: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(text[cell.start : cell.end], cell.row, cell.column) for cell in find_form_cells(text) if cell.column]


def row(*labels: str, first: int) -> list[str]:
    return [*labels, *(str(first + column * 3) for column in range(7))]


@pytest.mark.parametrize("gap", ["\n", "\n\n", " ", "\t", " | "])
def test_the_rows_of_requests_find_their_groups_and_columns(gap: str) -> None:
    words = [
        *REQUESTS,
        *row("一、本年新收政府信息公开申请数量", first=1),
        *row("三、本年度办理结果", "（一）予以公开", first=2),
        *row("（三）不予公开", "1.属于国家秘密", first=3),
        *row("2. 其他法律行政法规禁止公开", first=4),
        *row("（七）总计", first=5),
        *row("四、结转下年度继续办理", first=6),
    ]
    found = cells(gap.join(words))

    assert len(found) == 6 * 7
    assert found[0] == ("1", ("一、本年新收政府信息公开申请数量",), ("自然人",))
    assert found[8] == ("5", ("三、本年度办理结果", "（一）予以公开"), ("法人或其他组织", "商业企业"))
    assert found[20] == ("21", ("三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"), ("总计",))
    assert found[26][1] == ("三、本年度办理结果", "（三）不予公开", "2.其他法律行政法规禁止公开")
    assert found[34][1:] == (("三、本年度办理结果", "（七）总计"), ("总计",))
    assert found[41][1:] == (("四、结转下年度继续办理",), ("总计",))


def test_a_row_of_proceedings_has_no_label() -> None:
    found = cells("\n".join([*PROCEEDINGS, *map(str, range(20, 35)), "五、存在的问题"]))

    assert [value for value, _, _ in found] == [str(value) for value in range(20, 35)]
    assert found[0][2] == ("行政复议", "结果维持")
    assert found[9][2] == ("行政诉讼", "未经复议直接起诉", "总计")
    assert found[14][2] == ("行政诉讼", "复议后起诉", "总计")


@pytest.mark.parametrize(
    ("head", "width", "last"),
    [
        (["行政复议", *OUTCOMES], 5, ("行政复议", "总计")),
        (["行政诉讼", *OUTCOMES], 5, ("行政诉讼", "总计")),
        (["行政复议", "行政诉讼", *OUTCOMES, *OUTCOMES], 10, ("行政诉讼", "总计")),
    ],
)
def test_shorter_forms_of_proceedings(head: list[str], width: int, last: tuple[str, ...]) -> None:
    found = cells("\n".join([*head, *("0" for _ in range(width))]))

    assert len(found) == width
    assert found[-1][2] == last


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([*REQUESTS, *row("一、本年新收", first=1)[:-1]], id="one-number-too-few"),
        pytest.param([*REQUESTS, *row("一、本年新收", first=1), "9"], id="one-number-too-many"),
        pytest.param([*REQUESTS, *row(first=1)], id="no-label"),
        pytest.param([*REQUESTS[1:], *row("一、本年新收", first=1)], id="no-first-header"),
        pytest.param([*REQUESTS, *row("甲", "乙", first=1)], id="two-labels-of-one-depth"),
        pytest.param([*REQUESTS, *row("一" * 61, first=1)], id="a-label-too-long"),
        pytest.param([*PROCEEDINGS, "合计", *map(str, range(20, 35))], id="a-label-where-there-is-none"),
        pytest.param([*PROCEEDINGS, *map(str, range(20, 34))], id="fewer-proceedings"),
    ],
)
def test_where_the_count_is_wrong_nothing_is_read(words: list[str]) -> None:
    assert cells("\n".join(words)) == []


def test_a_column_below_a_corner_and_a_measure() -> None:
    found = cells("信息内容\n本年收费金额（单位：万元）\n行政事业性收费\n38.5\n考试费\n4\n四、其他")

    assert found == [
        ("38.5", ("行政事业性收费",), ("本年收费金额（单位：万元）",)),
        ("4", ("考试费",), ("本年收费金额（单位：万元）",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("信息内容\n联系人\n张三\n38", id="no-measure"),
        pytest.param("说明\n数量\n甲\n3\n乙\n4", id="no-corner"),
        pytest.param("项目\n数量\n甲\n3\n5\n乙\n4\n6", id="two-columns"),
        pytest.param("项目\n数量\n甲\n乙\n4", id="two-labels"),
        pytest.param("项目\n数量", id="no-row"),
    ],
)
def test_a_column_that_is_none(text: str) -> None:
    assert cells(text) == []


def test_cells_that_are_known_are_left() -> None:
    text = "项目\n数量\n甲\n3"
    known = tuple(find_form_cells(text))

    assert len(known) == 4
    assert list(find_form_cells(text, known)) == []
    assert [cell.start for cell in find_stacked_cells(text)] == [cell.start for cell in known]


@pytest.mark.parametrize(
    "mark",
    [
        *(f"{left}{number}{right}" for number in "一二三四五六七八九十" for left, right in (("", "、"), ("（", "）"), ("(", ")"))),
        *("1.", "1．", "1、", "12.", "十二、", "（二十一）"),
    ],
)  # fmt: skip
def test_the_mark_of_a_label_stays_with_it_and_tells_its_depth(mark: str) -> None:
    """Whatever blanks part them; a label of another depth may stand before it, none of its own."""
    assert [word.text for word in _words_of(f"x {mark} 甲|乙│丙┃丁\u3000{mark}\u3000戊")] == [
        *("x", f"{mark} 甲", "乙", "丙", "丁", f"{mark}\u3000戊"),
    ]
    depth = 2 if mark[0].isdigit() else 1 if mark[0] in "（(" else 0
    others = ["三、甲", "（三）乙", "3.丙"]
    above = others[:depth]
    found = cells("\n".join([*REQUESTS, *row(*above, f"{mark}丁", first=1)]))
    assert [labels for _, labels, _ in found] == [(*above, f"{mark}丁")] * 7
    assert cells("\n".join([*REQUESTS, *row(others[depth], f"{mark}丁", first=1)])) == []


@pytest.mark.parametrize(
    "measure",
    [
        *("件数", "金额", "数量", "比率", "比例", "比重", "面积", "人次", "收入", "支出"),
        *("件数(件)", "件数（单位：件）", "件数(单位:万元)", "件数（单位件）", "比例（％）", "比例(%)", "比例（‰）", "面积（万平方公里）"),
    ],
)  # fmt: skip
def test_a_measure_heads_a_column(measure: str) -> None:
    """What it is counted in may stand behind it, and nothing else."""
    assert [value for value, _, _ in cells(f"项目\n{measure}\n甲\n3")] == ["3"]
    for other in (f"{measure}等", f"{measure}（）", f"{measure}（一二三四五六七）"):
        assert cells(f"项目\n{other}\n甲\n3") == []
