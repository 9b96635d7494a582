"""Headings come out as a tree, and a report's own words about itself as document data."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.report import OriginalNames
from worker.draft import Draft
from worker.edits import Text
from worker.facts import load_facts
from worker.parts import Label
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.structure import structure
from worker.structure.gazetteer import locate
from worker.structure.headings import find_headings
from worker.structure.kind import report_kind
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

    assert structured(raw).document.model_dump(include=set(gold)) == gold


SEEDS_BESIDES = [
    (None, "440800", None),
    ("rule_of_law", "440800", None),
    ("rule_of_law", "469007", None),
    ("rule_of_law", None, OriginalNames(title="金石鎮2021年法治政府建設年度報告", region="金石鎮")),
    ("rule_of_law", "220204", OriginalNames(issuer="船營區人民政府", region="船營區")),
]


@pytest.mark.parametrize("number", range(5))
def test_the_seeds_kinds_codes_and_original_names(number: int) -> None:
    """A town has no code of GB/T 2260, and a chapter of a yearbook is no kind of report."""
    raw = next((ROOT / "seeds").glob(f"{number:03d}_*.txt")).read_text(encoding="utf-8")
    document = structured(raw).document

    assert (document.kind, document.region_code, document.original) == SEEDS_BESIDES[number]


@pytest.mark.parametrize("case", CASES["kind"], ids=lambda case: case["title"])
def test_the_title_tells_the_kind(case: dict[str, Any]) -> None:
    """And where it tells two, or another paper about such a report, it tells none."""
    assert report_kind(case["title"], (), (), case.get("source")) == case.get("kind")


def test_the_kind_of_a_report_without_a_title() -> None:
    """Its opening tells it, then its headings; two kinds tell none."""
    opening = "按照要求，现将2022年度法治政府建设工作情况报告如下。"

    given = ("各位代表：", "现在，我代表区人民政府，向大会作工作报告，请予审议。")
    of_past_years = ("我代表州人民政府，向大会报告过去五年政府工作，对今年工作提出建议。",)

    assert report_kind(None, given, (), None) == "government_work"
    assert report_kind(None, of_past_years, (), None) == "government_work"
    assert report_kind(None, ("我代表市中级人民法院，向大会报告工作。",), (), None) is None
    assert report_kind(None, (opening,), (), None) == "rule_of_law"
    assert report_kind(None, (), ("2023年法治政府建设主要举措和成效",), None) == "rule_of_law"
    assert report_kind(None, ("现将2022年决算和2023年预算安排报告如下。",), (), None) is None
    assert report_kind(None, ("本报讯（记者张三）昨日全市召开大会。",), (), None) == "news"
    assert report_kind("采购全面开花", ("日前数据出炉。", "记者从采购办了解到，规模扩大。"), (), None) == "news"
    assert report_kind(None, ("全年办理案件12件。",), ("主要工作",), None) is None


@pytest.mark.parametrize("case", CASES["region_code"], ids=lambda case: case["id"])
def test_codes_of_regions(case: dict[str, Any]) -> None:
    """One where the name, the year and the places above leave one."""
    assert locate(case["name"], (), case.get("words", ""), case.get("year")).code == case.get("code")


def test_every_code_of_the_gazetteer_is_a_code() -> None:
    """Six digits, the years in order, and the place above in the table under its own code."""
    rows = [line.split() for line in load_facts("regions")["regions"]["table"].split("\n") if line]
    codes = [re.fullmatch(r"(\d{6}):(\d{4})-(\d{4})?", row) for _, *divisions in rows for row in divisions]

    assert len(rows) > 4000
    assert all(codes)
    assert all(int(match[2]) <= int(match[3] or 9999) for match in codes if match)
    assert {match[1][:2] + "0000" for match in codes if match} <= {match[1] for match in codes if match}


def test_original_headings_and_names_keep_their_script() -> None:
    """A report of Taiwan or Hong Kong has its names as it wrote them."""
    draft = structured(
        "雲林縣政府2023年法治政府建設報告\n一、乾淨水源計畫\n全年辦理12件，參加人員300餘人，取得了良好的成效。"
    )

    assert draft.document.original == OriginalNames(
        title="雲林縣政府2023年法治政府建設報告", issuer="雲林縣政府", region="雲林縣"
    )
    assert [(section.title, section.original) for section in draft.sections] == [("干净水源计划", "乾淨水源計畫")]


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
        ("广州", "广州市"),
        ("宁夏", "宁夏回族自治区"),
        ("广西自治区", "广西壮族自治区"),
        ("四川省甘孜州", "甘孜藏族自治州"),
        ("吉林", None),
        ("朝阳", None),
        ("兖港市", "兖港市"),
        ("西城街道", "西城街道"),
        ("晋城市城区", "城区"),
        ("广州市城区", None),
        ("绍兴市开发区", "开发区"),
        ("泸州经济技术开发区", "泸州经济技术开发区"),
        ("新疆生产建设兵团第三师图木舒克市", "图木舒克市"),
        ("兵团第七师", "兵团第七师"),
        ("广东省佛山市南海区狮山镇", "狮山镇"),
    ],
)
def test_a_places_own_name(name: str, expected: str | None) -> None:
    """The levels above are left off; words that only look like places are none."""
    place = own_name(name)

    assert (place.name if place else None) == expected


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
        ("郑州市住房和城乡建设局", "郑州市"),
        ("区城市管理局", None),
        ("县农业农村局", None),
        ("绵阳农村商业银行", None),
        ("国家税务总局温州市鹿城区税务局", "鹿城区"),
        ("国家统计局柳州调查队", "柳州市"),
        ("政协漳州市委员会", "漳州市"),
        ("杭州市西湖区人民政府北山街道办事处", "北山街道"),
        ("海口市人民政府办公室", "海口市"),
    ],
)
def test_whose_place_an_organ_names(organ: str, expected: str | None) -> None:
    """The place that an organ's name begins with."""
    place = place_of(organ)

    assert (place.name if place else None) == expected
