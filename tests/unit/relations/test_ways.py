"""The ways to add up a table, and how a finding is told, each by itself."""

from fractions import Fraction

import pytest

from schemas.report import Relation, RelationMember
from worker.draft import Draft
from worker.edits import Text
from worker.figure import Figure, Place, Said
from worker.parts import Cell
from worker.relations.arithmetic import sum_of
from worker.relations.findings import _decimal, _pieces, _solved, _warnings, verdicts_of
from worker.relations.table_sums import (
    MOST_PARTS,
    _after,
    _all,
    _attempts,
    _before,
    _best,
    _Item,
    _item,
    _outer,
    _sums,
    _top,
    _totals,
)
from worker.relations.terms import Term


def term(value: int | str, unit: str = "件", step: str = "1", at: int = 0) -> Term:
    figure = Figure(Place(at, at + 1, at, at + 1), written=str(value), value=str(value), unit=unit)
    return Term(figure, at, Fraction(value), Fraction(step))


def item(label: str, value: int | None = 1, *, is_total: bool = False) -> _Item:
    """``甲/乙`` is 乙 under 甲."""
    return _Item(tuple(label.split("/")), None if value is None else term(value), is_total)


LINE = [
    item("一、甲", 4),
    item("1.乙", 3),
    item("小计", 4, is_total=True),
    item("二、丙", 5),
    item("合计", 9, is_total=True),
    item("三、丁", 6),
    item("四、戊", 7),
    item("总计", 13, is_total=True),
    item("五、己", 8),
]


@pytest.mark.parametrize(
    ("at", "ways"),
    [
        (2, ("甲乙丙丁戊己", "甲乙", "丙", "", "甲丙丁戊己")),
        (4, ("甲乙丙丁戊己", "丙", "丁戊", "计", "甲丙丁戊己")),
        (7, ("甲乙丙丁戊己", "丁戊", "己", "计计", "甲丙丁戊己")),
    ],
)
def test_which_parts_each_way_adds_up(at: int, ways: tuple[str, ...]) -> None:
    around = [(place, one) for place, one in enumerate(LINE) if place != at]

    found = [choose(at, around) for choose in (_all, _before, _after, _totals, _top)]
    assert tuple("".join(one.path[-1][-1] for one in line) for line in found) == ways


def test_the_last_total_counts_up_to_the_end() -> None:
    """However far along the line it stands."""
    line = [item("甲"), item("乙"), item("丙"), item("合计", is_total=True), item("丁"), item("戊")]
    around = [(place, one) for place, one in enumerate(line) if place != 3]

    assert [one.path for one in _after(3, around)] == [("丁",), ("戊",)]
    assert [one.path for one in _before(3, around)] == [("甲",), ("乙",), ("丙",)]


def test_what_stands_under_another_is_counted_in_it() -> None:
    line = [item("甲"), item("甲/乙"), item("甲/乙/丙"), item("丁/乙"), item("丁/丙")]

    assert [one.path for one in _outer(line)] == [("甲",), ("丁", "乙"), ("丁", "丙")]


def ways(*line: _Item) -> dict[str, str]:
    return {attempt.way: attempt.finding.verdict for attempt in _attempts(line)}


def test_a_total_is_tried_where_each_of_its_parts_is_known() -> None:
    total = item("合计", 9, is_total=True)
    kilometres = _Item(("丙",), term(5, "公里"), is_total=False)

    assert ways(item("甲", 4), item("乙", 5), total) == dict.fromkeys(("all", "before", "top"), "holds")
    assert ways(item("甲", 4), item("乙", 6), total) == dict.fromkeys(("all", "before", "top"), "contradicts")
    assert ways(item("甲", 9), total) == {}
    assert ways(item("甲", 4), item("乙", None), item("丙", 5), total) == {}
    assert ways(item("甲", 4), kilometres, total) == {}
    assert ways(item("甲", 4), item("乙", 5), item("其中丙", 3), item("#丁", 2), total)["all"] == "holds"
    assert ways(item("甲", 4), item("乙", 5), _Item(("合计",), None, is_total=True)) == {}
    assert ways(item("甲", 4), item("乙", 5), item("丙", 9)) == {}


