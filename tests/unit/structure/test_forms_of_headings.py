"""Each form of a heading, of a place behind words of time, and of a name that the file writes otherwise."""

from schemas.report import Document, OriginalNames
from worker.clean.lines import lines_of
from worker.draft import Draft
from worker.edits import Text
from worker.parts import Label
from worker.structure.gazetteer import full_name
from worker.structure.headings import find_headings
from worker.structure.original import original_names
from worker.structure.region import met_in, titled_places

PROSE = "2023年，全县坚持依法行政，扎实推进法治政府建设各项工作，取得了积极成效，现将有关情况报告如下。"


def headings(text: str) -> list[tuple[str, str]]:
    return [(one.number, one.title) for one in find_headings(text)]


def test_a_line_that_names_a_time_and_its_plans_is_a_heading() -> None:
    """In the body, with nothing else on it."""
    when = (
        "2024年",
        "1998年度",
        "2024年度一季度",
        "2024年第一季度",
        "前三季度",
        "上半年",
        "下半年",
        "今年",
        "去年",
        "明年",
        "过去五年",
        "今后的三年",
        "未来五年",
        "近三年来",
        "这五年间",
        "五年来",
        "下一步",
        "下阶段",
    )
    what = ("工作安排", "重点工作", "民生实事", "回顾", "建议")
    lines = [f"{one}{other}" for one in when for other in what]

    assert [line for line in lines if headings(f"{PROSE}\n{line}") != [("", line)]] == []
    assert [
        line
        for line in ("2024年第一季度", "2024年上半年", "1998年前二季度")
        if headings(f"{PROSE}\n{line}") != [("", line)]
    ] == []
    none = (
        "2124年工作安排",
        "前四季度工作安排",
        "后年工作安排",
        "2024年工作安排表",
        "2024年",
        "五季度回顾",
        "2024年，工作安排",
        "2024年 回顾",
        "上半年",
        f"2024年{'甲' * 25}回顾",
    )
    assert [line for line in none if headings(f"{PROSE}\n{line}")] == []
    assert headings(f"{PROSE}\n2024年{'甲' * 24}回顾") == [("", f"2024年{'甲' * 24}回顾")]
    assert headings(f"2024年回顾\n{PROSE}\n") == []


def test_a_dated_heading_with_its_paragraph_right_behind() -> None:
    said = [
        f"{one}{other}" for one in ("2022年", "1998年度", "今年", "去年", "明年") for other in ("主要工作", "工作打算")
    ]

    assert [one for one in said if headings(f"二、{one}全年办理案件186件。{PROSE}") != [("二", one)]] == []
    assert headings(f"二、2022年{'甲' * 12}主要工作全年办理案件") == [("二", f"2022年{'甲' * 12}主要工作")]
    assert headings(f"二、2122年主要工作全年办理案件186件{PROSE}") != [("二", "2122年主要工作")]


def test_the_numbers_of_headings_go_on() -> None:
    """One that skips more than one is none, unless it begins; a year's plans are one whatever their number."""
    assert [number for number, _ in headings("一、甲项\n二、乙项\n四、丁项\n七、庚项\n五、戊项")] == [
        "一",
        "二",
        "四",
        "五",
    ]
    assert [number for number, _ in headings("三、丙项\n四、丁项\n四、丁项\n一、甲项\n二、乙项")] == [
        "三",
        "四",
        "一",
        "二",
    ]
    assert headings("一、甲项\n二、存在的问题\n二、2024年工作计划\n三、丙项") == [
        ("一", "甲项"),
        ("二", "存在的问题"),
        ("二", "2024年工作计划"),
        ("三", "丙项"),
    ]
    assert headings("一、甲项\n四、2024年工作计划\n五、戊项") == [
        ("一", "甲项"),
        ("四", "2024年工作计划"),
        ("五", "戊项"),
    ]
    assert headings("五、戊项\n二、2024年工作计划\n六、己项") == [
        ("五", "戊项"),
        ("二", "2024年工作计划"),
        ("六", "己项"),
    ]
    assert headings("一、甲项\n（一）子项\n（二）丑项\n二、乙项\n（一）寅项") == [
        ("一", "甲项"),
        ("(一)", "子项"),
        ("(二)", "丑项"),
        ("二", "乙项"),
        ("(一)", "寅项"),
    ]


