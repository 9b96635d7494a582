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
        ("六、七、八月份，接诉分别为8件、9件、11件。", {"8件": "2023-06", "9件": "2023-07", "11件": "2023-08"}),
        (
            "上半年发案11起。2021年、2022年同期分别为33起、25起。",
            {"11起": "2023H1", "33起": "2021H1", "25起": "2022H1"},
        ),
        (
            "1—11月，受理12件，办结9件。去年同期分别为14件和13件，今年更快。",
            {"12件": "2023-01/2023-11", "9件": "2023-01/2023-11", "14件": "2022-01/2022-11", "13件": "2022-01/2022-11"},
        ),
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
        ("近年来推广良种，亩产由320公斤提高到410公斤。", {"320公斤": None, "410公斤": "2023"}),
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
        ("8月15日至9月10日，检查场所31处。办复建议42件。", {"31处": "2023-08/2023-09", "42件": "2023"}),
        ("5月至7月，开展整治31次。受理投诉42件。", {"31次": "2023-05/2023-07", "42件": "2023"}),
        ("1至10月，受理投诉31件。办结42件。", {"31件": "2023-01/2023-10", "42件": "2023-01/2023-10"}),
        ("三季度，用电31亿度。用气42亿方。", {"31亿度": "2023-07/2023-09", "42亿方": "2023-07/2023-09"}),
        ("3月，举办培训31场。该月办理援助42件。", {"31场": "2023-03", "42件": "2023-03"}),
    ],
)
def test_a_month_of_one_event_ends_with_its_sentence(sentence: str, wanted: dict[str, str | None]) -> None:
    """Unless the next one refers to it."""
    assert periods(f"云岭县2023年工作情况报告\n\n{sentence}") == wanted


PLANS = "云岭镇2023年法治工作情况报告\n\n一、主要工作\n2023年，办结案件31件。\n"


@pytest.mark.parametrize(
    ("plans", "wanted"),
    [
        (
            "二、2024年工作安排\n（一）一季度完成4个社区换届。\n（二）上半年新建广场7处。",
            {"4个": "2024-01/2024-03", "7处": "2024H1"},
        ),
        (
            "二、2024年工作安排\n（一）全年培训12场以上。\n（二）年底前结案率达90%。",
            {"12场": "2024", "90%": "..2024-12"},
        ),
        ("二、存在问题\n人手不足。\n二、2024年工作计划\n新增社工5名。", {"5名": "2024"}),
        ("二、保障\n（一）投入逐步提高6%，2025年不低于9%。", {"6%": "2023", "9%": "2025"}),
    ],
)
def test_parts_of_the_year_to_come_are_of_it(plans: str, wanted: dict[str, str | None]) -> None:
    """Under the heading of a year, whatever its number; a time in the middle of a heading that is a sentence sets nothing."""
    assert periods(PLANS + plans) == {"31件": "2023", **wanted}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("云岭水库志\n\n1983年，电站并网。当年发电150万度。", {"150万度": "1983"}),
        (
            "2024年9月份全市经济运行简况\n\n9月份，用电30亿度。7、8两月用电60亿度。",
            {"30亿度": "2024-09", "60亿度": "2024-07/2024-08"},
        ),
        ("2022年云山县民营经济发展态势\n\n全年新登记企业30户。", {"30户": "2022"}),
        (
            "县政府常务会议纪要\n〔2024〕第11号\n\n会议听取汇报。上半年收入9亿元，全年确保20亿元。",
            {"9亿元": "2024H1", "20亿元": "2024"},
        ),
        (
            "安全生产专题会议纪要\n\n2023年9月18日下午，县长主持召开会议。会议指出，8月份检查企业30家。",
            {"30家": "2023-08"},
        ),
    ],
)
def test_the_year_of_a_text_is_told_by_its_head_or_beginning(text: str, wanted: dict[str, str | None]) -> None:
    assert periods(text) == wanted