def test_nothing_is_the_sum_of_nothing_only_where_something_is_counted() -> None:
    total = item("合计", 0, is_total=True)

    assert ways(item("甲", 0), item("乙", 0), total) == {}
    assert ways(item("甲", 0), item("乙", 1), total)["all"] == "contradicts"


def test_a_total_counts_what_stands_beside_it() -> None:
    line = (item("甲/乙", 4), item("甲/丙", 5), item("丁/乙", 7), item("甲/合计", 9, is_total=True))

    assert ways(*line)["all"] == "holds"


@pytest.mark.parametrize(
    ("parts", "members"),
    [
        ([1] * MOST_PARTS, MOST_PARTS + 1),
        ([1] * MOST_PARTS + [0], MOST_PARTS + 1),  # what is nothing is left out where there are too many
        ([1] * (MOST_PARTS + 1), None),
        ([1] * (MOST_PARTS - 1) + [0], MOST_PARTS + 1),
        ([0] * (MOST_PARTS + 1), None),
        ([0] * MOST_PARTS + [1], 2),
    ],
)
def test_a_sum_has_no_more_parts_than_a_formula_has_letters(parts: list[int], members: int | None) -> None:
    line = [*(item(f"甲{at}", value) for at, value in enumerate(parts)), item("合计", MOST_PARTS, is_total=True)]

    assert {len(attempt.finding.members) for attempt in _attempts(line)} == ({members} if members else set())


@pytest.mark.parametrize(
    ("raw", "unit", "change", "row", "known"),
    [
        ("7", "件", None, ("甲",), True),
        ("7", "件", None, (), None),
        ("7", "件", "increase", ("甲",), None),
        ("7", "%", None, ("甲",), None),
        ("7", "个百分点", None, ("甲",), None),
        ("/", "", None, ("甲",), None),
        ("甲", "", None, ("甲",), False),
    ],
)
def test_what_can_be_added_up_in_a_table(
    raw: str, unit: str, change: str | None, row: tuple[str, ...], *, known: bool | None
) -> None:
    """Amounts; a cell with other words is one whose amount is not known, one that says there is none is no cell."""
    cell = Cell(0, 1, (), row, None, 0)
    said = Figure(Place(0, 1, 0, 1), written=raw, value=raw, unit=unit).having(change=Said(change, ""))
    figures = {0: Term(said, 0, Fraction(7), Fraction(1))} if unit else {}
    found = _item(cell, cell.row, figures, Draft(b"", "a.txt", text=Text.of(raw)), lambda label: label == "计")

    assert (found and found.figure is not None) is known
    assert found is None or not found.is_total


def column(*rows: tuple[int, int, int]) -> list[list[_Item]]:
    return [[item("甲", one), item("乙", two), item("合计", total, is_total=True)] for one, two, total in rows]


@pytest.mark.parametrize(
    ("rows", "verdicts"),
    [
        ([(1, 2, 3), (2, 5, 7), (30, 40, 99)], ["holds", "holds", "contradicts"]),
        ([(1, 2, 3), (2, 0, 2), (30, 40, 99)], ["holds", "holds"]),  # only one shows how to add, and 99 is no slip
        ([(1, 2, 3), (2, 0, 2), (30, 40, 79)], ["holds", "holds", "contradicts"]),  # a slip
        ([(1, 2, 3), (30, 40, 79)], ["holds"]),
        ([(1, 2, 3), (2, 5, 7), (30, 40, 79), (3, 4, 8)], ["holds", "holds"]),  # as many fail
        ([(1, 2, 3), (2, 5, 7), (4, 5, 9), (7, 8, 15), (30, 40, 79), (3, 4, 8)], ["holds"] * 4 + ["contradicts"] * 2),
        ([(1, 2, 4), (2, 5, 8)], []),
    ],
)
def test_a_total_is_contradicted_where_the_others_leave_no_doubt(
    rows: list[tuple[int, int, int]], verdicts: list[str]
) -> None:
    assert [finding.verdict for finding in _sums(column(*rows))] == verdicts