def test_numbers_that_begin_no_heading() -> None:
    counted = [f"一、三{unit}" for unit in "百千万亿个月日天次名人件项岁"] + ["一、三年", "一、三年来"]
    assert [line for line in counted if headings(line) == [("一", line[2:])]] == ["一、三年来"]
    told = ("三年来", "三年来的工作", "三年间", "三年的工作", "三年工作", "三甲", "三农工作")
    assert [line for line in told if headings(f"一、{line}") != [("一", line)]] == []
    assert headings("1.1甲项") == headings("123、甲项") == headings("一，甲项") == headings("1，甲项") == []
    assert [
        headings(f"{mark}甲项")
        for mark in ("1．", "1、", "1.", "1. ", "（1）", "(1) ", "(一)、", "（一）．", "(一). ", "一．", "一、 ")
    ] == [[(one, "甲项")] for one in (*"1111", *["(1)"] * 2, *["(一)"] * 3, *"一一")]
    assert [headings(f"第一{part} 甲项") for part in ("部分", "章", "编", "篇", "节")] == [
        [(f"第一{part}", "甲项")] for part in ("部分", "章", "编", "篇")
    ] + [[]]
    assert headings(f"一是要加强领导。{PROSE}") == headings(f"一是加强领导。{PROSE}") == [("一是", "加强领导")]
    assert headings("一是加强领导") == []
    for end in "。：:！!？?":
        assert headings(f"一、甲乙{end}{PROSE}") == [("一", "甲乙")], end
    for end in "，,；;":
        assert headings(f"（一）甲乙{end}丙{'丁' * 50}。") == ([("(一)", "甲乙")] if end in "，," else []), end
        assert headings(f"1.甲乙{end}丙{'丁' * 50}。") == [], end


def test_where_a_short_name_lies() -> None:
    """Every kind of place has one, but for a county that is no city."""
    names = {
        "澳门": "澳门特别行政区",
        "西藏": "西藏自治区",
        "阿里": "阿里地区",
        "广东": "广东省",
        "广州": "广州市",
        "胶州": "胶州市",
        "兴安": "兴安",
        "锡林郭勒": "锡林郭勒盟",
        "阿里地区": "阿里地区",
    }

    assert {name: full_name(name) for name in names} == names


def test_a_place_behind_words_of_time() -> None:
    """In a title and in the first paragraph."""
    times = (
        "今年",
        "今年以来，",
        "去年来，",
        "过去一年，",
        "一年来，",
        "一年，",
        "过去一年来",
        "日前，",
        "近日，",
        "2023年",
        "2023年度",
        "2023学年度",
        "2023财政年度",
        "2023年以来,",
        "二〇二三年",
        "一九九八年",
        "二○二一年度",
        "",
    )
    months = (
        "8月",
        "1-8月份",
        "1—8月",
        "1–8月",
        "1至8月",
        "上半年",
        "下半年",
        "一季度",
        "第二季度",
        "前三季度",
        "前8个月",
        "前八个月",
        "前十月",
        "",
    )

    def place(title: str) -> str | None:
        return next((one.name for one in titled_places(title, lambda word: False) if one), None)

    titles = [f"{time}{month}广州市经济运行情况" for time in times for month in months]
    assert [title for title in titles if place(title) != "广州市"] == []
    assert place("关于广州市工作的报告") == "广州市"
    assert place("2023年关于8月广州市工作的报告") == "广州市"
    assert [place(f"{words}广州市工作") for words in ("2023", "1月2月", "2022年2023年", "2023税务年度")] == [None] * 4
    met = met_in(list(lines_of("在广州市第十六届人民代表大会第一次会议上")))
    assert met is not None
    assert met.name == "广州市"
    assert met_in(list(lines_of("在广州市第16届人民代表大会"))) is None


def test_names_as_the_file_writes_them() -> None:
    """From the text, with the blanks of the name; from a label where the text has none, unless a repair changed its length."""
    text = Text.of("云山县 工作\n报告")
    draft = Draft(
        b"", "a.txt", text=text, unconverted="雲山縣 工作\n報告", labels=(Label("发文机关", "云山县政府", 0, 5),)
    )
    names = original_names(
        draft, Document(title="云山县 工作报告", region="云山县", issuer="县政府", script="traditional")
    )

    assert names is not None
    assert (names.title, names.region, names.issuer) == ("雲山縣 工作報告", "雲山縣", "县 工")
    first = original_names(draft, Document(issuer="云山县政府", script="traditional"))
    assert first is not None
    assert (first.title, first.issuer) == (None, "云山县 工")
    assert original_names(draft, Document(issuer="云山县政协", script="traditional")) == OriginalNames()
    assert original_names(draft, Document(title="云山县", script="simplified")) is None
