"""Which lines are one paragraph."""

import pytest

from worker.clean.fluency import fluency_of
from worker.clean.wraps import FEWEST_FULL, LONGEST_BRACKET, SHORTEST_CUT, columns, find_wraps
from worker.edits import Edit, Flaw
from worker.tools import load_tools

JOINED = [
    pytest.param(
        "全年共有车辆3辆，其中：机要通信用车1辆、\n应急保障用车2辆。", "用车1辆、应急保障", id="comma-of-a-list"
    ),
    pytest.param("采购支出35.20万元，比上年增加2.30万元,\n增长5.75%。", "2.30万元,增长", id="comma-in-half-width"),
    pytest.param("其中货物采购支出20.10万元和服\n务采购支出15.10万元。", "和服务采购", id="inside-a-word"),
    pytest.param("全年共收到行政复议申请人提出的申\n请12次", "提出的申请12次", id="inside-another-word"),
    pytest.param("市民向本署申请查阅档案，一般需时 15\n天。", "15天", id="number-and-unit"),
    pytest.param("全年组织执法人员培训共计 1,240.5\n万人次，比上年多。", "1,240.5万人次", id="number-and-long-unit"),
    pytest.param("全年办理的复议案件（含上年结转的三件\n案件）共41件。", "三件案件）", id="inside-brackets"),
    pytest.param("深入开展了“法律进乡村、法律进\n社区”活动20场", "法律进社区”", id="inside-quotation-marks"),
    pytest.param(
        "办案经费从严控制。2022年共支\n付经费12.4万元。", "共支付经费", id="inside-a-likely-word-of-a-begun-sentence"
    ),
    pytest.param(
        "全县平稳有序。2021年当\n年新增市场主体1204户，同比增长3%。", "当年新增", id="inside-a-word-behind-a-year"
    ),
]
APART = [
    pytest.param("全年共办理行政复议案件四十一件。\n应诉案件十二件。", id="sentences"),
    pytest.param("推进法治政府建设情况的主要做法\n全年共办理行政复议案件。", id="heading"),
    pytest.param("全年组织执法人员培训共计，\n二、主要做法", id="numbered-heading-below"),
    pytest.param("办理，\n服", id="cells"),
    pytest.param("行政\n许可", id="cells-that-are-a-word"),
    pytest.param("云山县,12,海河,3.5,东岭\n松岭县,14,海河,3.6,西岭", id="rows"),
    pytest.param("全县现有各类市场主体共计 15\n天河机场吞吐量120万人。", id="no-unit-but-a-name"),
    pytest.param("海河市议会会议纪录 2013年10月31日\n本项业务成效不彰", id="date-and-a-word-by-chance"),
    pytest.param("全年召开了依法行政工作会议12次\n数据由各镇报送", id="unit-and-a-word-by-chance"),
    pytest.param("推进依法行政工作会议，\n\n召开", id="blank-line-between"),
    pytest.param("全年共办理案件四十一件。主要做法\n坚持依法行政，稳步推进。", id="heading-run-into-the-line-above"),
    pytest.param("推进依法行政工作会议，\n　　召开会议", id="indented"),
]
# Lines of one width, then a list of short ones: the whole text is not cut to a width, its first part is.
CUT = (
    "本年度全县各级行政机关认真贯彻落实上级部署，扎实开展\n各项工作，共受理行政复议申请一百二十件，办结一百零九\n"
    "件，综合纠错率有所下降，全县群众满意程度有了明显提升\n和改善，行政机关负责人出庭应诉案件三十六件，比上年多\n了五件。"
)
ITEMS = "\n".join(f"名单{index}号" for index in "一二三四五六七八九")


def joined(text: str) -> str:
    edits = [one for one in find_wraps(text, fluency_of(load_tools().jieba).gain) if isinstance(one, Edit)]
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@pytest.mark.parametrize(("text", "part"), JOINED)
def test_a_line_that_does_not_end_a_paragraph_goes_on(text: str, part: str) -> None:
    assert part in joined(text)


@pytest.mark.parametrize("text", APART)
def test_lines_of_their_own_stay_apart(text: str) -> None:
    assert joined(text) == text


def test_a_list_of_short_lines_does_not_hide_that_a_paragraph_was_cut() -> None:
    assert joined(f"{ITEMS}\n\n{CUT}") == f"{ITEMS}\n\n{CUT.replace(chr(10), '')}"


