"""The arithmetic is exact, and its grades are those a careful reader would give."""

from fractions import Fraction

import pytest

from worker.figure import Figure, Place, Said
from worker.relations.arithmetic import (
    LONGEST,
    Finding,
    balance_of,
    bound_of,
    complement_of,
    difference_of,
    growth_of,
    is_one_digit_off,
    letter,
    ratio_of,
    step_growth_of,
    sum_of,
)
from worker.relations.terms import Term


def figure(value: str, step: str = "1", qualifier: str = "exact", change: str | None = None) -> Term:
    known = Figure(
        Place(0, 0, 0, 0),
        written=value,
        value=value,
        unit="件",
        qualifier=Said(qualifier, "qualifier.said"),
        change=Said(change, "change.said"),
    )
    return Term(known, 0, Fraction(value), Fraction(step))


@pytest.mark.parametrize(
    ("stated", "step", "part", "whole", "verdict"),
    [
        ("75", "1", "479", "639", "holds"),  # 74.96
        ("95.61", "0.01", "611", "639", "holds_truncated"),  # 95.618
        ("95.62", "0.01", "611", "639", "holds"),
        ("95.63", "0.01", "611", "639", "contradicts"),
        ("100", "1", "307", "307", "holds"),
        ("33.3", "0.1", "1", "3", "holds"),
        ("12.5", "0.1", "1", "8", "holds"),
        ("13", "1", "1", "8", "holds"),  # half up
        ("12", "1", "1", "8", "holds_truncated"),
    ],
)
def test_share_is_rounded_or_cut_off(stated: str, step: str, part: str, whole: str, verdict: str) -> None:
    found = ratio_of([figure(stated, step), figure(part), figure(whole)])
    assert found is not None
    assert found.verdict == verdict


def test_share_of_nothing_is_no_relation() -> None:
    assert ratio_of([figure("50"), figure("1"), figure("0")]) is None


def test_imprecise_inputs_leave_room() -> None:
    """1.2万 stands for 11 950 to 12 099."""
    precise = sum_of([figure("12000"), figure("8034"), figure("4021")])
    rounded = sum_of([figure("12000", "1000"), figure("8034"), figure("4021")])

    assert (precise.verdict, rounded.verdict) == ("contradicts", "holds_within_rounding")


@pytest.mark.parametrize(
    ("value", "qualifier", "low", "high"),
    [
        ("231", "over", "231", "232"),  # 231余
        ("290", "over", "290", "300"),  # 290多
        ("14000", "over", "14000", "15000"),  # 1万4千余
        ("305", "about", "304", "306"),
        ("200", "under", "100", "200"),
        ("36000", "exact", "36000", "36000"),
    ],
)
def test_words_of_approximation_have_the_size_of_the_last_digit_that_counts(
    value: str, qualifier: str, low: str, high: str
) -> None:
    found = figure(value, qualifier=qualifier)
    assert (found.low, found.high) == (Fraction(low), Fraction(high))


def test_what_fell_away_and_what_grew() -> None:
    saved = complement_of([figure("70"), figure("4487"), figure("14948")])
    grown = growth_of([figure("33.3", "0.1", change="increase"), figure("60"), figure("45")])
    fallen = growth_of([figure("60", change="decrease"), figure("18"), figure("45")])

    assert [found and (found.verdict, found.computed) for found in (saved, grown, fallen)] == [
        ("holds", 100 - Fraction(448700, 14948)),
        ("holds", Fraction(100, 3)),
        ("holds", Fraction(60)),
    ]


def test_difference_counts_up_and_down() -> None:
    assert difference_of([figure("106"), figure("97"), figure("9")], 1).verdict == "holds"
    assert difference_of([figure("97"), figure("106"), figure("9")], -1).verdict == "holds"
    assert difference_of([figure("97"), figure("106"), figure("8")], -1).verdict == "contradicts"


def test_bounds_include_their_limit() -> None:
    assert bound_of("subset", [figure("91"), figure("91")], above=False).verdict == "holds"
    assert bound_of("threshold", [figure("30"), figure("30")], above=True).verdict == "holds"
    assert bound_of("threshold", [figure("29"), figure("30")], above=True).verdict == "contradicts"


def test_slip_of_one_digit_is_told_from_another_number() -> None:
    assert is_one_digit_off(sum_of, [figure("12345"), figure("2345"), figure("10010")])
    assert not is_one_digit_off(sum_of, [figure("12345"), figure("2345"), figure("9115")])


def test_nothing_is_lost_to_binary_fractions() -> None:
    """0.1 + 0.2 is 0.3."""
    assert sum_of([figure("0.3", "0.1"), figure("0.1", "0.1"), figure("0.2", "0.1")]).verdict == "holds"


UP, DOWN = {"change": "increase"}, {"change": "decrease"}


