"""What each reason looks at, told by figures made for it: the words, the rules and the lengths that it is for."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.report import Document
from worker.confidence.reasons import rated, reasons_of
from worker.confidence.scale import load_scale
from worker.draft import Draft
from worker.figure import Clause, Figure, Place, Said
from worker.parts import Cell
from worker.relations.terms import LONGEST
from worker.tools import load_tools

NAME = "农村生活污水处理站"
SCALE, LEXICON = load_scale(), load_tools().lexicon


def figure(name: str = NAME, gap: str = "", **fields: Any) -> Figure:
    """One whose name are the words before it, of the report's year, with a unit that is known."""
    said: dict[str, Any] = {"indicator": Said(name, "indicator.said"), "period": Said("2022", "period.said")}
    clause = fields.pop("clause", Clause(gap or name, ""))
    return Figure(Place(0, 3, 0, 3), written="561", value="561", unit="座", clause=clause).having(**said | fields)


def found(*figures: Figure, year: str | None = "2023") -> list[set[str] | None]:
    draft = Draft(b"", "a.txt", document=Document(period=year, kind="rule_of_law"), figures=figures)
    return [None if one is None else set(one) for one in reasons_of(draft, SCALE, LEXICON)]


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({}, set()),
        ({"indicator_id": "a"}, {"indicator_known"}),
        *[({"name": f"农村污水处理{word}"}, {"rate_named"}) for word in ("达标率", "比例数", "所比重", "的占比")],
        ({"name": "农村污水处理站", "gap": "新建"}, {"name_from_elsewhere", "name_leaves_words_out"}),
        ({"name": "农村污水处理站", "gap": "农村污水"}, set()),
        ({"name": "农村污水处理站", "gap": "农村污"}, {"name_from_elsewhere"}),
        ({"gap": f"省市县共同投入资金新建成{NAME}"}, {"name_leaves_words_out"}),
        ({"gap": f"省市县共同投资{NAME}"}, set()),
        ({"name": "农村污水、垃圾处理站"}, {"name_is_a_list"}),
        ({"name": ""}, {"name_missing", "name_very_short"}),
        *[({"name": f"{word}农村生活污水处理"}, {"name_broken"}) for word in ")）将对向以被与及等而且并的了或"],
        ({"name": "农村生活(污水处理站", "gap": NAME}, {"name_broken"}),
        ({"name": "农村生活(污水)处理站", "gap": NAME}, set()),
        ({"name": "农村污水处理开展"}, {"name_ends_in_a_vague_verb"}),
        ({"name": "农村生活污水处理开展"}, set()),
        ({"name": "农村开展污水站点"}, set()),
        ({"change": Said("increase", "change.said")}, {"change_said"}),
        ({"clause": Clause(f"建设(含{NAME}", "")}, {"after_a_bracket"}),
        ({"clause": Clause(NAME, "乡村文化")}, {"words_after"}),
        ({"clause": Clause(NAME, ",乡村文化")}, set()),
        ({"unit": "砼"}, {"unit_unknown"}),
        ({"unit": ""}, set()),
        ({"period": Said(None, "period.said")}, {"period_unknown"}),
        *[
            ({"period": Said("2022", f"period.{rule}")}, {"period_carried"})
            for rule in ("carried", "announced", "announced_list")
        ],
        *[
            ({"period": Said("2022", f"period.{rule}")}, {"period_inferred"})
            for rule in ("base_of_before", "level_of_span", "level_at_end", "level_left", "mean_of_part")
        ],
        *[
            ({"gap": f"{word}{NAME}"}, {"period_may_be_longer"})
            for word in ("五年", "三年", "四年", "两年", "年均", "年来", "期间", "以来")
        ],
        ({"gap": f"五年{NAME}", "period": Said("2018/2022", "period.said")}, set()),
    ],
)  # fmt: skip
def test_a_figure_of_the_prose_has_these_reasons(fields: dict[str, Any], reasons: set[str]) -> None:
    assert found(figure(**fields)) == [reasons]


def test_the_reports_year_is_a_reason_where_other_times_are_many() -> None:
    """More than three of ten figures are of parts of the year; those of other years say nothing."""
    whole = figure(period=Said("2023", "period.said"))
    part = figure("城市生活污水处理站", period=Said("2023-06", "period.said"))
    other = figure("城市生活污水处理站", period=Said("2022-06", "period.said"))

    assert found(*[part] * 4, *[whole] * 6)[-1] == {"period_is_the_reports"}
    assert found(*[part] * 3, *[whole] * 7)[-1] == set()
    assert found(*[other] * 4, *[whole] * 6)[-1] == set()
    assert found(*[part] * 4, *[whole] * 6, year=None)[-1] == set()
    assert found(*[part] * 4, *[whole] * 6)[0] == set()


