"""Where the words around a name, its unit, its place and its period let it have an id, and where they do not."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.facts import load_facts
from worker.figure import Clause, Figure, Place, Said
from worker.linking.catalogue import folded, load_catalogue
from worker.linking.forms import ids_of_cells, load_forms
from worker.linking.ids import _agrees, _names_of, _spans_years, id_of, linked
from worker.parts import Cell
from worker.tools import load_tools

CATALOGUE = load_catalogue()
LEXICON = load_tools().lexicon
FACTS = load_facts("linking")
NAME, ID = "森林覆盖率", "environment.forest.rate"


def figure(name: str = NAME, value: str = "61.3", unit: str = "%", **fields: Any) -> Figure:
    said: dict[str, Any] = {"indicator": Said(name, "indicator.said"), "period": Said("2023", "period.said")}
    return Figure(Place(0, 1, 0, 1), written=value, value=value, unit=unit).having(**said | fields)


def ids(*figures: Figure, after: str = "", region: str | None = None) -> list[str | None]:
    draft = Draft(b"", "a.txt", text=Text.of("3" + after), figures=figures, document=Document(region=region))
    return [one.indicator_id for one in linked(draft, CATALOGUE, LEXICON)]


@pytest.mark.parametrize(
    ("region", "names"),
    [
        *[(f"云山{level}", (f"云山{level}", "云山")) for level in "省市县区旗镇乡"],
        *[(f"云山藏族自治{level}", (f"云山藏族自治{level}", "云山")) for level in "区州县"],
        ("云山维吾尔自治区", ("云山维吾尔自治区", "云山")),
        ("云山自治区", ("云山自治区", "云山")),
        ("市区", ("市区",)),
        ("县", ()),
        ("市北街道", ("市北街道", "市北街道")),
        ("", ()),
    ],
)
def test_a_place_has_its_full_name_and_its_short_one(region: str, names: tuple[str, ...]) -> None:
    assert _names_of(region) == names


@pytest.mark.parametrize(
    ("period", "spans"),
    [
        ("2019/2023", True),
        ("2023-01/2023-06", False),
        ("2022-07/2023-06", True),
        ("2023", False),
        ("2019/", False),
        ("/2023", False),
        (None, False),
    ],
)
def test_a_span_of_years_begins_in_one_and_ends_in_another(period: str | None, spans: bool) -> None:  # noqa: FBT001
    assert _spans_years(period) is spans


@pytest.mark.parametrize(
    ("unit", "kind", "agrees", "agrees_as_change"),
    [
        *[(unit, "money", False, True) for unit in FACTS["of_growth"]],
        ("%", "percent", True, True),
        ("倍", "ratio", True, True),
        ("倍", "percent", False, True),
        ("%", "ratio", False, True),
        ("", "ratio", True, True),
        ("", "score", True, True),
        ("", "count", False, False),
        ("", "percent", False, False),
        ("微克/立方米", "intensity", True, True),
        ("公斤每亩", "intensity", True, True),
        ("微克", "intensity", False, False),
        *[(unit, "count", False, False) for unit in FACTS["not_counted"]],
        *[(unit, kind, True, True) for kind, units in FACTS["also"].items() for unit in units],
        ("岁", "count", False, False),
        ("户次", "count", True, True),
        ("人次", "count", False, False),
        ("人次", "visit", True, True),
        ("户次", "visit", True, True),
        ("户次", "person", False, False),
        ("人", "person", True, True),
        ("人", "money", False, False),
        ("元", "money", True, True),
        ("砼", "money", False, False),
        ("元", "a kind that no row has", False, False),
    ],
)
def test_a_unit_agrees_with_the_kinds_that_it_measures(
    unit: str,
    kind: str,
    agrees: bool,  # noqa: FBT001
    agrees_as_change: bool,  # noqa: FBT001
) -> None:
    found = [_agrees(unit, kind, CATALOGUE, LEXICON, is_change=is_change) for is_change in (False, True)]

    assert found == [agrees, agrees_as_change]


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *(word for kind in ("fillers", "changes", "no_changes", "counters", "before", "after") for word in FACTS[kind]),
            *(word for kind in ("means", "basis") for word in FACTS[kind]),
            *(word for row in FACTS["same"] for word in row),
        }
    ),
)  # fmt: skip
def test_no_word_that_may_stand_in_a_name_keeps_it_from_being_looked_up(word: str) -> None:
    assert CATALOGUE.alphabet.issuperset(folded(word))


@pytest.mark.parametrize("row", FACTS["same"], ids=lambda row: str(row[0]))
def test_words_that_say_the_same_are_said_as_the_first_of_them(row: list[str]) -> None:
    assert {CATALOGUE.words.said_as[word] for word in row} == {row[0]}
    assert len({CATALOGUE.words.key(f"玄{word}") for word in row}) == 1


def test_longer_words_are_looked_for_first() -> None:
    """Or 人次数 would keep its 人次 at the end."""
    words = CATALOGUE.words

    for kind in (words.counters, words.before, words.after):
        assert sorted(map(len, kind), reverse=True) == [*map(len, kind)] != sorted(map(len, kind))


@pytest.mark.parametrize("word", FACTS["fillers"])
def test_a_filler_adds_nothing_wherever_it_stands(word: str) -> None:
    assert CATALOGUE.words.key(f"玄{word}黄") == CATALOGUE.words.key("玄黄") == "玄黄"


@pytest.mark.parametrize("word", FACTS["counters"])
def test_a_counter_adds_nothing_at_the_end(word: str) -> None:
    assert CATALOGUE.words.key(f"玄黄{word}") == "玄黄"
    assert CATALOGUE.words.key(f"{word}玄黄") != "玄黄"


@pytest.mark.parametrize(
    ("words", "trimmed"),
    [
        *[(f"{word}玄黄", "玄黄") for word in FACTS["before"]],
        *[(f"玄黄{word}", "玄黄") for word in FACTS["after"]],
        ("继续扎实开展玄黄工作情况", "玄黄"),
        ("玄继续黄", "玄继续黄"),
    ],
)
def test_words_at_the_edges_of_a_name_say_how_it_went(words: str, trimmed: str) -> None:
    assert CATALOGUE.words.trimmed(words, is_change=False) == trimmed


@pytest.mark.parametrize("word", FACTS["basis"])
def test_terms_that_a_growth_is_reckoned_in_go_from_a_change_alone(word: str) -> None:
    assert CATALOGUE.words.trimmed(f"玄黄{word}", is_change=True) == "玄黄"
    assert CATALOGUE.words.trimmed(f"玄黄{word}", is_change=False) == f"玄黄{word}"


@pytest.mark.parametrize("word", FACTS["changes"])
def test_a_word_of_change_goes(word: str) -> None:
    assert CATALOGUE.words.without_change(f"玄黄{word}") == "玄黄"


@pytest.mark.parametrize("word", FACTS["no_changes"])
def test_a_word_that_only_holds_one_stays(word: str) -> None:
    assert CATALOGUE.words.without_change(f"{word}增长") == word


@pytest.mark.parametrize(
    ("name", "fields", "id_"),
    [
        (NAME, {}, ID),
        ("森林 “覆盖”率", {}, ID),
        (f"{NAME}玄", {}, None),
        ("云山森林覆盖率", {}, ID),
        ("云山县森林覆盖率", {}, ID),
        ("临河森林覆盖率", {}, None),
        (NAME, {"measure": Said("yearly_mean", "measure.said")}, None),
        (NAME, {"measure": Said("yearly_mean", "measure.said"), "change": Said("increase", "change.said")}, None),
        (
            f"{NAME}年均提高",
            {
                "measure": Said("yearly_mean", "measure.said"),
                "change": Said("increase", "change.said"),
                "period": Said("2019/2023", "period.said"),
            },
            ID,
        ),
        (f"{NAME}提高", {"change": Said("decrease", "change.said")}, ID),
        (f"{NAME}提高", {"change": Said("to", "change.said")}, None),
        (f"{NAME}提高", {"change": Said("increase", "change.said"), "clause": Clause("增加值达3亿元,", "")}, ID),
        (f"{NAME}提高", {"change": Said("increase", "change.said"), "clause": Clause("增加值", "")}, None),
        (NAME, {"clause": Clause("增加值", "")}, ID),
        ("", {}, None),
    ],
)
def test_a_name_leads_to_its_id(name: str, fields: dict[str, Any], id_: str | None) -> None:
    assert id_of(figure(name, **fields), CATALOGUE, LEXICON, ("云山县", "云山")) == id_


def test_a_concentration_is_a_mean_by_itself() -> None:
    mean = {"measure": Said("yearly_mean", "measure.said")}

    assert id_of(figure("PM2.5浓度", unit="微克/立方米", **mean), CATALOGUE, LEXICON) == "environment.air.pm25"


@pytest.mark.parametrize(
    ("after", "id_"),
    [
        ("", ID),
        ("。", ID),
        ("，比上年高", ID),
        ("配套道路", None),
        (" 配套道路", None),
        ("森林", ID),
        ("左右配套道路", None),
        ("以上森林", ID),
        ("左右", ID),
        ("的", ID),
    ],
)
def test_words_behind_a_figure_have_to_be_in_its_name(after: str, id_: str | None) -> None:
    assert ids(figure(), after=after) == [id_]


def test_own_place_is_that_of_the_document() -> None:
    assert ids(figure("云山森林覆盖率"), region="云山县") == [ID]
    assert ids(figure("云山森林覆盖率")) == [None]


CELL = Cell(0, 1, ("甲",), ("乙",), None, 0)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {"value": "61.3"}, [ID, ID]),
        ({}, {"value": "62"}, [None, None]),
        ({"words": "甲。"}, {"value": "62", "words": "乙。"}, [ID, ID]),
        ({"words": "甲。", "cell": CELL}, {"value": "62", "words": "乙。", "cell": CELL}, [None, None]),
        (
            {"words": "甲。", "cell": CELL, "scope": Said("城区", "")},
            {"value": "62", "words": "乙。", "cell": CELL, "scope": Said("乡镇", "")},
            [ID, ID],
        ),
        (
            {"words": "甲。", "period": Said(None, "")},
            {"value": "62", "words": "乙。", "period": Said(None, "")},
            [None, None],
        ),
        ({}, {"value": "62", "period": Said("2022", "")}, [ID, ID]),
        ({}, {"value": "62", "unit": "个百分点", "change": Said("increase", "")}, [ID, ID]),
        ({}, {"value": "62", "change": Said("increase", "")}, [ID, ID]),
        ({}, {"value": "62", "change": Said("to", "")}, [None, ID]),
        (
            {"change": Said("increase", "")},
            {"value": "62", "change": Said("increase", ""), "indicator": Said(f"{NAME}实际", "")},
            [ID, None],
        ),
    ],
)
def test_two_values_of_one_quantity_leave_a_doubt(
    one: dict[str, Any], other: dict[str, Any], found: list[str | None]
) -> None:
    """In one sentence, at one time; of cells, and of what has no period, in the whole report, for one part of it."""
    assert ids(figure(**one), figure(**other)) == found


FORM = next(form for form in load_facts("forms")["forms"] if form["name"] == "administrative decisions")


def cells(form: dict[str, Any], number: int, above: str = "") -> list[Cell]:
    """So many of a form's cells, the last label over each as its column; with another one over it."""
    return [
        Cell(at, at + 1, tuple(filter(None, (above, row["labels"][-1]))), tuple(row["labels"][:-1]), None, 0)
        for at, row in enumerate(form["cells"][:number])
    ]


