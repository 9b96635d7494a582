"""``zhibiao view``: a report with its figures lit in its text, as one HTML file that needs nothing else."""

import hashlib
import os
import time
from pathlib import Path

from schemas import ids, paths
from worker.errors import IngestError
from worker.foreign_readers import tools_with_plugins
from worker.pipeline import read
from worker.report_writer import Origin
from zhibiao import terminal
from zhibiao.commands.extract import read_bytes, wire_path
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, say


def view(settings: ServiceSettings, file: Path, target: Path, language: str) -> None:
    """Read ``file`` and write its room to ``target``, which is there, or replaced, only when it is whole.

    Raises:
        Failed: the file cannot be read as a report, the page's extra is not installed, or ``target`` cannot be written.
    """
    try:
        from page.report.filling import file_of
        from page.report.room import Room
    except ImportError as error:
        raise Failed(say("why_not.no_view", install="pip install 'zhibiao[page]'")) from error
    data = read_bytes(file, settings.max_file_bytes)
    wire = wire_path(file, settings.inbox)
    sha256 = hashlib.sha256(data).hexdigest()
    origin = Origin(ids.document_id(wire, settings.site), wire.rpartition("/")[2], wire, sha256)
    with terminal.err().status(f"reading {wire}"):
        try:
            result = read(data, origin, tools_with_plugins(wanted=settings.plugins), time.perf_counter)
        except IngestError as error:
            raise Failed(f"{wire}: {error}") from error
        room = Room(result.report, result.reading)
        _write(target, file_of(room, language))
    said = say("read.view", figures=len(room.figures), doubtful=room.doubtful, file=target)
    terminal.err().print(said, markup=False)


def _write(target: Path, text: str) -> None:
    rough = target.with_name(f".{target.name}.part")
    try:
        rough.write_text(text, encoding="utf-8", errors="replace")
        os.replace(rough, target)
    except OSError as error:
        rough.unlink(missing_ok=True)
        raise Failed(f"{paths.to_wire(bytes(target))}: {fault(error)}") from error
