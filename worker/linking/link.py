"""Gives a figure the id of its indicator, where its name leaves no doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.metric import Metric
from worker.draft import Draft
from worker.extract.lexicon import Lexicon
from worker.linking.catalogue import Catalogue
from worker.linking.forms import ids_of_cells

_NEXT_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_AFTER = 8  # characters behind a figure, enough for 以上 or 左右 and a word


@dataclass(frozen=True)
class _Linked:
    metric: Metric
    id: str | None


def link_figures(draft: Draft, catalogue: Catalogue, lexicon: Lexicon) -> tuple[Metric, ...]:
    """The metrics with their ids."""
    linked: list[_Linked] = []
    of_forms = ids_of_cells(draft, catalogue.forms)
    for metric in draft.metrics:
        if metric.source.start in of_forms:
            linked.append(_Linked(metric, of_forms[metric.source.start]))
            continue
        found = link(metric, catalogue, lexicon)
        linked.append(_Linked(metric, found if found and _is_whole_name(metric, draft, lexicon) else None))
    doubtful = set(_doubtful(linked))
    return tuple(
        one.metric.model_copy(update={"indicator_id": one.id}) if one.id and place not in doubtful else one.metric
        for place, one in enumerate(linked)
    )


def link(metric: Metric, catalogue: Catalogue, lexicon: Lexicon) -> str | None:
    """The id whose wording is the indicator's, word for word, and whose unit agrees; None where there is any doubt.

    One word more (个人调解室, 专业性人民调解委员会) names a part or another thing and gives no id; neither do wordings
    that two indicators share. The growth of a quantity has the quantity's id and a ``change``.
    """
    is_change = metric.change in ("increase", "decrease")
    found = catalogue.ids.get(catalogue.key_of(metric.indicator, is_change))
    if found is None or len(found) != 1:
        return None
    (name,) = found
    return name if _agrees(metric, catalogue.kinds[name], is_change, catalogue, lexicon) else None


def _agrees(metric: Metric, kind: str, is_change: bool, catalogue: Catalogue, lexicon: Lexicon) -> bool:
    if metric.unit in ("%", "个百分点"):
        return is_change or (kind == "percent" and metric.unit == "%")
    if not metric.unit:
        return kind in ("ratio", "score")
    if kind == "intensity":
        return "/" in metric.unit or "每" in metric.unit
    if kind == "count" and metric.unit != "人次" and lexicon.kind_of(metric.unit) == "visit":
        return True  # 户次, 家次, 件次 count occasions
    return lexicon.kind_of(metric.unit) in catalogue.unit_kinds.get(kind, ())


def _is_whole_name(metric: Metric, draft: Draft, lexicon: Lexicon) -> bool:
    """Whether the words behind the figure are in its name, if there are any: not so for 棚户区改造20条配套道路."""
    end = draft.text.origin.now_position(metric.source.end - 1) + 1
    behind = draft.text.now[end : end + _AFTER].lstrip(" ")
    qualifiers = (word for word, _ in lexicon.qualifiers_after.get(behind[:1], ()))
    behind = behind.removeprefix(next(filter(behind.startswith, qualifiers), ""))
    word = _NEXT_WORD.match(behind)
    return word is None or set(word[0]) <= set(metric.indicator)


def _doubtful(linked: Sequence[_Linked]) -> Iterator[int]:
    """Places of figures that a sentence gives one name and two values for: only one of them can have it.

    Neither can two figures of a report without a period, as in a table of which the head was not understood. The level from which a change set out (由91%提高到95%) has no period of its own, and gives way to the one reached.
    """
    groups: dict[tuple[str, str, str, str | None, bool], list[int]] = {}
    for place, one in enumerate(linked):
        if one.id:
            metric = one.metric
            change = metric.change in ("increase", "decrease")
            where = metric.sentence if metric.period else ""
            key = (where, one.id, metric.unit, metric.period, change)
            groups.setdefault(key, []).append(place)
    for places in groups.values():
        if len({linked[place].metric.value for place in places}) > 1:
            reached = [place for place in places if linked[place].metric.change == "to"]
            yield from (place for place in places if reached != [place])
