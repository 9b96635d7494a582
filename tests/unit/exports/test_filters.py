"""What a table holds, and why it is empty."""

from typing import Any

import pytest

from exports.columns import NAMES, Row
from exports.filters import Sieve, Wanted


def row(**said: Any) -> Row:
    return {**dict.fromkeys(NAMES), **said}


ROWS = [
    row(
        place="湛江市",
        city="湛江市",
        province="广东省",
        region_code="440800",
        period="2023",
        year="2023",
        kind="rule_of_law",
        indicator_id="law.review.received",
        indicator="行政复议申请收到",
        status="achieved",
        confidence=0.9,
    ),
    row(
        place="吴川市",
        city="湛江市",
        province="广东省",
        region_code="440883",
        period="2023H1",
        year="2023",
        kind="rule_of_law",
        indicator_id="law.review.received/upheld",
        indicator="维持",
        status="achieved",
        confidence=0.5,
    ),
    row(
        place="长沙市",
        city="长沙市",
        province="湖南省",
        region_code="430100",
        period="2021/2025",
        kind="government_work",
        indicator="生产总值",
        status="planned",
        confidence=None,
    ),
]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (Wanted(), ["湛江市", "吴川市", "长沙市"]),
        (Wanted(places=("湛江市",)), ["湛江市", "吴川市"]),
        (Wanted(places=("湖南省", "吴川市")), ["吴川市", "长沙市"]),
        (Wanted(places=("440000",)), ["湛江市", "吴川市"]),
        (Wanted(places=("440800",)), ["湛江市", "吴川市"]),
        (Wanted(places=("440883",)), ["吴川市"]),
        (Wanted(places=("4",)), ["湛江市", "吴川市", "长沙市"]),
        (Wanted(places=("40",)), []),
        (Wanted(places=("4408000",)), []),
        (Wanted(periods=("2023",)), ["湛江市", "吴川市"]),
        (Wanted(periods=("2023H1",)), ["吴川市"]),
        (Wanted(periods=("2021/2025",)), ["长沙市"]),
        (Wanted(kinds=("government_work",)), ["长沙市"]),
        (Wanted(indicators=("law.review.received",)), ["湛江市", "吴川市"]),
        (Wanted(indicators=("law.review.rec",)), []),
        (Wanted(indicators=("law.review",)), ["湛江市", "吴川市"]),
        (Wanted(indicators=("law.review.received/upheld",)), ["吴川市"]),
        (Wanted(indicators=("复议",)), ["湛江市"]),
        (Wanted(indicators=("收到 复议",)), ["湛江市"]),
        (Wanted(indicators=("收到 诉讼",)), []),
        (Wanted(indicators=(" ",)), []),
        (Wanted(statuses=("planned",)), ["长沙市"]),
        (Wanted(min_confidence=0.9), ["湛江市"]),
        (Wanted(places=("湛江市",), min_confidence=0.6), ["湛江市"]),
    ],
)
def test_all_conditions_hold(wanted: Wanted, places: list[str]) -> None:
    """One of several values is enough."""
    assert [found["place"] for found in Sieve(wanted).through(ROWS)] == places


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (Wanted(places=("北京市",), periods=("2023",)), {"place 北京市": 0, "period 2023": 2}),
        (Wanted(places=("长沙市",), periods=("2023", "2024")), {"place 长沙市": 1, "period 2023 or 2024": 2}),
        (Wanted(places=("北京市",), min_confidence=2), {"place 北京市": 0, "confidence of 2 or more": 0}),
    ],
)
def test_an_empty_table_knows_which_condition_left_none(wanted: Wanted, met: dict[str, int]) -> None:
    """Named as the user gave it."""
    sieve = Sieve(wanted)

    assert list(sieve.through(ROWS)) == []
    assert {str(name): count for name, count in sieve.met().items()} == met


def test_no_figures_at_all_is_no_condition_s_fault() -> None:
    """Nothing was read."""
    sieve = Sieve(Wanted(places=("北京市",)))

    assert list(sieve.through([])) == []
    assert (sieve.seen, list(sieve.met().values())) == (0, [0])


@pytest.mark.parametrize("field", ["place", "period", "kind", "indicator", "status"])
def test_what_a_figure_does_not_say_is_found_by_no_word(field: str) -> None:
    """None is no word of it."""
    wanted = {"status": "statuses"}.get(field, f"{field}s")

    assert list(Sieve(Wanted(**{wanted: ("None",)})).through([row()])) == []
