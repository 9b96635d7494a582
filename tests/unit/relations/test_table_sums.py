"""Totals of tables are added up along rows and columns, and contradicted only where the table's other totals hold."""

from collections.abc import Sequence

import pytest

from schemas.report import Report
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

Rows = Sequence[Sequence[str]]


def read(rows: Rows, title: str = "执法案件情况表") -> Report:
    """A page with the rows as its table; the first one is the header."""
    head, *body = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = f"<table><tr>{head.replace('td>', 'th>')}</tr>" + "".join(f"<tr>{row}</tr>" for row in body) + "</table>"
    data = f"<html><body><h1>某县2023年年度报告</h1><p>{title}</p>{table}</body></html>".encode()
    return read_report(data, Origin("id", "report.html", "report.html", "0" * 64), load_tools(), lambda: 0.0)


def said(report: Report) -> list[str]:
    return [
        f"{' '.join(report.metrics[member.metric].value for member in one.members if member.metric is not None)}"
        f": {one.formula}, {one.verdict}"
        for one in report.relations
    ]


CASES = (
    ("项目", "城区", "乡镇", "合计"),
    ("受理案件（件）", "31", "47", "78"),
    ("办结案件（件）", "29", "40", "69"),
    ("移送案件（件）", "12", "13", "25"),
)


def replaced(rows: Rows, was: str, now: str) -> Rows:
    return [[now if cell == was else cell for cell in row] for row in rows]


def test_total_of_each_row_holds() -> None:
    assert said(read(CASES)) == [
        "78 31 47: a = b + c, holds",
        "69 29 40: a = b + c, holds",
        "25 12 13: a = b + c, holds",
    ]


@pytest.mark.parametrize(("was", "now"), [("69", "68"), ("29", "92"), ("40", "4")])
def test_one_row_that_fails_contradicts_for_the_others_show_how_to_add(was: str, now: str) -> None:
    report = read(replaced(CASES, was, now))

    assert [one.verdict for one in report.relations].count("contradicts") == 1
    assert len([warning for warning in report.warnings if warning.code == "relation_contradicts"]) == 3


def test_total_that_fails_everywhere_adds_up_something_else() -> None:
    rows = [("项目", "城区", "乡镇", "合计"), ("受理（件）", "31", "47", "99"), ("办结（件）", "29", "40", "80")]

    assert said(read(rows)) == []


def test_total_of_a_column_follows_its_rows() -> None:
    rows = [
        ("单位", "检查次数（次）", "罚款（万元）"),
        ("交通局", "210", "3.5"),
        ("农业农村局", "95", "1.25"),
        ("合计", "305", "4.75"),
    ]

    assert said(read(rows)) == ["305 210 95: a = b + c, holds", "47500 35000 12500: a = b + c, holds"]


def test_subtotals_are_sums_of_their_own() -> None:
    rows = [
        ("单位", "人数（人）"),
        ("甲镇", "20"),
        ("乙镇", "31"),
        ("小计", "51"),
        ("丙街道", "40"),
        ("丁街道", "9"),
        ("小计", "49"),
        ("总计", "100"),
    ]

    assert said(read(rows)) == [
        "51 20 31: a = b + c, holds",
        "49 40 9: a = b + c, holds",
        "100 20 31 40 9: a = b + c + d + e, holds",
    ]


def test_numbered_rows_are_not_counted_twice() -> None:
    rows = [
        ("项目", "收入（元）"),
        ("一、税收收入", "700"),
        ("1.增值税", "450"),
        ("2.其他税收", "250"),
        ("二、非税收入", "310"),
        ("收入合计", "1010"),
    ]

    assert said(read(rows)) == ["1010 700 310: a = b + c, holds"]


def test_shares_and_changes_are_no_amounts() -> None:
    rows = [("项目", "占比（%）", "比上年增长（%）"), ("甲类", "40", "3"), ("乙类", "60", "5"), ("合计", "100", "8")]

    assert said(read(rows)) == []


def test_amounts_rounded_to_the_unit_of_the_table_hold_within_rounding() -> None:
    rows = [
        ("单位", "基本支出", "项目支出", "合计"),
        ("甲局", "10.26", "3.37", "13.64"),
        ("乙局", "8.11", "2.05", "10.16"),
    ]

    assert said(read(rows, "支出情况表 单位：万元")) == [
        "136400 102600 33700: a = b + c, holds_within_rounding",
        "101600 81100 20500: a = b + c, holds",
    ]


def test_cell_that_cannot_be_read_leaves_its_sum_open() -> None:
    rows = [("项目", "城区", "乡镇", "合计"), ("受理（件）", "3?1", "47", "78"), ("办结（件）", "29", "40", "69")]

    assert said(read(rows)) == ["69 29 40: a = b + c, holds"]


APPLICATIONS = (
    ("内容", "自然人", "法人"),
    ("一、本年新收政府信息公开申请数量（件）", "95", "8"),
    ("二、上年结转政府信息公开申请数量（件）", "4", "0"),
    ("三、本年度办理结果 总计（件）", "93", "7"),
    ("四、结转下年度继续办理（件）", "6", "1"),
)


def test_law_of_a_standard_form_holds_in_each_column() -> None:
    assert said(read(APPLICATIONS)) == ["95 4 93 6: a + b = c + d, holds", "8 0 7 1: a + b = c + d, holds"]


def test_law_of_a_standard_form_is_contradicted() -> None:
    report = read(replaced(APPLICATIONS, "6", "5"))

    assert said(report)[0] == "95 4 93 5: a + b = c + d, contradicts"
    assert (report.relations[0].stated, report.relations[0].computed) == ("99", "98")


def test_tables_are_added_up_each_by_itself() -> None:
    first = "<table><tr><th>单位</th><th>人数（人）</th></tr><tr><td>甲镇</td><td>20</td></tr></table>"
    second = (
        "<table><tr><th>单位</th><th>人数（人）</th></tr><tr><td>丙镇</td><td>5</td></tr>"
        "<tr><td>丁镇</td><td>6</td></tr><tr><td>合计</td><td>11</td></tr></table>"
    )
    data = f"<html><body><h1>某县2023年年度报告</h1>{first}<p>另一张表</p>{second}</body></html>".encode()
    report = read_report(data, Origin("id", "report.html", "report.html", "0" * 64), load_tools(), lambda: 0.0)

    assert said(report) == ["11 5 6: a = b + c, holds"]