@pytest.mark.parametrize(
    ("found", "kind", "formula", "stated", "computed"),
    [
        (sum_of([figure("9"), figure("2"), figure("3"), figure("5")]), "sum", "a = b + c + d", "9", "10"),
        (balance_of([figure("95"), figure("4"), figure("93"), figure("5")]), "sum", "a + b = c + d", "99", "98"),
        (difference_of([figure("7"), figure("2"), figure("4")], 1), "difference", "a = b + c", "7", "6"),
        (difference_of([figure("7"), figure("9"), figure("4")], -1), "difference", "a = b - c", "7", "5"),
        (ratio_of([figure("20"), figure("1"), figure("4")]), "ratio", "a = b / c * 100", "20", "25"),
        (complement_of([figure("20"), figure("1"), figure("4")]), "complement", "a = (1 - b / c) * 100", "20", "75"),
        (growth_of([figure("20", **UP), figure("5"), figure("4")]), "growth", "a = (b / c - 1) * 100", "20", "25"),
        (growth_of([figure("20", **DOWN), figure("3"), figure("4")]), "growth", "a = (1 - b / c) * 100", "20", "25"),
        (step_growth_of([figure("20", **UP), figure("1"), figure("5")]), "growth", "a = b / (c - b) * 100", "20", "25"),
        (
            step_growth_of([figure("30", **DOWN), figure("1"), figure("3")]),
            *("growth", "a = b / (c + b) * 100", "30", "25"),
        ),
        (bound_of("subset", [figure("7"), figure("5")], above=False), "subset", "a <= b", "7", "5"),
        (bound_of("threshold", [figure("4"), figure("5")], above=True), "threshold", "a >= b", "4", "5"),
    ],
)
def test_a_finding_says_what_was_reckoned(found: Finding, kind: str, formula: str, stated: str, computed: str) -> None:
    """Each of these is wrong, so that what the text states and what was reckoned differ."""
    assert (found.kind, found.formula) == (kind, formula)
    assert (found.stated, found.computed) == (Fraction(stated), Fraction(computed))
    assert (found.verdict, found.holds) == ("contradicts", False)


@pytest.mark.parametrize(
    ("total", "parts", "verdict"),
    [
        (figure("10"), (figure("4"), figure("6")), "holds"),
        (figure("10"), (figure("4"), figure("7")), "contradicts"),
        (figure("1010", "10"), (figure("400"), figure("605")), "holds_within_rounding"),  # 1005 to 1020
        (figure("1010", "10"), (figure("400"), figure("604")), "contradicts"),
        (figure("1010", "10"), (figure("400"), figure("620")), "holds_within_rounding"),
        (figure("1010", "10"), (figure("400"), figure("621")), "contradicts"),
        (figure("1005"), (figure("400"), figure("600", "10")), "holds_within_rounding"),  # 595 to 610
        (figure("995"), (figure("400"), figure("600", "10")), "holds_within_rounding"),
        (figure("994"), (figure("400"), figure("600", "10")), "contradicts"),
        (figure("1010"), (figure("400"), figure("600", "10")), "holds_within_rounding"),
        (figure("1011"), (figure("400"), figure("600", "10")), "contradicts"),
    ],
)
def test_a_sum_holds_as_far_as_its_members_reach(total: Term, parts: tuple[Term, ...], verdict: str) -> None:
    """Half a step below what is written and a whole one above it, both ends included."""
    assert sum_of([total, *parts]).verdict == verdict


@pytest.mark.parametrize(
    ("result", "verdict"), [("70.2", "holds"), ("70.4", "holds_within_rounding"), ("70.5", "contradicts")]
)
def test_a_difference_may_be_off_by_less_than_the_steps_of_all_three(result: str, verdict: str) -> None:
    base, step = figure("68.1", "0.1"), figure("2.1", "0.1")

    assert difference_of([figure(result, "0.1"), base, step], 1).verdict == verdict
    assert difference_of([base, figure(result, "0.1"), step], -1).verdict == verdict


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ((figure("25", qualifier="about"), figure("26"), figure("100")), "contradicts"),  # a step is too far
        ((figure("25", qualifier="about"), figure("2599"), figure("10000")), "holds_truncated"),
        ((figure("25"), figure("240", "10"), figure("1000", "10")), "holds_within_rounding"),  # 23.2 to 25.2
        ((figure("27"), figure("240", "10"), figure("1000", "10")), "contradicts"),
        ((figure("23"), figure("240", "10"), figure("1000", "10")), "holds_within_rounding"),
        ((figure("22"), figure("240", "10"), figure("1000", "10")), "contradicts"),
        ((figure("26"), figure("240", "10"), figure("1000")), "contradicts"),  # 23.5 to 25
        ((figure("25"), figure("240"), figure("1000", "100")), "holds_within_rounding"),  # 21.8 to 25.3
        ((figure("21"), figure("240"), figure("1000", "100")), "holds_within_rounding"),
        ((figure("20"), figure("240"), figure("1000", "100")), "contradicts"),
    ],
)
def test_a_share_holds_as_far_as_its_counts_reach(figures: tuple[Term, ...], verdict: str) -> None:
    found = ratio_of(figures)

    assert found is not None
    assert found.verdict == verdict


def test_a_slip_is_looked_for_in_every_digit_of_every_member() -> None:
    """And in none of a number that is longer than figures are; one that is only cut off holds, too."""
    longest, longer = "3" + "0" * (LONGEST - 1), "3" + "0" * LONGEST
    half, halves = str(int(longest) // 3), str(int(longer) // 3)

    assert is_one_digit_off(sum_of, [figure("95"), figure("40"), figure("45")])
    assert is_one_digit_off(sum_of, [figure("85"), figure("50"), figure("45")])
    assert is_one_digit_off(sum_of, [figure("85"), figure("40"), figure("55")])
    assert not is_one_digit_off(sum_of, [figure("11"), figure("40"), figure("45")])
    assert is_one_digit_off(sum_of, [figure(longest), figure(half), figure(half)])
    assert not is_one_digit_off(sum_of, [figure(longer), figure(halves), figure(halves)])
    assert is_one_digit_off(ratio_of, [figure("96.61", "0.01"), figure("611"), figure("639")])  # 95.618


def test_members_are_named_by_the_alphabet() -> None:
    assert "".join(map(letter, range(26))) == "abcdefghijklmnopqrstuvwxyz"


def test_what_nothing_can_be_divided_by_is_no_growth() -> None:
    assert growth_of([figure("50", change="increase"), figure("1"), figure("0")]) is None
    assert step_growth_of([figure("50", change="increase"), figure("1"), figure("1")]) is None
