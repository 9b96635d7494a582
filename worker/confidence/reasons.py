"""The reasons for trusting or doubting a figure.

Each adds to the log-odds or takes from them; ``worker/data/confidence.toml`` says how much and where that comes from.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.metric import Metric
from worker.confidence.cells import reasons_of_cells
from worker.confidence.scale import Scale
from worker.draft import Draft
from worker.extract.lexicon import Lexicon
from worker.relations.figures import Figure
from worker.relations.relate import verdicts_of

VERY_SHORT, SHORT, LONG = 4, 6, 16  # characters of a name
SHORT_WITH_VERB = 8
LONG_CLAUSE = 22
NEAR_DAMAGE = 30  # characters of the raw text
MANY_PARTS_OF_THE_YEAR = 0.3

_BROKEN = re.compile("[)）将对向以被与及等而且并的了或]")
_BRACKET = re.compile("[(（]")
_RATE = re.compile("率|比例|比重|占比")
_HAN = re.compile("[\u4e00-\u9fff]")


def rate_figures(draft: Draft, rows: Sequence[Sequence[Figure]], scale: Scale, lexicon: Lexicon) -> tuple[Metric, ...]:
    """The metrics with their confidence and its reasons, those that speak for it first."""
    reasons = reasons_of(draft, rows, scale, lexicon)
    ratings = {found: _rating(found, scale) for found in set(reasons.values())}
    return tuple(
        metric.model_copy(update=ratings[reasons[index]]) if index in reasons else metric
        for index, metric in enumerate(draft.metrics)
    )


def _rating(reasons: Sequence[str], scale: Scale) -> dict[str, object]:
    """The fields of a metric that these reasons give."""
    found = sorted(reasons, key=lambda reason: (scale.weights[reason] <= 0, -abs(scale.weights[reason])))
    signed = tuple(("+" if scale.weights[reason] > 0 else "-") + reason for reason in found)
    return {"confidence": scale.confidence(found), "confidence_reasons": signed}


def reasons_of(
    draft: Draft, rows: Sequence[Sequence[Figure]], scale: Scale, lexicon: Lexicon
) -> dict[int, tuple[str, ...]]:
    """For each figure, by its place among the metrics, the reasons that apply to it."""
    verdicts = verdicts_of(draft.relations)
    damaged = sorted((flaw.start, flaw.end) for flaw in draft.text.flaws)
    mixed = _is_of_many_periods(draft)
    shared = _sharing_a_name(draft.metrics)
    found = {}
    at = 0
    numbered = ((figure.index, figure) for row in rows for figure in row if figure.index is not None)
    for index, figure in numbered:
        metric = draft.metrics[index]
        while at < len(damaged) and damaged[at][1] < figure.raw_start - NEAR_DAMAGE:
            at += 1
        near = at < len(damaged) and damaged[at][0] <= figure.raw_end + NEAR_DAMAGE
        found[index] = (
            *_of_relations(verdicts.get(index, ())),
            *_of_name(metric, figure, scale),
            *_of_period(metric, figure, draft.document.period if mixed else None, scale),
            *(["unit_unknown"] if metric.unit and lexicon.kind_of(metric.unit) is None else []),
            *(["damage_nearby"] if near else []),
        )
    found |= reasons_of_cells(draft, verdicts)
    return {index: (*reasons, "name_shared") if index in shared else reasons for index, reasons in found.items()}


def _sharing_a_name(metrics: Sequence[Metric]) -> set[int]:
    """The places of figures that another one has the name, unit, time and direction of, with another value."""
    values: dict[tuple[str | None, ...], set[str]] = {}
    keys = [(one.indicator, one.unit, one.period, one.change, one.scope, one.actor) for one in metrics]
    for key, metric in zip(keys, metrics, strict=True):
        values.setdefault(key, set()).add(metric.value)
    return {index for index, key in enumerate(keys) if len(values[key]) > 1}


def _of_relations(verdicts: Sequence[str]) -> Iterator[str]:
    if "contradicts" in verdicts:
        yield "relation_contradicts"
    elif verdicts:
        yield "relation_holds"


def _of_name(metric: Metric, figure: Figure, scale: Scale) -> Iterator[str]:
    name, clause = metric.indicator, figure.clause
    if metric.indicator_id:
        yield "indicator_known"
    if _RATE.search(name):
        yield "rate_named"
    if len(name) <= SHORT:
        yield "name_very_short" if len(name) <= VERY_SHORT else "name_short"
    elif len(name) > LONG:
        yield "name_long"
    if sum(map(clause.__contains__, name)) * 2 < len(name):
        yield "name_from_elsewhere"
    words = _HAN.findall(clause)
    if sum(map(name.__contains__, words)) * 2 < len(words):
        yield "name_leaves_words_out"
    if "、" in name:
        yield "name_is_a_list"
    if _BROKEN.match(name) or name.count("(") != name.count(")"):
        yield "name_broken"
    if len(name) <= SHORT_WITH_VERB and scale.vague_end.search(name):
        yield "name_ends_in_a_vague_verb"
    if metric.change:
        yield "change_said"
    if _BRACKET.search(figure.gap):
        yield "behind_a_bracket"
    if figure.after:
        yield "words_behind"
    if len(clause) > LONG_CLAUSE:
        yield "clause_long"


def _of_period(metric: Metric, figure: Figure, whole_year: str | None, scale: Scale) -> Iterator[str]:
    if whole_year and metric.period == whole_year:
        yield "period_is_the_reports"
    if metric.period and "/" not in metric.period and scale.years.search(figure.clause):
        yield "period_may_be_longer"


def _is_of_many_periods(draft: Draft) -> bool:
    year = draft.document.period
    if not year:
        return False
    parts = sum(bool(metric.period and metric.period != year and year in metric.period) for metric in draft.metrics)
    return parts > MANY_PARTS_OF_THE_YEAR * len(draft.metrics)
