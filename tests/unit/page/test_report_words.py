"""What the report's room says: something about all that a report may hold."""

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
