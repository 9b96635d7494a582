"""What a comparison writes: values over one power of ten, and addresses that lead back to what was asked."""

from fractions import Fraction
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from exports.signs import SIGNS
from page.comparing.comparison import Cell, Point
from page.rooms.compare import Scale, View


def point(value: str, high: str | None = None, qualifier: str = "exact") -> Point:
    one = Point({}, Fraction(value), None if high is None else Fraction(high), ())
    one.__dict__["row"] = {"qualifier": qualifier}
    return one


@pytest.mark.parametrize(
    ("one", "shown", "plain"),
    [
        (point("1234"), "1,234", "1234"),
        (point("-12.5"), "−12.5", "-12.5"),
        (point("5", "7"), "5–7", "5–7"),
        (point("5", None, "about"), f"{SIGNS['about']}5", f"{SIGNS['about']}5"),
        (point("-1500", "-1200", "over"), f"{SIGNS['over']}−1,500–−1,200", f"{SIGNS['over']}-1500–-1200"),
    ],
)
def test_a_figure_is_written_with_what_qualifies_it(one: Point, shown: str, plain: str) -> None:
    """In a file in plain digits; two figures of a cell both."""
    scale = Scale(0, "吨", "en")
    assert scale.point(one) == shown
    assert [scale.cell(Cell((one,) * count)) for count in range(3)] == ["", plain, f"{plain} | {plain}"]


@pytest.mark.parametrize(
    ("asked", "other", "url"),
    [
        ("i=x", {}, "/compare?i=x"),
        ("i=+x+&r=2023&m=level&l=city", {}, "/compare?i=x&m=level&l=city&r=2023"),
        ("i=x&u=", {}, "/compare?i=x"),
        ("i=x&u=t", {"u": ""}, "/compare?i=x&u="),
        ("i=x&u=t", {"u": None}, "/compare?i=x"),
        ("i=x&p=a&p=b&y=2023&y=2024", {"r": "2024"}, "/compare?i=x&r=2024&p=a&p=b&y=2023&y=2024"),
        ("i=x&m=level", {"m": None, "suffix": ".csv"}, "/compare.csv?i=x"),
        (f"i={'x' * 300}", {}, f"/compare?i={'x' * 200}"),
        ("", {}, "/compare?"),
    ],
)
def test_an_address_keeps_what_was_asked(asked: str, other: dict[str, Any], url: str) -> None:
    """But for what is said otherwise, or taken away."""
    assert View.of(QueryParams(asked)).url(**other) == url
