"""Headings come out as a tree, and a report's own words about itself as document data."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from worker.draft import Draft, Label
from worker.edits import Text
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.structure import structure
from worker.structure.headings import find_headings
from worker.structure.places import own_name, place_of
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "structure.toml").read_text(encoding="utf-8"))
DOCUMENT_FIELDS = ("title", "issuer", "region", "period", "document_number", "published", "signed")


def structured(text: str, *labels: Label) -> Draft:
    draft = Draft(b"", "a.txt", text=Text.of(text), labels=labels)
    for stage in (clean, convert, structure):
        draft = stage(draft, load_tools())
    return draft


@pytest.mark.parametrize("case", CASES["document"], ids=lambda case: case["id"])
def test_document_data(case: dict[str, Any]) -> None:
    """Every field is what the report says, and null where it says nothing."""
    document = structured(case["text"].strip()).document

    assert {field: getattr(document, field) for field in DOCUMENT_FIELDS} == {
        field: case.get(field) for field in DOCUMENT_FIELDS
    }


@pytest.mark.parametrize("case", CASES["headings"], ids=lambda case: case["id"])
def test_headings(case: dict[str, Any]) -> None:
    """Level, number and title of each heading in order."""
    found = find_headings(case["text"])

    assert [[heading.level, heading.number, heading.title] for heading in found] == case["expected"]


def test_a_part_ends_where_the_next_of_its_level_begins() -> None:
    """Inner parts end with the outer one, and the last with the text."""
    text = "一、甲\n(一)乙\n好。\n(二)丙\n好。\n二、丁\n好。"
    parts = {heading.title: text[heading.start : heading.end] for heading in find_headings(text)}

    assert parts == {
        "甲": "一、甲\n(一)乙\n好。\n(二)丙\n好。\n",
        "乙": "(一)乙\n好。\n",
        "丙": "(二)丙\n好。\n",
        "丁": "二、丁\n好。",
    }


def test_the_body_of_a_run_in_heading_begins_behind_its_stop() -> None:
    """What follows the title on its line is body."""
    text = "(一)加强学习。全年组织学习12次。"
    (heading,) = find_headings(text)

    assert text[heading.body_start :] == "全年组织学习12次。"


@pytest.mark.parametrize("number", range(5))
def test_the_seeds_documents(number: int) -> None:
    """All fields of all five seeds are as a careful reader gives them."""
    gold = json.loads((ROOT / "tests" / "gold" / f"{number:03d}.json").read_text(encoding="utf-8"))["document"]
    raw = next((ROOT / "seeds").glob(f"{number:03d}_*.txt")).read_text(encoding="utf-8")

    assert structured(raw).document.model_dump() == gold


def test_sections_stand_in_offsets_of_the_raw_text() -> None:
    """A section begins at its heading in the file, glosses and all."""
    raw = next((ROOT / "seeds").glob("003_*.txt")).read_text(encoding="utf-8")
    sections = structured(raw).sections

    assert [(section.number, section.title) for section in sections[:3]] == [
        ("一", "工作措施和成效"),
        ("(一)", "切实加强组织领导,全面深化法治建设"),
        ("一是", "精心组织,推动学习贯彻习近平法治思想向基层纵深发展"),
    ]
    assert raw[sections[1].start :].startswith("(一)切實(shí)加強(qiáng)組織領(lǐng)導(dǎo)")
    assert all(section.end <= len(raw) for section in sections)


def test_disagreements_are_warnings() -> None:
    """The report's own words count; what the page says otherwise is reported."""
    draft = structured(
        "云山县2022年工作总结\n全年组织学习12次，参加人员300余人，取得了良好的成效。\n云山县司法局\n2023年1月12日",
        Label("名称", "云山县司法局2022年总结", 0, 0),
        Label("发文机关", "县政府办公室", 0, 0),
        Label("成文日期", "2023-01-10", 0, 0),
        Label("发文日期", "2023-01-11", 0, 0),
    )

    assert draft.document.title == "云山县2022年工作总结"
    assert draft.document.issuer == "云山县司法局"
    assert [warning.code for warning in draft.warnings] == [
        "title_disagrees",
        "issuer_disagrees",
        "signed_disagrees",
        "signed_after_published",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("湛江市", "湛江市"),
        ("吉林省吉林市船营区", "船营区"),
        ("新乡市", "新乡市"),
        ("沙市区", "沙市区"),
        ("乐山市市中区", "市中区"),
        ("内蒙古自治区呼伦贝尔市海拉尔区", "海拉尔区"),
        ("恩施土家族苗族自治州", "恩施土家族苗族自治州"),
        ("东区街道", "东区街道"),
        ("全市", None),
        ("我市", None),
        ("城镇", None),
        ("开发区", None),
    ],
)
def test_a_places_own_name(name: str, expected: str | None) -> None:
    """The levels above are left off; words that only look like places are none."""
    assert own_name(name) == expected


@pytest.mark.parametrize(
    ("organ", "expected"),
    [
        ("中共湛江市委", "湛江市"),
        ("东方市人民政府办公室", "东方市"),
        ("上海市人民政府", "上海市"),
        ("宁夏回族自治区人民政府", "宁夏回族自治区"),
        ("广东省司法厅", "广东省"),
        ("市政府办公室", None),
        ("国务院", None),
    ],
)
def test_whose_place_an_organ_names(organ: str, expected: str | None) -> None:
    """The place that an organ's name begins with."""
    assert place_of(organ) == expected
