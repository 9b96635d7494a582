"""``zhibiao extract FILES -o FOLDER``: a JSON a report, in the same folders below."""

import os
from pathlib import Path

from exports.folder import Unread
from schemas import paths
from zhibiao import terminal, wording
from zhibiao.commands.extract import STDIN
from zhibiao.commands.many_files import found, progress, read_all, reports_among, told
from zhibiao.exits import Failed, WrongUsage
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, say


def extract_many(settings: ServiceSettings, places: tuple[Path, ...], folder: Path, jobs: int) -> None:
    """Read all files at ``places`` and write each report as JSON below ``folder``.

    Raises:
        Failed: a file could not be read, or a report not be written; all others are.
    """
    if STDIN in places:
        raise WrongUsage(say("usage.no_name"))
    files = reports_among(found(places, settings.inbox, settings.site))
    if not files:
        raise Failed(f"{', '.join(map(str, places))}: {say('why_not.no_report')}")
    if twice := _clash([item.wire for item in files]):
        raise WrongUsage(say("usage.same_name", name=twice))
    refused: list[Unread] = []
    with progress(len(files), "reading") as shown:
        for item, read in read_all(files, settings.max_file_bytes, jobs):
            told(shown, item.wire)
            if isinstance(read, Unread):
                refused.append(read)
            else:
                _write(folder / os.fsdecode(paths.from_wire(item.wire) + b".json"), read.model_dump_json(indent=2))
    terminal.err().print(say("read.reports", count=len(files) - len(refused), folder=folder))
    if refused:
        head = say("read.refused", count=len(refused), all=len(files))
        raise Failed("\n".join([head, *map(_line, refused)]))


def _line(file: Unread) -> str:
    return f"{file.path}: {wording.told(file.reason)}"


def _clash(wires: list[str]) -> str | None:
    return next((wire for wire in wires if wires.count(wire) > 1), None) if len(set(wires)) < len(wires) else None


def _write(file: Path, text: str) -> None:
    """Write a file whole: under a hidden name first.

    Raises:
        Failed: it cannot be written.
    """
    rough = file.with_name(f".zhibiao-{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        rough.write_text(f"{text}\n", "utf-8")
        os.replace(rough, file)
    except OSError as error:
        raise Failed(f"{file}: {fault(error)}") from error
    finally:
        rough.unlink(missing_ok=True)
