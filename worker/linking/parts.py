"""Tells figures that count a part of something else: 刑事案件 among those of legal aid are not the crimes of a place."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.facts import load_facts
from worker.figure import Figure
from worker.linking.catalogue import Catalogue

_NAMED_AS_PART = "indicator.part_of_whole"
_OPENER = "其中"
_BRACKET_CLOSED = re.compile(r"[)）][;；]")  # what follows stands beside the whole again
_MARKS = " :,："
_FARTHEST = 200  # characters between a whole and a part
_THING = 4  # characters of what is counted that are the same: 中央财政赤字 of 财政赤字安排
_ITEM = "、"
_CHANGES = frozenset({"increase", "decrease"})


def parts_of_another(figures: Sequence[Figure], ids: Sequence[str | None], catalogue: Catalogue) -> Iterator[int]:
    """Places of figures whose id is that of their own name alone, while they count a part of what another subject has.

    A part has the subject of its whole where both ids begin alike (``police.…``), or where the whole's name says nothing
    that the part's does not: 入境游客接待 of 游客接待. Money spent is divided by what it was for, and each part is all of it.
    """
    wholes = _wholes(figures)
    for part, (figure, id_, whole) in enumerate(zip(figures, ids, wholes, strict=True)):
        if id_ is None or whole is None or figure.change.value in _CHANGES:
            continue
        if not _has_subject(id_, ids[whole] or "") and not _is_said_in(figures[whole], figure, catalogue):
            yield part


def _has_subject(part: str, whole: str) -> bool:
    """Whether both ids begin alike, or the whole is always divided into such parts: 民生支出, 其中教育支出."""
    if part.partition(".")[0] == whole.partition(".")[0]:
        return True
    divided = load_facts("linking")["divided"].values()
    return any(whole.startswith(tuple(row["wholes"])) and part.startswith(tuple(row["parts"])) for row in divided)


def _wholes(figures: Sequence[Figure]) -> list[int | None]:
    """For each figure the place of the one that it is a part of; None where it is none, or that cannot be told."""
    wholes: list[int | None] = [None] * len(figures)
    for place, (before, figure) in enumerate(pairwise(figures), 1):
        if figure.sentence is None or figure.cell:
            continue
        if _opens_parts(figure):
            wholes[place] = _counted_alike(figures, place)
        elif figure.sentence == before.sentence and _goes_on(figure):
            wholes[place] = wholes[place - 1]
    return wholes


def _opens_parts(figure: Figure) -> bool:
    """Whether its name is all that stands behind 其中, or what a bracket opens with."""
    gap = figure.clause.gap if figure.clause else ""
    _, opener, name = gap.rpartition(_OPENER)
    if opener and name.strip(_MARKS) == figure.indicator.value:
        return True  # but not so for a deed with a name of its own: 其中判决驳回诉讼请求
    return figure.indicator.rule == _NAMED_AS_PART and (bool(opener) or gap.lstrip().startswith("("))


def _goes_on(figure: Figure) -> bool:
    """Whether it is a part as the one before is."""
    gap = figure.clause.gap if figure.clause else ""
    return figure.indicator.rule == _NAMED_AS_PART and not _BRACKET_CLOSED.search(gap)


def _counted_alike(figures: Sequence[Figure], part: int) -> int | None:
    """The nearest figure before that a part can be of: close by, in its unit, and no change."""
    for place in range(part - 1, -1, -1):
        before = figures[place]
        if figures[part].place.start - before.place.end > _FARTHEST:
            return None
        if before.unit == figures[part].unit and before.change.value not in _CHANGES:
            return place
    return None


def _is_said_in(whole: Figure, part: Figure, catalogue: Catalogue) -> bool:
    """Whether one of the things that the whole's name lists has no word that the part's name lacks, but for a verb behind it."""
    name = part.indicator.value or ""
    said = set(name)
    listed = [thing for thing in (whole.indicator.value or "").split(_ITEM) if thing]
    return any(
        said.issuperset(catalogue.words.key(thing)) or (len(name) > _THING and thing.startswith(name[-_THING:]))
        for thing in listed
    )
