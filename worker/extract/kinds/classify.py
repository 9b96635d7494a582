"""Tells figures from the other numbers of a text.

Rules are asked in order; the first that speaks decides, and says why. What no rule rejects is a figure.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from worker.extract.kinds.in_dates import find_date
from worker.extract.kinds.in_names import find_code, find_group, find_name, find_place
from worker.extract.kinds.in_pieces import find_torn
from worker.extract.kinds.in_rules import find_condition
from worker.extract.kinds.in_words import find_word, find_worthless
from worker.extract.kinds.ordinals import find_marker, find_ordinal
from worker.extract.kinds.surroundings import NumberKind, Sight

Rule = Callable[[Sight], NumberKind | None]

RULES: tuple[Rule, ...] = (
    find_name,  # “四个全面”, 三项制度, 〔2021〕4号
    find_ordinal,  # 第三批, 居全省第3, 十四届
    find_code,  # 5G, 12345热线, G15, telephone numbers
    find_date,  # 2023年, 1至11月, 近三年来
    find_marker,  # 一是, (三), 1.
    find_place,  # 3号, 2楼
    find_word,  # 统一, 百姓, 一项
    find_group,  # 60岁以上老年人, 220千伏变电站
    find_condition,  # 处500元以上2000元以下罚款, 年满18周岁
    find_worthless,  # no value, or nothing that it measures
    find_torn,  # 4O 5万
)


def classify(seen: Sight) -> NumberKind:
    """The kind of a number, by the first rule that knows it."""
    for rule in RULES:
        if verdict := rule(seen):
            return verdict if verdict.rule else _ruled(rule, verdict)
    return _MEASURED if seen.candidate.unit else _MEASURES


_MEASURED = NumberKind("metric", "a number with a unit", "class.measured")
_MEASURES = NumberKind("metric", "a number that measures", "class.measures")


# Numbers are many and reasons few.
@lru_cache(maxsize=1024)
def _ruled(rule: Rule, verdict: NumberKind) -> NumberKind:
    return verdict._replace(rule=rule_name(rule))


@cache
def rule_name(rule: Rule) -> str:
    """What a rule is called: ``class.ordinal``."""
    return f"class.{rule.__name__.removeprefix('find_')}"
