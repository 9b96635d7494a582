"""Figures of tables."""

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.tables.table_figures import _Dated
from worker.figure import Figure, Said
from worker.parts import Cell, Heading, Span
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools


def read(cell: str, column: tuple[str, ...], row: tuple[str, ...], caption: str | None = None) -> list[list[str]]:
    text = f"表\n{cell}\n全年受理623件。"
    draft = Draft(
        b"",
        "report.html",
        text=Text.of(text),
        document=Document(period="2023"),
        cells=(Cell(2, 2 + len(cell), column, row, caption),),
    )
    metrics = metrics_of(extract(draft, load_tools()))
    assert metrics[-1].source.quote == "623件"
    return [[m.source.quote, m.indicator, m.value, m.unit, m.change or "", m.period or ""] for m in metrics[:-1]]


@pytest.mark.parametrize(
    ("cell", "column", "row", "caption", "figure"),
    [
        ("95", ("自然人",), ("一、本年新收申请数量",), None, ["95", "新收申请数量自然人", "95", "", "", "2023"]),
        (
            "2291.6",
            ("3月末",),
            ("存款余额",),
            "单位：亿元",
            ["2291.6", "存款余额", "229160000000", "元", "", "..2023-03"],
        ),
        (
            "-26.3",
            ("比年初增减额",),
            ("存款余额",),
            "单位：亿元",
            ["-26.3", "存款余额比年初增减额", "2630000000", "元", "decrease", "2023"],
        ),
        ("812", ("年末总户数",), ("2021年",), None, ["812", "总户数", "812", "", "", "..2021-12"]),
        ("812", ("2019年", "1-6月"), ("受理",), None, ["812", "受理", "812", "", "", "2019-01/2019-06"]),
        ("812", ("本年完成",), ("2021年立项工程",), None, ["812", "立项工程完成", "812", "", "", "2023"]),
        ("62.2", ("增长（%）",), ("出口",), "单位：万美元", ["62.2", "出口增长", "62.2", "%", "increase", "2023"]),
        (
            "95.2",
            ("决算数为上年决算数的%",),
            ("契税",),
            None,
            ["95.2", "契税决算数为上年决算数的比例", "95.2", "%", "", "2023"],
        ),
        *(
            (
                "102",
                (f"{to}2022年执行数之比(%)",),
                ("契税",),
                None,
                ["102", f"契税{to}2022年执行数之比", "102", "%", "", "2023"],
            )
            for to in "与同和"
        ),
        ("8.1", ("占上年度用电量的比重",), ("煤电",), None, ["8.1", "煤电占上年度用电量的比重", "8.1", "", "", "2023"]),
        ("31", ("2022年占比%",), ("煤电",), None, ["31", "煤电占比", "31", "%", "", "2022"]),
        ("≥95%", ("目标值",), ("满意度",), None, ["95%", "满意度目标值", "95", "%", "", "2023"]),
        ("约 1.2万人", ("规模",), ("会展",), None, ["1.2万人", "会展规模", "12000", "人", "", "2023"]),
        ("41.7", ("比重",), ("出口",), "单位：万美元", ["41.7", "出口比重", "41.7", "", "", "2023"]),
        ("7545", ("收费金额（单位：万元）",), ("收费",), None, ["7545", "收费金额", "75450000", "元", "", "2023"]),
        (
            "1.2",
            ("面积（公顷）", "比上年±%"),
            ("全县",),
            None,
            ["1.2", "全县面积比上年", "1.2", "%", "increase", "2023"],
        ),
        ("6.1", ("增长",), ("出口",), "单位：万元", ["6.1", "出口增长", "6.1", "", "increase", "2023"]),
        ("6.1", ("增减额",), ("出口",), "单位：万元", ["6.1", "出口增减额", "61000", "元", "increase", "2023"]),
        (
            "34",
            ("比上年增减", "金额"),
            ("支出",),
            "单位：万元",
            ["34", "支出比上年增减金额", "340000", "元", "increase", "2023"],
        ),
        ("12", ("用电量",), ("合计",), "单位：万千瓦时", ["12", "用电量合计", "120000", "千瓦时", "", "2023"]),
        ("2.9", ("2022年",), ("能耗降低（%）",), None, ["2.9", "能耗降低", "2.9", "%", "decrease", "2022"]),
        ("186.4", ("2022年",), ("产值", "单位：亿元"), None, ["186.4", "产值", "18640000000", "元", "", "2022"]),
        ("12", ("2022年",), ("1", "单位：县应急局"), None, ["12", "1县应急局", "12", "", "", "2022"]),
        ("98.0", ("完成预算的%",), ("税收",), "单位：万元，%", ["98.0", "税收完成预算", "98.0", "%", "", "2023"]),
        ("-0.7", ("自然增长率（‰）",), ("2021",), None, ["-0.7", "自然增长率", "-0.7", "‰", "", "2021"]),
        ("12件", ("办结",), ("投诉",), None, ["12件", "投诉办结", "12", "件", "", "2023"]),
    ],
)
def test_headers_name_and_measure(
    cell: str, column: tuple[str, ...], row: tuple[str, ...], caption: str | None, figure: list[str]
) -> None:
    """Row, then column; the unit of the cell, of the nearest header, or of the caption."""
    assert read(cell, column, row, caption) == [figure]


