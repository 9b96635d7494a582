"""The fields of a figure of prose, on one screen: each may go by those before it.

A field's rules stand in the module of its name; the first that speaks decides (:mod:`worker.extract.sentence.rules`). Those of a
table's figure are in ``worker/extract/tables/cell_fields.py``.
"""

from collections.abc import Callable, Sequence
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


#: A field's name, the rules that are asked, and what asks them; None for the name, which is handed on.
Asked = tuple[str, tuple[Rule[Any], ...], Callable[[Seen, Sequence[Rule[Any]]], Said] | None]


@lru_cache(maxsize=1024)
def rules_asked(found: int) -> tuple[Asked, ...]:
    """The fields with those of their rules that may speak where these have found words that they need."""
    return tuple(
        (field.name, field.asked(found), None if isinstance(field, Indicator) else field.decide) for field in FIELDS
    )


def decide(passage: Passage, frame: Frame) -> tuple[list[dict[str, Said]], Frame]:
    """The fields of a sentence's figures, each by name, and the frame after the last of them.

    ``frame`` is what the sentence begins with.
    """
    rows = []
    asked = rules_asked(passage.words_found)
    for index, spot in enumerate(passage.spots):
        seen = Seen(passage, index, frame.after_semicolon() if spot.joint == ";" else frame)
        for name, rules, decider in asked:
            if decider:
                seen.said[name] = decider(seen, rules)
            else:
                seen.said[name], frame = INDICATOR.handed_on(seen, rules)
        rows.append(seen.said)
    return rows, frame
