"""The time of a total that has run up over years: a rule for the period."""

import re

from worker.extract.sentence.rules import Answer, only_with
from worker.extract.sentence.seen import Seen

_RUNS = "累计"
_REACHES = re.compile("[,、]?(?:目前)?累计(?:已)?(?:达到?|共有?|建成|有)?$")
# What came about in the year alone stands beside it: 2023年新接收122人, 其中今年新建18处.
_NEW = re.compile("(?:今年|本年度?|当年|年内|[0-9]{4} ?年)[^,。;0-9]{0,6}新|截[至止]")
_YEAR = re.compile("[0-9]{4}")


@only_with(_RUNS)
def running_total(seen: Seen) -> Answer | None:
    """累计接收1890人 beside 2023年新接收122人, and 累计达到37个 after 创建9个, have run up over the years to the report's."""
    text, spot, year = seen.reading.text, seen.spot, seen.clock.year
    sentence = seen.passage.sentence
    runs = text.rfind(_RUNS, sentence.body, spot.figure.start)
    if runs < 0 or not year or seen.stated or seen.is_planned:
        return None
    before = seen.clock.outlook.period
    if before and not _YEAR.fullmatch(before):
        return None
    is_beside = bool(_NEW.search(text, spot.figure.end, sentence.end))
    return Answer(f"..{before or year}", _RUNS) if is_beside or _is_more(seen) else None


def _is_more(seen: Seen) -> bool:
    """Whether a figure in the same unit stands before it, and its own clause says nothing but how many there are by now."""
    spots, at = seen.passage.spots, seen.index
    if not at or spots[at - 1].figure.unit != spots[at].figure.unit:
        return False
    return bool(_REACHES.fullmatch(seen.reading.text[spots[at].left : spots[at].figure.start].strip()))
