"""Which doubtful cell comes after the open one, and what its figures are read from."""

from fractions import Fraction

import pytest

from exports.columns import rows_of
from page.coding.grid import _shown, name_of, next_doubt
from page.wording import of
from panels.cells import Stated
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from panels.long import doubts, lines
from tests.unit.panels.made import BOOK, growth, metric, report


def test_the_next_doubt_is_the_one_behind_and_after_the_last_the_first() -> None:
    """In the order of the list, not in that of doubt; a cell that is none is gone on from as well."""
    unsure = metric("粮食产量", "7", "吨", at=20, confidence=0.5)
    several = (growth("5.2"), growth("5.5", at=9), unsure)
    made = panel_of(
        BOOK,
        sources_of(
            [report(*several), report(*several, path="b.txt", code="110000", place="北京市")],
            Corrections(()),
            BOOK.kinds,
        ),
        (),
    )
    doubtful = {cell.key for cell in doubts(made)}
    ordered = [cell.key for cell in lines(made)]
    marked = [key for key in ordered if key in doubtful]

    assert 2 < len(marked) < len(ordered)
    assert next_doubt(made, None) == name_of(marked[0])
    for at, key in enumerate(ordered):
        behind = [other for other in [*ordered[at + 1 :], *ordered[:at]] if other in doubtful]
        assert next_doubt(made, key) == name_of(behind[0])


def test_where_nothing_is_doubtful_there_is_none() -> None:
    sure = panel_of(BOOK, sources_of([report(growth("5.2"))], Corrections(()), BOOK.kinds), ())
    assert [next_doubt(sure, key) for key in (None, next(lines(sure)).key)] == ["", ""]
    one = panel_of(BOOK, sources_of([report(growth("5.2", confidence=0.5))], Corrections(()), BOOK.kinds), ())
    [key] = [cell.key for cell in doubts(one)]
    assert (next_doubt(one, None), next_doubt(one, key)) == (name_of(key), "")


@pytest.mark.parametrize("said", [True, False])
def test_a_figure_of_a_cell_is_shown_with_what_it_says(*, said: bool) -> None:
    """What it does not say is nothing; where no figure of the report stands at its place it is the first."""
    other = report(growth("5"), growth("5.2", at=40, section=("一", "二")))
    [source] = sources_of([other], Corrections(()), BOOK.kinds)
    _, row = rows_of(other)
    silent = dict.fromkeys(("unit", "sentence", "section"))
    seen = _shown(Stated({**row, **({} if said else {**silent, "start": 7})}, source, Fraction(5)), of("zh-Hans"))

    assert (seen.unit, seen.section) == (("%", "一 > 二") if said else ("", ""))
    assert (seen.before, seen.quote, seen.after) == (("地区生产总值增长", "5.2%", "。") if said else ("", "", ""))
    assert seen.url.endswith("?f=2" if said else "?f=1")
    assert seen.place == "广东省"