def test_items_of_one_width_are_no_paragraph() -> None:
    items = "\n".join(f"推进法治政府示范创建活动之{index}" * 2 for index in "一二三四五六")

    assert joined(items) == items


PAIRS = ["（）", "()", "“”", "《》", "「」", "〔〕"]


def pieces(text: str) -> list[str]:
    """The lines of a text after joining, by the forms of the lines alone."""
    for edit in reversed([one for one in find_wraps(text) if isinstance(one, Edit)]):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text.split("\n")


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_what_opens_in_a_line_closes_in_the_next(opening: str, closing: str) -> None:
    """Not what stands at the beginning of a line, is closed in it, or is opened once more before it closes."""
    line, after = f"全年办理的复议案件{opening}含上年结转的三件", f"案件{closing}共41件。"

    assert pieces(f"{line}\n{after}") == [line + after]
    assert pieces(f"{line}\n{closing}共41件。") == [f"{line}{closing}共41件。"]
    for apart in (
        f"{opening}全年办理的复议案件含上年结转的三件\n{after}",
        f"{line}{closing}\n{after}",
        f"{line}\n案件{opening}四{closing}",
        f"{line}\n案件共41件。",
    ):
        assert pieces(apart) == apart.split("\n")


def test_what_stands_in_brackets_over_a_break_is_not_long() -> None:
    before, within = "全年办理的复议案件", "含" * (LONGEST_BRACKET - 2)
    after = "案" * (LONGEST_BRACKET - 1) + "）共四十一件。"

    assert len(pieces(f"{before}（{within}\n{after}")) == 1
    assert len(pieces(f"{before}（含{within}\n{after}")) == 2
    assert len(pieces(f"{before}（{within}\n案{after}")) == 2


@pytest.mark.parametrize(
    ("end", "start"), [("（含的", "件）共41件。"), ("人，", "其中"), ("共12", "件。"), ("共申", "请三次。")]
)
def test_a_shorter_line_is_an_item(end: str, start: str) -> None:
    line = "全年行政复议案件受理人数"[: SHORTEST_CUT - len(end)] + end

    assert joined(f"{line}\n{start}") == line + start
    assert joined(f"{line[1:]}\n{start}") == f"{line[1:]}\n{start}"


@pytest.mark.parametrize("closers", ["", *"”’」』）)", "”）"])
@pytest.mark.parametrize("mark", [*"。！!？?；;：:"])
def test_a_line_that_ends_a_paragraph_does_not_go_on(mark: str, closers: str) -> None:
    line = f"全年办理的复议案件《含上年结转的三件{mark}{closers}"

    assert pieces(f"{line}\n案件》共41件。") == [line, "案件》共41件。"]
    assert pieces(f"{line}甲\n案件》共41件。") == [f"{line}甲案件》共41件。"]


@pytest.mark.parametrize(
    "start",
    [
        *(f"{numeral}、" for numeral in "一二三四五六七八九十"), *(f"（{numeral}）" for numeral in "一二三四五六七八九十"),
        *(f"第{numeral}章" for numeral in "一二三四五六七八九十"), *(f"{numeral}是" for numeral in "一二三四五六七八九十"),
        *("二十一、", "(12)", "(三)", "（3）", "3、", "12．", "3.", "第十条", "第三部", "第十二编", "【摘要】"), *"●■◆○•·—*-",
    ],
)  # fmt: skip
def test_what_begins_a_paragraph_goes_on_with_none(start: str) -> None:
    line = "全年共受理行政复议案件若干，"

    assert pieces(f"{line}\n{start}甲乙") == [line, f"{start}甲乙"]


@pytest.mark.parametrize("start", ["3.5万元", "一件", "第三届", "（甲）", "123、", "甲、"])
def test_what_only_looks_so_does(start: str) -> None:
    assert len(pieces(f"全年共受理行政复议案件若干，\n{start}")) == 1


@pytest.mark.parametrize(("end", "goes_on"), [
    ("，", True), ("、", True), ("人,", True), ("”,", True), ("）,", True), ("),", True), ("甲，乙", False), ("5,", False), ("a,", False),
])  # fmt: skip
def test_no_paragraph_ends_with_a_comma(end: str, *, goes_on: bool) -> None:
    """One in half width may part the cells of a row."""
    assert (len(pieces(f"全年共受理行政复议案件若干{end}\n其中甲乙")) == 1) is goes_on


