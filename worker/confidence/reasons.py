"""The reasons for trusting or doubting a figure.

Each adds to the log-odds or takes from them; ``worker/data/confidence.toml`` says how much and where that comes from.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from worker.confidence.cell_reasons import reasons_of_cell
from worker.confidence.scale import Scale
from worker.draft import Draft
from worker.extract.language.lexicon import Lexicon
from worker.figure import Clause, Figure
from worker.relations.findings import verdicts_of
from worker.relations.terms import LONGEST

VERY_SHORT, SHORT, LONG = 4, 6, 16  # characters of a name
SHORT_WITH_VERB = 8
LONG_CLAUSE, VERY_LONG_CLAUSE = 22, 35
NEAR_DAMAGE = 30  # characters of the raw text
MANY_PARTS_OF_THE_YEAR = 0.3

_BROKEN = re.compile("[)）将对向被与及等而且并的了或]|以(?![^的]{1,12}为)")  # 以县政府为被告的案件
_RATE = re.compile("率|比例|比重|占比")
_HAN = re.compile("[\u4e00-\u9fff]")


def rated(draft: Draft, scale: Scale, lexicon: Lexicon) -> tuple[Figure, ...]:
    """The figures with their confidence and its reasons, those that speak for it first."""
    found = reasons_of(draft, scale, lexicon)
    ratings = {reasons: _rating(reasons, scale) for reasons in {*found} if reasons is not None}
    return tuple(
        figure if reasons is None else figure.having(**ratings[reasons])
        for figure, reasons in zip(draft.figures, found, strict=True)
    )


def _rating(reasons: Sequence[str], scale: Scale) -> dict[str, object]:
    """The fields of a figure that these reasons give."""
    found = sorted(reasons, key=lambda reason: (scale.weights[reason] <= 0, -abs(scale.weights[reason])))
    signed = tuple(("+" if scale.weights[reason] > 0 else "-") + reason for reason in found)
    return {"confidence": scale.confidence(found), "reasons": signed}


def reasons_of(draft: Draft, scale: Scale, lexicon: Lexicon) -> list[tuple[str, ...] | None]:
    """The reasons that apply to each figure; None for one that nothing can be said of."""
    verdicts = verdicts_of(draft.relations)
    whole_year = draft.document.period if _is_of_many_periods(draft) else None
    is_near_damage = _nearness(draft) if draft.text.flaws else None
    shared = _sharing_a_name(draft.figures)
    found: list[tuple[str, ...] | None] = []
    for index, figure in enumerate(draft.figures):
        told = verdicts.get(index, ())
        if figure.cell and (figure.cell.row or figure.cell.column):
            reasons = reasons_of_cell(figure, figure.cell, told)
        elif figure.clause and not figure.cell and len(figure.value) <= LONGEST:
            reasons = (
                *_of_relations(told),
                *_of_name(figure, figure.clause, scale),
                *scale.of_rules(_rules_of(figure)),
                *_of_period(figure, figure.clause, whole_year, scale),
                *(["kind_unknown"] if draft.document.kind is None else []),
                *(["unit_unknown"] if figure.unit and lexicon.kind_of(figure.unit) is None else []),
                *(["damage_nearby"] if is_near_damage and is_near_damage(figure) else []),
            )
        else:
            found.append(None)
            continue
        found.append((*reasons, "name_shared") if index in shared else reasons)
    return found


def _nearness(draft: Draft) -> Callable[[Figure], bool]:
    """Whether a figure stands near damage; asked in reading order."""
    damaged = sorted((flaw.start, flaw.end) for flaw in draft.text.flaws)
    at = 0

    def is_near(figure: Figure) -> bool:
        nonlocal at
        while at < len(damaged) and damaged[at][1] < figure.place.raw_start - NEAR_DAMAGE:
            at += 1
        return at < len(damaged) and damaged[at][0] <= figure.place.raw_end + NEAR_DAMAGE

    return is_near


def _sharing_a_name(figures: Sequence[Figure]) -> set[int]:
    """The places of figures that another one has the name, unit, time and direction of, with another value."""
    values: dict[tuple[str | None, ...], set[str]] = {}
    # What is demanded has the name of what was reached: 持证率为86%，离95%的要求还有差距.
    keys = [
        (
            one.indicator.value,
            one.unit,
            one.period.value,
            one.change.value,
            one.scope.value,
            one.actor.value,
            "required" if one.status.value == "required" else None,
        )
        for one in figures
    ]
    for key, figure in zip(keys, figures, strict=True):
        values.setdefault(key, set()).add(figure.value)
    return {index for index, key in enumerate(keys) if len(values[key]) > 1}


def _of_relations(verdicts: Sequence[str]) -> Iterator[str]:
    if "contradicts" in verdicts:
        yield "relation_contradicts"
    elif verdicts:
        yield "relation_holds"


def _of_name(figure: Figure, words_around: Clause, scale: Scale) -> Iterator[str]:
    name, clause = figure.indicator.value or "", words_around.whole
    length, length_of_clause = len(name), len(clause)
    if figure.indicator_id:
        yield "indicator_known"
    if _RATE.search(name):
        yield "rate_named"
    if length <= SHORT:
        yield "name_very_short" if length <= VERY_SHORT else "name_short"
    elif length > LONG:
        yield "name_long"
    if sum(map(clause.__contains__, name)) * 2 < length:
        yield "name_from_elsewhere"
    words = _HAN.findall(clause)
    if sum(map(name.__contains__, words)) * 2 < len(words):
        yield "name_leaves_words_out"
    if "、" in name:
        yield "name_is_a_list"
    if not name:
        yield "name_missing"
    if _BROKEN.match(name) or name.count("(") != name.count(")"):
        yield "name_broken"
    if length <= SHORT_WITH_VERB and scale.vague_end.search(name):
        yield "name_ends_in_a_vague_verb"
    if figure.change.value:
        yield "change_said"
    if "(" in words_around.gap:
        yield "after_a_bracket"
    if words_around.after:
        yield "words_after"
    if length_of_clause > LONG_CLAUSE:
        yield "clause_long"
    if length_of_clause > VERY_LONG_CLAUSE:
        yield "clause_very_long"


def _rules_of(figure: Figure) -> frozenset[str]:
    """The rules that decided those of its fields that are a reason."""
    return frozenset((figure.indicator.rule, figure.period.rule, figure.qualifier.rule, figure.measure.rule))


def _of_period(figure: Figure, clause: Clause, whole_year: str | None, scale: Scale) -> Iterator[str]:
    period = figure.period.value
    if period is None:
        yield "period_unknown"
    if whole_year and period == whole_year:
        yield "period_is_the_reports"
    if period and "/" not in period and scale.years.search(clause.whole):
        yield "period_may_be_longer"


def _is_of_many_periods(draft: Draft) -> bool:
    year = draft.document.period
    if not year:
        return False
    periods = [figure.period.value for figure in draft.figures]
    parts = sum(bool(period and period != year and year in period) for period in periods)
    return parts > MANY_PARTS_OF_THE_YEAR * len(periods)
