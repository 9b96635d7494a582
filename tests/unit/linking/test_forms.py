"""The cells of standard forms get their ids from their labels, in whole and in part, and only where the form is there."""

from dataclasses import replace
from html import escape

import pytest

from schemas.report import Report
from worker.facts import load_facts
from worker.linking.forms import Form, _filled, _tables_of_form, _without_outer, ids_of_cells, load_forms
from worker.parts import Cell
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

FORMS = {form["name"]: form for form in load_facts("forms")["forms"]}
KNOWN = {entry["id"] for entry in load_facts("catalogue")["indicator"]}


def read(tables: str) -> Report:
    page = f"<html><body><h1>某县2023年政府信息公开工作年度报告</h1>{tables}</body></html>"
    origin = Origin("id", "report.html", "report.html", "0" * 64)
    return read_report(page.encode(), origin, load_tools(), lambda: 0.0)


def row(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def table(*rows: str) -> str:
    return f"<table>{''.join(rows)}</table>"


DECISIONS = (
    table(row("信息内容", "本年处理决定数量", tag="th"), row("行政许可", "1203")),
    table(row("信息内容", "本年处理决定数量", tag="th"), row("行政处罚", "88"), row("行政强制", "7")),
    table(row("信息内容", "本年收费金额（单位：万元）", tag="th"), row("行政事业性收费", "45.6")),
)


def ids(report: Report) -> list[tuple[str, str | None]]:
    return [(metric.value, metric.indicator_id) for metric in report.metrics]


@pytest.mark.parametrize("name", FORMS)
def test_ids_are_those_of_the_catalogue_and_no_cell_has_two(name: str) -> None:
    cells = FORMS[name]["cells"]

    assert {cell["id"] for cell in cells} <= KNOWN
    assert len({tuple(cell["labels"]) for cell in cells}) == len(cells) == len({cell["id"] for cell in cells})


def test_size_counts_the_cells_with_their_parts() -> None:
    form = FORMS["requests for information"]

    assert load_forms()[0].size == len(form["cells"]) * len(form["parts"])


def test_cells_of_a_form_have_its_ids() -> None:
    assert ids(read("".join(DECISIONS))) == [
        ("1203", "disclosure.licences.decided"),
        ("88", "disclosure.penalties.decided"),
        ("7", "disclosure.coercion.decided"),
        ("456000", "disclosure.fees.collected"),
    ]


def test_one_row_with_the_words_of_a_form_does_not_make_it_one() -> None:
    assert ids(read(DECISIONS[0])) == [("1203", None)]


def test_part_of_an_indicator_stands_behind_a_slash() -> None:
    form = FORMS["requests for information"]
    parts = [part["labels"][0] for part in form["parts"]]
    rows = [
        row(f"{at}.{cell['labels'][-1]}", *(str(100 * at + n) for n in range(7)))
        for at, cell in enumerate(form["cells"])
    ]
    found = dict(ids(read(table(row("申请人情况", *parts, tag="th"), *rows))))

    assert found["0"] == "disclosure.requests.received/natural_person"
    assert found["6"] == "disclosure.requests.received"
    assert found["105"] == "disclosure.requests.carried_in/other_organisation"
    assert found["406"] == "disclosure.refused.state_secret"
    assert None not in found.values()


def test_cell_that_occurs_twice_has_no_id() -> None:
    again = table(row("信息内容", "本年处理决定数量", tag="th"), row("行政许可", "5"))

    assert ids(read("".join(DECISIONS) + again)) == [
        ("1203", None),
        ("88", "disclosure.penalties.decided"),
        ("7", "disclosure.coercion.decided"),
        ("456000", "disclosure.fees.collected"),
        ("5", None),
    ]


def test_a_flat_table_has_no_outermost_labels() -> None:
    """The others tell its cells where they are two at least, and those of one cell alone."""
    ids = {("甲", "乙", "丙"): "a", ("丁", "乙", "丙"): "b", ("甲", "戊", "己"): "c", ("甲", "庚"): "d"}

    assert _without_outer(ids) == {("戊", "己"): "c"}


def test_a_form_is_there_where_half_of_its_cells_are() -> None:
    """Of two cells with the same labels neither is told."""
    form = Form({("甲", "乙"): "a", ("甲", "丙"): "b", ("甲", "丁"): "c", ("甲", "戊"): "d"}, frozenset({"年"}), 4)
    first, second, other = (Cell(at, at + 1, (), (), None, 0) for at in range(3))

    assert list(_filled(form, [(first, ("甲", "乙")), (second, ("年", "甲", "丙"))])) == [(first, "a"), (second, "b")]
    assert list(_filled(form, [(first, ("甲", "乙"))])) == []
    assert list(_filled(replace(form, size=5), [(first, ("甲", "乙")), (second, ("甲", "丙"))])) == []
    assert list(_filled(form, [(first, ("甲", "乙")), (second, ("己", "丙"))])) == []
    assert list(_filled(form, [(first, ("甲", "乙")), (second, ("甲", "丙")), (other, ("甲", "丙"))])) == [(first, "a")]


REQUESTS = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理")


@pytest.mark.parametrize(
    ("rows", "received"),
    [
        (REQUESTS, "disclosure.requests.received"),
        ((*REQUESTS, "咨询"), None),
        (REQUESTS[:2], None),
    ],
)
def test_a_table_of_some_rows_of_a_form_and_hardly_another_is_that_form(
    rows: tuple[str, ...], received: str | None
) -> None:
    """Rows without requests are left out of it; a table of other things has a few of its words."""
    head = row("申请情况", "自然人", "商业企业", "总计", tag="th")
    lines = (row(label, str(12 + at), "0", str(12 + at)) for at, label in enumerate(rows))
    parts = [id_ for _, id_ in ids(read(table(head, *lines))) if id_ and id_.endswith("/enterprise")]

    assert parts[:1] == ([f"{received}/enterprise"] if received else [])


def test_a_cell_has_the_labels_of_its_row_and_of_its_column() -> None:
    """Or of one of them alone; one without labels is no cell of a form."""
    form = Form({("甲", "乙"): "a", ("丙",): "b", ("丁",): "c"}, frozenset(), 3)
    cells = [Cell(0, 1, ("乙",), ("甲",), None, 0), Cell(1, 2, (), ("丙",), None, 0), Cell(2, 3, ("丁",), (), None, 0)]

    assert ids_of_cells([*cells, Cell(3, 4, (), (), None, 0)], [form]) == dict(zip(cells, "abc", strict=True))


@pytest.mark.parametrize(
    ("of_form", "others", "taken"),
    [
        (["rc"] * 4, ["rc"], True),
        (["rc"] * 4, ["rc"] * 2, False),
        (["rc"] * 4, ["rc", "r", "c"], True),
        (["rc"] * 4, [], True),
        (["rc", "r", "r", "r"], [], True),
        (["rc", "r", "r", "c"], ["rc"], False),
        (["r"] * 4, [], False),
        (["rc"] * 3 + [""], ["rc"], False),
    ],
)
def test_a_table_is_of_a_form_where_four_cells_of_five_are(
    of_form: list[str], others: list[str], *, taken: bool
) -> None:
    """Cells with labels on both sides alone: a line over a table stands beside no column."""

    def cell(at: int, labelled: str) -> Cell:
        return Cell(at, at + 1, ("甲",) if "c" in labelled else (), ("乙",) if "r" in labelled else (), table=7)

    cells = [cell(at, one) for at, one in enumerate([*of_form, *others])]
    found = {f"a{at}": [cells[at]] for at in range(len(of_form))}

    assert _tables_of_form([(one, ()) for one in cells], found) == ({7} if taken else set())
