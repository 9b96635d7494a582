"""Reading many files on the command line: folders gone through, one dictionary for all, several at once."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from exports.folder import Unread
from exports.own_tables import is_own
from panels.corrections import FILE_NAME as DOCUMENTS
from schemas import paths
from schemas.report import Report
from schemas.visible import visible
from worker.collecting import collect_less
from worker.tools import load_tools
from zhibiao import terminal
from zhibiao.commands.extract import read, read_bytes, wire_path
from zhibiao.exits import Failed
from zhibiao.wording import say

#: Files begun for each process before the first is done: enough that none waits, few enough that memory stays flat.
_AHEAD = 4


@dataclass(frozen=True)
class Found:
    """A file to read: where it lies, its path as its report gives it, and the site that its id is of."""

    file: Path
    wire: str
    site: str


def found(places: Iterable[Path], inbox: Path, site: str) -> list[Found]:
    """The files at ``places``, folders gone through, by path; hidden ones and links are left out.

    A file's wire path is the one below the folder that was named, so that the same folder gives the same ids anywhere
    with the same ``site``; below ``inbox`` it is the one that the service publishes.
    """
    files: dict[Path, Found] = {}
    for place in places:
        for file in _below(place) if place.is_dir() else [place]:
            inside = file.absolute().is_relative_to(inbox.absolute())
            root = place if place.is_dir() else place.parent
            wire = wire_path(file, inbox) if inside else paths.to_wire(os.fsencode(file.relative_to(root)))
            files.setdefault(file.resolve(), Found(file, wire, site))
    return list(files.values())


def reports_among(files: Iterable[Found]) -> list[Found]:
    """Those that are to be read as reports, for who goes through folders.

    Reports' JSON and readings, ``documents.csv`` and tables that were exported lie beside reports; the tables are told.
    """
    wanted = []
    for item in files:
        if item.file.name.endswith((paths.REPORT_SUFFIX, paths.READING_SUFFIX)) or item.file.name == DOCUMENTS:
            continue
        if is_own(item.file):
            terminal.err().print(say("table.own", path=visible(item.wire)))
            continue
        wanted.append(item)
    return wanted


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file


def read_all(files: list[Found], limit_bytes: int, jobs: int) -> Iterator[tuple[Found, Report | Unread]]:
    """Each file with its report, or why it gave none, in the order of ``files``; ``jobs`` are read at once."""
    load_tools()  # once, before the processes part: what they only read they share
    if jobs == 1 or len(files) < 2:
        for item in files:
            yield item, _read(item, limit_bytes)
        return
    with _processes(min(jobs, len(files))) as pool:
        waiting: list[tuple[Found, Future[Report | Unread]]] = []
        rest = iter(files)
        while True:
            waiting += [
                (item, pool.submit(_read, item, limit_bytes)) for item in islice(rest, jobs * _AHEAD - len(waiting))
            ]
            if not waiting:
                return
            item, future = waiting.pop(0)
            yield item, future.result()


@contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that read; what has not begun when the caller goes away is not begun."""
    # macOS has no fork that is safe; there each process loads its own tools.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux" else "spawn"
    pool = ProcessPoolExecutor(number, multiprocessing.get_context(method), collect_less)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _read(item: Found, limit_bytes: int) -> Report | Unread:
    try:
        return read(read_bytes(item.file, limit_bytes), item.wire, item.site)
    except Failed as error:
        return Unread(item.wire, error.message.removeprefix(f"{item.wire}: "))


@contextmanager
def progress(total: int, what: str) -> Iterator[Progress]:
    """A line on standard error that says how many are done, on a terminal; nothing elsewhere."""
    console = terminal.err()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[name]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        shown.add_task(what, total=total, name="")
        yield shown


def told(shown: Progress, name: str) -> None:
    """One more is done."""
    shown.update(shown.task_ids[0], advance=1, name=visible(name)[-40:])
