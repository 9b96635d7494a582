"""What a consumer can look up with nothing but an event and its reading: each thing that does not hold, one line."""

import re
from collections import Counter
from collections.abc import Iterator

from schemas.metric import Metric
from schemas.offset_map import OffsetMap
from schemas.reading import FigureReading, Reading, Span
from schemas.report import Report

_SPACE = re.compile(r"\s+")


def problems(report: Report, reading: Reading, counts: Counter[str]) -> Iterator[str]:
    """What of a report cannot be found in its reading. ``counts`` says how much was looked at."""
    if (report.id, report.revision, report.source.sha256) != (reading.id, reading.revision, reading.sha256):
        yield "the reading is of another report"
    if len(report.metrics) != len(reading.figures):
        yield f"{len(report.metrics)} metrics and {len(reading.figures)} readings of figures"
    for metric, figure in zip(report.metrics, reading.figures, strict=False):
        counts["figures"] += 1
        yield from _of_figure(metric, figure, reading)
        if figure.cell and metric.section is not None and not _is_prose(figure):
            counts["table figures"] += 1
            yield from _of_cell(metric, figure, reading)
    yield from _of_text(reading, counts)
    yield from _of_rejected(report, reading, counts)


def _is_prose(figure: FigureReading) -> bool:
    """Whether a figure in a cell was read from its sentence: a table's name is told by its labels."""
    return figure.why("indicator").rule != "indicator.labels"


def _of_figure(metric: Metric, figure: FigureReading, reading: Reading) -> Iterator[str]:
    source, where = metric.source, f"figure {metric.source.quote!r} at {metric.source.start}"
    if reading.raw[source.start : source.end] != source.quote:
        yield f"{where}: its quote is not there"
    if reading.origin.span(figure.start, figure.end) != (source.start, source.end):
        yield f"{where}: its place in the repaired text leads to {reading.origin.span(figure.start, figure.end)}"
    first, last = reading.origin.now_span(source.start, source.end)
    if not first <= figure.start <= figure.end <= last:
        yield f"{where}: it is found at {first} to {last} of the repaired text and stands at {figure.start}"
    if reading.origin.span(first, last) != (source.start, source.end):
        yield f"{where}: there and back leads to {reading.origin.span(first, last)}"
    if any(not why.rule for why in figure.decided):
        yield f"{where}: a field without a rule"


def _of_cell(metric: Metric, figure: FigureReading, reading: Reading) -> Iterator[str]:
    where = f"figure {metric.source.quote!r} at {metric.source.start}"
    cell = reading.cell_of(figure)
    assert cell is not None
    if not cell.start <= metric.source.start <= metric.source.end <= cell.end:
        yield f"{where}: it is not in its cell"
    if not cell.row and not cell.column:
        yield f"{where}: no label has a place"
    if metric.unit and figure.unit is None:
        yield f"{where}: nothing gave the unit {metric.unit}"
    if metric.unit and figure.unit and not _says_unit(metric, figure.unit, reading):
        yield f"{where}: {_there(figure.unit, reading)!r} does not say {metric.unit}"
    rule = figure.why("period").rule
    if figure.period is None and metric.period and rule in ("period.label", "period.title"):
        yield f"{where}: nothing gave the period {metric.period} ({rule})"
    # The words of a figure are those of its labels, row before column, and then the number.
    words = metric.source.sentence or metric.sentence
    for label in (*cell.row, *cell.column):
        # In simplified script, or in the file's own.
        said = (_there(label, reading), reading.raw[slice(*label)])
        if not any(_plain(one) in _plain(words) for one in said):
            yield f"{where}: its label {_there(label, reading)!r} is none of {words!r}"


def _says_unit(metric: Metric, place: Span, reading: Reading) -> bool:
    there = _there(place, reading)
    return metric.unit in there or metric.unit in ("%", "‰", "元") or bool(set(metric.unit) & set(there))


def _there(place: Span, reading: Reading) -> str:
    """What is read at a place of the decoded text: without the markup inside."""
    return reading.text[slice(*reading.origin.now_span(*place))]


def _plain(words: str) -> str:
    return _SPACE.sub("", words)


def _of_text(reading: Reading, counts: Counter[str]) -> Iterator[str]:
    known = bytearray(len(reading.raw))
    for edit in reading.edits:
        known[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
        if not edit.kind:
            yield f"an edit without a kind at {edit.start}"
    for stretch in reading.origin.changes(reading.raw, reading.text):
        counts["changed characters"] += stretch.end - stretch.start
        if 0 in known[stretch.start : stretch.end]:
            lost = known.index(0, stretch.start, stretch.end)
            counts["characters without a kind"] += known[stretch.start : stretch.end].count(0)
            yield f"{reading.raw[lost : lost + 10]!r} at {lost} is gone without a kind"
    if _rebuilt(reading.origin, reading) != reading.raw:
        yield "the decoded text cannot be put together again"


def _rebuilt(origin: OffsetMap, reading: Reading) -> str:
    """The decoded text made of the repaired one and of what was changed: nothing else is needed."""
    parts, place, now = [], 0, 0
    for start, end, new in origin.changes(reading.raw, reading.text):
        parts += [reading.text[now : now + start - place], reading.raw[start:end]]
        now += start - place + len(new)
        place = end
    return "".join([*parts, reading.text[now:]])


def _of_rejected(report: Report, reading: Reading, counts: Counter[str]) -> Iterator[str]:
    figures = {(metric.source.start, metric.source.end) for metric in report.metrics}
    for number in reading.rejected:
        counts["rejected"] += 1
        if not (number.number_class and number.reason and number.rule.startswith("class.")):
            yield f"the number at {number.start} is rejected without class, reason or rule"
        if (number.start, number.end) in figures:
            yield f"the number at {number.start} is a figure and rejected"
