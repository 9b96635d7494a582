"""Each word and form that the year of a report is told by."""

from datetime import date

from worker.clean.lines import lines_of
from worker.structure.opening_year import opening_year
from worker.structure.period import find_period, is_given_to_a_congress, is_plan, looks_back, plan_reviewed, plan_span


def year(
    title: str | None = None, text: str = "", headings: tuple[str, ...] = (), head: str | None = None
) -> str | None:
    return find_period(title, list(lines_of(title or "" if head is None else head)), headings, text, None)


#: Titles -> the year that they name.
TITLES = {
    # In digits, in numerals, of the republic, of a financial or a school year, without its word.
    "云山县2021年工作总结": "2021", "云山县二〇二一年工作总结": "2021", "云山县二○一九年工作总结": "2019", "云山县二零二零年工作总结": "2020", "云山县一九九八年工作总结": "1998",
    "云山县一九七六年总结": "1976", "云山县一九五四年总结": "1954", "云山县一九八三年总结": "1983", "云山县12021年工作总结": None, "云山县三〇二一年工作总结": None,
    "云林縣112年度工作報告": "2023", "云林县112 年度工作": "2023", "云林县112年3 月工作": "2023", "云林县112年12月工作": "2023", "云林县112年底工作": "2023", "云林县112年上半年工作": "2023",
    "云林县112年下半年工作": "2023", "云林县民国98年工作": "2009", "云林县民国 108 年工作": "2019", "云林县112年工作": None, "云林县130年度工作": None, "云林县1120年度工作": None,
    "2022/23年度报告": "2022", "2022—23财政年度报告": "2022", "2022–2023学年报告": "2022", "2022-23财年报告": "2022", "2022至23 年度报告": "2022", "2022到23年报告": "2022",
    "2019-2022年工作回顾": "2022", "2021-2022年工作回顾": "2021", "2019—22年工作总结": "2022", "2019-2022年工作": "2019", "2019-2022年执行情况": "2022",
    "工作报告（2019）": "2019", "工作报告(2019)": "2019", "《2019》报告": "2019", "报告—2019": "2019", "2019云山县工作": "2019", "工作 2019": "2019",
    "云山（2021）4号": None, "云山（2021） 第4号": None, "云山[2019": None, "云山第2019": None, "GB2019": None, "工作1.2019": None, "工作12:2019": None, "2019/5报告": None,
    "2019.5报告": None, "2019：5报告": None, "2019号报告": None, "2019〕报告": None, "2019 5报告": None, "云山县2021年2022年工作": "2021", "云山县2021年和2021年工作": "2021",
}  # fmt: skip


def test_the_year_that_a_title_names() -> None:
    assert {title: year(title) for title in TITLES} == TITLES


def test_the_year_of_a_heading() -> None:
    """One that looks back names it, one that plans names the next where whoever speaks does so in the year after."""
    text = "各位代表：我代表县人民政府，向大会报告工作。"
    review = (
        "回顾",
        "总结",
        "工作情况",
        "完成情况",
        "执行情况",
        "主要成绩",
        "主要成效",
        "举措和成效",
        "工作成效",
        "发展成就",
        "落实情况",
        "进展情况",
    )
    plans = (
        "计划",
        "打算",
        "安排",
        "目标",
        "任务",
        "展望",
        "要点",
        "思路",
        "重点",
        "总体要求",
        "总体部署",
        "政策取向",
        "工作部署",
        "工作建议",
        "工作的建议",
    )

    assert {word: year(None, text, (f"2021年{word}",)) for word in review} == dict.fromkeys(review, "2021")
    assert {word: year("云山县情况", "", ("其他", f"2021年{word}")) for word in review} == dict.fromkeys(review, "2021")
    assert {word: year(None, text, (f"2022年{word}",)) for word in plans} == dict.fromkeys(plans, "2021")
    assert year(None, text, ("2022年概况",)) is None
    assert year(None, text, ("2023年打算", "2022年打算")) == "2021"
    assert year("云山县情况", "", ("2021年打算",)) is None
    assert year("云山县2022年政府工作报告", text, ("2020年工作回顾", "2019年工作回顾")) == "2020"
    assert year("云山县2022年政府工作报告") == "2021"
    assert year("云山县2022年度政府工作报告") == "2022"
    assert year("云山县2022年度政府工作报告", "", ("2020年工作回顾",)) == "2022"


def test_who_speaks_to_a_congress() -> None:
    """By the title; without one by the first sentences."""
    bodies = ("政府", "法院", "检察院", "常务委员会", "常委会", "政协")
    titled = [f"云山县{body}{of}工作{then}报告" for body in bodies for of in ("", "的") for then in ("", "的")]
    assert [title for title in titled if not is_given_to_a_congress(title, "")] == []
    said = [
        f"向{to}{verb}法院工作"
        for to in ("大会", "本次大会", "这次会议", "会议", "全国人民代表大会", "人民代表大会")
        for verb in ("报告", "作")
    ]
    assert [text for text in said if not is_given_to_a_congress(None, text)] == []
    assert [text for text in said if is_given_to_a_congress("云山县总结", text)] == []
    assert [is_given_to_a_congress(None, "甲" * before + "向大会作工作") for before in (594, 595)] == [True, False]
    assert [is_given_to_a_congress(None, f"向大会报告{'甲' * count}工作") for count in (12, 13)] == [True, False]
    assert [looks_back(title, "") for title in ("施政报告", "施 政 报告", "云山县政府 工作报告", "云山县总结")] == [
        True,
        True,
        True,
        False,
    ]


