"""Which figure counts a part of which: by the words that open parts, the nearest before it in its unit that is no change."""

from typing import Any

import pytest

from worker.figure import Clause, Figure, Place, Said
from worker.linking.parts import _wholes

PART = "indicator.part_of_whole"
WHOLE: dict[str, Any] = {"gap": "受理案件"}
OPENED: dict[str, Any] = {"gap": ",其中:刑事案件"}
NEXT: dict[str, Any] = {"gap": ",民事案件", "rule": PART}


def figures(*said: dict[str, Any]) -> list[Figure]:
    """Figures of one sentence, twenty characters from the beginning of one to that of the next."""
    found, start = [], 0
    for one in said:
        start += one.get("far", 20)
        gap = one.get("gap", "")
        found.append(
            Figure(
                Place(start, start + 2, start, start + 2), "1", "1", one.get("unit", "件"),
                indicator=Said(gap.rpartition("其中")[2].strip(" :,，("), one.get("rule", "indicator.words")),
                change=Said(one.get("change"), "change.words"),
                clause=Clause(gap, ""), sentence=one.get("sentence", "甲"), cell=one.get("cell"),
            )
        )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("said", "wholes"),
    [
        ([WHOLE, OPENED, NEXT], [None, 0, 0]),
        ([WHOLE, OPENED, {"gap": "民事案件"}, NEXT], [None, 0, None, None]),
        ([WHOLE, OPENED, NEXT | {"gap": ");立案"}], [None, 0, None]),
        ([WHOLE, OPENED, NEXT | {"sentence": "乙"}], [None, 0, None]),
        ([WHOLE, OPENED | {"sentence": None}], [None, None]),
        ([WHOLE, OPENED | {"cell": object()}], [None, None]),
        ([WHOLE, {"gap": "(刑事", "rule": PART}], [None, 0]),
        ([WHOLE, {"gap": "(刑事"}], [None, None]),
        ([WHOLE, {"gap": "刑事", "rule": PART}], [None, None]),
        ([WHOLE, OPENED | {"far": 202}], [None, 0]),
        ([WHOLE, OPENED | {"far": 203}], [None, None]),
        ([WHOLE, WHOLE | {"unit": "人"}, OPENED], [None, None, 0]),
        ([WHOLE, WHOLE | {"change": "increase"}, OPENED], [None, None, 0]),
        ([WHOLE, WHOLE | {"change": "to"}, OPENED], [None, None, 1]),
        ([WHOLE | {"unit": "人"}, OPENED, WHOLE], [None, None, None]),
        ([OPENED, OPENED], [None, 0]),
        ([], []),
    ],
)
def test_what_a_part_is_a_part_of(said: list[dict[str, Any]], wholes: list[int | None]) -> None:
    """Nothing behind it, and nothing farther than two hundred characters."""
    assert _wholes(figures(*said)) == wholes
