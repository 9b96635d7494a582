"""What relations see of a figure: its worth, its precision, and what it can be compared with."""

from fractions import Fraction

import pytest

from worker.draft import Draft
from worker.figure import Clause, Figure, Place, Said
from worker.parts import Cell, Sentence
from worker.relations.terms import LONGEST, Term, term_of_cell, terms_of_prose

FIRST, SECOND = Sentence(0, 0, 30, 0, opens=True), Sentence(30, 30, 60, 0, opens=False)
WORDS = Clause("受理", "")


def figure(
    value: str, written: str = "", at: int = 0, sentence: Sentence = FIRST, clause: Clause | None = WORDS
) -> Figure:
    return Figure(Place(at, at + 1, at, at + 1), written or value, value, "件", clause=clause, sentence=sentence)


@pytest.mark.parametrize(
    ("unit", "family"),
    [
        ("件", "件"), ("件次", "件"), ("人次", "人"), ("次", "次"), ("%", "%"), ("个百分点", "%"), ("", ""),
        ("批次", "批"), ("次数", "次数"),
    ],
)  # fmt: skip
def test_units_of_one_family_can_be_compared(unit: str, family: str) -> None:
    assert Term(figure("3")._replace(unit=unit), 0, Fraction(3), Fraction(1)).family == family


@pytest.mark.parametrize(
    ("value", "step", "digits"),
    [("41.67", "0.01", 4), ("2647", "1", 4), ("75", "1", 2), ("12000", "1000", 2), ("-38", "1", 2), ("0", "1", 1)],
)
def test_digits_are_those_that_are_written(value: str, step: str, digits: int) -> None:
    assert Term(figure(value), 0, Fraction(value), Fraction(step)).digits == digits


@pytest.mark.parametrize(
    ("value", "step", "qualifier", "low", "high"),
    [
        ("12.5", "1/10", "exact", "12.45", "12.6"),
        ("12.5", "1/10", "about", "12.4", "12.6"),
        ("12.5", "1/10", "over", "12.5", "12.6"),
        ("12.5", "1/10", "under", "12.4", "12.5"),
        ("12000", "1000", "at_least", "11500", "13000"),
        ("1200", "1", "about", "1100", "1300"),
        ("0", "1", "about", "-1", "1"),
    ],
)
def test_a_figure_reaches_as_far_as_its_last_digit_says(
    value: str, step: str, qualifier: str, low: str, high: str
) -> None:
    one = figure(value).having(qualifier=Said(qualifier, "qualifier.said"))
    found = Term(one, 0, Fraction(value), Fraction(step))

    assert (found.low, found.high) == (Fraction(low), Fraction(high))
    assert not found.exact


def test_a_whole_number_stands_for_itself_and_a_lost_one_for_nothing() -> None:
    whole, lost = Term(figure("12"), 0, Fraction(12), Fraction(1)), Term(figure(""), None, None, Fraction(1))

    assert (whole.low, whole.high, whole.exact) == (12, 12, True)
    assert (lost.amount, lost.digits) == (0, 1)


def test_what_a_figure_does_not_say_is_exact_and_has_no_words() -> None:
    found = Term(figure("3", clause=None)._replace(sentence=None), 0, Fraction(3), Fraction(1))

    assert (found.qualifier, found.change, found.period, found.name) == ("exact", None, None, "")
    assert (found.clause, found.sentence) == (Clause("", ""), Sentence(-1, -1, -1, -1, opens=False))


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("12", "1"), ("12.5", "0.1"), ("12.50", "0.01"), ("1,234", "1"), ("12万", "10000"), ("1.2万", "1000"),
        ("3.45亿", "1000000"), ("2千", "1000"), ("3百", "100"), ("5十", "10"), ("1.2千万", "1000000"),
        ("1.5万亿", "100000000000"), ("三百", "1"), ("1万4千", "1000"), ("从3.25到4.5", "0.1"),
    ],
)  # fmt: skip
def test_a_step_is_what_one_in_the_last_written_digit_is_worth(written: str, step: str) -> None:
    [[term]] = terms_of_prose(Draft(b"", "a.txt", figures=(figure("12", written),)))

    assert term.step == Fraction(step)


@pytest.mark.parametrize(
    ("value", "written", "step"),
    [
        ("12", "12", "1"),
        ("12.5", "12.5", "0.1"),
        ("125000", "12.5", "1000"),  # 单位：万元
        ("125000", "12.5万", "1000"),
        ("1234", "1,234", "1"),
        ("12345000", "1,234.5", "1000"),
        ("-125000", "-12.5", "1000"),
        ("0", "0.00", "0.01"),
        ("1234", "0", "1"),
        ("3", "三", "1"),
    ],
)
def test_a_step_of_a_cell_is_in_the_unit_of_its_table(value: str, written: str, step: str) -> None:
    found = term_of_cell(figure(value, written), 4)

    assert (found.index, found.value, found.step) == (4, Fraction(value), Fraction(step))


def test_a_range_has_no_value() -> None:
    one = figure("3").having(value_high="5")

    assert term_of_cell(one, 0).value is None
    assert [[term.value for term in row] for row in terms_of_prose(Draft(b"", "a.txt", figures=(one,)))] == [[None]]


def test_figures_of_the_prose_come_by_their_sentences_with_what_was_damaged() -> None:
    """Not those of cells, nor what is longer than any figure is, nor what has no words."""
    cell = Cell(0, 1, ("甲",), ("乙",))
    longest, longer = "9" * LONGEST, "9" * (LONGEST + 1)
    figures = (
        figure("4", at=4),
        figure(longest, at=8),
        figure(longer, at=9),
        figure("6", at=10, clause=None),
        figure("7", at=12).having(cell=cell),
        figure("5", at=32, sentence=SECOND),
    )
    damaged = (figure("", at=6).having(damage="torn"),)
    rows = terms_of_prose(Draft(b"", "a.txt", figures=figures, damaged=damaged))

    assert [[(term.start, term.index) for term in row] for row in rows] == [[(4, 0), (6, None), (8, 1)], [(32, 5)]]
    assert rows[0][1].step == 1


def test_another_value_changes_nothing_else() -> None:
    one = Term(figure("12.5"), 3, Fraction("12.5"), Fraction("0.1"))
    other = one.having_value(None)

    assert (other.value, other.index, other.step, other.figure) == (None, 3, one.step, one.figure)
