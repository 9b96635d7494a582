"""Puts quarantined files back into the inbox; the watcher then reads them in a new round."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.paths import to_wire
from watcher.filing.moving import Replaced, RootedPath, move, remove, write_file
from watcher.filing.places import READING_SUFFIX, SUFFIX
from watcher.filing.targets import temporary
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.seeing.below_root import open_file
from watcher.seeing.sightings import StatSignature
from watcher.settings import WatcherSettings


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of one request; ``problem`` is null where the file is back in the inbox."""

    path: str
    problem: str | None = None


def retry(settings: WatcherSettings, paths: Iterable[Path | str] | None) -> list[Retried]:
    """Move quarantined files back to where they were dropped, all that failed where ``paths`` is None.

    A path may be given as it was in the inbox or as it is in the quarantine folder. Safe beside a running watcher:
    the ledger is only read, and a file moved into the inbox is taken for what it is, a content that failed before. One
    that newer content of its document has come after is not put back.

    Raises:
        FileNotFoundError: there is no ledger.
    """
    with Ledger.beside(settings.state) as ledger:
        rows = {row.id: row for row in ledger.quarantined()}
        newer = {id_: ledger.newer_content(row) for id_, row in rows.items()}
    here = {id_: row for id_, row in rows.items() if _place(settings, row).signature() is not None}
    if paths is None:
        return [_retry_row(settings, row, newer[row.id]) for row in here.values() if row.state != "withdrawn"]
    return [_retry_one(settings, list(here.values()), newer, path) for path in paths]


def _retry_one(
    settings: WatcherSettings, rows: list[FileRow], newer: Mapping[int, FileRow | None], path: Path | str
) -> Retried:
    wanted = {below(settings.inbox, path), below(settings.quarantine, path)} - {None}
    found = [row for row in rows if wanted & {row.raw, row.target}]
    if not found:
        return Retried(to_wire(os.fspath(path)), "not in quarantine")
    return _retry_row(settings, found[-1], newer[found[-1].id])


def _retry_row(settings: WatcherSettings, row: FileRow, newer: FileRow | None) -> Retried:
    """What comes into the inbox last wins, so content that was replaced since stays away from there."""
    if newer:
        what = f"revision {newer.revision}" if newer.revision else "other content"
        return Retried(row.path, f"{what} has replaced it since; to read it all the same, drop it under another name")
    return _put_back(settings, row)


def _put_back(settings: WatcherSettings, row: FileRow) -> Retried:
    source = _place(settings, row)
    signature = source.signature()
    if signature is None:
        return Retried(row.path, "no longer in quarantine")
    inbox = RootedPath(os.fsencode(settings.inbox), row.raw)
    sidecar = RootedPath(source.root, source.path + SUFFIX["quarantine"])
    # Away before the file is back: should it fail at once, its place must be free.
    reason = _take_away(sidecar)
    problem = _move_back(source, inbox, signature, row)
    if problem is None and row.state == "withdrawn":
        for suffix in (SUFFIX["processed"], READING_SUFFIX):  # what was taken back is read anew
            remove(RootedPath(source.root, source.path + suffix))
    if problem and reason is not None:
        write_file(sidecar, temporary(sidecar.path, row.id), reason)
    return Retried(row.path, problem)


def _move_back(source: RootedPath, inbox: RootedPath, signature: StatSignature, row: FileRow) -> str | None:
    try:
        move(source, inbox, signature, temporary(row.raw, row.id), row.sha256)
    except FileExistsError:
        return "the inbox holds a file of this name; move it away first"
    except Replaced:
        return "changed in quarantine while it was moved"
    except OSError as error:
        return error.strerror or str(error)
    return None


def _take_away(sidecar: RootedPath) -> bytes | None:
    try:
        descriptor = open_file(sidecar.root, sidecar.path)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        content = file.read()
    remove(sidecar)
    return content


def below(root: Path, path: Path | str) -> bytes | None:
    """A path as given by a user, as one below ``root``; None where it lies elsewhere. Relative: to here or to root."""
    base = os.path.abspath(os.fsencode(root))
    given = os.fsencode(path)
    absolute = os.path.abspath(given)
    if absolute.startswith(base + b"/"):
        return absolute[len(base) + 1 :]
    return None if os.path.isabs(given) else os.path.normpath(given)


def _place(settings: WatcherSettings, row: FileRow) -> RootedPath:
    return RootedPath(os.fsencode(settings.quarantine), row.target or row.raw)
