"""Text as words: the most probable division, what is joined after it, and what words lose when they become a name."""

from math import log

import pytest

from worker.extract.language.words import (
    Word,
    Words,
    is_action,
    is_noun,
    is_verb,
    joined,
    log_weights,
    segment,
    with_measures,
    with_single_verbs,
    words_of_dictionary,
)
from worker.tools import load_tools

WORDS = load_tools().words
COUNTS = {"市": 50, "民": 40, "市民": 60, "民生": 20, "生": 20, "市民生": 0, "市民生活": 50, "生活": 30, "活": 10}


def words(*tagged: str) -> list[Word]:
    """``办结/v`` is a word with its tag."""
    return [Word(*one.split("/")) for one in tagged]


def test_a_dictionary_divides_by_probability() -> None:
    weights = log_weights(COUNTS, 290)

    assert weights[60] == log(60) - log(290)
    assert 0 not in weights
    assert weights[1] == -log(290)
    assert segment("市民生活", COUNTS, weights) == ["市民生活"]
    assert segment("市民生", COUNTS, weights) == ["市民", "生"]
    assert segment("民生市", COUNTS, weights) == ["民生", "市"]
    assert segment("市甲民", COUNTS, weights) == ["市", "甲", "民"]
    assert segment("", COUNTS, weights) == []


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("市5G民", ["市", "5G", "民"]), ("APP生活", ["APP", "生活"]), ("市3.5民", ["市", "3.5", "民"]), ("C++市", ["C", "+", "+", "市"]),
        ("A+B生", ["A+B", "生"]), ("A#1生", ["A#1", "生"]), ("A-1生", ["A-1", "生"]), ("A/1生", ["A", "/", "1", "生"]), ("市。", ["市", "。"]),
    ],
)  # fmt: skip
def test_latin_letters_and_digits_stay_together(text: str, divided: list[str]) -> None:
    assert segment(text, COUNTS, log_weights(COUNTS, 290)) == divided


def test_words_have_their_tags_and_are_remembered_until_they_are_forgotten() -> None:
    """The tag of a verb that the dictionary has with its negation is that of a verb."""
    tags = {"市民": "n", "生活": "vn", "拒不执行": "l", "执行": "v", "不约而同": "i", "而同": "n"}
    counts = dict.fromkeys([*tags, "拒不", "拒", "不约", "不"], 9) | dict.fromkeys(["拒不执", "不约而"], 0)
    made = words_of_dictionary(counts, 100, tags)

    assert made.cut("市民生活") == words("市民/n", "生活/vn")
    assert made.cut("拒不执行") == words("拒不执行/v")
    assert made.cut("不约而同") == words("不约而同/i")
    assert (made.tag("市民"), made.tag("甲")) == ("n", "x")
    tags["市民"] = "nz"
    assert made.tag("市民") == "nz"


def test_a_title_and_a_quoted_name_are_one_word() -> None:
    assert WORDS.cut("印发《关于办结的意见》和“一网通办”方案") == [
        *WORDS.cut("印发"), Word("《关于办结的意见》", "nz"), *WORDS.cut("和"), Word("“一网通办”", "nz"), *WORDS.cut("方案"),
    ]  # fmt: skip
    assert WORDS.cut("《甲》《乙》") == words("《甲》/nz", "《乙》/nz")
    long = "甲" * 21
    assert next(word.text for word in WORDS.cut(f"“{long}”")) == "“"
    assert [word.text for word in WORDS.cut(f"《{long}》")] == [f"《{long}》"]


def test_the_longest_word_that_starts_at_a_place() -> None:
    made = Words(
        lambda _: (), {"市民": "n", "市民生活": "n", "民生": "n"}, {*COUNTS, "市民", "市民生", "市民生活", "民生"}
    )

    assert made.longest("市民生活", 0) == "市民生活"
    assert made.longest("市民生产", 0) == "市民"
    assert made.longest("市民", 0) == "市民"
    assert made.longest("市民", 1) == ""
    assert made.longest("甲市民生活", 1) == "市民生活"
    assert made.longest("市场", 0) == ""


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (["删减/v", "数/n"], ["删减数/n"]), (["参合/x", "率/n"], ["参合率/n"]), (["群众/n", "量/n"], ["群众量/n"]), (["垫付/vn", "额/n"], ["垫付额/n"]),
        (["护理/vn", "费/n"], ["护理费/n"]), (["很多/m", "数/n"], ["很多/m", "数/n"]), (["办/v", "率/n"], ["办/v", "率/n"]), (["率/n"], ["率/n"]),
        (["删减/v", "数据/n"], ["删减/v", "数据/n"]),
    ],
)  # fmt: skip
def test_a_word_and_what_makes_a_measure_of_it_are_one(found: list[str], kept: list[str]) -> None:
    assert with_measures(words(*found)) == words(*kept)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (["约/d", "谈/v"], ["约谈/v"]), (["约/d", "见/v"], ["约见/v"]), (["约/d", "占/v"], ["约/d", "占/v"]), (["约/d", "增/v"], ["约/d", "增/v"]),
        (["约/d", "谈话/v"], ["约/d", "谈话/v"]), (["约/d", "人/n"], ["约/d", "人/n"]), (["再/d", "谈/v"], ["再/d", "谈/v"]), (["谈/v"], ["谈/v"]),
    ],
)  # fmt: skip
def test_an_estimate_is_none_before_a_verb_of_one_character(found: list[str], kept: list[str]) -> None:
    """But where that leads to a number: 约占, 约增."""
    assert with_single_verbs(words(*found)) == words(*kept)


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (["办结/v", "了/ul", "案件/n"], "办结案件"), (["办/v", "过/ug", "案件/n"], "办案件"), (["过/ug", "境/n"], "过境"), (["和/c", "案件/n"], "案件"),
        (["案件/n", "的/uj"], "案件"), (["、/x", "案件/n", ",/x"], "案件"), ([")/x", "案件/n", "(/x"], "案件"), (["(/x", "案件/n", ")/x"], "(案件)"),
        (["案件/n", " /x", "办结/v"], "案件办结"), (["案件/n", "和/c", "办结/v"], "案件和办结"), (["和/c"], ""), ([], ""), (["人/n", "着/uz"], "人着"),
    ],
)  # fmt: skip
def test_a_name_is_its_words_without_marks_at_its_ends(found: list[str], name: str) -> None:
    """And without the particles of tense, where they are such."""
    assert joined(words(*found)) == name


def test_kinds_of_words() -> None:
    assert [tag for tag in ("v", "vn", "vi", "vg", "n", "d") if is_verb(Word("甲", tag))] == ["v", "vn", "vi", "vg"]
    assert [tag for tag in ("v", "vn", "vi", "vg", "n", "d") if is_action(Word("甲", tag))] == ["v", "vi", "vg"]
    nouns = ["n", "nz", "l", "i", "j", "x", "b", "s", "r", "an", "vn", "eng"]
    assert [tag for tag in [*nouns, "v", "a", "d", "m", "p", "c"] if is_noun(Word("甲", tag))] == nouns
