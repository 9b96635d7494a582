"""What stands in a cell, what is said beside it, and why one is empty."""

from typing import Any

import pytest

from panels.cells import Cell, Key, Panel
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import needed_by, panel_of
from panels.long import COLUMNS, doubts, lines
from panels.reviews import Review
from schemas.gaps import GAPS
from schemas.metric import Metric
from schemas.report import Report
from tests.unit.panels.made import BOOK, contradiction, growth, metric, report, review


def panel(*reports: Report, rows: tuple[dict[str, str], ...] = (), reviews: tuple[Review, ...] = ()) -> Panel:
    """The panel of what it needs of the reports; the same as that of whole reports."""
    lean = panel_of(BOOK, sources_of(reports, Corrections(rows), BOOK.kinds, needed_by(BOOK, reviews)), reviews)
    whole = panel_of(BOOK, sources_of(reports, Corrections(rows), BOOK.kinds), reviews)
    assert [shown(lean), lean.orphans, lean.strangers] == [shown(whole), whole.orphans, whole.strangers]
    return lean


def shown(made: Panel) -> list[Any]:
    """All that a panel says."""
    cells = [[column.of(cell) for column in COLUMNS] for cell in lines(made)]
    return [*cells, *((source.report.id, source.figures, source.why_not) for source in made.sources)]


def cell(*metrics: Metric, series: str = "growth", year: str = "2025", status: str = "achieved", **more: Any) -> Cell:
    return panel(report(*metrics, **more)).cells[Key("440000", year, series, status)]


@pytest.mark.parametrize(
    ("figure", "series", "year", "status", "text"),
    [
        (growth("5.2"), "growth", "2025", "achieved", "5.2"),
        (growth("3", change="decrease"), "growth", "2025", "achieved", "-3"),
        (growth("5", value_high="6", period="2026", status="planned"), "growth", "2026", "planned", "5~6"),
        (metric("粮食产量", "1600000", "斤"), "grain", "2025", "achieved", "800"),
        (metric("粮食产量", "7", "吨", period="..2025-12"), "grain", "2025", "achieved", "7"),
        (
            metric("单位产值能耗", "3.1", "%", measure="rate_of_change", change="decrease"),
            "energy",
            "2025",
            "achieved",
            "3.1",
        ),
        (
            metric("能耗强度", "0.4", "%", measure="rate_of_change", change="increase"),
            "energy",
            "2025",
            "achieved",
            "-0.4",
        ),
    ],
)
def test_a_figure_stands_in_its_cell(figure: Metric, series: str, year: str, status: str, text: str) -> None:
    """In the base unit, with the sign that the series' title gives it."""
    found = cell(figure, series=series, year=year, status=status)

    assert (found.state, found.text) == ("stated", text)


@pytest.mark.parametrize(
    "figure",
    [
        growth("5.2", scope="市直"),
        growth("5.2", measure="yearly_mean", period="2021/2025"),
        growth("5.2", period="2025H1"),
        growth("5.2", period="2024"),
        growth("5.2", period="2027", status="planned"),
        growth("5.2", indicator_id="economy.income", indicator="居民收入"),
    ],
)
def test_what_is_of_something_else_stands_in_no_cell_of_the_year(figure: Metric) -> None:
    """Another whose, another kind of measure, half a year, another year, another thing."""
    assert cell(figure).figures == ()


@pytest.mark.parametrize("figure", [growth("5.2", period="2024", status="planned"), growth("5.2", period="2026")])
def test_what_cannot_be_is_a_candidate_and_no_figure(figure: Metric) -> None:
    """A plan for the year that is over; what was reached in a year to come."""
    made = panel(report(figure))
    empty = made.cells[Key("440000", "2026", "growth", "planned")]

    assert all(not cell.figures for cell in made.cells.values())
    assert (empty.state, empty.candidate and empty.candidate.row["quote"]) == ("not_found", "5.2%")


