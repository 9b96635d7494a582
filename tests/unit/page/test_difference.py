"""Two readings of a report beside each other: which figures and lines are others."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from page.report.difference import changed_lines, difference
from tests.unit.store.made import event, metric


def rows(*metrics: tuple[str, str], **more: str) -> list[dict[str, object]]:
    """Figures as the store gives them."""
    return [
        {
            "number": number,
            **dict.fromkeys(("value_high", "change", "scope", "actor")),
            "indicator": name,
            "value": value,
            "unit": "件",
            "period": "2023",
            "status": "achieved",
            "qualifier": "exact",
            "measure": "level",
            "quote": f"{value}件",
            "sentence_text": f"{name}{value}件。",
            "place_start": number * 10,
            "place_end": number * 10 + 4,
            **more,
        }
        for number, (name, value) in enumerate(metrics)
    ]


def test_figures_are_the_same_whatever_their_order() -> None:
    found = difference(rows(("审结", "1"), ("受理", "2")), rows(("受理", "2"), ("审结", "1")))

    assert (found.changed, found.added, found.removed, found.same) == ((), (), (), 2)


def test_a_value_that_changed_is_one_figure() -> None:
    found = difference(
        rows(("审结", "1"), ("受理", "2"), ("调解", "3")), rows(("审结", "1"), ("受理", "5"), ("培训", "9"))
    )

    assert [(one.was["value"], one.now["value"], one.fields) for one in found.changed] == [("2", "5", ("value",))]
    assert [row["indicator"] for row in found.added] == ["培训"]
    assert [row["indicator"] for row in found.removed] == ["调解"]


def test_newer_rules_that_name_a_figure_otherwise_change_it() -> None:
    """Its words and its sentence are the same."""
    before, after = rows(("审结", "1")), rows(("审结", "1"))
    after[0]["indicator"], after[0]["period"] = "审结行政复议案件", "2022"

    assert difference(before, after).changed[0].fields == ("indicator", "period")


def test_a_figure_whose_words_alone_are_others_is_the_same() -> None:
    """It is counted with those of which nothing is told."""
    before, after = (rows(("审结", "1"), ("受理", "2"), ("调解", "3")) for _ in range(2))
    after[1]["quote"], after[2]["value"] = "二件", "4"
    found = difference(before, after)

    assert (len(found.changed), found.same) == (1, 2)


@pytest.mark.parametrize(
    ("other", "is_known"),
    [
        ({"indicator": "x", "period": "x", "status": "x", "place_start": 0, "place_end": 1}, True),
        ({"sentence_text": "x", "quote": "x"}, True),
        ({"sentence_text": "x", "quote": "x", "status": "x", "period": "x", "place_start": 0}, True),
        ({"sentence_text": "x", "indicator": "x"}, True),
        ({"sentence_text": "x", "indicator": "x", "place_end": 99}, False),
        ({"sentence_text": "x", "indicator": "x", "quote": "x"}, False),
        *(({"sentence_text": "x", "quote": "x", "place_start": 9, field: "x"}, False) for field in ("indicator", "unit", "change", "measure")),
    ],
)  # fmt: skip
def test_how_a_figure_that_differs_is_known_again(other: dict[str, Any], *, is_known: bool) -> None:
    """By its words in its sentence, by what it says, by its place: all of one of these."""
    before, after = rows(("审结", "1")), rows(("审结", "1"))
    after[0] |= other
    found = difference(before, after)

    assert (len(found.changed) + found.same, len(found.added)) == ((1, 0) if is_known else (0, 1))


def test_lines_are_compared_by_characters() -> None:
    assert [[tuple(part) for part in line] for line in changed_lines("同\n审结3件\n走", "同\n审结5件\n走")] == [
        [("kept", "审结"), ("gone", "3"), ("new", "5"), ("kept", "件")]
    ]
    assert [[part.kind for part in line] for line in changed_lines("甲\n乙", "甲")] == [["gone"]]


def test_two_readings_by_other_rules_are_compared(client_over: Callable[..., TestClient], tmp_path: Path) -> None:
    """What has words on the page is told in them."""
    from store.writing import FILE_NAME, Store

    store = Store(tmp_path / "state" / FILE_NAME)
    worded = {"status": "planned", "qualifier": "about", "change": "to", "measure": "rate_of_change"}
    for version, name, more in (("4", "案件", {"change": "increase"}), ("5", "行政复议案件", worded)):
        store.deliver(event(metric(name, **more), version=version))
    store.close()
    document = event(metric("案件")).data.id

    answer = client_over().get(f"/r/{document}/diff/1@4..1@5?lang=en").text

    assert re.findall(r'class="field">(\w+) <del>(.*?)</del> <ins>(.*?)</ins>', answer) == [
        ("Name", "案件", "行政复议案件"),
        ("Status", "achieved", "target"),
        ("Qualifier", "exact", "about"),
        ("Change", "increase", "level reached"),
        ("Measure", "level", "rate of change"),
    ]


def test_a_very_long_line_is_not_compared_by_characters() -> None:
    """It has gone, and another has come; one of just so many characters is compared."""
    kinds = [
        [part.kind for line in changed_lines(was, now) for part in line]
        for was, now in (("甲" * 1500, "甲" * 1499 + "乙"), ("甲" * 1501, "甲"), ("甲", "甲" * 1501))
    ]
    assert kinds == [["kept", "gone", "new"], ["gone", "new"], ["gone", "new"]]
    assert [[*line] for line in changed_lines("\n甲\n \n", "甲\n乙\n丙")] == [[("new", "乙")], [("new", "丙")]]
