"""The version is the same wherever it stands."""

import re
from importlib import metadata
from pathlib import Path

from zhibiao import __version__

ROOT = Path(__file__).parent.parent


def test_the_newest_released_part_of_the_changelog_is_this_version() -> None:
    """What is not released yet may stand above it, without a number."""
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [head for head in heads if head != "Unreleased"]

    assert re.fullmatch(rf"{re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)", released[0])
    assert heads.index(released[0]) <= 1


def test_the_installed_distribution_is_of_this_version() -> None:
    """It is spelt in one place; ``make setup`` after it was raised."""
    assert metadata.version("zhibiao") == __version__
