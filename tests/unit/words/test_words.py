"""Each word of a data file, and each form of a pattern, is read in a sentence as its row says (``benchmarks/words.py``)."""

import tomllib
from collections.abc import Collection, Iterable

import pytest

from benchmarks import golden, words
from benchmarks.words import Sentence


def by_place(asked: Iterable[Sentence], end: str) -> dict[str, list[Sentence]]:
    """The sentences of one list, or row, together: a test each would take longer to run than to read."""
    places: dict[str, list[Sentence]] = {}
    for one in asked:
        places.setdefault(one.name.partition(end)[0], []).append(one)
    return places


PLACES = by_place((one for table in words.tables() for one in words.sentences(table)), " ") | by_place(
    words.forms(), ": "
)


def read_otherwise(kept: Iterable[str], asked: Collection[str]) -> list[str]:
    """The kept lines that are not read so any more, but for those that are asked anyway as they stand."""
    return [line for line in kept if line not in asked and (one := Sentence.of_line(line)).read() != one.expect]


@pytest.mark.parametrize("place", PLACES)
def test_each_word_does_what_its_row_says(place: str) -> None:
    """What is noted as not read so yet is not: else the note has to go."""
    seen = [(one, one.read()) for one in PLACES[place]]

    assert [(one.name, read, one.expect) for one, read in seen if read != one.expect and not one.gap] == []
    assert [one.name for one, read in seen if read == one.expect and one.gap] == []


@pytest.mark.parametrize("table", words.tables())
def test_a_word_does_what_it_did(table: str) -> None:
    """A word that is gone, or whose row says something else, is not asked any more; its sentence was kept by
    ``make golden``. A sentence that is asked above just as it was kept is read there."""
    kept = golden.sentences_file(table).read_text("utf-8").splitlines()

    assert kept
    assert read_otherwise(kept, set(golden.sentences(table))) == []


def test_the_kept_sentence_of_a_word_that_is_gone_is_read() -> None:
    """What it says is true of 约 as long as that is a word of the list, and never of 云."""
    true, wrong = (
        Sentence("", f"全市共有干部{word}30人。", {"value": "30", "qualifier": "about"}).line() for word in "约云"
    )

    assert read_otherwise([true, wrong], ()) == [wrong]
    assert read_otherwise([true, wrong], {wrong}) == []


def test_every_exception_is_one() -> None:
    """A list that there is not, or a word that is in no such list, is a slip of the pen."""
    cases = tomllib.loads(words.CASES.read_text("utf-8"))
    for row in [*cases["frame"], *cases["without"]]:
        found = words.words_at(row["list"])
        assert found, row["list"]
        assert {*row.get("only", ()), *row.get("gap", ()), *row.get("words", ())} <= found, row["list"]
    assert {*cases["no_numeral"]["words"]} <= words.words_at("units.units.*.words")
