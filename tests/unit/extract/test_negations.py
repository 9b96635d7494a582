"""A negation is part of the act that it governs, in every name and whatever shortens it."""

import re
from itertools import cycle, product

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.language.negations import vocabulary
from worker.parts import Cell
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools

ACTS = ("审结", "公开", "整改", "开工", "支付")
NEGATIONS = ("未", "尚未", "仍未", "没有", "未能", "不予", "不再", "从未", "未曾", "不", "无法", "拒不", "免予", "暂未")
FRAMES = (
    "案件{denied}37件。",
    "全年收到申请46件，{denied}37件。",
    "全年收到申请46件，其中{denied}37件。",
    "其他结果12件，{denied}37件，撤回3件。",
    "收到申请46件（{denied}37件）。",
    "案件{denied}的有37件。",
    "{denied}的案件有37件。",
    "{denied}案件37件。",
    "有37件案件{denied}。",
    "37个项目{denied}。",
    "市水利局{denied}案件37件。",
    "对{denied}的37家企业进行通报。",
    "案件中{denied}的占37%。",
    "全市（不含市直）{denied}案件37件。",
    "截至2023年10月底，案件{denied}37件，同比下降3%。",
    "因当事人失联、资料缺失等原因造成的涉及多个乡镇的历史遗留问题中{denied}的案件37件。",
    "完成清查、评估、论证等前期工作，{denied}37件。",
    "建成一期、二期项目5个，{denied}37个。",
    "申请和投诉{denied}分别为37件和5件。",
    "一批{denied}的老旧小区、危房等共计37个。",
    "{denied}率37%。",
    "发现{denied}等问题37个。",
    "把{denied}的37个项目退回。",
    "{denied}件数同比下降37%。",
)
TOOLS = load_tools()


def name_of(sentence: str, quote: str = "37") -> str:
    draft = Draft(b"", "report.txt", text=Text.of(sentence), document=Document(period="2023"))
    return next(m.indicator for m in metrics_of(extract(draft, TOOLS)) if m.source.quote.startswith(quote))


def is_bare(name: str, act: str) -> bool:
    """Whether the name has the act somewhere without a negation that governs it."""
    return any(
        not vocabulary().any_of.search(name[max(0, at.start() - 9) : at.start()]) for at in re.finditer(act, name)
    )


@pytest.mark.parametrize("frame", FRAMES)
def test_no_frame_leaves_the_bare_act(frame: str) -> None:
    """Whatever the negation, the adverb behind it and the act: each pair of the first two with one act, in turn."""
    wrong = {
        denied: name
        for (negation, adverb), act in zip(product(NEGATIONS, ("", "按期", "及时")), cycle(ACTS), strict=False)
        if is_bare(name := name_of(frame.format(denied=(denied := negation + adverb + act))), act)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("行政复议案件受理46件，审结9件，尚未审结37件。", "行政复议案件尚未审结"),
        ("未按期办结信访件37件。", "信访件未按期办结"),
        ("未按上级要求整改的问题37个。", "问题未按上级要求整改"),
        ("向未在规定期限内申报的37家企业发函。", "未在规定期限内申报企业发函"),
        ("对没有将预算公开的37家单位发函。", "没有将预算公开单位发函"),
        ("无照经营摊点37处，无产权证明房屋5处。", "无照经营摊点"),
        ("抽查企业60家，不符合要求的有37家。", "企业不符合要求"),
        ("拒不执行37人。", "拒不执行"),
        ("主体功能区禁止开发37处。", "主体功能区禁止开发"),
        ("机关不作为案件37件。", "机关不作为案件"),
        ("取水口不再保留37处。", "取水口不再保留"),
        ("37条河道没有断流。", "河道没有断流"),
        ("有37条信息未在7天内更新。", "信息未在7天内更新"),
        ("未在30天内整改的企业37家。", "企业未在30天内整改"),
        ("信访件没有在37天内办结。", "信访件没有办结"),
    ],
)
def test_the_whole_act_names_the_figure(sentence: str, name: str) -> None:
    """With its negation, and with what stands between the two."""
    assert name_of(sentence) == name


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("新建公厕不少于37座。", "公厕新建"),
        ("新建泵站不应少于37座。", "泵站新建"),
        ("绿化覆盖率不低于37%。", "绿化覆盖率"),
        ("满意率未达到37%。", "满意率"),
        ("不断完善制度37项。", "不断完善制度"),
        ("不动产登记37件。", "不动产登记"),
        ("无人机巡查37次。", "无人机巡查"),
        ("非遗项目37个。", "非遗项目"),
        ("未成年人案件37件。", "未成年人案件"),
        ("全省（不含省会）共办理换证37件。", "不含省会办理换证"),
    ],
)
def test_bounds_and_words_are_no_negations(sentence: str, name: str) -> None:
    """A bound says how exact the number is; 不断 or 非遗 is a word of its own."""
    assert name_of(sentence) == name


@pytest.mark.parametrize("sentence", ["从业人员没有增加37人。", "能耗未下降37%。", "学位不再新增37个。"])
def test_a_change_that_is_denied_is_none(sentence: str) -> None:
    """The number is no increase and no decrease."""
    draft = Draft(b"", "report.txt", text=Text.of(sentence), document=Document(period="2023"))
    assert [metric.change for metric in metrics_of(extract(draft, TOOLS))] == [None]


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [("信访件", ("办结", "未办结"), "信访件办结未办结"), ("未办结", ("办结合计",), "未办结办结合计")],
)
def test_labels_of_a_table_do_not_tell_what_they_deny(row: str, column: tuple[str, ...], name: str) -> None:
    """办结 is no part of 未办结."""
    cell = Cell(0, 2, column, (row,))
    draft = Draft(b"", "report.html", text=Text.of("37"), document=Document(period="2023"), cells=(cell,))
    assert [metric.indicator for metric in metrics_of(extract(draft, TOOLS))] == [name]


@pytest.mark.growth
@pytest.mark.parametrize("text", ["不", "不均", "没有不", "居全国", "全国第一", "不1个", "未在1天内"])
def test_denials_and_areas_over_and_over_end(text: str) -> None:
    """Each looks only so far; what follows is read as ever."""
    draft = Draft(b"", "report.txt", text=Text.of(text * 4_000 + "。\n受理37件。"), document=Document(region="青川省"))
    assert metrics_of(extract(draft, TOOLS))[-1].source.quote == "37件"
