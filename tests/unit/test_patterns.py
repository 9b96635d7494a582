"""Patterns take the words of their parts from the data files, and are compiled once."""

import re
from collections.abc import Iterator

import pytest

from worker.facts import load_facts
from worker.patterns import Pattern, any_of, compile_all, filled, set_of, words_of


@pytest.fixture
def shapes() -> Iterator[dict[str, list[str]]]:
    """Lists beside those of a data file, for as long as the test runs."""
    facts, made = load_facts("times"), list(Pattern.made)
    facts["shapes"] = {"words": ["圆", "圆形", "a+b"], "sides": ["]", "^", "方"], "source": "geometry"}
    yield facts["shapes"]
    del facts["shapes"]
    Pattern.made[:] = made
    words_of.cache_clear()
    set_of.cache_clear()


@pytest.mark.parametrize(
    ("text", "matches", "not_matched"),
    [
        ("{times.shapes}面", ["圆面", "圆形面", "a+b面"], ["方面", "aab面", "面"]),
        ("{times.shapes.sides}", ["]", "方"], ["圆"]),
        ("[{times.shapes.sides}0-9]{2}", ["]3", "^方"], ["]", "圆圆"]),
        ("[^{times.shapes.sides}]", ["圆"], ["]", "^", "方"]),
        ("[0-9]{1,2}{times.shapes}", ["3圆", "12圆形"], ["123圆"]),
    ],
)
def test_a_part_stands_for_the_words_of_its_list(
    shapes: dict[str, list[str]], text: str, matches: list[str], not_matched: list[str]
) -> None:
    pattern = Pattern(text)

    assert [one for one in [*matches, *not_matched] if pattern.fullmatch(one)] == matches


def test_a_longer_word_is_tried_before_one_that_it_begins_with(shapes: dict[str, list[str]]) -> None:
    found = Pattern("{times.shapes}").search("圆形")

    assert found
    assert found.group() == "圆形"
    assert any_of(["甲", "甲乙", "丙丁"]) == "丙丁|甲乙|甲"


def test_a_pattern_is_compiled_when_it_is_first_asked_and_remembers_until_it_is_to_forget(
    shapes: dict[str, list[str]],
) -> None:
    pattern = Pattern("{times.shapes}")
    search = pattern.search
    shapes["words"].remove("圆")
    words_of.cache_clear()

    assert pattern.search is search
    assert search("圆")
    pattern.forget()
    assert not pattern.search("圆")


def test_a_list_that_is_not_there_is_an_error() -> None:
    pattern = Pattern("{times.shapes_of_nothing}")

    with pytest.raises(KeyError, match="shapes_of_nothing"):
        pattern.search("圆")
    Pattern.made.remove(pattern)


def test_every_pattern_of_the_worker_can_be_compiled() -> None:
    compile_all()

    assert all(re.compile(pattern.pattern) for pattern in Pattern.made)


def test_what_is_no_part_stays_as_it_is() -> None:
    assert filled("[^,;]{0,8}(?P<a>x){2}{,3}") == "[^,;]{0,8}(?P<a>x){2}{,3}"