@pytest.mark.parametrize(
    ("metrics", "warned", "state"),
    [
        ([], [], "not_stated"),
        ([metric("居民收入", "5", "%", measure="rate_of_change")], [], "not_stated"),
        ([growth("5.2", period=None)], [], "not_found"),
        ([growth("5.2", indicator_id="finance.revenue", indicator="经济增长")], [], "other"),
        ([growth("5.2", indicator_id="finance.revenue", indicator="经济增长")], ["decode_damage"], "not_found"),
        ([growth("5.2", indicator_id="finance.revenue", indicator="经济增长", period="2024")], [], "not_stated"),
        (
            [metric("", "5", "%", confidence=0.3, measure="rate_of_change", sentence="地区生产总值比上年增长5%。")],
            [],
            "not_found",
        ),
        (
            [
                metric(
                    "居民收入",
                    "5",
                    "%",
                    confidence=0.95,
                    measure="rate_of_change",
                    sentence="地区生产总值、居民收入增长5%。",
                )
            ],
            [],
            "not_stated",
        ),
        ([metric("", "5", "元", confidence=0.3, sentence="地区生产总值5元。")], [], "not_stated"),
        ([metric("总产", "5", "吨", confidence=0.3, sentence="粮食播种9亩，总产5吨。")], [], "not_stated"),
        ([growth("5.2", measure="share")], [], "other"),
        (
            [metric("全年", "5", "%", confidence=0.3, measure="rate_of_change", sentence="生产总值9亩，全年5%。")],
            [],
            "not_found",
        ),
        (
            [
                metric("全年", "5", "%", confidence=0.3, measure="rate_of_change", sentence="生产总值9亩，全年5%。"),
                growth("6", at=30, indicator_id="finance.revenue", indicator="经济增长"),
            ],
            [],
            "not_found",
        ),
        *[([], [code], "not_found") for code in sorted(GAPS)],
        ([], ["unknown_unit"], "not_stated"),
    ],
)
def test_an_empty_cell_says_why(metrics: list[Metric], warned: list[str], state: str) -> None:
    """Not stated only where the report was read whole and nothing in it could be meant."""
    assert cell(*metrics, warned=warned).state == state


def test_two_values_are_both_shown_and_never_averaged() -> None:
    """The surer one first."""
    found = cell(growth("5.2", at=0, confidence=0.8), growth("5.5", at=9, confidence=0.9))

    assert found.text == "5.5 | 5.2"
    assert "several_values" in found.marks


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (growth("5.2"), growth("5.2", at=9), "5.2"),
        (metric("粮食产量", "5000", "吨", qualifier="over"), metric("粮食产量", "5210", "吨", at=9), "5210"),
        (metric("粮食产量", "5200", "吨", qualifier="about"), metric("粮食产量", "5210", "吨", at=9), "5210"),
        (metric("粮食产量", "5300", "吨", qualifier="over"), metric("粮食产量", "5210", "吨", at=9), "5210 | 5300"),
        (metric("粮食产量", "9000", "吨", qualifier="under"), metric("粮食产量", "5210", "吨", at=9), "5210 | 9000"),
    ],
)
def test_what_says_the_same_less_exactly_is_no_second_value(first: Metric, second: Metric, text: str) -> None:
    """A bound that the exact figure keeps, and that is near it."""
    series = "growth" if first.unit == "%" else "grain"

    assert cell(first, second, series=series).text == text
    assert cell(second, first, series=series).text == text


@pytest.mark.parametrize(
    ("figure", "marks"),
    [
        (growth("5.2"), ()),
        (growth("5.2", qualifier="over"), ("not_exact",)),
        (growth("5.2", confidence=0.79), ("unsure",)),
        (growth("5.2", confidence=None), ("unsure",)),
        (growth("5.2", period="..2025-12"), ("as_at",)),
        (growth("5.2", period="2024"), ("from_another_years_report",)),
    ],
)
def test_what_stands_against_comparing_it(figure: Metric, marks: tuple[str, ...]) -> None:
    """Said beside the cell."""
    year = "2024" if figure.period == "2024" else "2025"

    assert cell(figure, year=year).marks == marks


def test_a_figure_that_its_report_contradicts_is_marked() -> None:
    """And no other."""
    figures = (metric("x", "1", "件", at=40), growth("5.2"))

    assert cell(*figures, relations=(contradiction(1),)).marks == ("contradicted",)
    assert cell(*figures, relations=(contradiction(0),)).marks == ()


def test_the_same_document_twice_is_one() -> None:
    """The one with more figures is used, and the other says which; another kind and unknown places are left out with why."""
    good = report(growth("5.2"), metric("粮食产量", "7", "吨", at=9), path="b.html")
    others = (
        report(growth("5.2"), path="a.pdf"),
        report(growth("9"), path="c.txt", kind="audit"),
        report(growth("9"), path="d.txt", place=None, code=None),
        report(growth("9"), path="e.txt", year=None),
    )
    made = panel(good, *others)

    assert made.cells[Key("440000", "2025", "growth", "achieved")].text == "5.2"
    assert {source.report.source.path: source.why_not for source in made.sources} == {
        "b.html": "",
        "a.pdf": "it is the same document as b.html, which is used",
        "c.txt": "it is of another kind: audit",
        "d.txt": "its place is not known; a line in documents.csv would say it",
        "e.txt": "its year is not known; a line in documents.csv would say it",
    }


