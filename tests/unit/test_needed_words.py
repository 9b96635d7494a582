"""Deleting a word in memory changes what is read while it lasts, and nothing afterwards."""

import pytest

from benchmarks import needed_words
from benchmarks.needed_words import Entry, Text, excepted, fresh_tools, is_needed, read, without
from worker.facts import load_facts

PLAIN = "云山县2023年工作总结\n全市共有干部约30人，比上年增长3.5%。"


def texts(*found: str) -> list[Text]:
    tools = fresh_tools("")
    return [Text(text, text, read(text, tools)) for text in found]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Entry("qualifiers.qualifiers.about.before", "约"), PLAIN),
        (Entry("changes.changes.increase.words", "增长"), PLAIN),
        (Entry("times.events.years", "改革开放"), "云山县2023年工作总结\n改革开放以来，全市新建公路30公里。"),
        (Entry("negations.negations.anything.words", "未"), "云山县2023年工作总结\n全市未按要求整改的企业30家。"),
        (Entry("document.places.suffixes", "县"), "云山县2023年工作总结\n各项工作顺利，新建公路30公里。"),
    ],
)
def test_a_word_that_decides_is_needed(entry: Entry, text: str) -> None:
    assert is_needed(entry, texts(text))


@pytest.mark.parametrize(
    "entry",
    [
        Entry("qualifiers.qualifiers.about.before", "大约"),
        Entry("changes.changes.decrease.words", "下降"),
        Entry("names.names.words", "一带一路"),
    ],
)
def test_a_word_that_no_text_has_is_not(entry: Entry) -> None:
    assert entry in needed_words.entries()
    assert not is_needed(entry, texts(PLAIN))


def test_the_word_is_back_afterwards_and_so_is_what_is_read() -> None:
    entry = Entry("qualifiers.qualifiers.about.before", "约")
    rows = load_facts("qualifiers")["qualifiers"]
    before = [list(row["before"]) for row in rows]
    [text] = texts(PLAIN)
    with without(entry) as tools:
        assert read(text.text, tools) != text.read
        assert [list(row["before"]) for row in rows] != before

    assert [row["before"] for row in rows] == before
    assert read(text.text, fresh_tools("qualifiers")) == text.read


def test_the_exceptions_are_words_of_lists() -> None:
    """That nothing needs them is what ``make words`` finds out."""
    found = needed_words.entries()

    assert needed_words.gone(found) == []
    assert excepted(found) <= set(found)
