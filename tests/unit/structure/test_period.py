"""Which year a report is about, evidence by evidence."""

from datetime import date

import pytest

from worker.clean.lines import lines_of
from worker.structure.period import find_period, looks_back


def year(
    title: str | None, text: str = "", headings: tuple[str, ...] = (), published: date | None = None
) -> str | None:
    return find_period(title, list(lines_of(title or "")), headings, text, published)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("海河市人民检察院工作报告（2019）", "2018"),
        ("2020东岭县政府工作报告", "2019"),
        ("东岭县水务局普法工作总结 2017", "2017"),
        ("统计公报(2016)", "2016"),
        ("东岭县“十四五”规划（2021-2025）", "2020"),
        ("海府（2021）4号", None),
        ("关于执行GB 2021的情况", None),
        ("海河署年報2022-23", "2022"),
        ("海河署年报2022-23", "2022"),
        ("海河市政府112年施政報告", "2023"),
        ("海河大学建校110年纪念", None),
        ("海河署年报2022-2023号", None),
    ],
)
def test_a_year_without_its_word(title: str, expected: str | None) -> None:
    assert year(title) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成采购额12.4亿元，与2015年同期相比增长8%。", "2016"),
        ("受理41件，比2018年同期多6件，较2018年同期增长17%。", "2019"),
        ("产量比2010年增长8%，比2005年增长20%，比2010年多2万吨。", None),
        ("比2015年同期增长8%，比2016年同期增长9%。", None),
    ],
)
def test_what_is_compared_with_is_not_what_is_told_of(text: str, expected: str | None) -> None:
    assert year("上半年采购规模突破12亿元", text) == expected


def test_a_report_to_a_congress_without_a_title_is_of_the_year_before_its_plans() -> None:
    text = "各位代表：现在，我代表县人民政府，向大会报告五年来的工作，对今年工作提出建议，请予审议。"

    assert year(None, text, ("一、过去五年工作回顾", "二、2018年工作安排")) == "2017"
    assert year(None, text.replace("向大会", "就"), ("一、过去五年工作回顾", "二、2018年工作安排")) is None


@pytest.mark.parametrize(
    "plans",
    [
        ("二、2021年政府工作总体部署",),
        ("二、2021年发展的总体要求和政策取向", "三、做好2021年各项工作的建议"),
    ],
)
def test_plans_go_by_many_words(plans: tuple[str, ...]) -> None:
    text = "各位代表：我代表县人民政府，向大会作工作报告。2021年要抓好五件事。2021年新建校舍3所。"

    assert year(None, text, ("一、过去五年工作回顾", *plans)) == "2020"


@pytest.mark.parametrize(
    "text",
    [
        "向大会作政府工作报告。刚刚过去的2020年，全县接待游客12万人次。2021年要接待15万人次，2021年要修路8公里。",
        "刚走过的2020年很不平凡。2021年我们再出发，2021年见。",
    ],
)
def test_the_year_just_past_is_what_is_told_of(text: str) -> None:
    assert year(None, text) == "2020"
    assert year(None, text + "刚刚过去的2019年") != "2020"


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("今年以来，全市用电平稳，1—8月用电12亿千瓦时。", date(2024, 9, 23), "2024"),
        ("上半年全市接待游客12万人次。", date(2023, 7, 20), "2023"),
        ("全年全市接待游客12万人次，其中12月份1万人次。", date(2024, 1, 20), "2023"),
        ("全市接待游客12万人次。", date(2024, 1, 20), None),
        ("上半年全市接待游客12万人次。", None, None),
        ("2016年7月，市旅游局统计，上半年接待游客12万人次。", date(2022, 5, 6), None),
        ("到2019年，上半年接待游客12万人次。", date(2022, 5, 6), None),
    ],
)
def test_months_without_a_year_are_of_the_one_in_which_they_were_put_out(
    text: str, published: date | None, expected: str | None
) -> None:
    assert year("全市经济平稳", text, (), published) == expected


@pytest.mark.parametrize(
    "heading", ["2024年经济社会发展总体要求和政策取向", "2024年工作总体部署", "对2024年政府工作的工作建议"]
)
def test_a_heading_that_plans_tells_the_year_before(heading: str) -> None:
    """A report without a title that is given to a congress, and looks back on years without naming them."""
    text = "我代表市人民政府，向大会报告过去五年政府工作，对今年工作提出建议。2024年要做好各项工作，2024年开好局。"

    assert year(None, text, ("过去五年工作回顾", heading)) == "2023"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (None, "各位代表：现在，我代表市人民政府，向大会报告过去五年的工作，请予审议。"),
        (None, "各位代表：我代表县人民法院，向本次大会作法院工作报告，请予审议。"),
        ("东岭县政府工作报告", ""),
    ],
)
def test_who_reports_to_a_congress_speaks_in_the_year_after(title: str | None, text: str) -> None:
    assert looks_back(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (None, "我局2021年的工作如下：受理投诉12件。"),
        ("东岭县水务局2021年工作总结", "向大会报告县政府工作"),
    ],
)
def test_who_reports_on_the_year_speaks_in_it(title: str | None, text: str) -> None:
    assert not looks_back(title, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("现将我县2023年法治政府建设情况报告如下。\n办理行政复议案件12件。", "2023"),
        ("现就石桥镇2021年度普法依法治理工作总结如下：\n开展讲座30场。", "2021"),
        ("本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。", "2022"),
        ("现将2021年至2023年矛盾纠纷化解情况报告如下。", None),
        ("2023年，我局扎实推进各项工作，成效明显。\n2022年受理13件，2022年办结11件，2022年上报3件。", "2023"),
        (
            "各位代表：现在，我代表县检察院报告工作，请予审议。2024年，共办理案件820件。\n2025年，计划建成3个中心。",
            "2024",
        ),
        ("2023年，全县司法行政工作稳步推进。\n2022年以来，调解纠纷1200件。", "2023"),
        ("2015年，我县被列为国有林场改革试点县。\n2019年完成造林3000亩。", None),
        ("截至2023年底，全县建成司法所12个。", None),
        ("1998年，我县遭遇特大洪水，损失严重。全县建有水库32座。", None),
        ("2020年，全县共新建养老机构5家。此后又投入资金1200万元，目前床位达到1800张。", None),
        ("2020年，县委、县政府印发养老服务发展意见。全县养老机构23家。", None),
    ],
)
def test_the_first_paragraphs_name_the_year_that_a_title_leaves_out(text: str, expected: str | None) -> None:
    assert year("云山县司法局工作情况", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2025年达标。2022年完成12项，2023年上半年完成9项。", "2023"),
        ("到2025年达标，2025年全面完成。2022年完成12项。", "2022"),
        ("到2025年达标，2025年全面完成。", "2025"),
    ],
)
def test_a_review_in_the_middle_of_a_plan(text: str, expected: str) -> None:
    assert year("东岭县“十四五”规划实施情况中期评估报告", text) == expected
