"""How far the loss of a byte reaches: over what it can have touched, and no further."""

import pytest

from worker.clean.doubt import find_broken_sentences
from worker.clean.fluency import fluency_of
from worker.clean.script import script_of
from worker.tools import load_tools


@pytest.mark.parametrize(
    ("text", "in_step", "touched"),
    [
        ("\ufffd年办案120件，出庭率100%，提高2个百分点。", True, ["\ufffd年办案120件"]),
        ("社区\ufffd设，新建站点3个，投资5亿元。", True, ["社区\ufffd设"]),
        ("社区\ufffd设，新建站点3个，投资5亿元。", False, ["社区\ufffd设，新建站点3个"]),
        ("投资5亿元，项目魄魉惧⑹凳\ufffd126个，争取7亿元。", False, ["项目魄魉惧⑹凳\ufffd126个"]),
        ("投诉56旖嵬端\ufffd52件，满意率98%。", False, ["投诉56旖嵬端\ufffd52件"]),
        ("收入1,200万\ufffd，支出900万元。", True, ["收入1,200万\ufffd"]),
        ("甲\ufffd，乙3个，丙\ufffd，丁4个。", True, ["甲\ufffd", "丙\ufffd"]),
        ("甲\ufffd乙\ufffd，丙4个。", True, ["甲\ufffd乙\ufffd"]),
        ("（甲\ufffd，乙3个，丙4个。", True, ["（甲\ufffd，乙3个，丙4个"]),
    ],
)
def test_a_loss_reaches_over_the_clauses_that_it_can_have_touched(
    text: str, *, in_step: bool, touched: list[str]
) -> None:
    """In step, that is the clause; else all up to the ASCII characters on either side, with their clauses."""
    tools = load_tools()
    script, fluency = script_of(tools.to_simplified), fluency_of(tools.jieba)

    found = find_broken_sentences(text, script, fluency, misread=False, in_step=in_step)

    assert [text[flaw.start : flaw.end] for flaw in found] == touched


def test_the_numbers_that_are_lost_are_counted() -> None:
    tools = load_tools()
    text = "受理\ufffd件12件3人，百万亩\ufffd，甲\ufffd。"
    script, fluency = script_of(tools.to_simplified), fluency_of(tools.jieba)

    found = find_broken_sentences(text, script, fluency, misread=False, in_step=True)

    assert [flaw.message.partition("; ")[2] for flaw in found] == [
        "2 numbers of it cannot be trusted",
        "1 number of it cannot be trusted",
        "",
    ]