@pytest.mark.parametrize(("end", "start", "goes_on"), [
    *(("计12", f"万元{mark}增长", True) for mark in "，。；、,;）)"), ("计12", "亿千瓦时", True), ("计12", "元的税", False), ("计12", "年。", True),
    ("计 1,240.5", "元。", True), ("，12", "元。", True), ("、12", "元。", True), ("（12", "元。", True), ("-12", "元。", False),
    ("计  12", "元。", False), ("计12.", "元。", False), ("计12.5", "万。", False), ("计0", "件，", True),
])  # fmt: skip
def test_a_number_goes_on_with_its_unit(end: str, start: str, *, goes_on: bool) -> None:
    assert (len(pieces(f"全年组织执法人员培训共{end}\n{start}")) == 1) is goes_on


@pytest.mark.parametrize(("above", "below", "is_torn"), [
    ("办案12", "34件", True), ("办案1,", "234件", True), ("办案1，", "234", True), ("办案1,", "2345件", False), ("办案1.5,", "234件", False),
    ("办案1234,", "567", False), *(("办案12", f"{unit}件", True) for unit in "万亿千百余多"), *(("办案12", unit, True) for unit in "%％‰倍"),
    ("增长2", "个百分点", True), ("增长2", "个百点", False), ("a12", "34件", False), ("办案12", "34", False), ("办案2", "34件", True), ("办案", "34件", False),
    *((f"{mark}12", "34件", True) for mark in "，。、；：“”（）《》,;:()"), ("办案1.12", "3.4%", True), ("办案12", "345％", True),
    *((f"{name}{number}", "2023年支出", False) for name in ("附件", "附表", "附图", "专栏", "表", "图") for number in ("1", " 2-1", "3.2")),
    ("列表1", "2023年支出", True),
])  # fmt: skip
def test_a_number_that_a_break_may_have_cut_is_noted(above: str, below: str, *, is_torn: bool) -> None:
    """The place is the two characters on either side of the break, and the break."""
    found = [(one.start, one.end, one.code) for one in find_wraps(f"{above}\n{below}") if isinstance(one, Flaw)]

    assert found == ([(len(above) - 1, len(above) + 2, "torn_number")] if is_torn else [])


@pytest.mark.parametrize(("end", "start", "new", "confidence"), [
    ("全年办理的复议案件若干（含上年结转的12", "34件）", "", 0.8), ("全年办理的复议案件若干（含上年结转的", "34件）", "", 0.95),
    ("全年办理的复议案件若干（含上年结转的12", "件）", "", 0.95), ("全年办理的复议案件若干（open", "data）", " ", 0.95),
    ("全年办理的复议案件若干（open", "数据）", "", 0.95), ("全年办理的复议案件若干（公开", "data）", "", 0.95),
])  # fmt: skip
def test_how_lines_are_joined(end: str, start: str, new: str, confidence: float) -> None:
    """Latin words keep a blank, and what may be one number is less sure."""
    [edit] = find_wraps(f"{end}\n{start}")

    assert edit == Edit(len(end), len(end) + 1, new, "line", confidence)


@pytest.mark.parametrize(
    ("blanks", "goes_on"), [("", True), (" ", True), ("  ", False), ("\u3000", False), (" \u3000", False)]
)
def test_what_is_indented_begins_a_paragraph(blanks: str, *, goes_on: bool) -> None:
    assert (len(pieces(f"全年共受理行政复议案件若干，\n{blanks}其中甲乙")) == 1) is goes_on


def test_how_wide_a_text_is() -> None:
    """Han characters, their marks and forms of full width take two columns."""
    assert [columns(one) for one in ("", "a1,", "甲乙", "，", "Ａ", "ｱ", "甲a")] == [0, 3, 4, 2, 2, 1, 3]


@pytest.mark.parametrize(("full", "marked", "wide", "goes_on"), [
    (FEWEST_FULL, FEWEST_FULL, 20, True), (FEWEST_FULL - 1, FEWEST_FULL - 1, 20, False), (6, 2, 20, True), (6, 1, 20, False),
    (6, 6, 15, True), (6, 6, 14, False),
])  # fmt: skip
def test_a_text_is_cut_into_full_lines(full: int, marked: int, wide: int, *, goes_on: bool) -> None:
    """So many of them, one in three with a mark inside, and wide enough."""
    lines = ["a" * 4 + (";" if index < marked else "b") + "c" * (wide - 5) for index in range(full)]

    assert len(pieces("\n".join([*lines, "d"]))) == (1 if goes_on else full + 1)