@pytest.mark.parametrize(
    "other",
    [
        {"indicator": Said("城市生活污水处理站", "indicator.said")},
        {"unit": "个"},
        {"period": Said("2021", "period.said")},
        {"change": Said("decrease", "change.said")},
        {"scope": Said("全县", "scope.said")},
        {"actor": Said("县水利局", "actor.said")},
        {"value": "561"},
    ],
)
def test_a_name_is_shared_with_another_value_of_the_same(other: dict[str, Any]) -> None:
    """Of the same thing, unit, time, direction, area and office."""
    same, differs = figure(value="18"), figure(**{"value": "18"} | other)

    assert found(figure(), same) == [{"name_shared"}, {"name_shared"}]
    assert ["name_shared" in (one or ()) for one in found(figure(), differs)] == [False, False]


@pytest.mark.parametrize(
    ("row", "column", "fields", "reasons"),
    [
        (("甲",), ("乙",), {}, set()),
        (("甲",), (), {}, {"cell_of_one_label"}),
        ((), ("乙",), {}, {"cell_of_one_label"}),
        (("甲",), ("乙",), {"unit": ""}, {"cell_without_unit"}),
        (("甲",), ("乙",), {"unit": "", "indicator_id": "a"}, {"indicator_known"}),
        (("甲",), ("乙",), {"indicator_id": "a"}, {"indicator_known"}),
        (("甲",), ("乙",), {"period": Said(None, "")}, {"cell_without_time"}),
    ],
)
def test_a_figure_of_a_table_has_these_reasons(
    row: tuple[str, ...], column: tuple[str, ...], fields: dict[str, Any], reasons: set[str]
) -> None:
    cell = Cell(0, 3, column, row, None, 0)

    assert found(figure(cell=cell, **fields)) == [reasons | {"in_a_table"}]


def test_nothing_is_said_of_what_has_no_words_around_it() -> None:
    """A cell without labels, and a number longer than any that could be compared."""
    longest, longer = figure(value="9" * LONGEST), figure(value="9" * (LONGEST + 1))
    bare = figure(cell=Cell(0, 3, (), (), None, 0))

    assert [one is None for one in found(figure(clause=None), bare, longest, longer)] == [True, True, False, True]
    draft = Draft(b"", "a.txt", figures=(figure(clause=None), figure()))
    assert [one.confidence is None for one in rated(draft, SCALE, LEXICON)] == [True, False]


def test_a_rating_has_its_reasons_by_weight_those_for_it_first() -> None:
    draft = Draft(
        b"",
        "a.txt",
        document=Document(kind="rule_of_law"),
        figures=(figure("农村污水率", clause=Clause("(农村污水率", "的"), indicator_id="a"),),
    )
    [rating] = rated(draft, SCALE, LEXICON)

    assert rating.reasons == ("+indicator_known", "+rate_named", "-name_short", "-after_a_bracket", "-words_after")
    assert rating.confidence == SCALE.confidence([one[1:] for one in rating.reasons])


def test_a_reason_that_weighs_nothing_speaks_against_it_last() -> None:
    """Those of each side stand by their weight, whatever they say."""
    weights = {
        "indicator_known": 0.5,
        "rate_named": 2.0,
        "name_short": 0.0,
        "after_a_bracket": -1.0,
        "words_after": -3.0,
    }
    draft = Draft(
        b"",
        "a.txt",
        document=Document(kind="rule_of_law"),
        figures=(figure("农村污水率", clause=Clause("(农村污水率", "的"), indicator_id="a"),),
    )
    [rating] = rated(draft, replace(SCALE, weights=weights), LEXICON)

    assert rating.reasons == ("+rate_named", "+indicator_known", "-words_after", "-after_a_bracket", "-name_short")


def test_confidence_is_the_share_that_the_odds_give() -> None:
    """Log-odds of 0 are one half; a table's figure has no base but its own."""
    weights = {"in_a_table": 2.0, "cell_without_time": -2.0, "name_missing": -2.0}
    scale = replace(SCALE, base=1.44, weights=weights)

    assert scale.confidence([]) == 0.8  # 1.44 is 0.808
    assert scale.confidence(["in_a_table"]) == 0.88  # 2.0 is 0.8808
    assert scale.confidence(["in_a_table", "cell_without_time"]) == 0.5
    assert scale.confidence(["name_missing"]) == 0.36  # -0.56 is 0.3635