#: The head's line -> the year that a report to a congress looks back on.
GIVEN = {
    "2024年1月5日在云山县人民代表大会上": "2023", "2024 年 6 月 5 日在会议上": "2023", "2024年7月5日在会议上": "2024", "2024年12月在大会上": "2024", "（2024年1月5日）": "2023",
    "2024年8月5日": "2024", "2024年1月": None, "2024年1月" + "甲" * 40 + "大会": "2023", "2024年1月" + "甲" * 41 + "大会": None, "2024年1月5日" + "甲" * 51: "2023", "2024年1月5日" + "甲" * 52: None,
}  # fmt: skip


def test_the_day_that_a_report_was_given_on() -> None:
    assert {head: year("云山县政府工作报告", "", (), head) for head in GIVEN} == GIVEN
    assert year("云山县总结", "", (), "2024年1月5日在大会上") is None
    assert year("施政报告", "", (), "2024年1月5日在大会上") == "2023"


def test_the_year_of_a_meeting_and_of_an_issue() -> None:
    for title in ("立法会会议过程", "会议纪录", "会议记录", "院会记录", "院会纪录", "会议纪要", "会议综述", "会议简报"):
        assert year(title, "", (), f"{title}\n2019年3月5日") == "2019", title
        assert year(title, "甲\n2018年3月5日\n2017年1月1日", (), title) == "2018", title
        for number in ("〔2020〕4号", "[2020]第12期", "〔2020〕 第4 号", "〔2020]1234号"):
            assert year(title, "", (), f"{title}\n{number}") == "2020", number
    assert year("工作总结", "", (), "工作总结\n2019年3月5日") is None
    for issue in ("2025年第1期", "2025 年 总第 123 期", "（2025年第12期）"):
        assert year("情况简报", "", (), f"情况简报\n{issue}") == "2025", issue
    assert year("2024年情况简报", "", (), "2024年情况简报\n2025年第1期") == "2024"
    assert year("情况简报", "", (), "情况简报\n2025年第1234期") is None


#: The text -> the year that stands out in it.
NAMED = {
    "2021年新建。2021年改建。": "2021", "2021年新建。": None, "2021年甲。2021年乙。2020年丙。": "2021", "2021年甲。2021年乙。2020年丙。2020年丁。": None,
    "2021年2021年2021年2021年2021年2021年和2020年2020年2020年2020年2020年": "2021", "2021年2021年2021年2021年2021年和2020年2020年2020年2020年2020年": None,
    "较2018年同期": "2019", "比2018 年同期": "2019", "与2018年同期": "2019", "同2018年同期相比": "2019", "和2018年同期持平": "2019", "跟2018年同期": "2019", "较2018年": None,
    "与2018年的情况有关": None, "较2018年同期，较2018年同期": "2019", "较2018年同期，较2017年同期": None, "刚刚过去的2020年": "2020", "刚走过的2020 年": "2020", "刚过去的2020年，刚过去的2019年": None,
    "112年度甲，112年度乙": "2023", "112年度甲": None,
}  # fmt: skip


def test_the_year_that_a_text_names() -> None:
    assert {text: year("云山县情况", text) for text in NAMED} == NAMED


def test_when_a_text_was_put_out() -> None:
    """It speaks of this year or of its months; of the whole year up to March of the next."""
    on = date(2024, 3, 20)

    def put_out(text: str, day: date | None = on) -> str | None:
        return find_period("云山县情况", [], (), text, day)

    for words in (
        "今年",
        "本年",
        "上半年",
        "一季度",
        "二季度",
        "8月",
        "8 月份",
        "1—8月",
        "1至8月份",
        "1-8 月",
        "1~8月",
        "1–8月",
    ):
        assert put_out(words) == "2024", words
    for words in ("全年，今年", "12月份", "12 月", "下半年，今年", "四季度，今年"):
        assert put_out(words) == "2023", words
        assert put_out(words, date(2024, 4, 1)) == "2024", words
    for words in ("甲", "年8月", "18个月", "2022年，今年", "五季度", "月份"):
        assert put_out(words) is None, words
    assert [put_out(f"{named}年，今年") for named in (2023, 2024)] == ["2024", "2024"]
    assert put_out("比2022年增长，今年") == "2024"
    assert put_out("今年", None) is None


