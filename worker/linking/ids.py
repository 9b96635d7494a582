"""Gives a figure the id of its indicator, where its name leaves no doubt."""

import re
from collections.abc import Iterator, Mapping, Sequence

from worker.draft import Draft
from worker.extract.language.lexicon import Lexicon
from worker.figure import Figure
from worker.linking.catalogue import Catalogue
from worker.linking.forms import ids_of_cells
from worker.linking.parts import parts_of_another
from worker.parts import Cell

_NEXT_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_ADDED = "增加值"
_LEVEL = re.compile(r"(?:(?:维吾尔|\w族)?自治[区州县]|[省市县区旗镇乡])$")
_PROPORTIONS = {"%": "percent", "倍": "ratio"}
CHANGES = frozenset({"increase", "decrease"})
_MEANS = frozenset({"intensity"})  # a concentration is a mean over the year by itself
#: The kind of report that tells of reconsideration, lawsuits and petitions in turn, one paragraph each.
_WITH_PROCEEDINGS = "rule_of_law"
_FARTHEST = 400  # characters of a paragraph
_AFTER = 8  # characters after a figure, enough for 以上 or 左右 and a word


def linked(draft: Draft, catalogue: Catalogue, lexicon: Lexicon) -> tuple[Figure, ...]:
    """The figures with their ids."""
    of_forms = ids_of_cells(draft.cells, catalogue.forms)
    own_place = _names_of(draft.document.region or "")
    found = [_id(figure, of_forms, draft, own_place, catalogue, lexicon) for figure in draft.figures]
    doubtful = {
        *_doubtful(draft.figures, found, catalogue.words.basis),
        *parts_of_another(draft.figures, found, catalogue),
    }
    return tuple(
        figure.having(indicator_id=id_) if id_ and index not in doubtful else figure
        for index, (figure, id_) in enumerate(zip(draft.figures, found, strict=True))
    )


def _id(
    figure: Figure,
    of_forms: Mapping[Cell, str],
    draft: Draft,
    own_place: tuple[str, ...],
    catalogue: Catalogue,
    lexicon: Lexicon,
) -> str | None:
    if figure.cell and figure.cell in of_forms:
        return of_forms[figure.cell]
    found = id_of(figure, catalogue, lexicon, own_place) or _id_near(figure, draft, catalogue, lexicon)
    return found if found and _is_whole_name(figure, draft, lexicon) else None


def id_of(figure: Figure, catalogue: Catalogue, lexicon: Lexicon, own_place: tuple[str, ...] = ()) -> str | None:
    """The id whose wording is the indicator's, word for word, and whose unit agrees; None where there is any doubt.

    One word more (个人调解室, 专业性人民调解委员会) names a part or another thing and gives no id. The growth of a quantity has
    the quantity's id and a ``change``, and so has its yearly mean over several years, which is told by its measure.
    ``own_place`` are names of the place reported on, the longest first: before a name they say what the report does.
    """
    is_change = figure.change.value in CHANGES
    name = figure.indicator.value or ""
    found = _found(figure, name, catalogue, is_change=is_change)
    if not found and name.startswith(own_place):
        found = _found(figure, _without_place(name, own_place), catalogue, is_change=is_change)
    if found is None or (_is_mean_of_levels(figure, is_change=is_change) and catalogue.kinds[found] not in _MEANS):
        return None
    return found if _agrees(figure.unit, catalogue.kinds[found], catalogue, lexicon, is_change=is_change) else None


def _id_near(figure: Figure, draft: Draft, catalogue: Catalogue, lexicon: Lexicon) -> str | None:
    """The id of a short name in a report on the rule of law, by the proceedings that its paragraph tells of before it."""
    name, text = figure.indicator.value, draft.text.now
    if not name or figure.cell or figure.change.value in CHANGES or draft.document.kind != _WITH_PROCEEDINGS:
        return None
    before = text[max(0, figure.place.start - _FARTHEST) : figure.place.start]
    found = catalogue.id_near(name, before.rpartition("\n")[2])
    return (
        found if found and _agrees(figure.unit, catalogue.kinds[found], catalogue, lexicon, is_change=False) else None
    )


def _is_mean_of_levels(figure: Figure, *, is_change: bool) -> bool:
    """Whether it says how much there was in a mean year: 年均新增就业60万人 is not what the years have brought."""
    return figure.measure.value == "yearly_mean" and not is_change


def _found(figure: Figure, name: str, catalogue: Catalogue, *, is_change: bool) -> str | None:
    if is_change and figure.measure.value == "yearly_mean":
        if not _spans_years(figure.period.value):
            return None
        name = catalogue.words.means.sub("", name)
    if is_change and not _names_what_changed(figure, name):
        return None
    return catalogue.id_of(name, figure.words, is_change=is_change)


def _names_of(region: str) -> tuple[str, ...]:
    """The full and the short name of a place: 湛江市 and 湛江."""
    short = _LEVEL.sub("", region)
    return tuple(name for name in (region, short) if len(name) > 1)


def _without_place(name: str, own_place: tuple[str, ...]) -> str:
    return name.removeprefix(next(filter(name.startswith, own_place)))


def _names_what_changed(figure: Figure, name: str) -> bool:
    """Whether a growth is of what its own clause names: in 工业企业达7.6万家、增加值增长3% the firms have not grown."""
    return _ADDED not in (figure.clause.before if figure.clause else "") or _ADDED in name


def _spans_years(period: str | None) -> bool:
    """Whether a period reaches over more than one year: a mean over years cannot stand for the growth of one."""
    start, _, end = (period or "").partition("/")
    return bool(start and end) and start[:4] != end[:4]


def _agrees(unit: str, kind: str, catalogue: Catalogue, lexicon: Lexicon, *, is_change: bool) -> bool:
    if unit in catalogue.of_growth:
        return is_change or kind == _PROPORTIONS.get(unit)
    if not unit:
        return kind in ("ratio", "score")
    if kind == "intensity":
        return "/" in unit or "每" in unit
    if unit in catalogue.not_counted:
        return False
    if unit in catalogue.also.get(kind, ()):
        return True
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


_RUN_UP = re.compile(r"^\.\.(?=[0-9]{4}$)")


def _doubtful(figures: Sequence[Figure], ids: Sequence[str | None], basis: re.Pattern[str]) -> Iterator[int]:
    """Places of figures that a sentence gives one name and two values for: only one of them can have it.

    Neither can two figures of a report without a period, as in a table of which the head was not understood, nor two
    cells of its tables for one period, of which one counts a part of the funds or of the places. The level from which a
    change set out (由91%提高到95%) has no period of its own, and gives way to the one reached; growth in real terms gives
    way to the growth that stands beside it.
    """
    groups: dict[tuple[str | bool | None, ...], list[int]] = {}
    for place, (figure, id_) in enumerate(zip(figures, ids, strict=True)):
        if id_:
            change, mean = figure.change.value in CHANGES, figure.measure.value == "yearly_mean"
            where = figure.words if figure.period.value and not figure.cell else figure.scope.value or ""
            period = _RUN_UP.sub(
                "", figure.period.value or ""
            )  # 新增8.9万亩，累计建成120.5万亩 are not both of the year
            groups.setdefault((where, id_, figure.unit, period, change, mean), []).append(place)
    for places in groups.values():
        if len({figures[place].value for place in places}) > 1:
            reached = [place for place in places if figures[place].change.value == "to"] or [
                place for place in places if not basis.search(figures[place].indicator.value or "")
            ]
            yield from (place for place in places if reached != [place])
