"""What a review may say, what it is about, and what takes it back."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.review import SAID, Review

OF_A_FIGURE = {"at": "2026-01-01T00:00:00Z", "document": "d", "start": 3, "end": 5, "quote": "12件"}
OF_A_CELL = {**OF_A_FIGURE, "series": "gdp", "year": "2025", "status": "achieved"}
RIGHT = {
    "value": "13", "value_high": "14", "unit": "件", "indicator": "办结", "period": "2025", "measure": "level", "change": "to",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"action": "confirm", "series": "gdp"}, "series, year and status name a cell together"),
        ({"action": "confirm", "year": "2025"}, "series, year and status name a cell together"),
        ({**OF_A_CELL, "action": "confirm", "status": None}, "the status of a cell is achieved or planned"),
        ({**OF_A_CELL, "action": "confirm", "status": "ongoing"}, "the status of a cell is achieved or planned"),
        ({"action": "confirm", "status": "achieved"}, "a status without a series is said by correct and add alone"),
        ({"action": "strike", "status": "planned"}, "a status without a series is said by correct and add alone"),
        ({"action": "add", "indicator": "办结"}, "add comes with a quote, a value and an indicator"),
        ({"action": "add", "value": "12"}, "add comes with a quote, a value and an indicator"),
        ({"action": "add", "value": "12", "indicator": "办结", "quote": ""}, "add comes with a quote, a value and an indicator"),
        ({"action": "add", "value": "12", "indicator": "办结", "end": 3}, "end is after start"),
        ({"action": "correct"}, "correct comes with what is right"),
        ({**OF_A_CELL, "action": "correct"}, "correct comes with what is right|where it is about a cell"),
        ({**OF_A_CELL, "action": "correct", "unit": "%"}, "correct comes with a value where it is about a cell"),
        ({"action": "correct", "value": "3", "unit": "万元"}, "the unit of a figure is without 万"),
        ({"action": "correct", "value": "3", "unit": "亿吨"}, "the unit of a figure is without 亿"),
        ({"action": "confirm", "value": "3", "unit": "件"}, "confirm comes without value and unit"),
        ({"action": "strike", "period": "2025"}, "strike comes without period"),
        ({"action": "withdraw", "change": "to"}, "withdraw comes without change"),
        ({"action": "correct", "value": "1/0"}, "a fraction of nothing is no value"),
        ({"action": "correct", "value": "1", "value_high": "1/00"}, "a fraction of nothing is no value"),
        ({"action": "correct", "value": "5", "value_high": "5"}, "value_high is above value"),
        ({"action": "correct", "value": "5", "value_high": "4.9"}, "value_high is above value"),
        ({"action": "correct", "value_high": "5"}, "value_high is above value"),
    ],
)  # fmt: skip
def test_a_review_that_contradicts_itself_is_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Review.model_validate({**OF_A_FIGURE, **said})


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("action", ["confirm", "strike", "withdraw"])
def test_only_what_corrects_or_adds_says_what_is_right(name: str, action: str) -> None:
    """But for the name of an added figure, which is what withdraw is about."""
    said = {**OF_A_FIGURE, "action": action, name: RIGHT[name]}

    if (name, action) == ("indicator", "withdraw"):
        assert Review.model_validate(said).anchor.added == "办结"
        return
    with pytest.raises(ValidationError):
        Review.model_validate(said)


@pytest.mark.parametrize(
    "said",
    [
        {"action": "confirm"}, {"action": "strike"}, {"action": "withdraw"}, {"action": "correct", "status": "planned"},
        {"action": "correct", **RIGHT}, {"action": "add", **RIGHT, "status": "ongoing"}, {**OF_A_CELL, "action": "correct", "value": "3"},
        {**OF_A_CELL, "action": "confirm", "status": "planned"}, {"action": "correct", "value": "10/3"}, {"action": "correct", "unit": "万"},
        {"action": "correct", "value": "1/3", "value_high": "1/2"}, {"action": "add", "value": "1", "indicator": "办结", "end": 4},
    ],
)  # fmt: skip
def test_what_a_review_may_say(said: dict[str, Any]) -> None:
    assert Review.model_validate({**OF_A_FIGURE, **said}).action == said["action"]


@pytest.mark.parametrize(
    ("period", "is_one"),
    [
        ("2025", True), ("2025H1", True), ("2025H2", True), ("2025Q4", True), ("2025-06", True), ("2025-06-30", True), ("..2025-12", True),
        ("2021/2025", True), ("2025-01/2025-11", True), ("2025H3", False), ("2025Q5", False), ("25", False), (".2025", False), ("2025-6", False),
        ("2025/", False), ("2025年", False), ("2024H1/2025H1", False),
    ],
)  # fmt: skip
def test_a_period_as_the_schema_writes_it(period: str, *, is_one: bool) -> None:
    said = {**OF_A_FIGURE, "action": "correct", "period": period}
    if is_one:
        assert Review.model_validate(said).period == period
        return
    with pytest.raises(ValidationError):
        Review.model_validate(said)


def test_what_is_right_has_these_names() -> None:
    assert set(SAID) == set(RIGHT)


def test_a_review_is_about_a_figure_or_about_it_in_a_cell() -> None:
    """The status of a figure that is corrected is a part of what is said of it."""
    of_figure = Review.model_validate({**OF_A_FIGURE, "action": "correct", "status": "planned"})
    of_cell = Review.model_validate({**OF_A_CELL, "action": "confirm", "note": "n"})
    added = Review.model_validate({**OF_A_FIGURE, "action": "add", **RIGHT})

    assert of_figure.anchor == ("d", None, None, None, 3, 5, None)
    assert of_cell.anchor == ("d", "gdp", "2025", "achieved", 3, 5, None)
    assert added.anchor == ("d", None, None, None, 3, 5, "办结")


def test_what_takes_a_review_back_is_about_the_same_and_says_nothing_of_it() -> None:
    about = {"sha256": "a" * 64, "title": "报告", "path": "a.txt", "note": "n", "by": "b"}
    for said in (
        {**OF_A_CELL, "action": "correct", **RIGHT},
        {**OF_A_FIGURE, "action": "add", **RIGHT},
        {**OF_A_FIGURE, "action": "strike"},
    ):
        review = Review.model_validate({**said, **about})
        back = review.taken_back("2026-02-02T00:00:00Z", "c")

        assert back.anchor == review.anchor
        assert (back.at, back.by, back.action, back.note) == ("2026-02-02T00:00:00Z", "c", "withdraw", "")
        assert (back.quote, back.sha256, back.title, back.path, back.value) == ("12件", "a" * 64, "报告", "a.txt", None)
        assert review.taken_back("2026-02-02T00:00:00Z").by == ""
