"""The fields of a figure of prose, on one screen: each may go by those before it.

A field's rules stand in the module of its name; the first that speaks decides (:mod:`worker.extract.sentence.rules`). Those of a
table's figure are in ``worker/extract/tables/cell_fields.py``.
"""

from functools import lru_cache
from typing import Any

from worker.extract.fields.indicators import INDICATOR, Indicator
from worker.extract.fields.measured import MEASURE
from worker.extract.fields.owners import ACTOR, SCOPE
from worker.extract.fields.periods import PERIOD
from worker.extract.fields.qualifiers import CHANGE, QUALIFIER
from worker.extract.fields.statuses import STATUS
from worker.extract.sentence.frames import Frame
from worker.extract.sentence.rules import Field, Rule
from worker.extract.sentence.seen import Passage, Seen
from worker.figure import Said

FIELDS: tuple[Field[Seen] | Indicator, ...] = (
    CHANGE,  # increase, decrease, to: 增长8%, 增加到12个
    QUALIFIER,  # about, over, under, exact: 近, 以上, 不足
    INDICATOR,  # what was counted: 行政复议案件受理
    STATUS,  # achieved, ongoing, planned, required
    PERIOD,  # 2023, ..2023-06, 2021/2025
    SCOPE,  # 全市, 市直
    ACTOR,  # 市司法局
    MEASURE,  # level, difference, rate_of_change, yearly_mean, share
)


@lru_cache(maxsize=1024)
def rules_asked(found: int) -> tuple[tuple[Field[Seen] | Indicator, tuple[Rule[Any], ...]], ...]:
    """The fields with those of their rules that may speak where these have found words that they need."""
    return tuple((field, field.asked(found)) for field in FIELDS)


def decide(passage: Passage, frame: Frame) -> tuple[list[dict[str, Said]], Frame]:
    """The fields of a sentence's figures, each by name, and the frame after the last of them.

    ``frame`` is what the sentence begins with.
    """
    rows = []
    asked = rules_asked(passage.words_found)
    for index, spot in enumerate(passage.spots):
        frame = frame.after_semicolon() if spot.joint == ";" else frame
        seen = Seen(passage, index, frame if spot.bracket >= 0 else frame.measured_before())
        for field, rules in asked:
            if isinstance(field, Indicator):
                seen.said[field.name], frame = field.handed_on(seen, rules)
            else:
                seen.said[field.name] = field.decide(seen, rules)
        rows.append(seen.said)
    return rows, frame
