"""Times whose reach, end or meaning is told by what stands around them: lists, meetings, financial years, the report's months."""

import pytest

from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

TOOLS = load_tools()


def periods(text: str) -> dict[str, str | None]:
    """The period of each figure of a report, by its words."""
    data = text.encode()
    report = read_report(data, Origin("d", "a.txt", "a.txt", "0" * 64), TOOLS, lambda: 0.0)
    return {metric.source.quote: metric.period for metric in report.metrics}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("2021年、2022年，办结案件分别为31件、42件。", {"31件": "2021", "42件": "2022"}),
        ("1月、2月和3月，新登记企业分别为8户、9户、11户。", {"8户": "2023-01", "9户": "2023-02", "11户": "2023-03"}),
        ("一季度、二季度进出口总额依次为3亿元和4亿元。", {"3亿元": "2023-01/2023-03", "4亿元": "2023-04/2023-06"}),
        ("2021年和2022年，共建成站点31个。", {"31个": "2021/2022"}),
        ("2019年和2022年，共举办赛会31场。", {"31场": None}),
        ("2021年、2022年，办结案件分别为31件、42件、53件。", {"31件": None, "42件": None, "53件": None}),
        ("2021年和2022年，甲镇、乙镇分别建成站点31个、42个。", {"31个": "2021/2022", "42个": "2021/2022"}),
    ],
)
def test_times_of_a_list_are_dealt_out_or_taken_together(sentence: str, wanted: dict[str, str | None]) -> None:
    assert periods(f"云岭县2023年法治工作情况报告\n\n{sentence}") == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("年末在册企业31户。全年受理投诉42件，办理出质53笔。", {"31户": "..2023-12", "42件": "2023", "53笔": "2023"}),
        ("6月末存栏31头。办理检疫42批。", {"31头": "..2023-06", "42批": "2023"}),
        ("截至6月底，受理申请31件。办结42件。", {"31件": "..2023-06", "42件": "..2023-06"}),
    ],
)
def test_the_end_of_a_time_holds_for_its_sentence(sentence: str, wanted: dict[str, str | None]) -> None:
    """截至 holds on."""
    assert periods(f"云岭县2023年工作情况报告\n\n{sentence}") == wanted


@pytest.mark.parametrize(
    ("meeting", "wanted"),
    [
        ("——2023年8月30日在云岭县第十七届人大常委会第十二次会议上", "..2023-06"),
        ("（2023年7月25日在市第八届人民代表大会常务委员会第九次会议）", "..2023-06"),
        ("2023年8月30日", "..2022-06"),
    ],
)
def test_this_year_is_that_of_the_meeting_that_a_report_is_read_out_to(meeting: str, wanted: str) -> None:
    text = f"关于云岭县2022年度财政收支的审计情况的报告\n\n{meeting}\n\n截至今年6月底，已整改问题65个。"

    assert periods(text) == {"65个": wanted}


@pytest.mark.parametrize(
    ("heading", "sentence", "wanted"),
    [
        ("三、2024年工作措施", "今年，争取上级资金30亿元，上年预算为20亿元。", {"30亿元": "2024", "20亿元": "2023"}),
        ("二、2024年计划", "今年新建站点31个。", {"31个": "2024"}),
        ("二、2023年工作情况", "今年新建站点31个。", {"31个": "2023"}),
    ],
)
def test_this_year_under_the_heading_of_the_year_to_come_is_that_year(
    heading: str, sentence: str, wanted: dict[str, str | None]
) -> None:
    assert periods(f"云岭县2023年财政工作报告\n\n一、总体情况\n全县形势良好。\n\n{heading}\n\n{sentence}") == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("年内检验船只31艘，上一年度检验42艘。", {"31艘": "2022/2023", "42艘": "2021/2022"}),
        ("8月检验31艘，2月检验42艘。", {"31艘": "2022-08", "42艘": "2023-02"}),
        ("首三个月检验31艘。", {"31艘": "2022-01/2022-03"}),
    ],
)
def test_times_of_a_financial_year_are_of_it(sentence: str, wanted: dict[str, str | None]) -> None:
    """Its months up to March are of the year in which it ends."""
    assert periods(f"港务处2022-23财政年度报告\n\n{sentence}") == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("云岭县2023年上半年司法行政工作情况", "2022-09/2023-06"),
        ("云岭县2023年前三季度司法行政工作情况", "2022-09/2023-09"),
    ],
)
def test_what_runs_on_ends_with_the_months_that_the_report_is_about(title: str, wanted: str) -> None:
    assert periods(f"{title}\n\n去年9月以来，办理援助31件。") == {"31件": wanted}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("2021年建成站点31个。近年来，关停企业42家。办结案件53件。", {"31个": "2021", "42家": None, "53件": "2023"}),
        ("近几年，参保率稳定在99%以上，累计新增31人。", {"99%": "2023", "31人": None}),
        ("近年来推广良种，亩产由320公斤提高到410公斤。", {"320公斤": "2023", "410公斤": "2023"}),
    ],
)
def test_what_was_done_in_recent_years_has_no_time(sentence: str, wanted: dict[str, str | None]) -> None:
    """What has held for years holds in the report's; the next sentence is of it, too."""
    assert periods(f"云岭县2023年工作情况报告\n\n{sentence}") == wanted


@pytest.mark.parametrize("years", ["2018、2019两年", "2018年、2019年两年", "2018、2019年"])
def test_years_that_are_listed_are_no_figures(years: str) -> None:
    assert periods(f"云岭镇2021年工作情况报告\n\n{years}，硬化道路46公里。") == {"46公里": "2018/2019"}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("3月，举办培训31场。办理援助42件。", {"31场": "2023-03", "42件": "2023"}),
        ("2023年8月，查处案件31件。培训人员42人。", {"31件": "2023-08", "42人": "2023"}),
        ("2022年2月，审结案件31件。该案用时42天。", {"31件": "2022-02", "42天": "2022-02"}),
        ("3月，举办培训31场。该月办理援助42件。", {"31场": "2023-03", "42件": "2023-03"}),
    ],
)
def test_a_month_of_one_event_ends_with_its_sentence(sentence: str, wanted: dict[str, str | None]) -> None:
    """Unless the next one refers to it."""
    assert periods(f"云岭县2023年工作情况报告\n\n{sentence}") == wanted
