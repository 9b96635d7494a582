"""``zhibiao extract``: one file in, its report out; nothing else is touched."""

import hashlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from exports.signs import sign_of
from schemas import ids, paths
from schemas.metric import Metric
from schemas.report import Report
from schemas.visible import visible
from worker.errors import IngestError
from worker.foreign_readers import tools_with_plugins
from worker.pipeline import Result
from worker.pipeline import read as read_whole
from worker.report_writer import Origin
from worker.tools import Tools, load_tools
from zhibiao import terminal
from zhibiao.commands.warned import warning_lines
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, hint_for, say, word_for

STDIN = Path("-")


def extract(settings: ServiceSettings, file: Path, *, table: bool) -> None:
    """Read ``file`` and print the report, as JSON or as a table.

    Raises:
        Failed: the file cannot be read as a report, or not at all.
    """
    data = read_bytes(file, settings.max_file_bytes)
    wire = wire_path(file, settings.inbox)
    with terminal.err().status(say("extract.reading", file=visible(wire))):
        result = _read_or_hint(data, wire, settings)
    if table:
        print_tables(result.report, result.reading.raw)
    else:
        terminal.print_json(result.report.model_dump_json(indent=2))


def _read_or_hint(data: bytes, wire: str, settings: ServiceSettings) -> Result:
    try:
        return _read(data, wire, settings.site, tools_with_plugins(wanted=settings.plugins))
    except Failed as failed:
        cause = failed.__cause__
        if isinstance(cause, IngestError) and (hint := hint_for(cause.code)):
            raise Failed(f"{failed}\n  → {hint}") from cause
        raise


def read(data: bytes, wire: str, site: str = "", tools: Tools | None = None) -> Report:
    """The report of a file's bytes; ``wire`` is its path as messages give it, ``site`` that of the service.

    Raises:
        Failed: the bytes cannot be read as a report.
    """
    return _read(data, wire, site, tools or load_tools()).report


def _read(data: bytes, wire: str, site: str, tools: Tools) -> Result:
    origin = Origin(ids.document_id(wire, site), wire.rpartition("/")[2], wire, hashlib.sha256(data).hexdigest())
    try:
        return read_whole(data, origin, tools, time.perf_counter)
    except IngestError as error:
        raise Failed(f"{wire}: {error}") from error


def read_bytes(file: Path, limit: int) -> bytes:
    """The file's bytes, or those of standard input.

    Raises:
        Failed: there are more than ``limit``, or they cannot be read.
    """
    try:
        if file == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with file.open("rb") as source:
                data = source.read(limit + 1)
    except OSError as error:
        raise Failed(f"{paths.to_wire(bytes(file))}: {fault(error)}") from error
    if len(data) > limit:
        raise Failed(f"{paths.to_wire(bytes(file))}: larger than {limit} bytes; ZHIBIAO_MAX_FILE_BYTES sets the limit")
    return data


def wire_path(file: Path, inbox: Path) -> str:
    """The path for the report: below the inbox where the file lies there, so that its id is the one published."""
    if file == STDIN:
        return "stdin"
    place, root = file.absolute(), inbox.absolute()
    return paths.to_wire(bytes(place.relative_to(root) if place.is_relative_to(root) else Path(place.name)))


def print_tables(report: Report, raw: str) -> None:
    """Print what the report says about itself, its figures and its warnings, as wide as the terminal is; ``raw`` is its text."""
    most = terminal.width()
    printed = [*terminal.lines_of(facts(report), most), ""]
    printed += terminal.lines_of(figures(report, len(report.metrics), most), most)
    unsure = sum(_is_unsure(metric) for metric in report.metrics)
    if unsure:
        printed += ["", say("extract.low", count=unsure, percent=round(100 * UNSURE))]
    for line in warning_lines(report.warnings, raw):
        printed += terminal.lines_of(Text(line, style="yellow"), most)
    terminal.page(printed)


def facts(report: Report) -> Table:
    """A table of what the report says about itself."""
    table = Table.grid(padding=(0, 2))
    for name in FACTS:
        if value := getattr(report.document, name):
            shown = word_for("kind", value) if name == "kind" else value
            table.add_row(Text(say(f"document.{name}"), style="bold"), Text(visible(shown)))
    return table


def figures(report: Report, limit: int, most: int) -> Table:
    """A table of the first ``limit`` figures, ``most`` columns wide: what, how much, when, reached or planned, how sure.

    Where there is room for it, the words that each was read from, too.
    """
    count = len(report.metrics)
    title = say("extract.figures", count=count) if limit >= count else say("extract.more", shown=limit, count=count)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column(say("heading.indicator"), ratio=3, overflow="fold")
    for name, side in (("value", "right"), ("unit", "left"), ("period", "left"), ("status", "left"), ("sure", "right")):
        table.add_column(say(f"heading.{name}"), justify="right" if side == "right" else "left", no_wrap=True)
    with_words = most >= WITH_WORDS
    if with_words:
        table.add_column(say("heading.quote"), ratio=2, overflow="fold")
    for number, metric in enumerate(report.metrics[:limit], 1):  # as `review --figure` counts them
        words = [Text(visible(metric.source.quote))] if with_words else []
        table.add_row(str(number), *_cells(metric), *words, style=_style(metric))
    return table


def _cells(metric: Metric) -> Iterator[Text]:
    value = metric.value if metric.value_high is None else f"{metric.value}–{metric.value_high}"
    sure = "" if metric.confidence is None else f"{100 * metric.confidence:.0f}%"
    yield Text(visible(metric.indicator) or say("extract.unnamed"))
    yield Text(sign_of(metric.qualifier, metric.measure, metric.change) + value)
    yield Text(visible(metric.unit))
    yield Text(visible(metric.period or ""))
    yield Text(word_for("figure_status", metric.status))
    yield Text(sure)


def _style(metric: Metric) -> str:
    """What nobody can use fades; what is to be looked at does not."""
    if not metric.indicator:
        return "dim"
    return "yellow" if _is_unsure(metric) else ""


def _is_unsure(metric: Metric) -> bool:
    return metric.confidence is not None and metric.confidence < UNSURE


#: What a report says about itself, in the order in which people ask for it.
FACTS = ("title", "issuer", "region", "period", "kind", "document_number", "published", "signed")
#: Under this a figure is shown as one to look at; the same as in panels.
UNSURE = 0.8
#: Terminal columns from which on there is room for the words of each figure.
WITH_WORDS = 110
