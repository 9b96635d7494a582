"""Damaged text is read as it was written; what cannot be known is noted, and clean text stays as it is."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from worker.draft import Draft
from worker.edits import Flaw, Text
from worker.report_writer import metrics_of
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.extract import extract
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "damage.toml").read_text(encoding="utf-8"))["case"]
#: So much of a glossed seed shows that it is glossed.
HEAD_CHARS = 600


def _seed(number: int) -> str:
    return next((ROOT / "seeds").glob(f"{number:03d}_*.txt")).read_text(encoding="utf-8")


def _text(case: dict[str, Any]) -> str:
    if "seed" not in case:
        return str(case["text"])
    seed = _seed(case["seed"])
    return f"{seed[:HEAD_CHARS]}\n{seed[case['start'] : case['end']]}{case.get('append', '')}"


def cleaned(text: str) -> Draft:
    return clean(Draft(b"", "a.txt", text=Text.of(text)), load_tools())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_damage_is_repaired_or_noted(case: dict[str, Any]) -> None:
    """The text comes out as it was written, and only what is lost for good is flawed."""
    draft = cleaned(_text(case))

    if "now" in case:
        assert draft.text.now == case["now"]
    else:
        assert case["contains"] in draft.text.now
    assert sorted({flaw.code for flaw in draft.text.flaws}) == sorted(case.get("flaws", []))
    if "converted" in case:
        assert convert(draft, load_tools()).text.now == case["converted"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_cleaning_twice_is_cleaning_once(case: dict[str, Any]) -> None:
    """A repaired text holds nothing more to repair, but what is doubtful stays doubtful."""
    once = cleaned(_text(case)).text.now

    assert cleaned(once).text.now == once


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_kept_character_maps_to_itself(case: dict[str, Any]) -> None:
    """Outside edits the current text is the raw text, at the place that the map gives."""
    text = cleaned(_text(case)).text
    edited = {place for edit in text.edits for place in range(edit.start, max(edit.end, edit.start + 1))}

    for place, char in enumerate(text.now):
        start, end = text.span(place, place + 1)
        if start not in edited:
            assert (text.raw[start:end], end - start) == (char, 1)


def _touched(draft: Draft, figure: str) -> bool:
    start = draft.text.now.index(figure)
    return draft.text.is_flawed(start, start + len(figure))


def test_figures_beside_repaired_damage_keep_their_places() -> None:
    """120872 and 530 stand right beside repaired characters and map to their own digits."""
    draft = cleaned(_seed(3))

    for figure in ("120872", "530"):
        start = draft.text.now.index(figure)
        raw_start, raw_end = draft.text.span(start, start + len(figure))
        assert draft.text.raw[raw_start:raw_end] == figure
        assert not _touched(draft, figure)


def test_what_is_lost_is_not_to_be_used() -> None:
    """The number whose digit is gone is flawed; so is one that may lack its first digit."""
    seed = _seed(3)
    draft = cleaned(seed + "\n配備編制?02名,另有編制77名。")

    assert _touched(draft, "?人")
    assert _touched(draft, "02名")
    assert not _touched(draft, "77名")


def _repairs(draft: Draft, kinds: set[str]) -> Iterator[str]:
    return (edit.was for edit in draft.text.edits if edit.kind in kinds)


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_undamaged_seeds_are_not_repaired(number: int) -> None:
    """No gloss, no torn byte, no wrong encoding is found where none is."""
    draft = cleaned(_seed(number))

    assert list(_repairs(draft, {"gloss", "gbk_misaligned", "charset"})) == []
    assert draft.text.flaws == ()


@pytest.mark.parametrize(
    ("text", "encoding", "lost", "figures"),
    [
        ("受教育群眾5000人次，發放資料2萬份。改造道路12公里。", "big5hkscs", "次", ["12公里"]),
        ("全市開展活動312場，受教育群眾多。改造道路12公里。", "big5hkscs", "場", ["12公里"]),
    ],
)
def test_a_byte_lost_before_a_mark_takes_its_sentence_along(
    text: str, encoding: str, lost: str, figures: list[str]
) -> None:
    """The pairs of bytes go wrong up to the mark, whose end is left as a letter, and no character is unreadable."""
    at = len(text[: text.index(lost)].encode(encoding))
    data = text.encode(encoding)
    torn = (data[:at] + data[at + 1 :]).decode(encoding)
    assert "\ufffd" not in torn

    draft = clean(Draft(b"", "a.txt", text=Text.of(torn), encoding=encoding), load_tools())
    assert [
        metric.source.quote for metric in metrics_of(extract(convert(draft, load_tools()), load_tools()))
    ] == figures


def test_a_text_that_lost_bytes_has_figures_only_with_known_units() -> None:
    """Two lost bytes make one character of two: 3200万元 is 3200酮, and nothing else shows it."""
    text = "投入資金3200酮。改造道路12公里。\ufffd"
    lost = Flaw(len(text) - 1, len(text), "decode_damage", "one byte")
    draft = clean(Draft(b"", "a.txt", text=Text.of(text).apply([lost])), load_tools())

    assert [metric.source.quote for metric in metrics_of(extract(draft, load_tools()))] == ["12公里"]
