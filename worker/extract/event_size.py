"""Refuses a report whose event could not be carried, before its figures are read: that is the dear part."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from worker.errors import BadReport
from worker.parts import Sentence

#: Bytes of the smallest figure as JSON, its words apart: names of fields, confidence, offsets.
LEAST_FIGURE_BYTES = 350
# A number with a measure after it, and no part of a date, an item or an article. Others may be figures, too: they are
# counted later, when each number has its class.
_MEASURED = re.compile(r"\d(?<![\d.,第]\d)[\d.,]*+(?:[%％‰]|(?![年月日号时分秒点第条章节款项届期])[\u4e00-\u9fff])")


def refuse_many_numbers(text: str, most_bytes: int) -> None:
    """Look at the text alone, which takes a tenth of a second for ten megabytes.

    Raises:
        BadReport: ``too_large``: as many measured numbers as this make an event of more than ``most_bytes``.
    """
    count = 0
    for _ in _MEASURED.finditer(text):
        count += 1
    _refuse(count, count * LEAST_FIGURE_BYTES, most_bytes, "decode", "numbers with their measures")


def refuse_many_figures(
    text: str, starts: Sequence[int], sentences: Iterable[Sentence], in_tables: int, most_bytes: int
) -> None:
    """Weigh what will be figures, by the sentences that they quote; ``starts`` are their places in the prose, in order.

    Raises:
        BadReport: ``too_large``: the event would have more than ``most_bytes``.
    """
    count = len(starts) + in_tables
    if count * LEAST_FIGURE_BYTES * 10 < most_bytes:
        return  # what a sentence holds is bounded, too
    quoted = sum(
        (bisect_left(starts, one.end) - bisect_left(starts, one.start))
        * len(text[one.start : one.end].strip().encode())
        for one in sentences
    )
    _refuse(count, count * LEAST_FIGURE_BYTES + quoted, most_bytes, "extract", "figures")


def _refuse(count: int, size: int, most: int, stage: str, what: str) -> None:
    if size > most:
        seen = f"{count} {what} make an event of more than {size} bytes"
        raise BadReport("too_large", stage, f"{seen}; at most {most} are allowed, split the file")
