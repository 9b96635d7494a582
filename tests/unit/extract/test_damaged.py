"""Damaged numbers that have a unit: each with its place and its damage, in reading order, and gaps in their stead."""

import pytest

from worker.draft import Draft
from worker.edits import Edit, Flaw, Text
from worker.extract.damaged import BROKEN, DOUBTFUL, LOST, TORN, find_damaged, masked
from worker.extract.language.reading_text import ReadingText, fold
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

TOOLS = load_tools()


def read(raw: str, *flaws: Flaw, edits: tuple[Edit, ...] = ()) -> tuple[Draft, ReadingText]:
    text = Text.of(raw).apply([*edits, *flaws])
    return Draft(raw.encode(), "a.txt", text=text), ReadingText(fold(text.now), TOOLS.lexicon, TOOLS.words)


def test_damaged_numbers_come_in_reading_order_whatever_the_order_of_the_damage() -> None:
    draft, reading = read("办结?2件，走访3?1户。", Flaw(2, 4, LOST, "lost"))
    draft = Draft(draft.data, "a.txt", text=draft.text.apply([Flaw(8, 11, DOUBTFUL, "doubtful")]))

    found = find_damaged(draft, reading)

    assert [(one.written, one.unit, one.damage, one.value) for one in found] == [
        ("?2", "件", LOST, ""),
        ("3?1", "户", DOUBTFUL, ""),
    ]
    assert [one.place for one in found] == [(2, 5, 2, 4), (8, 12, 8, 11)]
    later_first = Draft(
        draft.data, "a.txt", text=Text.of(draft.text.now).apply([Flaw(8, 11, TORN, "")]).apply([Flaw(2, 4, LOST, "")])
    )
    assert [one.place.start for one in find_damaged(later_first, reading)] == [2, 8]


@pytest.mark.parametrize(
    ("raw", "units"),
    [
        ("办结?2件。", ["件"]),
        ("办结?2 件。", ["件"]),
        ("办结?2  件。", []),
        ("办结?2，件。", []),
        ("办结?2", []),
        ("投资?2万元。", []),
    ],
)
def test_only_what_a_unit_follows_was_a_figure(raw: str, units: list[str]) -> None:
    """With one blank between at the most."""
    draft, reading = read(raw, Flaw(2, 4, LOST, "lost"))

    assert [one.unit for one in find_damaged(draft, reading)] == units


def test_other_damage_is_no_number() -> None:
    draft, reading = read("办结?2件。", Flaw(2, 4, "broken_sentence", "lost"))

    assert find_damaged(draft, reading) == []
    assert masked(reading, draft) == reading.text


def test_places_are_those_of_the_repaired_text_and_of_the_file() -> None:
    """A repair before it moves the one and not the other."""
    draft, reading = read("办 结?2件。", Flaw(3, 5, LOST, "lost"), edits=(Edit(1, 2, ""),))

    assert [one.place for one in find_damaged(draft, reading)] == [(2, 5, 3, 5)]


def test_a_damaged_number_is_a_gap_as_long_as_it_was() -> None:
    """Ends of lines stay: they part sentences."""
    draft, reading = read("办结?2件。\n走访3\n1户。", Flaw(2, 4, LOST, ""), Flaw(9, 12, TORN, ""))

    assert masked(reading, draft) == "办结##件。\n走访#\n#户。".replace("，", ",")


def test_a_broken_clause_is_parted_from_those_beside_it() -> None:
    """So that no figure takes a word from it; a line break stays."""
    draft, reading = read("甲3件，乙?，丙4件。\n丁?\n戊5件。", Flaw(4, 6, BROKEN, ""), Flaw(12, 14, BROKEN, ""))

    assert masked(reading, draft) == "甲3件。乙?。丙4件。\n丁?\n戊5件。"


@pytest.mark.parametrize(
    ("torn", "name"),
    [
        ("\ufffd成示范村9个，累计达到37个。", ""),
        ("\ufffd成示范村9个。累计达到37个。", ""),
        ("\ufffd成示范村。累计达到37个。", ""),
        ("建成示范村9个，累计达到37个。", "示范村"),
        ("累计达到37个。", "调解纠纷"),
    ],
)
def test_nothing_is_taken_over_past_what_was_lost(torn: str, name: str) -> None:
    """What it is about may be what the lost characters said."""
    raw = f"2023年工作总结\n\n全年调解纠纷482件，成功率98.5%。{torn}\n"
    lossy = raw.encode().replace("\ufffd".encode(), "建".encode()[:2])
    metrics = read_report(lossy, Origin("id", "a.txt", "a.txt", "0" * 64), TOOLS, lambda: 0.0).metrics

    (found,) = [metric.indicator for metric in metrics if metric.value == "37"]
    assert found == name