def test_a_correction_leaves_what_the_report_says() -> None:
    """Beside the right value stands the report's own."""
    made = panel(report(growth("5.2")), reviews=(review("correct", 0, "5.2%", value="5.5"),))
    [figure] = made.cells[Key("440000", "2025", "growth", "achieved")].figures

    assert (figure.text, figure.as_read["value"]) == ("5.5", "5.2")


def test_two_reports_of_one_place_are_two_where_they_say_other_things() -> None:
    """A department's beside its government's: both values are shown, none is dropped as the same document."""
    made = panel(report(growth("5.2"), path="a.txt"), report(growth("6.1"), metric("x", "9", "件", at=9), path="b.txt"))

    assert [source.why_not for source in made.sources] == ["", ""]
    assert made.cells[Key("440000", "2025", "growth", "achieved")].text == "5.2 | 6.1"


def test_places_of_one_name_are_two_places() -> None:
    """朝阳区 of two cities, where neither has a code."""
    named = {"place": "朝阳区", "code": None}
    made = panel(
        report(growth("5"), path="a.txt", above=("北京市", None), **named),
        report(growth("6"), path="b.txt", above=("吉林省", "长春市"), **named),
        report(growth("7"), path="c.txt", above=(None, None), **named),
    )

    assert {place for place, _, _ in made.lines()} == {"北京市朝阳区", "吉林省长春市朝阳区", "朝阳区"}
    assert {key for _, key, _ in made.lines()} == {"北京市/朝阳区", "吉林省/长春市/朝阳区", "朝阳区"}
    assert all(len(cell.figures) <= 1 for cell in made.cells.values())


def test_a_list_of_documents_sets_place_and_year() -> None:
    """By path; the year that a plan is for follows."""
    rows = ({"path": "a.txt", "place": "湖南省", "region_code": "430000", "year": "2024", "title": ""},)
    made = panel(report(growth("5", period="2025", status="planned"), place=None, code=None, year=None), rows=rows)

    assert made.cells[Key("430000", "2025", "growth", "planned")].text == "5"
    assert [(place, year) for place, _, year in made.lines()] == [("湖南省", "2024"), ("湖南省", "2025")]


def test_doubts_come_most_doubtful_first() -> None:
    """Two values, then a candidate, then a figure that is not sure; what is sure is no doubt."""
    figures = (
        growth("5.2", at=0),
        growth("5.3", at=9),
        metric("粮食产量", "7", "吨", period=None, at=20),
        metric("能耗强度", "3", "%", measure="rate_of_change", change="decrease", confidence=0.5, at=30),
    )
    made = panel(report(*figures))

    assert [cell.key.series for cell in doubts(made) if cell.key.year == "2025"] == ["growth", "grain", "energy"]


def test_the_list_is_ordered_by_place_year_and_series() -> None:
    """With a line for each cell."""
    made = panel(report(growth("5")), report(growth("6"), path="b.txt", code="110000", place="北京市"))

    assert [cell.key[:3] for cell in lines(made) if cell.key.status == "achieved" and cell.key.year == "2025"] == [
        (place, "2025", series) for place in ("110000", "440000") for series in ("growth", "grain", "energy")
    ]
    assert len(list(lines(made))) == len(made.cells)


@pytest.mark.parametrize(
    ("reviews", "text", "state", "marks"),
    [
        ((review("confirm", 0, "5.2%"),), "5.2 | 5.5", "stated", ("reviewed", "several_values")),
        ((review("strike", 0, "5.2%"),), "5.5", "stated", ()),
        ((review("strike", 0, "5.2%"), review("strike", 9, "5.5%")), "", "struck", ("reviewed",)),
        ((review("strike", 0, "5.2%"), review("correct", 9, "5.5%", value="5.6")), "5.6", "stated", ("reviewed",)),
        ((review("strike", 0, "5.2%", series="grain"),), "5.2 | 5.5", "stated", ("several_values",)),
    ],
)
def test_what_a_person_said_decides(reviews: tuple[Review, ...], text: str, state: str, marks: tuple[str, ...]) -> None:
    """Confirmed, struck, corrected; of another series it says nothing here."""
    made = panel(report(growth("5.2", at=0, confidence=0.9), growth("5.5", at=9, confidence=0.85)), reviews=reviews)
    found = made.cells[Key("440000", "2025", "growth", "achieved")]

    assert (found.text, found.state, found.marks) == (text, state, marks)


def test_a_candidate_becomes_the_cells_figure_when_it_is_confirmed() -> None:
    """Though the rules would never have put it there."""
    figure = metric("", "5", "%", confidence=0.2, period=None, sentence="经济增长5%。")
    made = panel(report(figure), reviews=(review("confirm", 0, "5%"),))
    found = made.cells[Key("440000", "2025", "growth", "achieved")]

    assert (found.text, found.marks) == ("5", ("reviewed",))