@pytest.mark.parametrize("cell", ["2023年", "3号", "见附件", "12 15", ""])
def test_other_cells_hold_no_figure(cell: str) -> None:
    """Years, codes and several numbers at once."""
    assert read(cell, ("数量",), ("申请",)) == []


def test_cells_without_headers_hold_no_figure() -> None:
    """A number alone says nothing."""
    assert read("12", (), ()) == []


TITLE = "2023年支出预算表\n单位：元"


@pytest.mark.parametrize(
    ("column", "row", "caption", "name"),
    [
        (("本年支出", "预算数", "合计"), ("支出总计",), TITLE, "支出总计"),
        (("本年支出", "预算数", "合计"), ("二、教育支出",), TITLE, "教育支出合计"),
        (("支出预算", "基本支出"), ("合计",), TITLE, "基本支出合计"),
        (("合计",), ("合计",), TITLE, "支出预算合计"),
        (("本年支出合计",), ("教育支出",), None, "教育支出合计"),
        (("本年数",), ("二、上年结转申请",), None, "上年结转申请数"),
        (("年末结转和结余",), ("教育",), None, "教育年末结转和结余"),
        (("出口",), ("进出口总额",), None, "进出口总额出口"),
        (("2023年",), ("进出口总额", "#出口"), None, "进出口总额出口"),
        (("申请人情况", "自然人"), ("（二）部分公开（区分处理的，只计这一情形）",), None, "部分公开自然人"),
        (("因公出国（境）费",), (), None, "因公出国(境)费"),
    ],
)
def test_a_name_says_each_thing_once(column: tuple[str, ...], row: tuple[str, ...], caption: str, name: str) -> None:
    """Words of a total, of the budget and of the outer header go where others say them."""
    assert [figure[1] for figure in read("95", column, row, caption)] == [name]


def both_sides() -> list[str]:
    text = "4\t3"
    cells = tuple(Cell(at, at + 1, ("接待费", side), (), "支出决算表") for at, side in ((0, "预算数"), (2, "决算数")))
    draft = Draft(b"", "report.html", text=Text.of(text), document=Document(period="2023"), cells=cells)
    return [f"{metric.indicator} {metric.status}" for metric in metrics_of(extract(draft, load_tools()))]


def test_budget_and_accounts_side_by_side_are_told_apart() -> None:
    """Both are reached: the budget of a year that is over."""
    assert both_sides() == ["接待费预算数 achieved", "接待费决算数 achieved"]


