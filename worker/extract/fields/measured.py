"""What kind of quantity a figure is: a level, or one of the quantities that are made of levels."""

from worker.extract.sentence.rules import Answer, Field, only_with
from worker.extract.sentence.seen import Seen
from worker.figure import Said
from worker.patterns import Pattern, set_of

_DIFFERENCE = Pattern("(?:{growth.than}|{growth.than.apart})[^,;、]*$|[比较][^,;、]{1,12}[高低快慢多少]出?了?$")
# A bound sets nothing against another: one that is denied (培训不低于800人次), or right before the number (收入高于5000元)
# without what it is measured from (比上年高于12件).
_BOUND = Pattern("^(?!.*(?:(?<![占对])比(?![例重率值])|较)).*{growth.than.bounds} ?$")
_DENIED = Pattern("不[得应能可]?{growth.than}")
#: 高于2019年的48%: the level of that year, and no distance from it.
_OF_YEAR = Pattern("{growth.than}(?:[0-9]{2,4} ?年|[上去]年)(?:同期)?[的之]$")
_SHARE = Pattern("{growth.share.alone}|占.{0,12}比例")
_LEVEL = Answer("level")
PARTS = ("%", "‰")  # units of what may be a share


def yearly_mean(seen: Seen) -> Answer | None:
    """年均: a mean over years, of a level or of growth."""
    return Answer("yearly_mean", "年均") if seen.is_mean else None


def rate_of_change(seen: Seen) -> Answer | None:
    """A change that is told as a part of what it was: 增长8%, 翻一番."""
    return _of_change(seen.said["change"], seen.spot.figure.unit, "rate_of_change")


def difference(seen: Seen) -> Answer | None:
    """A change that is told as an amount, in percentage points for a rate: 增加12件, 提高3个百分点."""
    return _of_change(seen.said["change"], seen.spot.figure.unit, "difference")


@only_with("{growth.than}", "{growth.than.apart}", "比", "较")
def gap(seen: Seen) -> Answer | None:
    """The distance from somebody else's figure: 高于全省平均水平2个百分点."""
    left = seen.reading.text[seen.spot.left : seen.spot.figure.start]
    is_level = "百分点" not in seen.spot.figure.unit and (
        _BOUND.search(left) or _DENIED.search(left) or _OF_YEAR.search(left)
    )
    found = None if is_level else _DIFFERENCE.search(left)
    return Answer("difference", found.group()) if found else None


def share(seen: Seen) -> Answer | None:
    """A part told as a proportion of its whole: 占比62%."""
    return share_named(seen.said["indicator"], seen.spot.figure.unit)


def share_named(name: Said, unit: str) -> Answer | None:
    """Whether an indicator of this unit is named as a share."""
    found = share_in_name(name.value, unit)
    return Answer("share", found) if found else None


def share_in_name(name: str | None, unit: str) -> str:
    """The words of a name that call it a share, where its unit can be that of one."""
    found = _SHARE.search(name or "") if unit in PARTS else None
    return found.group() if found else ""


def level(seen: Seen) -> Answer:
    """Nothing says otherwise."""
    return _LEVEL


def measure_of_change(change: Said, unit: str) -> str | None:
    """``rate_of_change`` or ``difference`` for a figure that is a change, None for any other."""
    if change.value not in ("increase", "decrease"):
        return None
    return "rate_of_change" if unit in set_of("growth.rates") or change.rule == "change.doubling" else "difference"


def _of_change(change: Said, unit: str, wanted: str) -> Answer | None:
    return Answer(wanted, change.words) if measure_of_change(change, unit) == wanted else None


MEASURE = Field("measure", (yearly_mean, rate_of_change, difference, gap, share, level))
