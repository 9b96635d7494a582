"""A report of which something could not be read is told from a whole one."""

import tomllib
from importlib.resources import files

import pytest

from page.shown.gaps import by_place, gaps_of, share_of, stored_gaps
from schemas.gaps import GAPS
from schemas.report import ReportWarning


def warning(code: str, start: int | None = None, end: int | None = None) -> ReportWarning:
    return ReportWarning(code=code, message=code, start=start, end=end)


@pytest.mark.parametrize(
    ("places", "groups"),
    [
        ([(3, 9), (4, 12), (11, 14)], [[0, 1, 2]]),
        ([(3, 9), (9, 12)], [[0], [1]]),
        ([(20, 30), (3, 9), (22, 24), (5, 6)], [[0, 2], [1, 3]]),
        ([(3, 30), (4, 6), (25, 27)], [[0, 1, 2]]),
        ([(None, None), (3, 9), (None, None), (8, 9)], [[0], [1, 3], [2]]),
        ([(3, None), (3, 4), (4, None)], [[0, 1], [2]]),
        ([], []),
    ],
)
def test_warnings_of_one_place_are_together(
    places: list[tuple[int | None, int | None]], groups: list[list[int]]
) -> None:
    """In the order of the first; what touches without a character in common is another place."""
    warnings = [warning(str(at), *place) for at, place in enumerate(places)]

    assert [[int(one.code) for one in group] for group in by_place(warnings)] == groups


def test_how_much_was_lost_counts_each_character_once() -> None:
    """And nothing that stands for no loss."""
    lost = [warning("decode_damage", 0, 10), warning("broken_sentence", 5, 20), warning("torn_number", 30, 32)]
    gaps = gaps_of([*lost, warning("issuer_disagrees", 50, 90), warning("page_without_text")])

    assert (len(gaps), share_of(gaps, 100), share_of([], 0)) == (3, 0.22, 0)


def test_what_stands_for_a_gap_is_a_warning_that_the_page_can_tell() -> None:
    """A code that no stage gives any more, or that is written otherwise, would mark no report."""
    told = tomllib.loads(files("page").joinpath("wording", "en.report.toml").read_text("utf-8"))["report"]["warning"]

    assert told.keys() >= GAPS
    assert stored_gaps('[{"code": "digit_lost"}]')
    assert not stored_gaps("[]")
