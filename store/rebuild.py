"""Builds the store anew from the archive, beside the one that is there, and puts it in its place when it is whole."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from exports.folder import Archive, Unread
from schemas.events import ReportEvent
from store.writing import Store, StoreError, held


def rebuild(file: Path, archive: Path) -> tuple[int, list[Unread]]:
    """Build the store in ``file`` from the reports' JSON below ``archive``; gives how many, and what could not be read.

    What the record has since is put in by whoever follows it: an event that is there already changes nothing.

    Raises:
        StoreInUse: another process writes it.
        StoreError: it cannot be written.
        OSError: the same.
    """
    rough = file.with_name(f".{file.name}.part")
    for name in (rough, *_beside(rough)):
        name.unlink(missing_ok=True)
    reports = Archive(archive, every_revision=True)
    store = Store(rough)
    count = 0
    try:
        with closing(store):
            for place, report in reports.reports():
                store.deliver(ReportEvent.of(report, datetime.fromtimestamp(place.stat().st_mtime, UTC)))
                count += 1
        with held(file):
            for name in _beside(file):
                name.unlink(missing_ok=True)
            os.replace(rough, file)
    except sqlite3.Error as error:
        raise StoreError(f"{file}: {error}") from error
    finally:
        for name in (rough, *_beside(rough), rough.with_name(f"{rough.name}.lock")):
            name.unlink(missing_ok=True)
    return count, reports.unread


def discard(file: Path) -> None:
    """Take a store away, that it is built anew."""
    for name in (file, *_beside(file)):
        name.unlink(missing_ok=True)


def _beside(file: Path) -> list[Path]:
    """What SQLite lays beside a database."""
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm")]