#: Titles -> the years of the plan that they are of, of the one that they look back on, and whether they call themselves one.
PLANS: dict[str, tuple[str | None, str | None, bool]] = {
    "云山县第十四个五年规划纲要": ("2021/2025", None, True), "云山县第十三个五年计划": ("2016/2020", None, True), "云山县十二个五年规划": ("2011/2015", None, True), "云山县第八个五年计划": ("1991/1995", None, True),
    "云山县“十三五”林业规划": ("2016/2020", None, True), "云山县十三五规划": ("2016/2020", None, True), '云山县"十三五"规划': ("2016/2020", None, True), "云山县“九五”规划": ("1996/2000", None, True),
    "云山县“十三五”" + "甲" * 24 + "规划": ("2016/2020", None, True), "云山县“十三五”" + "甲" * 25 + "规划": (None, None, True), "云山县“十三五”，规划": (None, None, True),
    **{f"云山县“十三五”规划{word}": (None, "2016/2020", False) for word in ("评估", "总结", "实施情况", "完成情况", "落实情况", "执行情况")},
    **{f"云山县“十三五”规划{word}": (None, None, False) for word in ("通知", "解读", "中期", "年度", "进展", "报告")},
    **{f"云山县“十三五”规划{word}评估": (None, None, False) for word in ("中期", "年度", "进展", "通知", "解读", "方案")},
    "云山县“十四五”规划编制情况总结": (None, None, False), "云山县“十三五”规划2019年评估": (None, None, False), "云山县2021年十四五规划": (None, None, True), "云山县计划": (None, None, True),
    "云山县纲要": (None, None, True), "云山县规划": (None, None, True), "云山县安排": (None, None, False), "云 山 县 第 十 四 个 五 年 规 划": ("2021/2025", None, False),
}  # fmt: skip


def test_papers_of_a_five_year_plan() -> None:
    assert {title: (plan_span(title), plan_reviewed(title), is_plan(title)) for title in PLANS} == PLANS
    assert year("云山县“十三五”规划") == "2015"
    assert year("云山县“十三五”规划评估", "到2020年") == "2020"
    assert year("云山县“十三五”规划评估", "到2019年") is None
    assert (plan_span(None), plan_reviewed(None)) == (None, None)


#: How a text begins -> the year that it names as the one told of.
BEGINNINGS = {
    **{f"现将我县2023年情况{paper}如下": "2023" for paper in ("报告", "汇报", "公告", "公布", "通报", "通告", "总结", "说明")},
    "现就2023 年情况报告如下": "2023", "现将2023年至2024年情况报告如下": None, "现将2023年 到2024年情况报告如下": None, **{f"现将2023年{to}2024年情况报告如下": None for to in "—–~-"},
    "现将12023年情况报告如下": None, "现将2023年情况。报告如下": None, "现将我县。2023年情况报告如下": None, f"现将{'甲' * 40}2023年情况报告如下": "2023", f"现将{'甲' * 41}2023年情况报告如下": None,
    f"现将2023年{'甲' * 60}报告如下": "2023", f"现将2023年{'甲' * 61}报告如下": None, "甲" * 587 + "现将2023年情况报告如下": "2023", "甲" * 588 + "现将2023年情况报告如下": None,
    **{f"{what}自2022年1月1日至2022年12月31日": "2022" for what in ("统计期限", "统计期间", "报告时限", "报告周期")}, "统计期限2022 年 1 月 1 日到12 月 31 日": "2022", "统计期限2022年2月1日至12月31日": None,
    "统计期限2022年1月1日至11月30日": None, "统计期限2022年1月1日" + "甲" * 16 + "12月31日": "2022", "统计期限2022年1月1日" + "甲" * 17 + "12月31日": None, "统计期限" + "甲" * 9 + "2022年1月1日至12月31日": None,
    **{f"2023年，全县{work}。": "2023" for work in ("在党的领导下", "在指导下", "贯彻", "围绕", "坚持", "立足", "工作", "履职", "履行", "职能", "运行", "情况如下")},
    **{f"2023年，{verb}案件12件。": "2023" for verb in ("共", "受理", "办理", "办结", "审结", "查处", "开展", "完成", "实现")}, "2023年，受理" + "甲" * 20 + "1件。": "2023", "2023年，受理" + "甲" * 21 + "1件。": None,
    "2023年,全县坚持。": "2023", "2023年度，全县坚持。": "2023", "2023年全年，全县坚持。": "2023", "\u3000\u30002023 年，全县坚持。": "2023", "甲乙。2023年，全县坚持。": "2023", "甲乙！2023年，全县坚持。": "2023",
    "甲乙，2023年，全县坚持。": None, "2023年全县坚持。": None, "2023年，全县修路。甲坚持。": None, "2023年，全县坚持": None, **{f"2023年，全县坚持。{since}": None for since in ("目前。", "现有。", "此后。", "至今。", "如今。", "之后。", "从此。")},
    "2023年，全县坚持。2024年。": "2023", "2023年，全县坚持。2025年。": None, "甲。\n乙。\n丙。\n2023年，全县坚持。": "2023", "甲。\n乙。\n丙。\n丁。\n2023年，全县坚持。": None, "甲\n乙\n丙\n丁\n2023年，全县坚持。": "2023",
}  # fmt: skip


def test_the_year_that_a_text_begins_with() -> None:
    assert {text: opening_year(text) for text in BEGINNINGS} == BEGINNINGS
