"""A report's figures and sentences as the tables have them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter

from exports import columns
from exports.units import base_of, near_in_base
from schemas.report import Report
from store import bigrams

Cell = str | float | int | None
#: What the newest figures are counted by, in the order of :func:`facets_of`.
FACETS = ("place", "province", "year", "kind", "indicator_id", "status", "unit")

_year_of = lru_cache(maxsize=1000)(columns.year_of)
# Asked for at once: one by one, and by their names, cells take longer than SQLite takes to put the row in.
_OF_METRIC = attrgetter(
    *("indicator_id", "indicator", "value", "value_high", "unit", "qualifier", "change", "measure", "period", "status"),
    *("scope", "actor", "section", "sentence", "source", "confidence", "confidence_reasons"),
)
_OF_SOURCE = attrgetter("quote", "page", "start", "end")


def searched_of(report: Report) -> dict[str, str]:
    """The sentences of a report's figures, each once, and what can be found of each: its figures' names that it lacks, and itself."""
    names: dict[str, dict[str, None]] = {}
    for metric in report.metrics:
        names.setdefault(metric.sentence, {})[metric.indicator] = None
    return {
        text: bigrams.folded("，".join([*(name for name in indicators if name not in text), text]))
        for text, indicators in names.items()
    }


def figures_of(
    report: Report, first: int, reading: int, sentences: Mapping[str, int], *, is_newest: bool
) -> Iterator[tuple[Cell, ...]]:
    """Rows of the table ``figures``, in its order of columns, numbered from ``first``; what the report does not say is None."""
    said = report.document
    of_report = said.region, said.region_code, said.province, columns.level_of(report), said.kind
    for number, metric in enumerate(report.metrics):
        id_, name, value, high, unit, qualifier, change, measure, period, status, *rest = _OF_METRIC(metric)
        scope, actor, section, sentence, source, confidence, reasons = rest
        yield (
            *(first + number, reading, sentences[sentence], number, is_newest, id_ or None, name),
            *(value, high, near_in_base(value, ""), near_in_base(value, unit), unit, base_of(unit)),
            *(
                qualifier,
                change,
                measure,
                period or None,
                _year_of(period),
                status,
                scope or None,
                actor or None,
            ),
            *(" > ".join(section), *_OF_SOURCE(source), confidence, " ".join(reasons), *of_report),
        )


def facets_of(report: Report) -> list[tuple[str | None, ...]]:
    """What each figure of a report is counted by."""
    said = report.document
    place, province, kind = said.region, said.province, said.kind
    return [
        (place, province, _year_of(metric.period), kind, metric.indicator_id, metric.status, metric.unit)
        for metric in report.metrics
    ]


def counts_of(facets: Iterable[Sequence[str | None]]) -> list[tuple[str, str, int]]:
    """How many figures have which value in which field; none at all is not counted."""
    return [
        (field, value, number)
        for field, values in zip(FACETS, zip(*facets, strict=True), strict=False)
        for value, number in Counter(values).items()
        if value
    ]
