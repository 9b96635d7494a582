"""The organ that a title or a line names, the place that goes with it, and where a report without one is from."""

import pytest

from worker.clean.lines import lines_of
from worker.draft import Draft
from worker.parts import Label
from worker.structure.document import _labels
from worker.structure.evidence import Evidence
from worker.structure.original import _part
from worker.structure.places import (
    is_named,
    is_organ,
    names_two_places,
    national_organ_at_start,
    office_holder,
    organ_at_start,
    organ_of_report,
    own_name,
    place_at_start,
    place_of,
)
from worker.structure.region import find_region
from worker.structure.signature import SignedAt

OFFICE = "云山市教育局"


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        *(
            (f"{OFFICE}{work}{ending}2021年度报告", OFFICE)
            for work in ("政府信息公开", "政务公开", "信息公开", "法治政府建设", "法治建设", "依法行政", "普法")
            for ending in ("", "工作")
        ),
        *((f"{OFFICE}{year}报告", OFFICE) for year in ("1998年", "2021年", "2021 年", "112年", "100年")),
        *((f"{OFFICE}{year}报告", None) for year in ("1898年", "99年", "130年", "2021")),
        (f"{OFFICE}招生2021年报告", None),
        (f"{OFFICE}关于2021年工作的报告", OFFICE),
        ("教育局关于2021年工作的报告", "教育局"),
        ("教育局2021年工作报告", None),
        (f"关于{OFFICE}2021年工作的报告", None),
        (f"{OFFICE}工作报告", None),
        ("招生工作关于2021年的报告", None),
    ],
)
def test_the_organ_that_a_title_begins_with(title: str, organ: str | None) -> None:
    """Up to 关于, or to a year where its name says which it is; what it reports on is no part of the name."""
    assert organ_at_start(title) == organ


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("国务院工作报告", "国务院"), ("国务院关于农业的报告", "国务院"), ("国务院年度报告", "国务院"), ("国务院2023年报告", "国务院"), ("国务院", "国务院"),
        ("财政部工作报告", "财政部"), ("财政部关于预算的报告", "财政部"), ("财政部年度报告", "财政部"), ("财政部2023年报告", "财政部"), ("财政部", "财政部"), ("财政部预算报告", None),
        ("行政院施政报告", "行政院"), ("云山县工作报告", None), ("国务院办公厅关于督查的报告", "国务院办公厅"), ("国务院办公厅督查报告", "国务院"),
    ],
)  # fmt: skip
def test_the_organ_of_a_whole_country_that_a_title_begins_with(title: str, organ: str | None) -> None:
    assert national_organ_at_start(title) == organ


def test_the_organ_whose_report_a_title_calls_itself() -> None:
    organs = {
        "云山县人民法院工作报告": "云山县人民法院", "云山县人民法院报告": "云山县人民法院", "云山县人民法院年度工作总结": "云山县人民法院", " 云山县人民法院工作要点 ": "云山县人民法院",
        "云山县人民法院": None, "云山县政府工作报告": None, "人民法院工作报告": None, "云山县招生工作报告": None,
    }  # fmt: skip

    assert {title: organ_of_report(title) for title in organs} == organs


def test_words_that_are_an_organ() -> None:
    """Or several with blanks between, sixty characters at most."""
    long = f"{'甲' * 28}局"
    organs = {
        OFFICE: True, f"{OFFICE} 云山市财政局": True, f"{OFFICE} 报告": False, "": False, " ": False, "局": False, "国务院": True,
        "云山（县）教育局": True, "云山(县)、教育局": True, "云山1教育局": False,
    }  # fmt: skip

    assert {name: is_organ(name) for name in organs} == organs
    assert is_organ(f"{long} {'甲' * 29}局")
    assert not is_organ(f"{long} {'甲' * 30}局")
    named = {OFFICE: True, "教育局": False, "行政院": True, "国务院": True, "财政部": True, "云山建设有限公司": True, "云山建设有限责任公司": True, "建设公司": False}  # fmt: skip
    assert {name: is_named(name) for name in named} == named


def test_an_office_and_who_holds_it() -> None:
    lines = {
        "海拉尔区人民政府区长 张三": ("海拉尔区人民政府", "张三"), "县长 张三": ("", "张三"), "县长张三": ("", "张三"), "代县长\u3000张 三": ("", "张 三"), "县人民政府代县长 买提·明": ("县人民政府", "买提·明"),
        "县委副书记兼县长 张三丰": None, "张三": None, "县长": None,
    }  # fmt: skip
    found = {line: match and (match["organ"], match["name"]) for line in lines for match in [office_holder(line)]}

    assert {line: found[line] for line in lines if lines[line]} == {line: one for line, one in lines.items() if one}
    assert not found["张三"]
    assert not found["县长"]


@pytest.mark.parametrize(
    ("organ", "place", "above"),
    [
        ("中共湛江市委", "湛江市", ()),
        ("广州市天河区人民政府石牌街道办事处", "石牌街道", ("广州市", "天河区")),
        ("广州市天河区人民政府办公室", "天河区", ("广州市",)),
        ("国家税务总局湛江市税务局", "湛江市", ()),
        ("市政府办公室", None, ()),
        ("湛江", "湛江市", ()),
        ("湛江市", "湛江市", ()),
        ("国家统计局湛江调查队", "湛江市", ()),
    ],
)
def test_the_place_of_an_organ(organ: str, place: str | None, above: tuple[str, ...]) -> None:
    found = place_of(organ)

    assert (found and (found.name, found.above)) == (place and (place, above))


