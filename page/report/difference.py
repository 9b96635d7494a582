"""What two readings of one document say differently: of two revisions, or of one by older and newer rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

Row = Mapping[str, Any]
#: What a figure says; a change in one of these is told.
FIELDS = (
    "indicator",
    "value",
    "value_high",
    "unit",
    "period",
    "status",
    "qualifier",
    "change",
    "measure",
    "scope",
    "actor",
)
#: How two figures that differ are known to be the same one, the surest first.
_WAYS = (
    ("sentence_text", "quote"),
    ("indicator", "unit", "period", "change", "measure", "status"),
    ("place_start", "place_end", "quote"),
    ("indicator", "unit", "change", "measure"),
)
_LONGEST_LINE = 1500  # characters that are compared one by one


class Changed(NamedTuple):
    """A figure in both, and the fields in which it differs."""

    was: Row
    now: Row
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """The figures of two readings, compared."""

    changed: tuple[Changed, ...]
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    same: int


class Part(NamedTuple):
    """A part of a line: ``kept``, ``gone`` or ``new``."""

    kind: str
    text: str


def difference(before: Sequence[Row], after: Sequence[Row]) -> Difference:
    """Compare figures as the store has them, each side in reading order."""
    same = _paired(before, after, (*FIELDS, "quote"))
    left = [row for at, row in enumerate(before) if at not in same]
    taken = set(same.values())
    right = [row for at, row in enumerate(after) if at not in taken]
    pairs: list[tuple[Row, Row]] = []
    for way in _WAYS:
        found = _paired(left, right, way)
        pairs += [(left[at], right[other]) for at, other in found.items()]
        taken = set(found.values())
        left = [row for at, row in enumerate(left) if at not in found]
        right = [row for at, row in enumerate(right) if at not in taken]
    pairs.sort(key=lambda pair: int(pair[1]["number"]))
    changed = [Changed(was, now, tuple(name for name in FIELDS if was[name] != now[name])) for was, now in pairs]
    told = tuple(one for one in changed if one.fields)
    return Difference(told, tuple(right), tuple(left), len(same) + len(changed) - len(told))


def _paired(before: Sequence[Row], after: Sequence[Row], names: Iterable[str]) -> dict[int, int]:
    """Rows that have the same in all these fields, one to one in order."""
    held: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(after):
        held.setdefault(tuple(row[name] for name in names), []).append(at)
    found = {}
    for at, row in enumerate(before):
        if waiting := held.get(tuple(row[name] for name in names)):
            found[at] = waiting.pop(0)
    return found


def changed_lines(before: str, after: str) -> Iterator[tuple[Part, ...]]:
    """The lines of two texts that differ, each in parts; empty ones are left out."""
    old, new = ([line for line in text.split("\n") if line.strip()] for text in (before, after))
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if kind == "replace" and end - start == last - first:
            yield from (_parts(was, now) for was, now in zip(old[start:end], new[first:last], strict=True))
            continue
        yield from ((Part("gone", line),) for line in old[start:end])
        yield from ((Part("new", line),) for line in new[first:last])


def _parts(was: str, now: str) -> tuple[Part, ...]:
    if max(len(was), len(now)) > _LONGEST_LINE:
        return Part("gone", was), Part("new", now)
    parts = list[Part]()
    for kind, start, end, first, last in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(Part("kept", was[start:end]))
        else:
            parts += [Part(name, text) for name, text in (("gone", was[start:end]), ("new", now[first:last])) if text]
    return tuple(parts)
