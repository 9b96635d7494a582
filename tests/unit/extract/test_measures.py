"""Who has a measure, and what it is, by the words of a name alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from worker.extract.fields import measures
from worker.extract.fields.measures import Placed
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import Word
from worker.extract.language.words_before import Phrase
from worker.tools import load_tools

TOOLS = load_tools()
NAMING: Any = SimpleNamespace(reading=ReadingText("", TOOLS.lexicon, TOOLS.words))


@pytest.mark.parametrize(
    ("found", "owner"),
    [
        ("技工学校/n 招生/vn 规模/n", "技工学校"),
        ("城市/n 的/u 面积/n", "城市"),
        ("城市/n 面积/n 增速/n", "城市"),
        ("办理/v 案件/n", ""),
        ("甲/n 乙/n", "甲乙"),
        ("的/u", ""),
    ],
)
def test_who_has_what_a_name_says(found: str, owner: str) -> None:
    assert measures.owner_in([Word(*one.split("/")) for one in found.split()], TOOLS.lexicon) == owner


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("采矿业增加值", ("采矿业", "增加值")),
        ("居民人均可支配收入", ("居民", "人均可支配收入")),
        ("规模以上工业增加值", ("规模以上工业", "增加值")),
        ("增加值", ("", "")),
        ("采矿业", ("", "")),
        ("办理增加值", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_name_is_parted_into_an_owner_and_a_measure(name: str, parts: tuple[str, str]) -> None:
    assert measures.measure_in(name, NAMING) == parts


@pytest.mark.parametrize(
    ("context", "thing", "name", "placed"),
    [
        ("学校", "招生人数", "招生人数", Placed("学校招生人数", "学校")),
        ("校" * 18, "招生人数", "招生人数", Placed("校" * 18 + "招生人数", "校" * 18)),
        ("校" * 19, "招生人数", "招生人数", None),
        ("", "招生人数", "招生人数", None),
        ("招生", "招生人数", "招生人数", None),
        ("学校", "", "学校", None),
    ],
)
def test_a_name_stands_after_what_it_belongs_to(context: str, thing: str, name: str, placed: Placed | None) -> None:
    assert measures.placed_after(context, Phrase(thing), name) == placed


@pytest.mark.parametrize(("name", "left"), [("工业增速", "工业"), ("工业增长", "工业"), ("工业", "工业")])
def test_what_a_name_of_growth_is_the_growth_of(name: str, left: str) -> None:
    assert measures._without_growth(name) == left
