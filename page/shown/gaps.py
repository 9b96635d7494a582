"""What of a report could not be read: how many places, and which warnings tell of the same one."""

import json
from collections.abc import Iterable, Sequence
from itertools import chain

from schemas.gaps import GAPS
from schemas.report import ReportWarning


def by_place(warnings: Iterable[ReportWarning]) -> list[tuple[ReportWarning, ...]]:
    """Warnings that tell of one place together, in the order of the first of each; one of the whole report is alone."""
    numbered = list(enumerate(warnings))
    groups: list[list[tuple[int, ReportWarning]]] = []
    last = -1
    for at, warning in sorted(numbered, key=lambda one: (-1 if one[1].start is None else one[1].start, one[0])):
        if warning.start is None:
            groups.append([(at, warning)])
            continue
        if warning.start < last:
            groups[-1].append((at, warning))
        else:
            groups.append([(at, warning)])
        last = max(last, end_of(warning))
    groups.sort(key=lambda group: min(at for at, _ in group))
    return [tuple(warning for _, warning in group) for group in groups]


def end_of(warning: ReportWarning) -> int:
    """Where the place of a warning ends: a place without an end is one character."""
    start = warning.start or 0
    return max(warning.end or 0, start + 1)


def gaps_of(warnings: Iterable[ReportWarning]) -> list[tuple[ReportWarning, ...]]:
    """The places that could not be read, each with its warnings."""
    return by_place(warning for warning in warnings if warning.code in GAPS)


def share_of(gaps: Sequence[Sequence[ReportWarning]], length: int) -> float:
    """How much of a text of so many characters the places make, from 0 to 1."""
    told = [warning for warning in chain.from_iterable(gaps) if warning.start is not None]
    spans = [(warning.start or 0, end_of(warning)) for warning in told]
    covered = sum(len(range(start, end)) for start, end in _joined(spans))
    return min(1.0, covered / length) if length else 0.0


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def stored_gaps(warnings: str) -> int:
    """How many places could not be read, by a report's warnings as the store has them, which is JSON.

    >>> stored_gaps('[{"code": "decode_damage", "start": 3, "end": 9}, {"code": "broken_sentence", "start": 4, "end": 12}]')
    1
    """
    told = (one for one in json.loads(warnings) if one["code"] in GAPS)
    return len(gaps_of(ReportWarning.model_construct(**{"start": None, "end": None, **one}) for one in told))