def test_places_that_stand_at_the_beginning() -> None:
    starts = {
        "广州市坚持改革": "广州市", "《广州市工作报告》": "广州市", " 广州市工作": "广州市", "广州市和深圳市工作": None, "广州市、深圳市工作": None, "广州市、广州市工作": "广州市", "中共广州市委员会": "广州市",
        "我市工作": None,
    }  # fmt: skip

    assert {text: (found := place_at_start(text)) and found.name for text in starts} == starts
    pairs = (
        "福州市、厦门市2023年",
        "福州市和厦门市2023年",
        "福州市与厦门市",
        "福州厦门",
        "福州市2023年厦门市",
        "福州市福州市",
        "全市",
    )
    assert [names_two_places(text) for text in pairs] == [True, True, True, False, False, False, False]
    assert [(one := own_name(name)) and one.name for name in ("湛江", "湛江市", "湛江市委", "")] == ["湛江市", "湛江市", None, None]  # fmt: skip


def evidence(title: str | None = None, head: str = "", *opening: str) -> Evidence:
    return Evidence({}, list(lines_of(head)), opening, title, SignedAt(None, None, 0))


def region(found: Evidence, issuer: str | None = None, text: str = "") -> str | None:
    place = find_region(found, issuer, text, lambda word: False)
    return place.name if place else None


def test_the_place_that_the_first_paragraph_begins_with() -> None:
    """Behind one time and what a newspaper puts before it."""
    openings = {
        "广州市坚持改革。": "广州市", "2023年，广州市坚持改革。": "广州市", "2022年，2023年，广州市坚持改革。": None, "【本报讯】广州市坚持改革。": "广州市", "【本报讯】2023年，广州市坚持改革。": "广州市",
        "广州市坚持【改革】": "广州市", "各位代表，广州市坚持改革。": None,
    }  # fmt: skip

    assert {words: region(evidence(None, "", words)) for words in openings} == openings
    assert region(evidence(None, "", "各位代表：", "广州市坚持改革。")) is None


def test_a_title_that_begins_with_the_country_is_of_it() -> None:
    """Behind one time; a time further on may part the country's survey from the place whose results these are."""
    titles = {
        "全国教育事业发展统计公报": "全国", "2023年全国教育事业发展统计公报": "全国", "全国2023年教育事业发展统计公报": "全国",
        "全国经济普查2023年青檀湾乡公报": None, "全国公报": None, "全民健身公报": None,
    }  # fmt: skip

    assert {title: region(evidence(title)) for title in titles} == titles


def test_the_place_of_whoever_reports_comes_first() -> None:
    everything = evidence("佛山市工作报告", "珠海市人民政府市长 张三\n在惠州市第一届人民代表大会上", "东莞市坚持改革。")

    assert region(everything, "广州市教育局") == "广州市"
    assert region(everything, "广州市教育局、广州市财政局") == "广州市"
    assert region(everything, "广州市教育局 深圳市教育局") is None
    assert region(everything, "教育局 广州市教育局") == "广州市"
    assert region(everything) == "佛山市"
    assert (
        region(evidence(None, "珠海市人民政府市长 张三\n在惠州市第一届人民代表大会上", "东莞市坚持改革。")) == "珠海市"
    )
    assert region(evidence(None, "珠海市市长 张三\n在惠州市第一届人民代表大会上")) == "珠海市"
    assert region(evidence(None, "市长 张三\n在惠州市第一届人民代表大会上", "东莞市坚持改革。")) == "惠州市"
    assert region(evidence("财政工作报告", "", "东莞市坚持改革。"), "财政部") == "全国"
    assert region(evidence("财政工作报告", "", "东莞市坚持改革。"), "财政局") == "东莞市"


def labels_of(*labels: tuple[str, str]) -> dict[str, str]:
    return _labels(Draft(b"", "a.txt", labels=tuple(Label(name, value, 0, 0) for name, value in labels)))


def test_the_first_value_of_a_label_counts() -> None:
    """Not one that says that there is none."""
    for nothing in ("", " ", "/", "-", "—", "无", "暂无"):
        assert labels_of(("文号", nothing), ("文号", " 云政发〔2024〕3号 "), ("文号", "无号")) == {
            "文号": "云政发〔2024〕3号"
        }


def test_the_part_of_a_label_that_is_a_name() -> None:
    """As the page writes it, where each of its characters is the other's."""
    parts = {
        ("云山县政府", "雲山縣政府", "云山县"): "雲山縣",
        ("在云山县", "在雲山縣", "云山县"): "雲山縣",
        ("云山县", "雲山縣", "青山"): None,
        ("云山县", "雲 山縣", "云山"): None,
    }

    assert {words: _part(*words) for words in parts} == parts


def test_a_place_that_no_list_has_is_named_again() -> None:
    """Without its suffix, two times with the title, if its name is of three characters at least."""
    title = "2023年1-3月青檀湾市外贸情况"

    assert region(evidence(title), None, "青檀湾市，青檀湾") == "青檀湾市"
    assert region(evidence(title), None, "青檀湾市") is None
    assert region(evidence("檀市外贸情况"), None, "檀市，檀市，檀市") is None
    assert region(evidence("外贸情况"), None, "外贸，外贸") is None


def test_the_seat_of_an_organ_that_does_not_say_it() -> None:
    """The region that the text names more often, for one that two have."""
    assert region(evidence(), "立法会", "香港，香港，澳门") == "香港"
    assert region(evidence(), "立法会", "香港，澳门，澳门") == "澳门"
    assert region(evidence("立法会会议"), None, "香港") == region(evidence(None, "立法会会议"), None, "香港") == "香港"
    assert region(evidence(), "立法会", "香港，澳门") is None
    assert region(evidence(), "教育局", "香港，香港，澳门") is None
    assert region(evidence(), "行政院", "香港") == "台湾"
    assert region(evidence(), "教育局 立法院", "香港") == "台湾"
