"""Kinds of reports by the words of titles, openings and headings: each form that a kind has, and which kind is over which."""

import pytest

from worker.structure.kind import report_kind

TITLES = {
    "rule_of_law": [
        "云山县2023年法治政府建设情况报告", "云山县依法行政工作总结", "云山县人民政府关于2012年法治建设年报",
        "关于2022年度推进依法治县工作的汇报", "云山县2010年依法行政工作情况",
    ],
    "government_work": ["2024年政府工作报告", "关于云山县政府工作的报告", "2021年施政报告"],
    "statistical_communique": [
        "云山县2023年统计公报", "云山市第七次人口普查主要数据公报", "云山县2023年国民经济和社会发展统计公报", "云山县国民经济和社会发展公报",
    ],
    "disclosure": [
        "云山县2023年政府信息公开工作年度报告", "云山县财政局政务公开工作总结", "云山县2019年信息公开年报",
    ],
    "plan_execution": ["关于云山县2023年国民经济和社会发展计划执行情况的报告", "国民经济和社会发展第十四个五年计划纲要"],
    "audit": [
        "云山县审计局2023年审计工作报告", "关于2022年度县级预算执行和其他财政收支的审计工作报告", "云山县水利局2022年度部门决算审计结果",
        "2021年决算草案和预算执行的审计公告",
    ],
    "budget": [
        "云山县水利局2024年部门预算", "云山县2023年预算执行情况和2024年预算草案的报告", "关于云山县2024年地方财政预算调整的报告",
        "2024年度云山县单位预算公开", "云山县水利局2023年预算说明", "2025年总预算", "云山县财政收支预算编制情况",
    ],
    "final_accounts": [
        "云山县水利局2022年度部门决算", "云山县2023年本级决算草案的报告", "云山县水利局2021年单位决算公开说明", "2023年财政决算报表",
    ],
    "economic_analysis": [
        "云山县上半年经济运行情况", "2023年一季度工业形势分析", "云山县金融运行简析", "2022年云山县就业形势综述", "全县外贸运行情况",
    ],
    "court_work": ["云山县人民法院工作报告", "云山市中级人民法院2023年行政审判白皮书", "台湾云山地方法院113年度业务概况"],
    "procuratorate_work": ["云山县人民检察院工作报告", "云山市检察机关2023年办案情况通报"],
    "proceedings": ["立法会会议过程正式纪录", "云山县人大会议记录", "第3会期院会纪录"],
}  # fmt: skip
NONE = [
    "关于2023年预算草案的审查结果", "云山县2023年决算审核意见", "云山县预算复议申请", "全县水利建设情况", "2023年政府工作报告暨统计公报",
    "云山县部门预算和部门决算", "预算", "关于全县支持法院执行工作情况的报告",
]  # fmt: skip


def test_a_title_tells_its_kind() -> None:
    """A report of an audit is one, whatever of a budget or of accounts it has looked at."""
    told = {kind: {title: report_kind(title, (), (), None) for title in titles} for kind, titles in TITLES.items()}

    assert told == {kind: dict.fromkeys(titles, kind) for kind, titles in TITLES.items()}


def test_a_title_that_tells_several_or_of_another_paper_tells_none() -> None:
    """Whatever the beginning and the headings say."""
    beside = ("现将政府信息公开工作情况报告如下",), ("法治政府建设主要举措",)

    assert {title: report_kind(title, *beside, None) for title in NONE} == dict.fromkeys(NONE)


@pytest.mark.parametrize(
    ("opening", "headings", "source", "kind"),
    [
        (["现将2023年政府信息公开工作年度报告公布如下："], [], None, "disclosure"),
        (["现就我县2023年法治政府建设情况汇报如下："], [], None, "rule_of_law"),
        (["各位代表：", "现在，我代表云山县人民政府，向大会报告工作。"], [], None, "government_work"),
        (["我代表国务院，向大会作政府工作的报告。"], [], None, "government_work"),
        ([], ["一、2023年法治政府建设主要举措"], None, "rule_of_law"),
        ([], ["法治政府建设存在的问题", "总体情况"], None, "rule_of_law"),
        (["全县完成造林3万亩。"], ["总体情况"], None, None),
        (["全县完成造林3万亩。"], [], "云山日报", "news"),
        (["全县完成造林3万亩。"], [], "云山日报社印刷厂", None),
        (["全县完成造林3万亩。"], [], "新华网", "news"),
        (["本报云山3月5日讯 全县完成造林3万亩。"], [], None, "news"),
        (["（记者 李明 报道）全县完成造林3万亩。"], [], None, "news"),
        (["总体情况。", "本报云山3月5日讯 全县完成造林3万亩。"], [], None, None),
        (["总体情况。", "记者从县林业局了解到，全县完成造林3万亩。"], [], None, "news"),
        (["总体情况。", "记者获悉，全县完成造林3万亩。"], [], None, "news"),
    ],
)
def test_without_a_title_the_beginning_tells_and_then_the_headings(
    opening: list[str], headings: list[str], source: str | None, kind: str | None
) -> None:
    """Whoever puts news out tells before them; a title that tells nothing leaves only that."""
    assert report_kind(None, opening, headings, source) == kind
    if kind not in (None, "news"):
        assert report_kind("全县情况", opening, headings, None) is None
        assert report_kind("2024年政府工作报告", opening, headings, "云山日报") == "government_work"


@pytest.mark.parametrize(
    ("title", "opening", "kind"),
    [
        ("2024年工作情况", "我院受理各类案件3210件，审结3102件，员额法官人均结案210件。", "court_work"),
        (None, "本院批准逮捕86人，提起公诉211人。", "procuratorate_work"),
        ("2024年工作情况", "我院收治病人3210人次，一名法官来院就诊。", None),
        ("2024年工作情况", "全县法院审结案件3102件，员额法官42人。", None),
        ("2024年工作情况", "我院审结公益诉讼案件12件，检察官与法官会商3次。", None),
        ("我院新办公楼启用", "我院审结案件3102件，员额法官42人。", None),
        ("2024年部门预算", "我院审结案件3102件，员额法官42人。", "budget"),
    ],
)
def test_a_court_is_told_by_what_it_says_of_itself(title: str | None, opening: str, kind: str | None) -> None:
    """By two things that only such a body does, under a title of any body's account; not where two kinds of them do."""
    assert report_kind(title, [opening], (), None) == kind
