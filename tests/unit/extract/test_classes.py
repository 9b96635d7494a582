"""What a number is, and why it is said to be that, by the words around it: rows of ``tests/cases/classes.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.stages.extract import extract
from worker.tools import load_tools

TOOLS = load_tools()
CLASSES = tomllib.loads((Path(__file__).parents[2] / "cases" / "classes.toml").read_text(encoding="utf-8"))["class"]


def class_of(marked: str) -> tuple[str, str] | None:
    """The class of the number in braces and the reason for it; None where that is no number, or a part of one."""
    left, number, right = marked.replace("}", "{").split("{")
    text = left + number + right
    draft = Draft(text.encode(), "a.txt", text=Text.of(text), document=Document(period="2023"))
    place = len(left), len(left) + len(number)
    return next(
        ((one.kind, one.reason) for one in extract(draft, TOOLS).numbers if (one.start, one.end) == place), None
    )


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: f"{row['kind']}: {row['reason']}")
def test_a_number_is_of_its_class_for_its_reason(row: dict[str, Any]) -> None:
    assert {text: class_of(text) for text in row["texts"]} == dict.fromkeys(row["texts"], (row["kind"], row["reason"]))


@pytest.mark.parametrize(
    "unit",
    [
        "角",
        "方",
        "县市",
        "村",
        "镇",
        "乡",
        "县",
        "市",
        "省",
        "国",
        "校",
        "样",
        "面",
        "地",
        "题",
        "字",
        "格",
        "环",
        "步",
        "线",
        "章",
        "封",
    ],
)
def test_a_word_that_counts_behind_digits_is_part_of_another_behind_a_numeral(unit: str) -> None:
    assert class_of(f"全市共有{{三{unit}}}。") == ("word", "part of a word")
    assert class_of(f"全市共有{{3{unit}}}。") == ("metric", "a number with a unit")


@pytest.mark.parametrize("unit", ["岁", "周岁", "人", "元", "件", "个"])
def test_a_word_that_counts_does_so_behind_a_numeral_too(unit: str) -> None:
    assert class_of(f"共计{{三十{unit}}}，比上年多。") == ("metric", "a number with a unit")
