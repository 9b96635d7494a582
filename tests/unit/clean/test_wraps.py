"""Which lines are one paragraph."""

import pytest

from worker.clean.fluency import fluency_of
from worker.clean.wraps import find_wraps
from worker.edits import Edit
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
