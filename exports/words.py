"""Words that stand for one of a few things, as people read them in a workbook; every other format has the names of the messages."""

from typing import Final

from exports.columns import Cell

#: By the name of the column, and the value that messages have.
WORDS: Final[dict[str, dict[str, str]]] = {
    "level": {"national": "全国", "province": "省级", "city": "地级", "county": "县级"},
    "qualifier": {"exact": "确数", "about": "约数", "over": "以上", "under": "以下"},
    "change": {"increase": "增加", "decrease": "减少", "to": "达到"},
    "measure": {
        "level": "水平",
        "difference": "差额",
        "rate_of_change": "变化率",
        "yearly_mean": "年均",
        "share": "占比",
    },
    "status": {"achieved": "已实现", "ongoing": "进行中", "planned": "计划", "required": "要求"},
    "review": {"confirmed": "已确认", "corrected": "已更正", "added": "人工补录", "struck": "已剔除"},
    "kind": {
        "rule_of_law": "法治政府建设报告",
        "government_work": "政府工作报告",
        "statistical_communique": "统计公报",
        "disclosure": "政府信息公开年报",
        "plan_execution": "计划执行报告",
        "audit": "审计报告",
        "budget": "预算报告",
        "final_accounts": "决算报告",
        "economic_analysis": "经济运行分析",
        "court_work": "法院工作报告",
        "procuratorate_work": "检察工作报告",
        "proceedings": "会议记录",
        "news": "新闻",
    },
    "verdict": {
        "holds": "吻合",
        "holds_truncated": "吻合（截尾）",
        "holds_within_rounding": "约数之内吻合",
        "contradicts": "不吻合",
    },
    "relation": {
        "sum": "合计",
        "difference": "差额",
        "ratio": "比率",
        "complement": "压缩比",
        "growth": "增长",
        "subset": "其中",
        "threshold": "目标",
        "repetition": "重复",
    },
}

#: Instead of the indicator of a figure of which nobody can tell what it measures.
NAMELESS: Final = "（名称不明，不可用）"


def said(column: str, cell: Cell) -> Cell:
    """A cell as a workbook has it.

    >>> said("status", "planned"), said("kind", "a plugin's own"), said("value", "5")
    ('计划', "a plugin's own", '5')
    >>> said("indicator", None)
    '（名称不明，不可用）'
    """
    if column == "indicator" and not cell:
        return NAMELESS
    words = WORDS.get(column)
    return words.get(cell, cell) if words and isinstance(cell, str) else cell
