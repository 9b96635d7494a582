"""A report of which something could not be read is told from a whole one."""

import tomllib
from importlib.resources import files

from page.shown.gaps import stored_gaps
from schemas.gaps import GAPS


def test_what_stands_for_a_gap_is_a_warning_that_the_page_can_tell() -> None:
    """A code that no stage gives any more, or that is written otherwise, would mark no report."""
    told = tomllib.loads(files("page").joinpath("wording", "en.report.toml").read_text("utf-8"))["report"]["warning"]

    assert told.keys() >= GAPS
    assert stored_gaps('[{"code": "digit_lost"}]')
    assert not stored_gaps("[]")
