"""The filing's pass: what is filed, what is put off and why, and what people are told meanwhile."""

import errno
import sqlite3
from dataclasses import fields
from typing import Any, cast

import pytest

from watcher.filing.filer import FILING_BATCH, IDLE_S, Filer
from watcher.ledger.rows import FileRow
from watcher.running.alarms import Alarms

NOW = 1_000.0
PAUSE = "; nothing more is handed over until there is space"


class Desk:
    """Stands for ledger and filing: gives the rows that are due, fails for those that it is told to, and tells what was asked."""

    def __init__(self, rows: list[FileRow] | None = None, kept: list[FileRow] | None = None) -> None:
        self.rows, self.kept = rows or [], kept or []
        self.failures: dict[int, Exception] = {}
        self.made: list[bytes] | OSError = []
        self.updates: dict[int, dict[str, object]] = {}
        self.asked: list[tuple[int, float]] = []
        self.roots_looked_at = 0
        self.has_kept: list[int] = []
        self.alarms = Alarms(lambda: 0.0)
        self.filer = Filer(cast("Any", self), cast("Any", self), self.alarms)

    def to_keep(self, limit: int, now: float) -> list[FileRow]:
        self.asked.append((limit, now))
        return self.kept

    def to_file(self, limit: int, now: float) -> list[FileRow]:
        self.asked.append((limit, now))
        return self.rows

    def update(self, row: int, **columns: object) -> None:
        self.updates[row] = columns

    def make_roots(self) -> list[bytes]:
        self.roots_looked_at += 1
        if isinstance(self.made, OSError):
            raise self.made
        return self.made

    def file_all(self, rows: list[FileRow]) -> dict[int, Exception]:
        return {row.id: self.failures[row.id] for row in rows if row.id in self.failures}

    def keep(self, row: FileRow) -> None:
        if row.id in self.failures:
            raise self.failures[row.id]
        self.has_kept.append(row.id)

    def in_the_way(self, row: FileRow, error: OSError) -> str:
        return f"{row.path} is hindered by {error.errno}"


@pytest.fixture(autouse=True)
def _at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.filing.filer.time.time", lambda: NOW)
    monkeypatch.setattr("random.random", lambda: 0.0)


def rows_of(count: int, **columns: Any) -> list[FileRow]:
    """Rows by the names ``1.txt``, ``2.txt`` and so on, each with its number as its id; of each, only what filing asks for."""
    nothing: dict[str, Any] = {column.name: None for column in fields(FileRow)} | {"tries": 0, "size_bytes": 1}
    return [
        FileRow(**{**nothing, "id": number, "path": f"{number}.txt", "raw": b"%d.txt" % number, **columns})
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(("count", "wait_s"), [(0, IDLE_S), (FILING_BATCH - 1, IDLE_S), (FILING_BATCH, 0.0)])
def test_a_full_batch_is_followed_at_once(count: int, wait_s: float) -> None:
    desk = Desk(rows_of(count))
    assert desk.filer.work() == wait_s
    assert desk.asked == [(FILING_BATCH, NOW)] * 2
    assert desk.roots_looked_at == (1 if count else 0)
    assert desk.updates == {}


def test_a_row_that_fails_is_put_off_and_the_others_are_filed() -> None:
    """It is tried again after a wait that grows, and says what is in the way."""
    desk = Desk(rows_of(2, tries=2))
    desk.failures = {2: OSError(errno.EACCES, "denied")}
    assert desk.filer.work() == IDLE_S
    why = f"not archived: 2.txt is hindered by {errno.EACCES}"
    assert desk.updates == {2: {"tries": 3, "not_before": NOW + 4.0, "detail": why}}
    assert desk.alarms.texts() == {"not-filed": f"2.txt: {why}"}
    assert not desk.filer.is_full


def test_a_refusal_keeps_its_own_reason() -> None:
    desk = Desk(rows_of(1, code="empty", detail="nothing is in it"))
    desk.failures = {1: OSError(errno.EACCES, "denied")}
    desk.filer.work()
    assert desk.updates[1]["detail"] == "nothing is in it"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_remembered_until_all_is_filed(number: int) -> None:
    """Another failure or a pass without rows does not say that there is space."""
    desk = Desk(rows_of(2))
    desk.failures = {1: OSError(number, "full")}
    desk.filer.work()
    assert desk.filer.is_full
    assert desk.alarms.texts()["not-filed"].endswith(PAUSE)

    desk.failures = {2: OSError(errno.EACCES, "denied")}
    desk.filer.work()
    assert desk.filer.is_full
    assert desk.alarms.texts()["not-filed"] == f"2.txt: not archived: 2.txt is hindered by {errno.EACCES}{PAUSE}"

    desk.rows, desk.failures = [], {}
    desk.filer.work()
    assert desk.filer.is_full
    assert "not-filed" in desk.alarms.texts()

    desk.rows = rows_of(1)
    desk.filer.work()
    assert not desk.filer.is_full
    assert desk.alarms.texts() == {}


def test_what_is_no_fault_of_the_disk_is_said_by_its_kind() -> None:
    desk = Desk(rows_of(1))
    desk.failures = {1: ValueError("odd")}
    desk.filer.work()
    assert desk.updates == {1: {"tries": 1, "not_before": NOW + 1.0, "detail": "not archived: ValueError: odd"}}
    assert desk.alarms.texts() == {"not-filed": "1.txt: not archived: ValueError: odd"}


@pytest.mark.parametrize("made", [[b"/a/processed", b"/a/quarantine"], [], OSError(errno.EACCES, "denied")])
def test_a_folder_that_was_made_again_is_told(made: list[bytes] | OSError) -> None:
    """Filing goes on where it cannot be made: each row says why by itself."""
    desk = Desk(rows_of(1))
    desk.made = made
    desk.filer.work()
    why = "was taken away while the watcher ran, and made again; what lay there is no longer in the archive"
    told = (
        {} if isinstance(made, OSError) else {f"remade-{root[3:].decode()}": f"{root.decode()} {why}" for root in made}
    )
    assert desk.alarms.texts() == told


def test_what_cannot_be_kept_for_its_row_alone_is_put_off() -> None:
    desk = Desk(kept=rows_of(2))
    desk.failures = {1: OSError(errno.EIO, "broken")}
    assert desk.filer.work() == IDLE_S
    assert desk.updates == {1: {"tries": 1, "not_before": NOW + 1.0}}
    assert desk.has_kept == [2]


def test_what_would_hinder_all_ends_the_pass() -> None:
    desk = Desk(kept=rows_of(2))
    desk.failures = {1: sqlite3.OperationalError("locked")}
    with pytest.raises(sqlite3.OperationalError):
        desk.filer.work()
    assert (desk.updates, desk.has_kept) == ({}, [])
