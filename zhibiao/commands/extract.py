"""``zhibiao extract``: one file in, its report out; nothing else is touched."""

import hashlib
import sys
import time
from pathlib import Path

from rich.table import Table
from rich.text import Text

from schemas import ids, paths
from schemas.report import Report
from schemas.visible import visible
from worker.errors import IngestError
from worker.foreign_readers import tools_with_plugins
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import Tools, load_tools
from zhibiao import terminal
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings

STDIN = Path("-")


def extract(settings: ServiceSettings, file: Path, *, table: bool) -> None:
    """Read ``file`` and print the report, as JSON or as a table.

    Raises:
        Failed: the file cannot be read as a report, or not at all.
    """
    data = read_bytes(file, settings.max_file_bytes)
    wire = wire_path(file, settings.inbox)
    with terminal.err().status(f"reading {wire}"):
        report = read(data, wire, settings.site, tools_with_plugins(wanted=settings.plugins))
    if table:
        print_tables(report)
    else:
        terminal.print_json(report.model_dump_json(indent=2))


def read(data: bytes, wire: str, site: str = "", tools: Tools | None = None) -> Report:
    """The report of a file's bytes; ``wire`` is its path as messages give it, ``site`` that of the service.

    Raises:
        Failed: the bytes cannot be read as a report.
    """
    origin = Origin(ids.document_id(wire, site), wire.rpartition("/")[2], wire, hashlib.sha256(data).hexdigest())
    try:
        return read_report(data, origin, tools or load_tools(), time.perf_counter)
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
        raise Failed(f"{paths.to_wire(bytes(file))}: {error.strerror}") from error
    if len(data) > limit:
        raise Failed(f"{paths.to_wire(bytes(file))}: larger than {limit} bytes; ZHIBIAO_MAX_FILE_BYTES sets the limit")
    return data


def wire_path(file: Path, inbox: Path) -> str:
    """The path for the report: below the inbox where the file lies there, so that its id is the one published."""
    if file == STDIN:
        return "stdin"
    place, root = file.absolute(), inbox.absolute()
    return paths.to_wire(bytes(place.relative_to(root) if place.is_relative_to(root) else Path(place.name)))


def print_tables(report: Report) -> None:
    """Print what the report says about itself, then its figures."""
    facts = Table.grid(padding=(0, 2))
    for name, value in report.document.model_dump().items():
        facts.add_row(Text(name, style="bold"), Text(visible(value or "-")))
    terminal.show(facts)
    terminal.show(figures(report, len(report.metrics)))
    for warning in report.warnings:
        terminal.show(Text(f"warning: {warning.code}: {visible(warning.message)}", style="yellow"))


def figures(report: Report, limit: int) -> Table:
    """A table of the first ``limit`` figures: what, how much, when, and the words they were read from."""
    table = Table(title=f"{len(report.metrics)} figures", title_justify="left")
    table.add_column("indicator", ratio=3)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("period", no_wrap=True)
    table.add_column("quote", ratio=2)
    for metric in report.metrics[:limit]:
        value = metric.value if metric.value_high is None else f"{metric.value}–{metric.value_high}"
        table.add_row(
            Text(visible(metric.indicator)),
            Text(SIGNS[metric.qualifier] + value),
            Text(visible(metric.unit)),
            Text(visible(metric.period or "")),
            Text(visible(metric.source.quote)),
        )
    return table


SIGNS = {"exact": "", "about": "≈", "over": ">", "under": "<"}
