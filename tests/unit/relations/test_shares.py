"""Which two counts a share can be of, when that is believed, and when it must hold: each question by itself."""

from dataclasses import replace
from fractions import Fraction

import pytest

from worker.figure import Clause, Figure, Place, Said
from worker.parts import Sentence
from worker.relations.arithmetic import ratio_of
from worker.relations.findings import _as_one, _last_piece
from worker.relations.grammar import load_grammar
from worker.relations.ratios import (
    FAR,
    RecentFigures,
    _complement,
    _is_believable,
    _must_hold,
    _Pair,
    _pairs,
    is_countable,
)
from worker.relations.terms import Term

GRAMMAR = load_grammar()
HERE, BEFORE = Sentence(50, 50, 99, 1, opens=False), Sentence(0, 0, 50, 1, opens=True)
ELSEWHERE = Sentence(0, 0, 50, 0, opens=True)


def term(
    value: str, gap: str = "", at: int = 0, unit: str = "件", sentence: Sentence = HERE, tail: str = "", **said: str
) -> Term:
    figure = Figure(
        Place(at, at + 1, at, at + 1), value, value, unit, clause=Clause(gap, tail), sentence=sentence
    ).having(**{name: Said(one, f"{name}.said") for name, one in said.items()})
    decimals = len(value.partition(".")[2])
    return Term(figure, at, Fraction(value), Fraction(1, 10**decimals))


def recent(*figures: Term) -> RecentFigures:
    found = RecentFigures()
    for figure in figures:
        found.add(figure)
    return found


def test_the_last_figures_of_a_unit_are_remembered_and_the_largest() -> None:
    first, second = term("100", at=0), term("100", at=1)
    others = [term(str(at), at=at) for at in range(2, FAR + 3)]
    found = recent(first, second, *others, term("3", at=90, unit="人"))

    assert FAR == 8
    assert [one.start for one in found.of("件")] == [one.start for one in others[-8:]]
    assert [one.start for one in found.wholes("件")] == [*(one.start for one in reversed(others[-8:])), 0]
    assert [one.start for one in recent(first, others[0]).wholes("件")] == [2, 0]
    assert [one.start for one in found.wholes("人")] == [90]
    assert list(found.wholes("户")) == list(found.of("户")) == []
    latest = found.last()
    assert latest
    assert latest.start == 90
    assert recent().last() is None
    assert recent(term("3", at=9, unit="人"), term("3", at=4)).last() is not None


SHARE = term("60", "占", at=30, unit="%")


def pairs(
    *figures: Term, share: Term = SHARE, before: Term | None = None, known: tuple[int, int] = (0, 0)
) -> list[str]:
    found = _pairs(share, figures[-1], recent(*figures), before, {known})
    return [f"{one.part.start} of {one.whole.start}{', near' if one.near else ''}" for one in found]


def test_the_pairs_of_part_and_whole() -> None:
    """The last four figures of the paragraph, the latest first; the larger of two is the whole, of equal ones the first."""
    large, middle, small = term("100", at=1), term("60", at=2), term("40", at=3)

    assert pairs(large, middle, small) == ["3 of 2, near", "3 of 1", "2 of 1"]
    assert pairs(large, middle, small, known=(2, 1)) == ["3 of 2, near", "3 of 1", "2 of 1, near"]
    assert pairs(small, large) == ["3 of 1, near"]
    assert pairs(large, term("100", at=2)) == ["2 of 1, near"]
    assert pairs(large, middle, before=term("5", at=2)) == ["2 of 1"]
    assert pairs(large, middle, before=term("5", at=0)) == ["2 of 1, near"]
    assert pairs(term("100", at=1, sentence=BEFORE), middle) == ["2 of 1"]
    assert pairs(term("100", at=1, sentence=ELSEWHERE), middle, share=term("60", "受理率", at=30, unit="%")) == []
    assert len(pairs(*(term(str(at), at=at) for at in range(1, 7)))) == 6
    assert pairs(term("9", at=1, unit="户"), large, middle) == ["2 of 1, near"]


