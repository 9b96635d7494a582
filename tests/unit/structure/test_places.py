"""Where a report is from: the place by its own name, and the province and the prefecture where they are told."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.events import ReportEvent
from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.structure import structure
from worker.structure.chains import read_chain
from worker.structure.gazetteer import Location, locate
from worker.structure.places import is_national
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "places.toml").read_text(encoding="utf-8"))["place"]
#: What follows the first lines: no place in it, in simplified and in traditional script.
BODIES = {
    False: "一、主要工作\n全年共办理案件62件，比上年减少3件，化解率达到98.5%，各项工作取得了积极成效，圆满完成任务。",
    True: "一、主要工作\n全年共辦理案件62件，比上年減少3件，化解率達到98.5%，各項工作取得了積極成效，圓滿完成任務。",
}


def read(text: str) -> Document:
    draft = Draft(b"", "a.txt", text=Text.of(text))
    for stage in (clean, convert, structure):
        draft = stage(draft, load_tools())
    return draft.document


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["head"])
def test_where_a_report_is_from(case: dict[str, Any]) -> None:
    """The place by its own name and in full, and of the places above it those that the report tells."""
    document = read(f"{case['head']}\n{BODIES[case.get('traditional', False)]}")

    assert (document.region, document.province, document.city) == (
        case.get("region"),
        case.get("province"),
        case.get("city"),
    )


@pytest.mark.parametrize(
    "head", ["广州市2023年政府工作报告", "广州2023年政府工作报告", "2023年广州市法治政府建设情况报告"]
)
def test_the_channel_of_a_place_speaks(head: str) -> None:
    """Whichever way the report writes it."""
    data = f"{head}\n{BODIES[False]}".encode()
    origin = Origin("0" * 20, "a.txt", "a.txt", "0" * 64)
    event = ReportEvent.of(read_report(data, origin, load_tools(), lambda: 0.0), datetime(2024, 1, 2, tzinfo=UTC))

    assert "zhibiao:results:region:广州市" in event.channels()


def test_a_long_row_of_suffixes_is_no_trap() -> None:
    """Each place of a text is tried once, however many ways there are to cut it."""
    tried: list[int] = []

    def never_ends(text: str, at: int) -> bool:
        tried.append(at)
        return False

    assert read_chain("市镇区" * 30, never_ends) is None
    assert len(tried) < 1000


@pytest.mark.parametrize(
    ("organ", "expected"),
    [
        ("国务院", True),
        ("中华人民共和国财政部", True),
        ("国家铁路局", True),
        ("国家疾病预防控制局", True),
        ("全国绿化委员会办公室", True),
        ("国家税务总局丽水市税务局", False),
        ("国家能源局山东监管办公室", False),
        ("国家级惠州高新技术产业开发区管理委员会", False),
        ("行政院", False),
        ("组织部", False),
    ],
)
def test_organs_of_the_whole_country(organ: str, *, expected: bool) -> None:
    """A branch that names its place is none."""
    assert is_national(organ) is expected


@pytest.mark.parametrize(
    ("name", "above", "words", "year", "expected"),
    [
        ("天河区", (), "", 2023, Location("440106", "广东省", "广州市")),
        ("普陀区", ("舟山市",), "", 2023, Location("330903", "浙江省", "舟山市")),
        ("普陀区", (), "浙江省舟山市", 2023, Location("330903", "浙江省", "舟山市")),
        ("天河区", ("青河市",), "", 2023, Location()),
        ("巢湖市", (), "", None, Location(None, "安徽省", None)),
        ("巢湖市", (), "", 2020, Location("340181", "安徽省", "合肥市")),
        ("朗县", ("林芝地区",), "", 2014, Location(None, "西藏自治区", "林芝地区")),
        ("琼海市", (), "", 2023, Location("469002", "海南省", None)),
        ("石排镇", (), "东莞市石排镇人民政府", 2023, Location(None, "广东省", "东莞市")),
        ("太平镇", (), "东莞市太平镇、马鞍山市太平镇", 2023, Location()),
        ("全国", (), "北京市", 2023, Location()),
    ],
)
def test_where_a_place_lies(
    name: str, above: tuple[str, ...], words: str, year: int | None, expected: Location
) -> None:
    """As far as the year, the places in front of the name and the other words leave one answer."""
    assert locate(name, above, words, year) == expected