@pytest.mark.parametrize("form", load_facts("forms")["forms"], ids=lambda form: str(form["name"]))
def test_a_label_that_may_be_missing_may_be_there(form: dict[str, Any]) -> None:
    if "parts" not in form:
        plain = list(ids_of_cells(cells(form, 99), load_forms()).values())

        assert plain == [row["id"] for row in form["cells"]]
        for label in form["context"]:
            assert list(ids_of_cells(cells(form, 99, label), load_forms()).values()) == plain
    assert ids_of_cells(cells(form, 99, "玄黄"), load_forms()) == {}


def test_a_form_is_there_where_half_of_it_is() -> None:
    assert [len(ids_of_cells(cells(FORM, number), load_forms())) for number in range(5)] == [0, 0, 2, 3, 4]


def test_a_cell_without_labels_is_none_of_a_form() -> None:
    bare = Cell(9, 10, (), (), None, 0)

    assert bare not in ids_of_cells([bare, *cells(FORM, 4)], load_forms())


def test_a_column_alone_is_no_cell_of_a_form() -> None:
    """A flat table lacks the outermost of three labels, and never one of two."""
    found = cells(FORM, 4)
    fees = replace(found[3], row=())

    assert list(ids_of_cells([*found[:3], fees], load_forms()).values()) == [row["id"] for row in FORM["cells"][:3]]
