"""``zhibiao extract --explain``: every number of a file with its class, and for every figure why each field is as it is."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter
from rich.text import Text

from schemas.visible import visible
from worker.draft import Draft
from worker.errors import IngestError
from worker.figure import SAID_FIELDS, Figure, Number
from worker.pipeline import read_draft
from worker.tools import load_tools
from zhibiao import terminal
from zhibiao.commands.extract import read_bytes, wire_path
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings

_WIDTHS = (10, 22, 32)


class FieldWhy(BaseModel):
    """A field's value, the rule that decided it and the report's words that the rule went by."""

    model_config = ConfigDict(frozen=True)

    value: str | None
    rule: str
    words: str


class NumberWhy(BaseModel):
    """A number of the file, ``decoded_text[start:end]``, with its class; ``fields`` are those of a figure, else empty."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    quote: str
    kind: str
    reason: str
    rule: str
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
        draft = read_draft(data, wire.rpartition("/")[2], load_tools())
    except IngestError as error:
        raise Failed(f"{wire}: {error}") from error
    rows = list(explained(draft))
    if as_json:
        terminal.print_json(_NUMBERS.dump_json(rows, indent=2).decode())
        return
    for row in rows:
        for line in _lines(row):
            terminal.show(Text(line))


def explained(draft: Draft) -> Iterator[NumberWhy]:
    """Every number of a draft that has been through all stages, in reading order."""
    figures = {figure.place.start: figure for figure in draft.figures}
    for number in draft.numbers:
        yield _why(draft, number, figures.get(number.start))


def _why(draft: Draft, number: Number, figure: Figure | None) -> NumberWhy:
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
            "fields": {name: FieldWhy.model_validate(getattr(figure, name)._asdict()) for name in SAID_FIELDS},
            "indicator_id": figure.indicator_id,
            "confidence": figure.confidence,
            "confidence_reasons": figure.reasons,
        }
    )


def _lines(row: NumberWhy) -> Iterator[str]:
    cells = [str(row.start), row.kind, visible(row.quote), row.reason]
    yield terminal.columns(cells, [7, 10, 16])
    for name, why in row.fields.items():
        words = f"“{visible(why.words)}”" if why.words else ""
        yield "        " + terminal.columns([name, visible(why.value or "-"), why.rule, words], _WIDTHS)
