"""What stands beside an empty cell: figures that were read as something else, and those of reports that fill no cell."""

from dataclasses import replace

import pytest

from panels.cells import Key
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from tests.unit.panels.made import BOOK, growth, metric, report, review
from tests.unit.panels.test_cells import cell, figure_review, panel


def test_what_is_of_another_series_of_the_panel_is_not_told_again() -> None:
    """It stands in its own column; of others the nearest three are told."""
    energy = metric("单位能耗", "3", "%", measure="rate_of_change", indicator_id="economy.gdp")
    others = [
        growth(str(at), indicator_id="finance.revenue", indicator="经济增长", at=9 * at, confidence=at / 10)
        for at in range(1, 6)
    ]

    assert cell(energy).akin == ()
    assert [one.text for one in cell(*others).akin] == ["5", "4", "3"]


def test_a_report_of_unknown_kind_has_candidates_alone() -> None:
    """Where it has something of the codebook; nobody says that it tells of the whole place, so no cell says that it states nothing."""
    made = panel(
        report(growth("5"), path="a.txt", kind=None), report(path="b.txt", kind=None, place="湖南省", code="430000")
    )
    [found] = made.cells.values()

    assert (found.state, found.key.series, found.candidate and found.candidate.text) == ("not_found", "growth", "5")
    assert [source.left_out and source.left_out.reason for source in made.sources] == ["unknown", "strange"]
    assert [source.why_not_shown() for source in made.sources] == [
        "文种不明；其数字只作候选，除非在 documents.csv 中写明地区",
        "文种不明，且没有编码本中的任何一项",
    ]


def test_a_report_of_an_organ_fills_no_cell_of_its_place() -> None:
    """Its figures are candidates, behind those of the place's own report."""
    book = replace(BOOK, kinds=("rule_of_law",))
    bureau = report(growth("9"), kind="rule_of_law", path="b.txt")
    title = {"title": "广东省水利厅2025年法治政府建设年度报告"}
    bureau = bureau.model_copy(update={"document": bureau.document.model_copy(update=title)})
    own = report(growth("5.2", period=None), kind="rule_of_law", path="a.txt")
    key = Key("440000", "2025", "growth", "achieved")

    alone = panel_of(book, sources_of([bureau], Corrections(), book.kinds))
    both = panel_of(book, sources_of([bureau, own], Corrections(), book.kinds))
    assert ([*alone.cells], alone.cells[key].state) == ([key], "not_found")
    assert alone.cells[key].candidate is not None
    assert alone.sources[0].why_not.startswith("it is of 广东省水利厅, whose figures are not the place's")
    assert both.cells[key].candidate is not None
    assert [one.candidate and one.candidate.text for one in (alone.cells[key], both.cells[key])] == ["9", "5.2"]


@pytest.mark.parametrize(
    ("said", "text"),
    [({"place": "广东省"}, "5"), ({"region_code": "440000"}, "5"), ({"year": "2025"}, "")],
)
def test_whoever_names_its_place_has_its_figures_fill_it(said: dict[str, str], text: str) -> None:
    """A year alone does not."""
    made = panel(report(growth("5"), kind=None), rows=({"path": "a.txt", **said},))

    assert [one.text for one in made.cells.values() if one.key[1:] == ("2025", "growth", "achieved")] == [text]


def test_a_candidate_of_an_organ_can_be_taken() -> None:
    """By whoever confirms it, in the cell or as a figure."""
    for one in (review("confirm", 0, "5%"), figure_review("confirm", 0, "5%")):
        made = panel(report(growth("5"), kind=None), reviews=(one,))
        assert made.cells[Key("440000", "2025", "growth", "achieved")].text == "5"