@pytest.mark.parametrize(
    ("header", "caption", "document", "period", "status"),
    [
        ("金额", "2024年收入预算总表", Document(period="2024"), "2024", "planned"),
        ("金额", "一般公共预算收入完成情况表", Document(period="2024"), "2024", "achieved"),
        ("金额", "一般公共预算支出表", Document(period="2024"), "2024", "achieved"),
        (
            "金额",
            "一般公共预算支出表",
            Document(period="2024", kind="budget", title="2024年部门预算"),
            "2024",
            "planned",
        ),
        ("金额", "收支表", Document(period="2024", kind="budget", title="2024年预算执行情况"), "2024", "achieved"),
        ("上年决算数", "2024年收入预算总表", Document(period="2024"), "2023", "achieved"),
        ("2025年目标", None, Document(period="2024"), "2025", "planned"),
        ("2023年", "收入预算总表", Document(period="2024"), "2023", "achieved"),
        ("金额", "2022年收入决算表", Document(period="2024"), "2022", "achieved"),
        ("3月末", None, Document(), None, "achieved"),
        ("3月末", "2022年存款表", Document(), "..2022-03", "achieved"),
    ],
)
def test_title_and_header_say_when_and_whether(
    header: str, caption: str | None, document: Document, period: str | None, status: str
) -> None:
    """A budget is planned for its own year; the title's year holds where no header gives another."""
    draft = Draft(
        b"", "a.html", text=Text.of("95"), document=document, cells=(Cell(0, 2, (header,), ("收入",), caption),)
    )
    found = [(metric.period, metric.status) for metric in metrics_of(extract(draft, load_tools()))]

    assert found == [(period, status)]


def test_a_time_without_its_year_stays_in_the_name() -> None:
    """It alone tells the months' cells apart."""
    cells = tuple(Cell(at, at + 1, (header,), ("存款",)) for at, header in ((0, "3月末"), (2, "4月末")))
    draft = Draft(b"", "a.html", text=Text.of("4\t3"), cells=cells)

    assert [metric.indicator for metric in metrics_of(extract(draft, load_tools()))] == ["存款3月末", "存款4月末"]


@pytest.mark.parametrize(
    ("column", "row", "caption", "said"),
    [
        ("处罚案件数", "城管局", "单位：件、万元", ("5", "件")),
        ("罚没金额", "城管局", "单位：件、万元", ("50000", "元")),
        ("培训", "城管局", "单位：件、万元", ("5", "")),
        ("在校生", "小学", "单位：人、%", ("5", "人")),
        ("升学率", "小学", "单位：人、%", ("5", "%")),
        ("升学率", "小学", "单位：人、个", ("5", "")),
        ("2024年", "教育支出", "单位：万元,人", ("50000", "元")),
        ("2024年", "教职工", "单位：万元,人", ("5", "人")),
        ("2024年", "教育支出", "单位：万元,下同", ("50000", "元")),
        ("2024年", "企业经费", "单位：家、个、万元", ("50000", "元")),
    ],
)
def test_of_several_units_each_label_takes_the_one_that_it_admits(
    column: str, row: str, caption: str, said: tuple[str, str]
) -> None:
    """None where it does not say which; a rate is in no unit of things."""
    assert [(value, unit) for _, _, value, unit, _, _ in read("5", (column,), (row,), caption)] == [said]


#: Where the labels of a row and a column, and the lines of a caption, stand in the file.
PLACES = {
    f"{side} {number}": (100 * number + of, 100 * number + of + 4)
    for of, side in enumerate(("row", "column", "caption"))
    for number in range(2)
}


def placed(number: str, column: tuple[str, ...], row: tuple[str, ...], caption: str | None) -> Figure:
    said = {"row_at": row, "column_at": column, "caption_at": (caption or "").split("\n") if caption else ()}
    here = {name: tuple(PLACES[f"{name[:-3]} {at}"] for at in range(len(words))) for name, words in said.items()}
    cell = Cell(0, len(number), column, row, caption, **here)
    draft = Draft(b"", "a.html", text=Text.of(number), document=Document(period="2023"), cells=(cell,))
    (figure,) = extract(draft, load_tools()).figures
    return figure


