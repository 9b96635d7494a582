"""What a report says about itself where its head is not laid out as usual."""

import pytest

from schemas.report import Report
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

TOOLS = load_tools()


def read(text: str) -> Report:
    return read_report(text.encode(), Origin("d", "a.txt", "a.txt", "0" * 64), TOOLS, lambda: 0.0)


BODY = "2023年，全县受理行政复议申请31件，办结28件。"


@pytest.mark.parametrize(
    "head",
    [
        '---\ntitle: "云山县2023年法治政府建设年度报告"\ndate: 2024-01-12\ntags: [法治]\n---\n',
        "Title: 云山县2023年法治政府建设年度报告\nDate: 2024-01-12\nlayout: post\n",
    ],
)
def test_front_matter_is_read(head: str) -> None:
    report = read(f"{head}\n{BODY}")

    assert (report.document.title, report.document.published) == ("云山县2023年法治政府建设年度报告", "2024-01-12")
    assert [metric.value for metric in report.metrics] == ["31", "28"]


@pytest.mark.parametrize("gap", ["", " "])
@pytest.mark.parametrize(("organ", "to"), [("云山县人民政府", "市人民政府"), ("石桥镇人民政府", "县委、县政府")])
def test_a_paper_on_one_line_has_all_its_parts(organ: str, to: str, gap: str) -> None:
    parts = ["云政发〔2024〕3号", f"{organ}关于2023年度法治政府建设情况的报告", f"{to}：", BODY, organ, "2024年1月15日"]
    document = read(gap.join(parts)).document

    assert (document.document_number, document.title) == ("云政发〔2024〕3号", parts[1])
    assert (document.issuer, document.signed) == (organ, "2024-01-15")


@pytest.mark.parametrize(
    ("head", "title", "issuer"),
    [
        ("云山县人民政府\n关于2023年度法治建设情况的报告", "云山县人民政府关于2023年度法治建设情况的报告", "云山县人民政府"),
        ("云山县统计局  2024年3月22日\n2023年云山县国民经济和社会发展统计公报[1]", "2023年云山县国民经济和社会发展统计公报", "云山县统计局"),
        ("云山县人民政府门户网站\n云山县2023年法治建设工作报告①", "云山县2023年法治建设工作报告", None),
        ("云山县教育局政务公开专栏\n云山县2023年教育工作总结", "云山县2023年教育工作总结", None),
        ("云岭立法会会议记录 2014年3月5日", "云岭立法会会议记录2014年3月5日", None),
        ("云山县人民法院工作报告", "云山县人民法院工作报告", "云山县人民法院"),
        ("石桥市人民检察院工作报告", "石桥市人民检察院工作报告", "石桥市人民检察院"),
        ("云山城市建设投资集团有限公司2023年度报告", "云山城市建设投资集团有限公司2023年度报告", "云山城市建设投资集团有限公司"),
    ],
)  # fmt: skip
def test_title_and_issuer(head: str, title: str, issuer: str | None) -> None:
    document = read(f"{head}\n\n{BODY}").document

    assert (document.title, document.issuer) == (title, issuer)


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("云山城市建设投资集团有限公司2023年度报告", None),
        ("中共云山县委员会办公室2023年度报告", "云山县"),
        ("云梯镇第四届人民政府2023年工作回顾", "云梯镇"),
    ],
)
def test_region_of_whoever_reports(title: str, region: str | None) -> None:
    assert read(f"{title}\n\n2023年，受理申请31件，办结28件。").document.region == region


@pytest.mark.parametrize(
    ("head", "period"),
    [
        ("云梯镇五年工作回顾\n（2016—2021年）", "2021"),
        ("云梯镇学前教育发展行动方案\n（2024—2027年）", "2024"),
        ("经营主体发展情况简报\n（2025年第1期）", "2025"),
        ("云山县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "2020"),
        ("云山县“十三五”水利发展规划", "2015"),
        ("港务处二零二二至二三年度工作报告", "2022"),
    ],
)
def test_year_of_a_report(head: str, period: str) -> None:
    """A five-year plan looks back on the year before it."""
    assert read(f"{head}\n\n一、基本情况\n\n全年受理申请31件，办结28件。").document.period == period


@pytest.mark.parametrize("title", ["苍岭县国民经济和社会发展第十四个五年规划纲要", "苍岭县“十四五”林业发展规划"])
def test_what_a_five_year_plan_sets_out_is_of_its_years(title: str) -> None:
    text = "到2025年，产值达到220亿元，年均增长7%。五年新增就业2万人。2024年建成站点31个。\n2020年，产值152亿元。"
    found = [(metric.period, metric.status) for metric in read(f"{title}\n\n{text}").metrics]

    assert found == [
        ("2025", "planned"),
        ("2021/2025", "planned"),
        ("2021/2025", "planned"),
        ("2024", "planned"),
        ("2020", "achieved"),
    ]


def test_headings_without_a_number_date_what_follows() -> None:
    text = (
        "云山县人民法院工作报告\n——2021年12月28日在云山县第八届人民代表大会第一次会议上\n\n各位代表：\n\n我代表县人民法院向大会报告工作，请予审议。\n\n"
        "五年来的工作回顾\n\n一、惩治犯罪。审结刑事案件31件。\n\n今后五年工作建议\n\n选派干警42名。\n\n2021年回顾\n\n审结案件53件。"
    )
    assert [metric.period for metric in read(text).metrics] == ["2017/2021", "2022/2026", "2021"]


@pytest.mark.parametrize("marks", [("2.2", "2.3"), ("1.9", "2.1")])
def test_points_run_into_a_line_part_its_figures(marks: tuple[str, str]) -> None:
    report = read(f"青石镇2023年工作报告\n\n{marks[0]}本计划投资3541.07万元{marks[1]}本项目占地86亩。")

    assert [(metric.source.quote, metric.indicator) for metric in report.metrics] == [
        ("3541.07万元", "投资"),
        ("86亩", "项目占地"),
    ]
