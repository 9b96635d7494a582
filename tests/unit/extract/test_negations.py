"""A negation is part of the act that it governs, in every name and whatever shortens it."""

import re
from itertools import cycle, product

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.language.negations import (
    find_governed,
    hanging_in,
    is_bound,
    kept_words,
    vocabulary,
    with_its_negations,
)
from worker.extract.language.words import Word
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


def words(text: str) -> list[Word]:
    """``未/d 办结/v``: words with their tags."""
    return [Word(*one.rsplit("/", 1)) for one in text.split()]


#: Words with their tags -> the words that a negation makes one of, and its tag; none for what it denies nothing of.
GOVERNED = {
    "案件/n 未/d 办结/v 企业/n": ["未办结/v"], "未/d 按期/d 办结/v": ["未按期办结/v"], "未/d 及时/ad 办结/v": ["未及时办结/v"],
    "未/d 快速/ad 办结/v": ["未快速办结/v"], "未/d 依法/zg 办结/v": ["未依法办结/v"],
    "未/d 稳妥/z 办结/v": ["未稳妥办结/v"], "未/d 有效/a 办结/v": ["未有效/a"], "未/d 办理/vn": ["未办理/vn"], "未/d 能够/v 办结/v": ["未能够办结/v"],
    "未/d 案件/n": ["未案件/v"], "未/d 办结率/n": ["未办结率/n"], "不/d 符合要求/n": ["不符合要求/v"], "尚未/d 案件/n": ["尚未案件/v"], "并非/d 案件/n": ["并非案件/n"],
    "没有/v 案件/n": [], "没有/v 办结率/n": ["没有办结率/n"], "没有/v 有效/a": [], "没有/v 受理/v": ["没有受理/v"],
    "无/v 证件/n": ["无证件/b"], "无/v 依法/d 登记/v": ["无依法登记/v"], "无/v 按/p 要求/n 整改/v": ["无按/b"],
    "还/d 未/d 办结/v": ["未办结/v"], "尚/d 未/d 办结/v": ["尚未办结/v"], "没有/v 不/d 受理/v": ["没有不受理/v"], "没有/v 不/d 不/d 受理/v": ["没有不不受理/v"], "未/d 办结/v 不/d 受理/v": ["未办结/v", "不受理/v"],
    "不/d 低于/v 3/m": [], "不/d 超过/v": [], "不/d 含/v 税/n": [], "不/d 达到/v": [], "不/d 达到/v 要求/n": ["不达到/v"], "没有/v 不/d 超过/v": [],
    "未/d 按/p 要求/v 整改/v": ["未按要求整改/v"], "未/d 按/p 要求/n 整改/v 企业/n": ["未按要求整改/v"], "未/d 将/d 预算/n 公开/v": ["未将预算公开/v"], "未/d 将/p 预算/n 公开/v": ["未将预算公开/v"],
    "未/d 在/p 7/m 天/q 内/f 更新/v": ["未在7天内更新/v"], "未/d 在/p 去年/t 更新/v": ["未在去年更新/v"], "未/d 在/p 两批/mq 内/f 更新/v": ["未在两批内更新/v"], "未/d 在/p 7/x 内/f 更新/v": ["未在7内更新/v"],
    "没有/v 不/d 按/p 要求/n 整改/v": ["没有不按要求整改/v"], "未/d 按/p": ["未按/v"], "未/d 按/p 甲/n": ["未按/v"],
    **{f"未/d 按/p 甲/n 乙/{tag} 整改/v": ["未按/v"] for tag in ("x", "uj", "ul", "ug", "uz", "w", "y", "c")},
    **{f"{denied} 甲/{tag}": [] for denied in ("未/d", "没有/v", "无/v") for tag in ("x", "uj", "ul", "ug", "uz", "m", "mq", "q", "t", "w", "y", "c", "f")},
    "未/d 按/p 甲/n 乙/n 丙/n 丁/n 戊/n 己/n 整改/v": ["未按甲乙丙丁戊己整改/v"], "未/d 按/p 甲/n 乙/n 丙/n 丁/n 戊/n 己/n 庚/n 整改/v": ["未按/v"],
    "未/d 甲/d 乙/d 丙/d 丁/d 戊/d 己/d 办结/v": ["未甲乙丙丁戊己办结/v"], "未/d 甲/d 乙/d 丙/d 丁/d 戊/d 己/d 庚/d 办结/v": [],
    "未/d": [], "": [], "办结/v": [],
}  # fmt: skip


def test_what_a_negation_governs() -> None:
    """The act behind it, over adverbs, other negations and a preposition with its object; no bound, no mark, no number."""
    found = {
        text: [f"{''.join(word.text for word in said[one.start : one.end])}/{one.tag}" for one in find_governed(said)]
        for text in GOVERNED
        for said in [words(text)]
    }

    assert {text: one for text, one in found.items() if one != GOVERNED[text]} == {}


@pytest.mark.parametrize(
    ("name", "said", "whole"),
    [
        ("办结案件", "未办结/v 案件/n", "未办结案件"),
        ("办结案件", "未办结/v 办结/v 案件/n", "办结案件"),
        ("按期办结案件", "未按期办结/v 案件/n", "未按期办结案件"),
        ("期办结", "未按期办结/v", "未按期办结"),
        ("结案", "未办结/v", "结案"),
        ("未办结", "未办结/v", "未办结"),
        ("仍未办结", "尚未办结/v", "仍未办结"),
        ("办结", "案件未办结/v", "办结"),
        ("按照规定的办理时限办结", "未按照规定的办理时限办结/v", "未按照规定的办理时限办结"),
        ("办结受理", "未办结/v 不受理/v", "未办结不受理"),
    ],
)
def test_a_name_has_the_negations_of_its_words(name: str, said: str, whole: str) -> None:
    assert with_its_negations(name, words(said)) == whole


def test_a_negation_whose_act_stands_behind_the_number() -> None:
    ends = {"信息未在": "未", "信息未于": "未", "未按": "未", "没有按": "没有", "未能在": "未能", "从未在": "从未", "未": None, "在": None, "信息在": None, "未在内": None}  # fmt: skip

    assert {text: (found := hanging_in(text)) and found["negation"] for text in ends} == ends


def test_what_makes_a_bound_of_a_negation() -> None:
    bounds = {"低于/v": True, "应/v 低于/v": True, "达到/v": True, "应/v 办结/v": False, "办结/v 低于/v": False, "以上/f": False, "": False}  # fmt: skip

    assert {text: is_bound(words(text)) for text in bounds} == bounds
    assert {"未", "没有", "无", "只"} <= kept_words()
