"""Deleting a word in memory changes what is read while it lasts, and nothing afterwards."""

import json
import tomllib
from pathlib import Path

import pytest

from benchmarks import golden, needed_words
from benchmarks.deleted_words import Entry, entries, fresh_tools, without
from benchmarks.needed_words import Found, excepted, found_before, needed_by, report
from benchmarks.watched_texts import Text, concerned
from benchmarks.words import Sentence
from worker.facts import load_facts

#: How many words no text of the tests would miss; only ever lowered.
EXCEPTIONS = 1310
CASES_OF_RULES = tomllib.loads((golden.CASES / "rules.toml").read_text("utf-8"))["case"]
PLAIN = "云山县2023年工作总结\n全市共有干部约30人，比上年增长3.5%。"


def by(entry: Entry, text: str) -> str:
    one = Text(text, how="whole")
    return needed_by(entry, [one], {text: one.seen(fresh_tools(""))})


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
    assert by(entry, text) == text


@pytest.mark.parametrize(
    "entry",
    [
        Entry("qualifiers.qualifiers.about.before", "大约"),
        Entry("changes.changes.decrease.words", "下降"),
        Entry("names.names.words", "一带一路"),
    ],
)
def test_a_word_that_no_text_has_is_not(entry: Entry) -> None:
    assert entry in entries()
    assert by(entry, PLAIN) == ""


def test_the_word_is_back_afterwards_and_so_is_what_is_read() -> None:
    entry = Entry("qualifiers.qualifiers.about.before", "约")
    rows = load_facts("qualifiers")["qualifiers"]
    before = [list(row["before"]) for row in rows]
    text = Text(PLAIN, how="whole")
    seen = text.seen(fresh_tools(""))
    with without(entry) as tools:
        assert text.seen(tools) != seen
        assert [list(row["before"]) for row in rows] != before

    assert [row["before"] for row in rows] == before
    assert text.seen(fresh_tools("qualifiers")) == seen


def test_of_a_kept_sentence_only_what_is_asked_counts() -> None:
    """Without 约 the figure is exact; nobody asks."""
    entry = Entry("qualifiers.qualifiers.about.before", "约")
    for asked, is_seen in (({"value": "30"}, False), ({"qualifier": "about"}, True)):
        text = Text(PLAIN, [Sentence("qualifiers.", PLAIN, asked, at=0)])
        found = needed_by(entry, [text], {PLAIN: text.seen(fresh_tools(""))})
        assert found == (PLAIN if is_seen else "")


def test_all_texts_that_have_the_word_are_tried() -> None:
    """The last of a thousand may be the one."""
    entry = Entry("changes.changes.increase.words", "增长")
    of_table = Sentence("changes. 增长", "增长3%", {})
    have = [Text("增长" + "很" * length) for length in range(1000)] + [
        Text("增长3%", [of_table]),
        Text("很" * 9 + "增长"),
    ]
    tried = list(concerned(entry, [Text("下降3%"), *have]))

    assert tried[0].text == "增长3%"
    assert {one.text for one in tried} == {one.text for one in have}


def test_a_pattern_is_asked_of_all_texts_those_it_fits_first() -> None:
    texts = [Text("display:none"), Text("font-size: 0"), Text("增长3%")]

    tried = list(concerned(Entry("pages.hidden.styles", r"font-size\s*:\s*0*"), texts))

    assert [one.text for one in tried] == ["font-size: 0", "增长3%", "display:none"]


def test_what_was_found_is_read_again_but_for_a_line_cut_off(tmp_path: Path) -> None:
    first, later = Found("times.events.years", "建国", "", "a"), Found("times.events.years", "建国", "建国以来", "b")
    file = tmp_path / "found.jsonl"
    file.write_text("\n".join(json.dumps(vars(one)) for one in (first, later)) + '\n{"place": "ti', encoding="utf-8")

    assert found_before(file) == {later.entry: later}
    assert found_before(tmp_path / "none.jsonl") == {}


def test_each_data_file_is_reported_when_its_last_word_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    found = [Found("names.names.words", "甲", "甲", ""), Found("names.names.words", "乙", "", "")]

    unneeded = report([one.entry for one in found], iter(found))

    assert unneeded == {found[1].entry}
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "names.names.words: 乙: nothing needs it"
    assert said[1].startswith("names: 2 words, 1 unneeded")


def test_the_exceptions_are_words_of_lists_and_grow_no_more() -> None:
    """That nothing needs them is what ``make words`` finds out."""
    found = entries()

    assert needed_words.gone(found) == []
    assert len(excepted(found)) == EXCEPTIONS


@pytest.mark.parametrize("table", ["boilerplate", "numbers", "names", "units"])
def test_what_is_expected_of_a_kept_sentence_is_what_is_seen(table: str) -> None:
    """Else every word would look needed: a kept sentence is not read while no word is gone."""
    tools = fresh_tools("")
    kept = [Sentence.of_line(line) for line in golden.sentences_file(table).read_text("utf-8").splitlines()[:20]]

    assert [
        (one.text, seen)
        for one in kept
        if (seen := Text(one.text, [one]).seen(tools)) != Text(one.text, [one]).expected
    ] == []
    assert Text(PLAIN, how="whole").expected == ""


def test_the_name_of_a_rule_is_asked_of_the_text_of_its_case_first() -> None:
    """It is spelt in no text: after as many as are tried of others the rule was given up."""
    rule = "period.carried"
    own = next(row for row in CASES_OF_RULES if row["rule"] == rule)
    text = f"2023年度工作报告\n\n{own['text']}\n"
    among = [Text("办结9件。"), Text(text), Text(golden.TITLE + "办结9件。")]

    assert next(iter(concerned(Entry("confidence.reason.period_carried.rules", rule), among))).text == text
