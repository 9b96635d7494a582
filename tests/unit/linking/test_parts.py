"""Which figure counts a part of which: by the words that open parts, the nearest before it in its unit that is no change."""

from typing import Any

import pytest

from worker.figure import Clause, Figure, Place, Said
from worker.linking.catalogue import load_catalogue
from worker.linking.parts import _has_subject, _is_said_in, _wholes

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


@pytest.mark.parametrize(
    ("part", "whole", "has"),
    [
        ("police.crimes", "police.cases", True),
        ("police", "police.cases", True),
        ("police.crimes", "", False),
        ("expenditure.function.education", "fiscal.expenditure.livelihood", True),
        ("expenditure.function.education", "fiscal.revenue.general", False),
        ("revenue.tax.vat", "fiscal.revenue.tax", True),
        ("revenue.tax.vat", "fiscal.expenditure.general", False),
        ("police.crimes", "fiscal.expenditure.general", False),
        ("police.crimes", "justice.legal_aid.cases", False),
    ],
)
def test_a_part_has_the_subject_of_a_whole_whose_id_begins_as_its_own(part: str, whole: str, *, has: bool) -> None:
    """Or of all expenditure, for what a part of it was for."""
    assert _has_subject(part, whole) is has


@pytest.mark.parametrize(
    ("whole", "part", "is_said"),
    [
        ("游客接待", "入境游客接待", True),
        ("法律援助案件", "刑事案件", False),
        ("法律援助案件、刑事案件", "刑事案件", True),
        ("财政赤字安排", "中央财政赤字", True),
        ("财政赤字安排", "财政赤字", False),
        ("政赤字安排", "中央财政赤字", False),
        ("援助、", "刑事案件", False),
        ("", "刑事案件", False),
    ],
)
def test_what_a_whole_counts_is_said_in_the_name_of_its_part(whole: str, part: str, *, is_said: bool) -> None:
    """All words of one of its things; or its last four characters, of more, begin what the whole counts."""
    found = [
        Figure(Place(0, 1, 0, 1), "1", "1", "件", indicator=Said(name, "indicator.words")) for name in (whole, part)
    ]
    assert _is_said_in(found[0], found[1], load_catalogue()) is is_said
