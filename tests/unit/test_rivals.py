"""The comparison counts what docs/benchmarks.md says it counts."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks import rival_tools
from benchmarks.annotated import Annotated
from benchmarks.rivals import Count, Found, compare
from worker.edits import Edit, Text

GOLD: dict[str, Any] = {
    "metrics": [
        {"start": 4, "end": 9, "value": "12800", "unit": "件"},
        {"start": 20, "end": 23, "value": "1/3", "unit": ""},
        {"start": 30, "end": 32, "value": "1", "unit": "个", "optional": True},
    ]
}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], Count(annotated=2)),
        ([Found(4, 8, Fraction(12800), "")], Count(annotated=2, found=1, value=1, reported=1)),
        ([Found(4, 9, Fraction(12800), "件")], Count(annotated=2, found=1, value=1, unit=1, reported=1)),
        ([Found(4, 8, Fraction("1.28"), "件")], Count(annotated=2, found=1, reported=1)),
        (
            [Found(20, 23, Fraction("0.333333333333"), "")],
            Count(annotated=2, found=1, value=1, unit=1, reported=1),
        ),
        ([Found(30, 32, Fraction(1), "个")], Count(annotated=2, reported=1)),
        ([Found(9, 11, Fraction(2023), "")], Count(annotated=2, reported=1, no_figure=1)),
    ],
    ids=["nothing", "value", "value and unit", "wrong value", "a third", "optional", "no figure"],
)
def test_reported_numbers_are_counted_against_the_annotation(found: list[Found], expected: Count) -> None:
    count = Count()
    count.add(GOLD, found)

    assert count == expected


def test_the_regular_expression_takes_every_number_with_the_unit_behind_it() -> None:
    """Years as well: that is what it is compared for."""
    text = "2023年受理1.28万件，增长5.2%，补助1,200余万元。"

    assert list(rival_tools.by_hand()(text)) == [
        (0, 4, "2023", ""),
        (7, 13, "12800.00", "件"),
        (16, 20, "5.2", "%"),
        (23, 31, "12000000", "元"),
    ]


def test_places_in_repaired_text_are_compared_as_places_in_the_file() -> None:
    """A blank between the digits is gone from the text that the tool gets, and the place still covers it."""
    raw = "受理1 2件"
    text = Text.of(raw).apply([Edit(3, 4, "")])
    gold = {"metrics": [{"start": 2, "end": 6, "value": "12", "unit": "件"}]}
    report = Annotated("a", "seeds", gold, raw.encode())

    rows = compare(Path(sys.executable), [report], [text], as_in_file=False)

    assert rows[0].split()[:-1] == ["regular", "expression", "1", "1", "0", "1", "1", "0"]


def test_a_tool_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> rival_tools.Tool:
        raise ImportError("No module named 'other'")

    monkeypatch.setitem(rival_tools.TOOLS, "other", missing)

    assert rival_tools.run("other", ["受理12件"]) == {"missing": "No module named 'other'"}


def test_the_tools_run_as_a_program_of_their_own() -> None:
    """With no path to this project's packages."""
    order = json.dumps({"tool": "regular expression", "texts": ["受理12件", "无"]})
    program = Path(rival_tools.__file__)
    done = subprocess.run([sys.executable, "-I", program], input=order, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["figures"] == [[[2, 5, "12", "件"]], []]
