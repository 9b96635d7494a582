"""``zhibiao extract --explain``: every number of a file with its class, and for every figure why each field is as it is.

For people the figures are followed by what the rules that were named say, and by the report's warnings.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from exports.signs import sign_of
from schemas.visible import visible
from worker.draft import Draft
from worker.errors import IngestError
from worker.extract.rule_list import catalogue
from worker.figure import SAID_FIELDS, Figure, Number
from worker.foreign_readers import tools_with_plugins
from worker.pipeline import read_draft
from worker.report_writer import warnings_of
from zhibiao import terminal
from zhibiao.commands.extract import read_bytes, wire_path
from zhibiao.commands.warned import warning_lines
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings

_NUMBER_WIDTHS = (7, 10, 16)
_FIELD_WIDTHS = (10, 22, 32)
_INDENT = " " * 8


class FieldWhy(BaseModel):
    """A field's value, the rule that decided it and the report's words that the rule went by."""

    model_config = ConfigDict(frozen=True)

    value: str | None
    rule: str
    words: str


class NumberWhy(BaseModel):
    """A number of the file, ``decoded_text[start:end]``, with its class.

    What stands behind ``rule`` is known of figures only; ``figure`` is its number, as ``zhibiao review --figure`` counts. ``value`` and ``value_high`` are as they are published, 万 and 亿
    multiplied out; ``sentence`` is the repaired sentence, or the labels of a table's cell.
    """

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    quote: str
    kind: str
    reason: str
    rule: str
    figure: int | None = None
    value: str | None = None
    value_high: str | None = None
    unit: str | None = None
    sentence: str | None = None
    fields: dict[str, FieldWhy] = {}
    indicator_id: str | None = None
    confidence: float | None = None
    confidence_reasons: tuple[str, ...] = ()


_NUMBERS = TypeAdapter(list[NumberWhy])


def explain(settings: ServiceSettings, file: Path, *, as_json: bool) -> None:
    """Print every number of ``file``, with the rule and the words of each field of a figure.

    Raises:
        Failed: the file cannot be read as a report, or not at all.
    """
    data = read_bytes(file, settings.max_file_bytes)
    wire = wire_path(file, settings.inbox)
    try:
        draft = read_draft(data, wire.rpartition("/")[2], tools_with_plugins(wanted=settings.plugins))
    except IngestError as error:
        raise Failed(f"{wire}: {error}") from error
    if as_json:
        terminal.print_json(_NUMBERS.dump_json(list(explained(draft)), indent=2).decode())
        return
    for line in lines(draft):
        print(line)


def explained(draft: Draft) -> Iterator[NumberWhy]:
    """Every number of a draft that has been through all stages, in reading order, each figure once."""
    figures = deque(sorted(enumerate(draft.figures, 1), key=lambda counted: counted[1].place.start))
    for number in draft.numbers:
        while figures and figures[0][1].place.end <= number.start:
            figures.popleft()
        # A cell's figure begins with its sign, before the number: (1,200), ▲12.
        is_figure = bool(figures) and figures[0][1].place.start < number.end
        yield _why(draft, number, *(figures.popleft() if is_figure else (None, None)))


def lines(draft: Draft) -> Iterator[str]:
    """All of it for people, fit for a terminal."""
    rows = list(explained(draft))
    for row in rows:
        yield from _number(row)
    yield from _rules(rows)
    yield from warning_lines(warnings_of(draft), draft.text.raw)


def _why(draft: Draft, number: Number, counted: int | None, figure: Figure | None) -> NumberWhy:
    start, end = figure.place[2:] if figure else draft.text.span(number.start, number.end)
    told = NumberWhy(
        start=start,
        end=end,
        quote=draft.text.raw[start:end],
        kind=number.kind,
        reason=number.reason,
        rule=number.rule,
    )
    if figure is None:
        return told
    return told.model_copy(
        update={
            "figure": counted,
            "value": figure.value,
            "value_high": figure.value_high,
            "unit": figure.unit,
            "sentence": figure.words,
            "fields": {name: FieldWhy.model_validate(getattr(figure, name)._asdict()) for name in SAID_FIELDS},
            "indicator_id": figure.indicator_id,
            "confidence": figure.confidence,
            "confidence_reasons": figure.reasons,
        }
    )


def _number(row: NumberWhy) -> Iterator[str]:
    yield terminal.padded([str(row.start), row.kind, visible(row.quote), row.reason], _NUMBER_WIDTHS)
    if row.value is None:
        return
    told = (row.fields[name].value for name in ("qualifier", "measure", "change"))
    value = sign_of(*told) + (row.value if row.value_high is None else f"{row.value} to {row.value_high}")
    yield _INDENT + terminal.padded(["figure", str(row.figure)], _FIELD_WIDTHS[:1])
    yield _INDENT + terminal.padded(["value", visible(f"{value} {row.unit}")], _FIELD_WIDTHS)
    yield _INDENT + terminal.padded(["in", f"“{visible(row.sentence or '')}”"], _FIELD_WIDTHS[:1])
    for name, why in row.fields.items():
        words = f"“{visible(why.words)}”" if why.words else ""
        yield _INDENT + terminal.padded([name, visible(why.value or "-"), why.rule, words], _FIELD_WIDTHS)
    yield _INDENT + terminal.padded(["canonical", row.indicator_id or "-"], _FIELD_WIDTHS[:1])
    sure = [f"{row.confidence:g}" if row.confidence is not None else "-", *row.confidence_reasons]
    yield _INDENT + terminal.padded(["confidence", ", ".join(sure)], _FIELD_WIDTHS[:1])


def _rules(rows: Iterable[NumberWhy]) -> Iterator[str]:
    """What each rule that was named says of itself, in the order in which rules are asked."""
    named = {rule for row in rows for rule in (row.rule, *(why.rule for why in row.fields.values()))}
    says: dict[str, dict[str, None]] = {}
    for _, rules in catalogue():
        for name, sentence in rules:
            if name in named:
                says.setdefault(name, {})[sentence] = None
    if says:
        yield "\nThe rules named above; the first of its list that speaks decides:"
    for name, sentences in says.items():
        yield "  " + terminal.padded([name, " In tables: ".join(sentences)], _FIELD_WIDTHS[2:])
