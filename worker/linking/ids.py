"""Gives a figure the id of its indicator, where its name leaves no doubt."""

import re
from collections.abc import Iterator, Mapping, Sequence

from worker.draft import Draft
from worker.extract.language.lexicon import Lexicon
from worker.figure import Figure
from worker.linking.catalogue import Catalogue
from worker.linking.forms import ids_of_cells
from worker.parts import Cell

_NEXT_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_AFTER = 8  # characters after a figure, enough for 以上 or 左右 and a word


def linked(draft: Draft, catalogue: Catalogue, lexicon: Lexicon) -> tuple[Figure, ...]:
    """The figures with their ids."""
    of_forms = ids_of_cells(draft.cells, catalogue.forms)
    found = [_id(figure, of_forms, draft, catalogue, lexicon) for figure in draft.figures]
    doubtful = set(_doubtful(draft.figures, found))
    return tuple(
        figure.having(indicator_id=id_) if id_ and index not in doubtful else figure
        for index, (figure, id_) in enumerate(zip(draft.figures, found, strict=True))
    )


def _id(
    figure: Figure, of_forms: Mapping[Cell, str], draft: Draft, catalogue: Catalogue, lexicon: Lexicon
) -> str | None:
    if figure.cell and figure.cell in of_forms:
        return of_forms[figure.cell]
    found = id_of(figure, catalogue, lexicon)
    return found if found and _is_whole_name(figure, draft, lexicon) else None


def id_of(figure: Figure, catalogue: Catalogue, lexicon: Lexicon) -> str | None:
    """The id whose wording is the indicator's, word for word, and whose unit agrees; None where there is any doubt.

    One word more (个人调解室, 专业性人民调解委员会) names a part or another thing and gives no id; neither do wordings
    that two indicators share. The growth of a quantity has the quantity's id and a ``change``.
    """
    is_change = figure.change.value in ("increase", "decrease")
    found = catalogue.ids.get(catalogue.key_of(figure.indicator.value or "", is_change=is_change))
    if found is None or len(found) != 1:
        return None
    (name,) = found
    return name if _agrees(figure.unit, catalogue.kinds[name], catalogue, lexicon, is_change=is_change) else None


def _agrees(unit: str, kind: str, catalogue: Catalogue, lexicon: Lexicon, *, is_change: bool) -> bool:
    if unit in ("%", "个百分点"):
        return is_change or (kind == "percent" and unit == "%")
    if not unit:
        return kind in ("ratio", "score")
    if kind == "intensity":
        return "/" in unit or "每" in unit
    if kind == "count" and unit != "人次" and lexicon.kind_of(unit) == "visit":
        return True  # 户次, 家次, 件次 count occasions
    return lexicon.kind_of(unit) in catalogue.unit_kinds.get(kind, ())


def _is_whole_name(figure: Figure, draft: Draft, lexicon: Lexicon) -> bool:
    """Whether the words after the figure are in its name, if there are any: not so for 棚户区改造20条配套道路."""
    end = figure.place.end
    after = draft.text.now[end : end + _AFTER].lstrip(" ")
    qualifiers = (word for word, _ in lexicon.qualifiers_after.get(after[:1], ()))
    after = after.removeprefix(next(filter(after.startswith, qualifiers), ""))
    word = _NEXT_WORD.match(after)
    return word is None or set(word[0]) <= set(figure.indicator.value or "")


def _doubtful(figures: Sequence[Figure], ids: Sequence[str | None]) -> Iterator[int]:
    """Places of figures that a sentence gives one name and two values for: only one of them can have it.

    Neither can two figures of a report without a period, as in a table of which the head was not understood. The level
    from which a change set out (由91%提高到95%) has no period of its own, and gives way to the one reached.
    """
    groups: dict[tuple[str, str, str, str | None, bool], list[int]] = {}
    for place, (figure, id_) in enumerate(zip(figures, ids, strict=True)):
        if id_:
            change = figure.change.value in ("increase", "decrease")
            where = figure.words if figure.period.value else ""
            groups.setdefault((where, id_, figure.unit, figure.period.value, change), []).append(place)
    for places in groups.values():
        if len({figures[place].value for place in places}) > 1:
            reached = [place for place in places if figures[place].change.value == "to"]
            yield from (place for place in places if reached != [place])
