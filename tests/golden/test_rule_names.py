"""The names of rules belong to a pipeline version: consumers have them in the readings of its reports."""

from pathlib import Path

import pytest

from benchmarks import rules
from worker import PIPELINE_VERSION

FOLDER = Path(__file__).with_name("rules")


def changes(version: str, names: str) -> str:
    """What is new and what is gone since the names of a version were written down; empty where nothing is."""
    known, now = set((FOLDER / f"{version}.txt").read_text("utf-8").split()), set(names.split())
    return " ".join([*(f"+{name}" for name in sorted(now - known)), *(f"-{name}" for name in sorted(known - now))])


def test_no_rule_is_renamed_within_a_pipeline_version() -> None:
    """A rule that comes, goes or is renamed reads otherwise: raise PIPELINE_VERSION, then ``make generate``."""
    assert (FOLDER / f"{PIPELINE_VERSION}.txt").exists(), "make generate writes the names of a new version"
    assert changes(PIPELINE_VERSION, rules.names()) == "", f"PIPELINE_VERSION is still {PIPELINE_VERSION}: raise it"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("period.stated\n", "period.said\n", "+period.said -period.stated"),
        ("class.crowd\n", "", "-class.crowd"),
        ("", "status.wished\n", "+status.wished"),
    ],
)
def test_a_renamed_a_lost_and_a_new_rule_are_noticed(before: str, after: str, told: str) -> None:
    names = rules.names()
    spoilt = names.replace(before, after) if before else names + after
    assert spoilt != names

    assert changes(PIPELINE_VERSION, spoilt) == told


def test_names_of_a_version_are_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a version called its rules is never written over."""
    monkeypatch.setattr(rules, "NAMES", tmp_path)
    monkeypatch.setattr(rules, "PAGE", tmp_path / "rules.md")
    rules.write()
    file = tmp_path / f"{PIPELINE_VERSION}.txt"
    assert file.read_text("utf-8") == rules.names()
    file.write_text("kept\n")
    rules.write()

    assert file.read_text("utf-8") == "kept\n"
