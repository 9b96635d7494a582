"""Each word of a data file, and each form of a pattern, is read in a sentence as its row says (``benchmarks/words.py``)."""

import tomllib

import pytest

from benchmarks import golden, words
from benchmarks.words import Sentence

SENTENCES = [
    pytest.param(one, id=one.name, marks=[pytest.mark.xfail(strict=True)] if one.gap else [])
    for table in words.tables()
    for one in words.sentences(table)
]
FORMS = [pytest.param(one, id=one.name) for one in words.forms()]


@pytest.mark.parametrize("sentence", SENTENCES + FORMS)
def test_a_word_does_what_its_row_says(sentence: Sentence) -> None:
    assert sentence.read() == sentence.expect


@pytest.mark.parametrize("table", words.tables())
def test_a_word_does_what_it_did(table: str) -> None:
    """A word that is gone has no row to ask any more; its sentence was kept by ``make golden``."""
    kept = [Sentence.of_line(line) for line in golden.sentences_file(table).read_text("utf-8").splitlines()]

    assert [(one.text, found) for one in kept if (found := one.read()) != one.expect] == []
    assert kept


def test_every_exception_is_one() -> None:
    """A list that there is not, or a word that is in no such list, is a slip of the pen."""
    cases = tomllib.loads(words.CASES.read_text("utf-8"))
    for row in [*cases["frame"], *cases["without"]]:
        found = words.words_at(row["list"])
        assert found, row["list"]
        assert {*row.get("only", ()), *row.get("gap", ()), *row.get("words", ())} <= found, row["list"]
    assert {*cases["no_numeral"]["words"]} <= words.words_at("units.units.*.words")