def test_a_review_goes_with_its_figure_and_is_told_when_it_fits_none() -> None:
    """A revision has moved the words; another has lost them."""
    moved = panel(report(growth("5.2", at=300)), reviews=(review("correct", 0, "5.2%", value="5.4"),))
    lost = panel(report(growth("5.3")), reviews=(review("correct", 0, "5.2%", value="5.4"),))
    elsewhere = panel(report(growth("5.3"), path="z.txt"), reviews=(review("correct", 0, "5.2%", value="5.4"),))

    assert moved.cells[Key("440000", "2025", "growth", "achieved")].text == "5.4"
    assert [orphan.quote for orphan in lost.orphans] == ["5.2%"]
    assert (elsewhere.orphans, [one.quote for one in elsewhere.strangers]) == ([], ["5.2%"])


def figure_review(action: Any, start: int, quote: str, **more: Any) -> Review:
    return review(action, start, quote, **{"series": None, "year": None, "status": None, **more})


@pytest.mark.parametrize(
    ("reviews", "text", "state"),
    [
        ((figure_review("confirm", 0, "5.2%"),), "5.2", "stated"),
        ((figure_review("correct", 0, "5.2%", value="5.3"),), "5.3", "stated"),
        ((figure_review("correct", 0, "5.2%", period="2024"),), "", "not_stated"),
        ((figure_review("correct", 0, "5.2%", indicator="粮食产量"),), "", "not_stated"),
        ((figure_review("strike", 0, "5.2%"),), "", "struck"),
        ((figure_review("strike", 0, "5.2%"), review("confirm", 0, "5.2%")), "5.2", "stated"),
        ((figure_review("correct", 0, "5.2%", value="5.3"), review("confirm", 0, "5.2%")), "5.3", "stated"),
        ((review("confirm", 0, "5.2%"), figure_review("strike", 0, "5.2%")), "", "struck"),
        ((review("strike", 0, "5.2%"), figure_review("confirm", 0, "5.2%")), "5.2", "stated"),
    ],
)
def test_what_was_said_of_a_figure_holds_in_every_cell_until_more_is_said(
    reviews: tuple[Review, ...], text: str, state: str
) -> None:
    """The later word decides; a corrected time or name moves the figure."""
    found = panel(report(growth("5.2")), reviews=reviews).cells[Key("440000", "2025", "growth", "achieved")]

    assert (found.text, found.state) == (text, state)


def test_a_figure_that_a_person_has_added_stands_in_its_cell() -> None:
    """Named for the cell, or as any figure of its report."""
    said = {"value": "800", "unit": "吨", "indicator": "粮食产量", "period": "2025"}
    named = panel(report(), reviews=(review("add", 9, "八百吨", series="grain", **said),))
    plain = panel(report(), reviews=(figure_review("add", 9, "八百吨", **said),))

    for made in (named, plain):
        found = made.cells[Key("440000", "2025", "grain", "achieved")]
        assert (found.text, found.marks, found.figures[0].row["review"]) == ("800", ("reviewed",), "added")


@pytest.mark.parametrize("unit", ["元", "亩"])
def test_a_correction_in_a_unit_that_the_series_cannot_have_is_told(unit: str) -> None:
    """It fills no cell, and is listed."""
    made = panel(report(growth("5.2")), reviews=(review("correct", 0, "5.2%", value="5.4", unit=unit),))

    assert made.cells[Key("440000", "2025", "growth", "achieved")].figures == ()
    assert [orphan.unit for orphan in made.orphans] == [unit]


def test_a_report_is_kept_without_what_no_series_needs() -> None:
    """Unless somebody has reviewed it: a review may put any of its figures into a cell."""
    whole = report(growth("5.2"), metric("居民收入", "5", "元", at=9), warned=["table_not_read"])
    needed = needed_by(BOOK, ())(whole, "报告")
    reviewed = needed_by(BOOK, (review("confirm", 9, "5元"),))(whole, "报告")

    assert [one.indicator for one in needed.metrics] == ["地区生产总值增长"]
    assert (needed.warnings, reviewed.metrics) == ((), whole.metrics)


def test_a_review_of_a_series_that_the_codebook_does_not_have_is_counted() -> None:
    """One record is for all codebooks."""
    made = panel(report(growth("5.2")), reviews=(review("confirm", 0, "5.2%", series="wages"),))

    assert ([one.series for one in made.of_others], made.orphans, made.strangers) == (["wages"], [], [])
