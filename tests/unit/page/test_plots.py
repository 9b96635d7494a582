"""Plots by hand: which lines are drawn, where their marks and labels stand, and what is joined."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from page.comparing.comparison import Cell, Line, Point
from page.comparing.plots import FEWEST_YEARS, MOST_LINES, plot_of_rank, plot_of_years


def point(value: float, high: float | None = None, qualifier: str = "exact") -> Point:
    one = Point({}, Fraction(value), None if high is None else Fraction(high), ())
    one.__dict__["row"] = {"qualifier": qualifier}
    return one


def line(key: str, **cells: Any) -> Line:
    """``a2023`` is what was reached in a year, ``p2023`` what was planned for it: one value or several."""
    found = {}
    for name, values in cells.items():
        of = values if isinstance(values, list) else [values]
        points = tuple(one if isinstance(one, Point) else point(one) for one in of)
        found[name[1:], "achieved" if name[0] == "a" else "planned"] = Cell(points)
    return Line(key, key, "city", found)


YEARS = ("2020", "2021", "2022", "2023")


def test_few_years_are_no_line() -> None:
    """Targets are none that were reached."""
    few = [line("甲", a2020=1, a2021=2, p2022=3), line("乙", a2020=5)]
    assert plot_of_years(few, YEARS) is None
    assert plot_of_years([*few, line("丙", a2022=1)], YEARS) is not None
    assert FEWEST_YEARS == 3


def test_lines_join_years_that_follow_each_other_and_have_one_figure() -> None:
    """A gap stays one, as does a year with two figures; a target is joined to nothing."""
    plot = plot_of_years(
        [line("甲", a2020=0, a2021=10, p2021=5, a2023=20), line("乙", a2020=4, a2021=[4, 6], a2022=4, a2023=8)], YEARS
    )
    assert plot is not None
    drawn = {one.line.key: one for one in plot.drawn}
    third = (plot.right - plot.left) / 3
    marks = drawn["甲"].marks
    assert [mark.x - plot.left for mark in marks] == pytest.approx([0, third, third, 3 * third])
    assert [mark.is_planned for mark in marks] == [False, False, True, False]
    assert [tick.value for tick in plot.ticks] == [0, 5, 10, 15, 20]
    assert (plot.ticks[0].at, plot.ticks[-1].at) == (plot.bottom, plot.top)
    assert drawn["甲"].stretches == [f"{plot.left:.1f},{plot.bottom:.1f} {plot.left + third:.1f},{178:.1f}"]
    assert len(drawn["乙"].stretches) == 1
    assert len(drawn["乙"].stretches[0].split()) == 2
    assert [year for _, year in plot.years] == [*YEARS]
    assert [x - plot.left for x, _ in plot.years] == pytest.approx([0, third, 2 * third, 3 * third])
    assert (plot.width, plot.height, plot.left, plot.right, plot.top, plot.bottom) == (960, 380, 76, 800, 16, 340)


def test_of_many_lines_those_of_most_years_and_of_the_largest_last_values_are_drawn() -> None:
    """What is only planned counts for neither."""
    lines = [line(f"{at}", a2020=1, a2021=1, a2022=at) for at in range(10)]
    short = line("kurz", a2020=900, a2021=900)
    planned = line("plan", a2020=1, a2021=1, a2022=-1, p2023=900)
    plot = plot_of_years([planned, short, *lines], YEARS)
    assert plot is not None
    assert [(one.line.key, one.colour) for one in plot.drawn] == [(f"{9 - at}", at) for at in range(MOST_LINES)]


def test_labels_stand_apart_beside_what_was_reached_last() -> None:
    """On the sheet, too; beside a target only where nothing was reached."""
    same = [line(f"{at}", a2020=1, a2021=1, a2022=1, p2023=9) for at in range(4)]
    plot = plot_of_years([*same, line("z", a2020=0, a2021=5, a2022=0), line("plan", p2021=9)], YEARS)
    assert plot is not None
    labels = {one.line.key: one.label_y for one in plot.drawn}
    ordered = sorted(labels.values())
    assert all(below - above >= 17 for above, below in pairwise(ordered))
    assert labels["z"] <= plot.bottom
    assert labels["plan"] == min(ordered)
    alone = plot_of_years([line("甲", a2020=1, a2021=2, a2022=0, p2023=9), line("plan", p2021=8)], YEARS)
    assert alone is not None
    assert {one.line.key: one.label_y for one in alone.drawn} == pytest.approx(
        {"甲": plot_y(alone, 0), "plan": plot_y(alone, 8)}
    )


def test_labels_that_crowd_below_push_up_none_that_is_not_in_their_way() -> None:
    """The highest stays beside its mark, on the sheet, and all of a full plot have room."""
    low = [line(f"{at}", a2020=1, a2021=1, a2022=at / 100) for at in range(MOST_LINES - 1)]
    plot = plot_of_years([*low, line("top", a2020=1, a2021=1, a2022=20)], YEARS)
    assert plot is not None
    labels = {one.line.key: one.label_y for one in plot.drawn}
    ordered = sorted(labels.values())
    assert labels["top"] == plot_y(plot, 20) == plot.top
    assert ordered[-1] == plot.bottom
    assert [round(below - above, 6) for above, below in pairwise(ordered[1:])] == [17] * (MOST_LINES - 2)


def plot_y(plot: Any, value: float) -> float:
    """Where a value stands on the sheet."""
    low, high = plot.ticks[0], plot.ticks[-1]
    return float(low.at - (value - float(low.value)) / float(high.value - low.value) * (low.at - high.at))


def test_a_long_time_has_labels_that_stand_apart() -> None:
    years = [str(year) for year in range(1990, 2024)]
    plot = plot_of_years([line("甲", **{f"a{year}": 1.5 for year in years})], years)
    assert plot is not None
    assert [year for _, year in plot.years] == [str(year) for year in range(1990, 2024, 3)]


def test_a_rank_has_the_largest_first_and_what_was_planned_beside_it() -> None:
    """A range lasts from one end to the other, and each figure says how exact it is."""
    lines = [
        line("甲", a2023=5, p2023=20), line("乙", a2023=point(10, 15, "about")), line("丙", p2023=7), line("丁", a2022=99)
    ]  # fmt: skip
    plot = plot_of_rank(lines, "2023")
    assert plot is not None
    assert [one.line.key for one in plot.drawn] == ["乙", "甲"]
    assert [one.label_y for one in plot.drawn] == [43, 69]
    assert (plot.height, plot.top, plot.bottom, plot.years) == (92, 30, 82, [])
    x = {tick.value: tick.at for tick in plot.ticks}
    assert (x[Fraction(0)], x[Fraction(20)]) == (190, 860)
    first, second = plot.drawn
    assert [(mark.x, mark.low, mark.high, mark.shape, mark.is_planned) for mark in first.marks] == [
        (x[Fraction(10)], x[Fraction(10)], x[Fraction(15)], "about", False)
    ]
    assert [(mark.x, mark.is_planned) for mark in second.marks] == [(x[Fraction(5)], False), (x[Fraction(20)], True)]
    assert plot_of_rank(lines[1:], "2023") is None


@pytest.mark.parametrize("year", ["2022", "2021"])
def test_one_place_is_no_rank(year: str) -> None:
    assert plot_of_rank([line("甲", a2022=1), line("乙", a2023=1)], year) is None
