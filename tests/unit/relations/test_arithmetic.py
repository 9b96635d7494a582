"""The arithmetic is exact, and its grades are those a careful reader would give."""

from fractions import Fraction

import pytest

from worker.figure import Figure, Place, Said
from worker.relations.arithmetic import (
    bound_of,
    complement_of,
    difference_of,
    growth_of,
    is_one_digit_off,
    ratio_of,
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
