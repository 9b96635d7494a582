"""What the report's room says: something about all that a report may hold."""

import re
import tomllib
from importlib.resources import files
from typing import get_args

import pytest

from page.wording import LANGUAGES, of
from schemas.metric import Change, Measure, Qualifier, Status
from schemas.report import RelationKind, Verdict
from worker.extract.rule_list import catalogue

SAYS = {
    "status": get_args(Status),
    "qualifier": get_args(Qualifier),
    "sign": ("about", "over", "under"),
    "change": get_args(Change),
    "measure": get_args(Measure),
    "relation": get_args(RelationKind),
    "verdict": get_args(Verdict),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", SAYS)
def test_every_value_has_its_word(group: str, language: str) -> None:
    assert {f"report.{group}.{value}" for value in SAYS[group]} <= of(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_and_against_has_its_sentence(language: str) -> None:
    listed = tomllib.loads(files("worker").joinpath("data", "confidence.toml").read_text("utf-8"))["reason"]

    assert {f"report.reason.{one['name']}" for one in listed} <= of(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_sentence(language: str) -> None:
    """A rule that comes, or goes, is told in the room."""
    named = {f"rule.{name}" for _, rules in catalogue() for name, _ in rules}

    said = of(language).keys()

    assert {key for key in said if key.startswith("rule.")} == named


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_and_a_status_have_one_word_in_all_rooms(language: str) -> None:
    words = of(language)

    assert [words(f"report.status.{status}") for status in get_args(Status)] == [
        words(f"status.{status}") for status in get_args(Status)
    ]
    assert words("coding.status.achieved") == words("report.status.achieved")
    assert words("coding.status.planned") == words("report.status.planned")
    for act in ("confirm", "correct", "strike", "undo"):
        assert words(f"coding.{act}") == words(f"report.review.{act}"), act
    assert words("coding.state.struck") == words("report.review.struck").lower()


def test_a_key_does_the_same_in_the_panel_as_in_a_report() -> None:
    """Else a finger that knows one room writes reviews in the other."""
    templates = files("page").joinpath("templates")
    keys = r"""value="(\w+)"[^>]*data-key="(\w)"|call form\("(\w+)"[^%]*%}<button[^>]*?data-key="(\w)\""""
    told = {
        name: {
            (one[0] or one[2], one[1] or one[3])
            for one in re.findall(keys, templates.joinpath(name).read_text("utf-8"))
        }
        for name in ("report-card.html", "panel.html")
    }

    assert told["panel.html"] == told["report-card.html"] == {("confirm", "y"), ("strike", "x"), ("withdraw", "u")}
