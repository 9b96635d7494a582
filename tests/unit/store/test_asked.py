"""How the store finds what is asked for: by the condition that fewest figures meet, the words by their index or by looking."""

import sqlite3

import pytest

from store import asked as asking
from store import bigrams
from store.asked import MOST, Asked, Where, where


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """Counts of figures by field, and five sentences; three are more than a search looks at."""
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE counts (field TEXT, value TEXT, figures INTEGER)")
    rows = [
        ("year", "2024", 10),
        ("year", "2025", 90),
        ("place", "湛江市", 40),
        ("place", "长沙市", 70_000),
        ("unit", "件", 30),
    ]
    made.executemany("INSERT INTO counts VALUES (?, ?, ?)", rows)
    made.execute("CREATE VIRTUAL TABLE search USING fts5(pairs)")
    for text in ("行政复议12件", "行政处罚", "行政许可", "行政检查", "民事"):
        made.execute("INSERT INTO search VALUES (?)", [bigrams.of_text(text)])
    monkeypatch.setattr(asking, "MOST", 3)
    return made


def test_the_field_that_fewest_meet_is_gone_by(database: sqlite3.Connection) -> None:
    """A field of reports by way of these."""
    assert where(database, Asked.of(year="2024", place="湛江市")) == Where(
        "figures.is_newest = 1 AND +figures.place = ? AND figures.year = ?",
        ["湛江市", "2024"],
    )
    assert where(database, Asked.of(year="2025", place="湛江市")) == Where(
        "readings.is_newest = 1 AND readings.place = ? AND +figures.year = ?", ["湛江市", "2025"], by_reading=True
    )


def test_several_values_of_a_field_are_met_by_one_of_them(database: sqlite3.Connection) -> None:
    """Very many of several are not gone by: they would have to be sorted."""
    assert where(database, Asked.of(year=["2024", "2025"])) == Where(
        "figures.is_newest = 1 AND figures.year IN (?, ?)",
        ["2024", "2025"],
    )
    several = where(database, Asked.of(place=["湛江市", "长沙市"]))
    assert (several.sql, several.by_reading) == ("readings.is_newest = 1 AND +figures.place IN (?, ?)", True)
    assert where(database, Asked.of(place="长沙市")).sql == "readings.is_newest = 1 AND readings.place = ?"


def test_what_no_figure_has_finds_nothing(database: sqlite3.Connection) -> None:
    assert where(database, Asked.of(year="1999")) == Where("0", [])
    assert where(database, Asked.of(year="2024", place="甲市")) == Where("0", [])
    assert where(database, Asked.of("！，")) == Where("0", [])
    assert where(database, Asked.of(" ")) == Where("readings.is_newest = 1", [], by_reading=True)


def test_words_alone_are_those_of_the_last_sentences_that_have_them(database: sqlite3.Connection) -> None:
    """However many there are."""
    sql, values, by_reading = where(database, Asked.of("行政"))

    assert not by_reading
    assert sql.startswith(
        "+figures.is_newest = 1 AND figures.sentence IN (SELECT rowid FROM search WHERE search MATCH ?"
    )
    assert values == ['"行政"', MOST]
    assert where(database, Asked.of("行政"), 7)[1] == ['"行政"', 7]


def test_words_of_few_sentences_are_gone_by_before_a_field(database: sqlite3.Connection) -> None:
    sql, values, _ = where(database, Asked.of("行政复议", year="2024"), 7)

    assert sql.startswith("+figures.is_newest = 1 AND +figures.year = ? AND figures.sentence IN (")
    assert values == ["2024", '"行政 政复 复议"', 7]


def test_words_of_many_sentences_are_looked_for_in_what_a_field_leaves(database: sqlite3.Connection) -> None:
    sql, values, _ = where(database, Asked.of("行政", year="2024"))

    assert sql.startswith("figures.is_newest = 1 AND figures.year = ? AND instr(")
    assert values == ["2024", "行政"]
    assert "instr((SELECT searched FROM sentences WHERE sentences.sentence = figures.sentence), ?)" in sql
    both = where(database, Asked.of("行政复议 行政", year="2025"), 7)
    assert both.values == ["2025", '"行政 政复 复议" "行政"', 7]


def test_single_characters_are_looked_for_in_the_text(database: sqlite3.Connection) -> None:
    """An index of pairs has none."""
    assert where(database, Asked.of("复"))[0].endswith(
        " AND instr((SELECT searched FROM sentences WHERE sentences.sentence = figures.sentence), ?)"
    )
    assert where(database, Asked.of("复"))[1] == ["复"]
    assert where(database, Asked.of("行政 复"))[1] == ["行政", "复"]
    assert where(database, Asked.of("复议 复"), 7)[1] == ['"复议"', 7, "复"]


def test_the_least_confidence_is_asked_last(database: sqlite3.Connection) -> None:
    sql, values, _ = where(database, Asked.of("行政", 0.8))

    assert sql.endswith(" AND figures.confidence >= ?")
    assert values == ["行政", 0.8]
    assert where(database, Asked.of(min_confidence=0.5)) == Where(
        "readings.is_newest = 1 AND figures.confidence >= ?", [0.5], by_reading=True
    )


def test_what_is_asked_is_told_by_field() -> None:
    asked = Asked.of("甲", 0.5, year=["2025", "2024", "2025", ""], place="湛江市", unit=None)

    assert asked == Asked("甲", (("place", "湛江市"), ("year", "2024"), ("year", "2025")), 0.5)
    assert (asked.names, asked.values("year"), asked.values("unit")) == (("place", "year"), ("2024", "2025"), ())
    assert asked.without("year").fields == (("place", "湛江市"),)
    assert asked.without("year", "2024").fields == (("place", "湛江市"), ("year", "2025"))
    assert asked.without("year").words == "甲"
    with pytest.raises(ValueError, match="colour is none of "):
        Asked.of(colour="red")
