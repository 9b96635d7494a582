"""Numbers that a rule, a form or a sign sets: what they bound is asked of everybody, and nobody has counted it."""

import re

from worker.extract.kinds.surroundings import NumberKind, Sight
from worker.patterns import Pattern

# 处500元以上2000元以下罚款: the lower bound, and the upper.
_FINE_LEFT = re.compile("(?:并|可|可以|各)?[处科]以?$|[处科]以?[^,。;、]{1,8}以上$")
_FINE_RIGHT = Pattern("以[上下](?:[0-9一二三四五六七八九十百千万]+元)?(?:以下)?的?{numbers.conditions.punishments}")
# 单笔2万元以上的须报批, 拖欠5万元以上的，移送: whoever is meant is asked something.
_CONDITION_RIGHT = Pattern(
    "以[上下内]的[,，]?(?:须|由|实行|移送|责令)|以[上下内][,，]?{numbers.conditions.asked}"
    "|以[上下]的[,，](?![^,。;]{0,4}[0-9])|以[上下]或者?[0-9]"
)
_DEFINITION_LEFT = re.compile("[是系]指[^。;]*$")
_FAR = 48  # characters of a definition
_OVER_LEFT = Pattern("对{indicators.over}$")  # 对超过5000元的支出集体研究
_AGED_LEFT = Pattern("{numbers.conditions.aged}$")
_AGE_GOES_ON = re.compile("[、,]")
_FORMS_LEFT = re.compile("一式$")
_SET_LEFT = Pattern("{numbers.conditions.set}(?:为|是|不超过|共|约)?$")
_MARK_RIGHT = re.compile("分?(?:为|算)(?:合格|及格|满分)")
# 56家单位中，19家满意率达100%，4家低于90%: the level says who is counted.
_REACHED_LEFT = re.compile(
    "中,[^。;]{0,30}?[0-9][家个名所户人](?:[\u4e00-\u9fff]{0,8}[率度])?(?:达到|达|低于|高于|超过|不足)$"
)
_ERROR_LEFT = re.compile("误差(?:在|不超过|不大于|小于|控制在)$")


def find_condition(seen: Sight) -> NumberKind | None:
    """A bound, an age, a term or a limit that a rule, a form or a sign sets, and nobody has counted."""
    unit, left, right = seen.candidate.unit, seen.left, seen.right
    if _SET_LEFT.search(left) or (unit == "分" and _MARK_RIGHT.match(right)):
        return NumberKind("name", "a term or a limit that is set")
    if not unit:
        return None
    if _FINE_RIGHT.match(right) and _FINE_LEFT.search(left):
        return NumberKind("name", "the bound of a fine")
    before = seen.reading.text[max(0, seen.candidate.start - _FAR) : seen.candidate.start]
    is_bound = right.startswith(("以上", "以下")) and bool(_DEFINITION_LEFT.search(before))
    is_bound = is_bound or (right.startswith("的") and bool(_OVER_LEFT.search(left)))
    if is_bound or _CONDITION_RIGHT.match(right):
        return NumberKind("name", "a bound that says who is meant")
    if unit == "%" and _REACHED_LEFT.search(before):
        return NumberKind("name", "a level that says who is meant")
    if unit in ("岁", "周岁") and _AGED_LEFT.search(left) and _AGE_GOES_ON.match(right) and "均" not in left:
        return NumberKind("name", "an age that says who is meant")
    if unit == "份" and _FORMS_LEFT.search(left):
        return NumberKind("identifier", "how many copies or pages a paper has")
    if _ERROR_LEFT.search(left):
        return NumberKind("vague", "how far a value may be off")
    return None