def test_a_share_of_a_total_may_be_of_any_figure_of_the_report() -> None:
    """Of a larger one than the latest, which stands in the sentence of the share."""
    far = term("100", at=1, sentence=ELSEWHERE)
    total = term("60", "占全县总数的", at=30, unit="%")

    assert pairs(far, term("60", at=2), share=total) == ["2 of 1"]
    assert pairs(far, term("60", at=2), share=SHARE) == ["2 of 1"]
    assert pairs(far, term("100", at=2), share=total) == []
    assert pairs(far, term("60", at=2, sentence=BEFORE), share=total) == []
    assert pairs(term("100", at=1), term("60", at=2), share=total) == ["2 of 1, near"]
    assert pairs(far, term("60", at=2), share=term("60", "全县总数的", at=30, unit="%")) == []


@pytest.mark.parametrize(
    ("share", "near", "part", "whole", "where", "verdict", "believed"),
    [
        ("100", True, "60", "60", (HERE, HERE), "holds", True),
        ("100", False, "60", "60", (HERE, HERE), "holds", False),
        ("99.9", True, "60", "60", (HERE, HERE), "holds", False),
        ("100", True, "60", "61", (HERE, HERE), "holds", False),
        ("101", True, "60", "61", (HERE, HERE), "holds", False),
        ("60", True, "60", "100", (HERE, HERE), "holds", True),
        ("6", True, "60", "100", (HERE, HERE), "holds", False),
        ("60", True, "60", "100", (HERE, HERE), "holds_within_rounding", True),
        ("60.5", False, "60", "100", (HERE, HERE), "holds_within_rounding", False),
        ("60.5", False, "60", "100", (HERE, HERE), "holds", True),
        ("60.5", False, "60", "100", (HERE, BEFORE), "holds", False),
        ("60.5", False, "60", "100", (BEFORE, BEFORE), "holds", False),
        ("60.51", False, "60", "100", (HERE, BEFORE), "holds", True),
        ("60", False, "60", "100", (HERE, HERE), "holds", False),
        ("60", False, "60", "全县100", (HERE, BEFORE), "holds", True),
        ("6", False, "60", "全县100", (HERE, BEFORE), "holds", False),
        ("60", False, "60", "全县100", (BEFORE, HERE), "holds", False),
        ("60.5", False, "60", "全县100", (BEFORE, BEFORE), "holds", True),
    ],
)
def test_a_share_is_believed_where_enough_digits_agree(
    share: str, part: str, whole: str, where: tuple[Sentence, Sentence], verdict: str, *, near: bool, believed: bool
) -> None:
    """Two beside it; three in its sentence or where it names the whole, and four elsewhere; two where it names it in its own."""
    rate = term(share, "占全县总数的", at=30, unit="%")
    name, count = (whole[:2], whole[2:]) if whole.startswith("全") else ("", whole)
    pair = _Pair(term(part, at=2, sentence=where[0]), term(count, name, at=1, sentence=where[1]), near)
    finding = ratio_of([rate, pair.part, pair.whole])

    assert finding
    assert _is_believable(rate, pair, replace(finding, verdict=verdict)) is believed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "part", "whole", "demanded"),
    [
        (term("68.27", ",结案率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",结案率达到", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",结案率为", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",结案率达", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",受理结案率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",结案率", at=3, unit="%"), term("1807", "结案", at=1), term("2647", ",受理", at=2), False),
        (term("68", ",结案率", at=3, unit="%", qualifier="about"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("68.27", ";结案率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("100", ",结案率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("68.27", ",按期结案率", at=3, unit="%"), term("1807", ",按期结案", at=2), term("2647", "受理", at=1), False),
        (term("68.27", ",结案率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "新收", at=1), False),
        (term("51.11", ",结案率", at=3, unit="%"), term("1807", ",结案", at=2, tail="信访"), term("2647", "受理", at=1), False),
        (term("68.27", ",办结率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("68.27", ",受理率", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("68.27", ",总率", at=3, unit="%"), term("1807", ",总", at=2), term("2647", "总", at=1), False),
        (term("51.11", ",占结案", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("63.27", ",占结案", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), True),
        (term("68.27", ",占受理", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
        (term("67.3", ",占结案", at=3, unit="%"), term("1807", ",结案", at=2), term("2647", "受理", at=1), False),
    ],
)  # fmt: skip
def test_a_share_must_hold_where_its_name_says_of_what(share: Term, part: Term, whole: Term, *, demanded: bool) -> None:
    """Or where one digit off four explains it; 结案率 is of 结案 and of what stands before it."""
    assert _must_hold(share, _Pair(part, whole, near=True), ratio_of, GRAMMAR) is demanded


@pytest.mark.parametrize(
    ("share", "old", "new", "verdict"),
    [
        (term("60", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天"), term("18", "压缩至", at=2, unit="天"), "holds"),
        (term("50", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天"), term("18", "压缩至", at=2, unit="天"), "contradicts"),
        (term("50", ",压缩", at=3, unit="%"), term("45", "时限", at=1, unit="天"), term("18", "压缩至", at=2, unit="天"), None),
        (term("60", ",压缩", at=3, unit="%"), term("45", "时限", at=1, unit="天"), term("18", "压缩", at=2, unit="天"), None),
        (term("60.0", ",压缩", at=3, unit="%"), term("45", "时限", at=1, unit="天"), term("18", "压缩", at=2, unit="天"), "holds"),
        (term("60.1", ",压缩", at=3, unit="%"), term("45", "时限", at=1, unit="天"), term("18", "压缩", at=2, unit="天"), None),
        (term("60", ",压缩", at=3, unit="%"), term("18", "由", at=1, unit="天"), term("45", "压缩至", at=2, unit="天"), None),
        (term("0", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天"), term("45", "压缩至", at=2, unit="天"), "holds"),
        (term("60", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天", sentence=BEFORE), term("18", "压缩至", at=2, unit="天"), "holds"),
        (term("60", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天"), term("18", "压缩至", at=2, unit="天", sentence=BEFORE), None),
        (term("60", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="天", sentence=ELSEWHERE), term("18", "压缩至", at=2, unit="天"), None),
        (term("60", ",压缩", at=3, unit="%"), term("45", "由", at=1, unit="件"), term("18", "压缩至", at=2, unit="天"), None),
    ],
)  # fmt: skip
def test_what_fell_away(share: Term, old: Term, new: Term, verdict: str | None) -> None:
    """Of the last two figures of one unit, the old one first, the new one in the sentence of the share."""
    finding = _complement(share, recent(term("99", at=0, unit=new.unit), old, new) if old.unit == new.unit and old.sentence != ELSEWHERE else recent(old, new), GRAMMAR)  # fmt: skip

    assert (finding and finding.verdict) == verdict
    assert _complement(share, recent(), GRAMMAR) is None


def test_only_counts_make_a_share() -> None:
    counts = {"3": True, "1": True, "0": False, "-3": False}

    assert {value: is_countable(term(value), GRAMMAR) for value in counts} == counts
    assert not is_countable(term("3", unit="%"), GRAMMAR)
    assert not is_countable(term("3", change="increase"), GRAMMAR)
    assert not is_countable(term("3").having_value(None), GRAMMAR)


def test_a_torn_number_is_tried_as_one_and_by_its_last_piece() -> None:
    assert [_as_one(pieces) for pieces in ([], ["12"], ["1", "2"])] == [None, 12, 12]
    assert [_last_piece(pieces) for pieces in ([], ["12"], ["1", "2"], ["1", "2", "34"])] == [None, None, 2, 34]
