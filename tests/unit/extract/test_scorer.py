"""The scorer counts what the annotation guide means."""

from typing import Any

from benchmarks.score import beyond_limits, false_figures, measured
from benchmarks.scorer import Tally, compare, total

WANTED: dict[str, Any] = {
    "start": 10, "end": 13, "value": "61", "unit": "件", "qualifier": "exact", "change": None, "period": "2023",
    "indicator": "行政规范性文件制定", "must": ["规范性文件", "制定|出台"],
}  # fmt: skip
GOT: dict[str, Any] = {
    "value": "61", "value_high": None, "unit": "件", "qualifier": "exact", "change": None, "period": "2023",
    "indicator": "制定行政规范性文件", "source": {"start": 10, "end": 13, "quote": "61件"},
}  # fmt: skip
DOCUMENT = {"period": "2023", "title": None}


def rates(wanted: list[dict[str, Any]], got: list[dict[str, Any]]) -> dict[str, float]:
    return compare({"metrics": wanted, "document": DOCUMENT}, {"metrics": got, "document": DOCUMENT}).rates()


def test_right_record_counts_in_full() -> None:
    """Order of the indicator's words is free."""
    found = rates([WANTED], [GOT])
    assert set(found.values()) == {1.0}


def test_quantities_agree_as_numbers_and_units_as_meanings() -> None:
    """98.50 is 98.5, 个工作日 is 工作日; another unit is another quantity."""
    wanted = WANTED | {"value": "98.5", "unit": "工作日"}
    assert rates([wanted], [GOT | {"value": "98.50", "unit": "个工作日"}])["quantity_f1"] == 1.0
    assert rates([wanted], [GOT | {"value": "98.50", "unit": "天"}])["quantity_f1"] == 0.0


def test_indicator_needs_its_words_and_no_padding() -> None:
    """A missing word fails, and so does a whole clause."""
    assert rates([WANTED], [GOT | {"indicator": "行政规范性文件"}])["indicator"] == 0.0
    assert (
        rates([WANTED], [GOT | {"indicator": "全市各级各部门依照有关规定共计制定行政规范性文件总数量"}])["indicator"]
        == 0.0
    )


def test_optional_records_neither_help_nor_hurt() -> None:
    """Whether found or not."""
    optional = WANTED | {"optional": True, "start": 30, "end": 32}
    extra = GOT | {"source": {"start": 30, "end": 32, "quote": "两级"}}
    assert rates([WANTED, optional], [GOT]) == rates([WANTED, optional], [GOT, extra])


def test_hard_counts_only_what_is_not_the_default() -> None:
    """A constant answer earns nothing there."""
    wanted = WANTED | {"qualifier": "over", "period": "2022"}
    assert rates([wanted], [GOT])["hard"] == 0.0
    assert rates([wanted], [GOT | {"qualifier": "over"}])["hard"] == 0.5


def test_passages_leave_out_what_starts_elsewhere() -> None:
    """Figures before and behind an annotated passage are nobody's fault."""
    gold = {"metrics": [WANTED], "document": DOCUMENT}
    outside = GOT | {"source": {"start": 99, "end": 101, "quote": "9件"}}
    tally = compare(gold | {"passage": [0, 50]}, {"metrics": [GOT, outside], "document": DOCUMENT})
    assert tally.counts["extracted"] == 1
    assert [fault.kind for fault in compare(gold, {"metrics": [GOT, outside], "document": DOCUMENT}).faults] == [
        "spurious"
    ]


def test_limits_name_what_fell_and_what_rose() -> None:
    """Group, value, and the floor or ceiling; groups that are not at hand are left out."""
    limits = {
        "floors": {"seeds": {"record_f1": 0.5}, "held": {"record_f1": 0.5}},
        "ceilings": {"seeds": {"false_figures": 1.0}},
    }
    assert beyond_limits({"seeds": {"record_f1": 0.25, "false_figures": 2.5}}, limits) == [
        "seeds record_f1: 0.250 is below the floor of 0.5",
        "seeds false_figures: 2.500 is above the ceiling of 1.0",
    ]
    assert beyond_limits({"seeds": {"record_f1": 0.5, "false_figures": 1.0}}, limits) == []


def test_false_figures_count_by_characters() -> None:
    """A figure with another value is false, too."""
    tally = total(
        [
            compare(
                {"metrics": [WANTED], "document": DOCUMENT}, {"metrics": [GOT | {"value": "7"}], "document": DOCUMENT}
            )
        ]
    )
    tally.counts["characters"] = 5000
    assert false_figures(tally) == 2.0


def test_a_status_that_is_left_out_is_achieved() -> None:
    """A second answer may be as good."""
    planned = WANTED | {"start": 20, "end": 23, "status": "planned"}
    other = GOT | {"source": {"start": 20, "end": 23, "quote": "61件"}}
    assert rates([WANTED, planned], [GOT, other])["status"] == 0.5
    assert rates([WANTED, planned], [GOT, other | {"status": "planned"}])["status"] == 1.0
    assert rates([WANTED], [GOT | {"status": "planned"}])["status"] == 0.0
    assert rates([WANTED | {"status_alt": ["planned"]}], [GOT | {"status": "planned"}])["status"] == 1.0


def test_the_reports_own_year_as_the_only_answer_is_told_beside_the_period() -> None:
    """However the periods were read, it is right where the annotation has that year, or takes it as well."""
    past = WANTED | {"start": 30, "end": 32, "period": "2022"}
    either = WANTED | {"start": 50, "end": 52, "period": "2021/2023", "period_alt": ["2023"]}
    other = GOT | {"source": {"start": 30, "end": 32, "quote": "61件"}, "period": "2022"}
    third = GOT | {"source": {"start": 50, "end": 52, "quote": "61件"}, "period": "2021"}

    assert rates([WANTED, past], [GOT, other])["own_year"] == 0.5
    assert rates([past], [other])["own_year"] == 0.0
    assert rates([either], [third])["own_year"] == 1.0


def test_of_numbers_drawn_by_lot_only_those_drawn_are_judged() -> None:
    """A code that was drawn must not be read as a figure; what was not drawn may be anything."""
    code = GOT | {"source": {"start": 40, "end": 43, "quote": "208"}}
    other = GOT | {"source": {"start": 60, "end": 63, "quote": "101"}}
    gold = {"metrics": [WANTED], "no_figures": [[40, 43]], "document": DOCUMENT}

    assert compare(gold, {"metrics": [GOT, other], "document": DOCUMENT}).rates()["precision"] == 1.0
    assert compare(gold, {"metrics": [GOT, code, other], "document": DOCUMENT}).rates()["precision"] == 0.5


def test_contradictions_count_where_the_figures_are_known_to_agree() -> None:
    """A real report may well contradict itself."""
    tally = Tally()
    tally.counts["contradictions"] = 2

    assert measured("invented held", tally)["false_contradictions"] == 2
    assert "false_contradictions" not in measured("held", tally)