@pytest.mark.parametrize(
    ("column", "row", "caption", "at"),
    [
        (("本年", "2021年末"), ("收入", "合计"), None, "column 1"),
        (("2021年", "金额"), ("收入", "合计"), None, "column 0"),
        (("2021年", "1-6月"), ("收入", "合计"), None, "column 1"),
        (("金额",), ("收入", "2021年末"), None, "row 1"),
        (("金额",), ("2021年", "收入"), None, "row 0"),
        (("年末", "金额"), ("收入", "2021年"), None, "column 0"),
        (("金额",), ("收入",), "收支\n2021年预算表", "caption 1"),
        (("2022年",), ("收入",), "收支\n2021年预算表", "column 0"),
        (("金额",), ("收入",), None, None),
    ],
)
def test_a_figure_has_the_place_of_what_dates_it(
    column: tuple[str, ...], row: tuple[str, ...], caption: str | None, at: str | None
) -> None:
    """Of the label itself, wherever it stands among those of the row and the column; else of the line of the title."""
    assert placed("95", column, row, caption).period_at == (PLACES[at] if at else None)


@pytest.mark.parametrize(
    ("column", "row", "caption", "at"),
    [
        (("本年", "金额（万元）"), ("收入", "合计"), None, "column 1"),
        (("金额（万元）", "本年"), ("收入", "合计"), None, "column 0"),
        (("本年", "占比（%）"), ("收入", "合计"), None, "column 1"),
        (("本年",), ("收入（万元）", "合计"), None, "row 0"),
        (("本年",), ("收入", "合计（万元）"), None, "row 1"),
        (("金额",), ("收入",), "收支表\n单位：万元", "caption 1"),
        (("金额",), ("收入",), "收支表\n单位：件、万元", "caption 1"),
        (("金额（万元）",), ("收入",), "收支表\n单位：件", "column 0"),
        (("比重",), ("收入",), "收支表\n单位：万元", None),
        (("数量",), ("收入",), None, None),
    ],
)
def test_a_figure_has_the_place_of_what_measures_it(
    column: tuple[str, ...], row: tuple[str, ...], caption: str | None, at: str | None
) -> None:
    """Of a label or a line of the caption."""
    assert placed("95", column, row, caption).unit_at == (PLACES[at] if at else None)


def test_a_unit_beside_the_number_stands_in_its_cell() -> None:
    assert placed("95件", ("数量（个）",), ("收入",), None).unit_at == (0, 3)


TITLE = "甲县2021年报告"


@pytest.mark.parametrize(
    ("said", "title", "period", "at"),
    [
        (Said(None, "period.none"), TITLE, "2021", None),
        (Said("2023", "period.heading", "2023年"), TITLE, "2021", (29, 34)),
        (Said("2022", "period.heading", "2022年收支"), TITLE, "2021", (19, 27)),
        (Said("2021", "period.title", "2021年"), TITLE, "2021", (6, 15)),
        (Said("2021", "period.document"), TITLE, "2021", (6, 15)),
        (Said("2020", "period.document"), TITLE, "2020", None),
        (Said("2021", "period.document", "2021年"), None, "2021", None),
        (Said("2021", "period.document", "2021年"), "乙县报告", "2021", None),
    ],
)
def test_a_period_of_no_label_has_the_place_of_its_heading_or_of_the_title(
    said: Said, title: str | None, period: str, at: Span | None
) -> None:
    """The innermost heading of these words, from its beginning on; the title where it is of the period."""
    text = f"2023年\n{TITLE}\n一、\n2022 年收支\n\n2023年\n95"
    headings = (Heading("一", "2022 年收支", 1, 16, 40, 29), Heading("", "2023年", 2, 29, 40, 35))
    draft = Draft(b"", "a.html", text=Text.of(text), document=Document(title=title, period=period))

    assert _Dated(draft).at(said, headings) == at
