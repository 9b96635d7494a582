"""A figure of the store as a room shows it: each part from its own column, and nothing of it acts."""

from dataclasses import asdict
from typing import Any

import pytest

from page.shown.figures import sentence_parts, shown, value_text
from page.wording import of
from store.known import Turn

ROW: dict[str, Any] = {
    "id": "d0c", "revision": 2, "number": 6, "value": "12", "value_high": None, "unit": "件\x1b", "indicator": "案件\x1b",
    "indicator_id": None, "period": "2023", "place": "甲市\x1b", "region_code": None, "province": None,
    "status": "achieved", "measure": "level", "change": None, "qualifier": "exact", "confidence": 0.8, "review": None,
    "scope": "全市\x1b", "section": "一\x1b", "sentence": 1, "sentence_text": "共12件\x1b。", "quote": "12件",
    "title": None, "path": "a\x1b.txt", "page": 3,
}  # fmt: skip


def test_each_part_is_shown_where_it_belongs() -> None:
    found = asdict(shown(ROW, of("en")))
    urls = [found.pop(name) for name in ("indicator_url", "place_url", "url")]
    assert found == {
        "key": "d0c-2-6", "value": "12", "unit": "件[U+001B]", "indicator": "案件[U+001B]", "indicator_id": "",
        "indicator_name": "", "period": "2023", "place": found["place"], "status": "achieved", "measure": "level",
        "is_sure": True, "review": found["review"], "confidence": "0.80", "scope": "全市[U+001B]", "section": "一[U+001B]",
        "before": "共", "quote": "12件", "after": "[U+001B]。", "title": "a[U+001B].txt", "path": "a[U+001B].txt", "page": 3,
    }  # fmt: skip
    assert "甲市[U+001B]" in found["place"]
    assert all(urls)
    assert "d0c" in urls[2]
    assert "7" in urls[2]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"confidence": None}, {"confidence": "", "is_sure": False}),
        ({"confidence": None, "review": "confirmed"}, {"confidence": "", "is_sure": True, "review": "confirmed"}),
        ({"confidence": 0.79}, {"confidence": "0.79", "is_sure": False}),
        ({"place": None}, {"place": "", "place_url": ""}),
        ({"scope": None}, {"scope": ""}),
        ({"indicator": None}, {"indicator": ""}),
        ({"title": "年报\x1b"}, {"title": "年报[U+001B]"}),
        ({"indicator_id": "economy.gdp"}, {"indicator_id": "economy.gdp"}),
    ],
)
def test_what_is_not_known_is_not_shown(changed: dict[str, Any], told: dict[str, Any]) -> None:
    found = asdict(shown({**ROW, **changed}, of("en")))
    assert {name: found[name] for name in told} == told
    assert bool(found["indicator_name"]) is ("indicator_id" in changed)


def test_the_number_of_its_turn_is_told_apart() -> None:
    """Where its sentence has it more often."""
    twice = {**ROW, "sentence_text": "收12件，结12件。"}
    parts = [shown(twice, of("en"), turn) for turn in (Turn(0, 1), Turn(0, 2), Turn(1, 2))]
    assert [(one.before, one.quote, one.after) for one in parts] == [
        ("收12件，结12件。", "", ""), ("收", "12件", "，结12件。"), ("收12件，结", "12件", "。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "12"),
        ({"value_high": "15"}, "12–15"),
        ({"change": "increase"}, "12"),
        *(
            ({"measure": measure, "change": change}, sign + "12")
            for measure in ("rate_of_change", "difference", "yearly_mean")
            for change, sign in (("increase", "+"), ("decrease", "−"), ("to", ""), (None, ""))
        ),
        ({"measure": "share", "change": "decrease"}, "12"),
    ],
)
def test_a_change_has_its_sign(changed: dict[str, Any], text: str) -> None:
    assert value_text({**ROW, **changed}, "en") == text


@pytest.mark.parametrize(
    ("sentence", "quote", "before", "found"),
    [
        ("12件已办结。", "12件", "", "12件"),
        ("12件已办结，另有112件。", "12件", "", "12件"),
        ("3.12件已办结，另有12件。", "12件", "3.12件已办结，另有", "12件"),
        ("12.5分，满分12", "12", "12.5分，满分", "12"),
        ("得分12.", "12", "得分", "12"),
        ("二十二件", "十二件", "二", "十二件"),
        ("共1 2件", "1 2件", "共1 2件", ""),
        ("共12件", "1 2件", "共", "12件"),
        ("共12件", " ", "共12件", ""),
        ("112件", "12件", "112件", ""),
    ],
)
def test_a_number_is_told_apart_wherever_it_stands_alone(sentence: str, quote: str, before: str, found: str) -> None:
    """At the very beginning of its sentence, too; no part of a longer number is it."""
    assert sentence_parts(sentence, quote) == (before, found, sentence[len(before + found) :])
