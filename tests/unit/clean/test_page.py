"""A report is taken off its page: what goes, what stays, and what the page says about it."""

from functools import cache
from pathlib import Path

import pytest

from worker.clean import page
from worker.clean.lines import Line
from worker.draft import Draft
from worker.edits import Text
from worker.stages.clean import clean
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
BODY = "2023年，全县坚持依法行政，扎实推进法治政府建设各项工作，取得了积极成效，现将有关情况报告如下。"


@cache
def cleaned(raw: str) -> Draft:
    return clean(Draft(b"", "a.txt", text=Text.of(raw)), load_tools())


def seed(number: int) -> Draft:
    return cleaned(next((ROOT / "seeds").glob(f"{number:03d}_*.txt")).read_text(encoding="utf-8"))


def gone(draft: Draft, kind: str) -> list[int]:
    return [edit.start for edit in draft.text.edits if edit.kind == kind]


def test_seed_001_is_taken_off_its_page() -> None:
    """Path, widgets, related links and the dialog go, the line of metadata too, and nothing else."""
    draft = seed(1)

    assert gone(draft, "boilerplate") == [0, 99, 5372, 5377, 5407, 5412]
    assert gone(draft, "metadata") == [58]
    assert [(label.name, label.value) for label in draft.labels] == [
        ("发文日期", "2024-04-11 09:19:41"),
        ("来源", "中共湛江市委 湛江市人民政府"),
    ]


def test_seed_002_gives_its_metadata_and_loses_its_footer() -> None:
    """Labels with spaces inside, two of them on a line, one without a value; no number of the footer is left."""
    draft = seed(2)

    assert {label.name: label.value for label in draft.labels} == {
        "索引号": "00825398-5/2021-00026",
        "分类": "公安、安全、司法",
        "发文机关": "市政府办公室",
        "发文日期": "2021年01月07日 11:11",
        "名称": "东方市人民政府关于东方市2020年度法治政府建设工作情况的报告",
        "文号": "东府〔2021〕4号",
        "主题词": "",
    }
    assert draft.text.now.rstrip().endswith("东方市人民政府\n\n2021年1月6日\n\n(此件主动公开)")
    assert not any(number in draft.text.now for number in ("25514262", "46900702000015", "25501336"))
    assert draft.text.now.lstrip().startswith("东方市人民政府关于\n\n东方市2020年度")


def test_labels_point_into_the_raw_text() -> None:
    """A label's offsets give its value as the file has it."""
    draft = seed(2)
    number = next(label for label in draft.labels if label.name == "文号")

    assert draft.text.raw[number.start : number.end] == "东府〔2021〕4号"


@pytest.mark.parametrize("number", [0, 3, 4])
def test_pages_without_labels_have_none(number: int) -> None:
    """Nothing in the prose is taken for a label."""
    assert seed(number).labels == ()


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("首页\n>\n政务公开\n>\n工作报告\n", []),
        ("当前位置：首页 > 政务公开 > 工作报告\n", []),
        ("发布时间：2024-01-05 来源：县政府办 浏览次数：120\n", ["发文日期", "来源", "阅读量"]),
        ("来源：\n县政府办\n发布时间：\n2024-01-05\n【字体：\n大\n中\n小\n】\n", ["来源", "发文日期"]),
        ("2024-01-05 10:20\n【打印】【关闭】\n", ["发文日期"]),
        ("索 引 号：000014349/2024-00012　　主题分类：综合政务\n", ["索引号", "分类"]),
        ("分享到：\n微信\n微博\nQQ空间\n", []),
        ("您访问的链接即将离开本网站，是否继续访问下面的地址，请您确认。\n来源：县政府办\n", ["来源"]),
    ],
)
def test_what_stands_above_a_report(above: str, names: list[str]) -> None:
    """Paths, widgets and metadata in the forms that sites give them."""
    draft = cleaned(f"{above}云山县2023年工作报告\n{BODY}\n")

    assert draft.text.now == f"云山县2023年工作报告\n{BODY}\n"
    assert [label.name for label in draft.labels] == names


@pytest.mark.parametrize(
    "below",
    [
        "相关附件\n1.汇总表.xls\n",
        "责任编辑：张三\n扫一扫在手机打开当前页\n",
        "打印本页\n关闭窗口\n",
        "主办单位：云山县人民政府办公室 联系电话：0898-25514262\n云ICP备05000041号\n网站标识码：4690070003\n",
        "上一篇：关于召开会议的通知\n下一篇：没有了\n",
        "版权所有：云山县人民政府\n滇公网安备 46900702000015号\n",
    ],
)
def test_what_stands_below_a_report(below: str) -> None:
    """Links, widgets and the foot of the page."""
    draft = cleaned(f"云山县2023年工作报告\n{BODY}\n云山县人民政府\n2024年1月5日\n{below}")

    assert draft.text.now == f"云山县2023年工作报告\n{BODY}\n云山县人民政府\n2024年1月5日\n"


@pytest.mark.parametrize(
    "inside",
    [
        "打印",
        "时间：2023年5月12日，地点：县政府会议室。",
        "主办单位：县司法局，承办单位：各乡镇。",
        "联系电话：公布举报电话12345，受理群众诉求3200件。",
        "相关文件",
        "大",
    ],
)
def test_lines_of_the_body_stay(inside: str) -> None:
    """What could be page furniture elsewhere is text between paragraphs."""
    draft = cleaned(f"云山县2023年工作报告\n{BODY}\n{inside}\n{BODY}\n")

    assert inside in draft.text.now


FIRST = "各位代表：现在，我代表县人民政府向大会报告工作，请予审议，并请各位委员提出意见。"


@pytest.mark.parametrize(
    ("paragraphs", "below", "is_inside"),
    [
        (14, ["打印", FIRST], False),  # some pages end with a description: the report's first words again
        (14, ["打印", *[FIRST] * 3], False),
        (14, ["打印", *[FIRST] * 4], True),  # so often no page has one
        (11, ["打印", FIRST], False),
        (14, ["打印", BODY.replace("2023", "2022")], True),
        (14, ["打印", BODY.replace("2023", "2022"), "云山县人民政府"], True),
        (3, ["打印", FIRST], True),  # the description is within the lines that are the beginning
    ],
)
def test_a_page_that_repeats_its_beginning_ends_before_that(
    paragraphs: int, below: list[str], *, is_inside: bool
) -> None:
    """A word that could be a link stays between paragraphs, and goes below the last one."""
    body = [f"第{n}项工作：{BODY}" for n in range(paragraphs)]
    draft = cleaned("\n".join(["工作报告", FIRST, "关闭窗口", *body, *below]))

    assert draft.text.now.count("请予审议") == 1 + below.count(FIRST)
    assert ("打印" in draft.text.now) is is_inside
    assert "关闭窗口" in draft.text.now


def test_how_much_of_a_page_is_looked_at() -> None:
    """Labels in the first lines of a text that has no body; a description within what the body begins with."""
    words = [Line(at, at + 1, "甲", at) for at in range(100)]

    assert page._body(words, ["甲"] * 100) == (80, 100)
    assert page._body(words[:7], ["甲"] * 7) == (7, 7)
    assert page._is_within(words[0]._replace(text="甲 乙"), "丙" * 2998 + "甲乙")
    assert not page._is_within(words[0], "丙" * 3000 + "甲")


def test_no_furniture_is_found_in_an_empty_text() -> None:
    """Nothing in, nothing out."""
    assert cleaned("").text.now == ""
    assert cleaned("\n \n").text.now.strip() == ""