def test_the_way_that_holds_most_often_is_taken() -> None:
    line = [item("甲", 4), item("小计", 4, is_total=True), item("乙", 5), item("丙", 2), item("合计", 7, is_total=True)]
    attempts = [attempt for attempt in _attempts(line) if attempt.total == ("合计",)]

    [found] = _best(attempts)
    assert [member.amount for member in found.members] == [7, 5, 2]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("12", "12"), ("1200", "1200"), ("0", "0"), ("1/3", "0.333333"), ("2/3", "0.666667"), ("1/8", "0.125"),
        ("-5/2", "-2.5"), ("1/2000000", "0.000001"), ("5/2000000", "0.000003"), ("1/10000000", "0"),
        (f"{10**70}/3", f"{'3' * 70}.333333"),
    ],
)  # fmt: skip
def test_a_value_is_told_to_six_decimals(value: str, written: str) -> None:
    assert _decimal(Fraction(value)) == written


@pytest.mark.parametrize(
    ("members", "at", "pieces", "value"),
    [
        ((102, 0, 83), 1, ("19",), 19),
        ((102, 0, 83), 1, (), 19),
        ((102, 0, 83), 1, ("1",), 19),
        ((102, 0, 83), 1, ("9",), 19),
        ((102, 0, 83), 1, ("91",), None),
        ((102, 0, 83), 1, ("1", "9"), 19),
        ((102, 0, 83), 1, ("8",), None),
        ((0, 19, 83), 0, (), 102),
        ((102, 0, 0), 0, (), None),
        ((83, 0, 83), 1, (), None),
        ((80, 0, 83), 1, (), None),
    ],
)
def test_a_lost_member_is_what_the_others_leave(
    members: tuple[int, ...], at: int, pieces: tuple[str, ...], value: int | None
) -> None:
    finding = sum_of([term(one, at=place) for place, one in enumerate(members)])
    found = _solved(finding, at, {at: pieces})

    assert (found and found.members[at].value) == value
    if found:
        assert (found.verdict, found.stated) == ("holds", found.computed)
        assert found.stated == found.members[0].amount


def test_a_lost_member_is_not_told_of_counts_that_are_not_exact() -> None:
    rounded = sum_of([term(10200, step="100"), term(0, at=1), term(83, at=2)])
    halves = sum_of([term("10.5", step="1"), term(0, at=1), term(8, at=2)])
    known = sum_of([term(3), term(1, at=1), term(2, at=2)])

    assert _solved(rounded, 1, {1: ()}) is None
    assert _solved(halves, 1, {1: ()}) is None
    assert _solved(known, 1, {1: ("1",)}) is None


def test_the_digits_of_a_damaged_number_are_its_pieces() -> None:
    """No more of it than a number may be long."""
    raw = "2 2" + "9" * 60
    figure = Figure(Place(0, 3, 0, len(raw)), written="", value="", unit="件").having(change=Said(None, ""))
    draft = Draft(b"", "a.txt", text=Text.of(raw))

    assert _pieces(Term(figure, None, None, Fraction(1)), draft) == ["2", "2" + "9" * 37]


def relation(verdict: str, *metrics: int | None) -> Relation:
    members = tuple(RelationMember(metric=metric, start=at, end=at + 1) for at, metric in enumerate(metrics))
    return Relation.model_validate(
        {"kind": "sum", "members": members, "formula": "a = b", "stated": "3", "computed": "4", "verdict": verdict}
    )


def test_a_figure_has_the_verdicts_of_all_its_relations() -> None:
    relations = [relation("holds", 0, 1), relation("contradicts", 1, None, 2)]

    assert verdicts_of(relations) == {0: ("holds",), 1: ("holds", "contradicts"), 2: ("contradicts",)}


def test_each_member_of_a_contradiction_is_warned_of() -> None:
    draft = Draft(b"", "a.txt", text=Text.of("345"))
    warnings = list(_warnings([relation("holds", 0, 1), relation("contradicts", 0, None, 1)], draft))

    assert [(one.code, one.start, one.end) for one in warnings] == [
        ("relation_contradicts", at, at + 1) for at in range(3)
    ]
    assert {one.message for one in warnings} == {"sum: a = b gives 4 and the text 3; with a = 3, b = 4, c = 5"}
