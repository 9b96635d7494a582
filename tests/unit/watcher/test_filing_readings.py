"""Readings, which are filed beside the reports that they are of."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from schemas.reading import Reading, Segments
from tests.unit.watcher.conftest import Cabinet
from watcher.filing import file_away
from watcher.filing.moving import RootedPath
from watcher.ledger.rows import GONE, LOST, FileRow
from watcher.restoring.event_archive import Archive


def reading_of(row: FileRow, version: str = "1", revision: int = 1) -> bytes:
    return Reading(
        id=row.document,
        revision=revision,
        sha256=row.sha256 or "",
        pipeline_version=version,
        raw="",
        segments=Segments(now_starts=(0,), raw_starts=(), raw_lengths=(), copied=()),
    ).packed()


def test_a_reading_lies_beside_its_report(cabinet: Cabinet) -> None:
    row, report = cabinet.trimmed("2023/a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    packed = cabinet.readings[row.document, 1] = reading_of(row)

    cabinet.filing.file(row)

    assert (cabinet.processed / "2023/a.txt.reading.gz").read_bytes() == packed
    assert (cabinet.processed / "2023/a.txt.json").exists()


@pytest.mark.parametrize(("version", "revision"), [("2", 1), ("1", 2)])
def test_the_reading_of_another_event_is_not_filed(cabinet: Cabinet, version: str, revision: int) -> None:
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.readings[row.document, 1] = reading_of(row, version, revision)

    cabinet.filing.file(row)

    assert sorted(path.name for path in cabinet.processed.iterdir()) == ["a.txt", "a.txt.json"]


@pytest.mark.parametrize(
    "junk", [b"", b"no gzip", gzip.compress(b"{}", mtime=0), gzip.compress(b"no json" * 999, mtime=0)]
)
def test_what_is_no_reading_is_not_filed(cabinet: Cabinet, junk: bytes) -> None:
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.readings[row.document, 1] = junk

    cabinet.filing.file(row)

    assert sorted(path.name for path in cabinet.processed.iterdir()) == ["a.txt", "a.txt.json"]


def until_gone(cabinet: Cabinet, row: FileRow) -> None:
    """File a row whose file is gone, up to the look that believes it."""
    for _ in range(file_away.GONE_LOOKS):
        cabinet.filing.file(cabinet.row(row.id))


def test_the_report_of_a_file_that_is_gone_is_filed_without_it(cabinet: Cabinet) -> None:
    """Renamed while it was read: under its new name it is a duplicate, of a report that lies in the archive."""
    row, report = cabinet.trimmed("2023/a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    packed = cabinet.readings[row.document, 1] = reading_of(row)
    (cabinet.desk.inbox / "2023/a.txt").rename(cabinet.desk.inbox / "b.txt")
    duplicate = cabinet.desk.take("b.txt").row
    assert duplicate is not None
    cabinet.filing.file(duplicate)
    until_gone(cabinet, row)

    assert json.loads((cabinet.processed / "2023/a.txt.json").read_bytes()) == json.loads(report)
    assert (cabinet.processed / "2023/a.txt.reading.gz").read_bytes() == packed
    assert sorted(path.name for path in cabinet.processed.rglob("*.txt")) == ["b.txt"]
    told = json.loads((cabinet.processed / "b.txt.json").read_bytes())["duplicate_of"]
    assert (told["path"], told["event_id"]) == ("2023/a.txt", row.event_id)
    filed = cabinet.row(row.id)
    assert (filed.state, filed.in_inbox, filed.folder, filed.target) == ("published", False, "processed", row.raw)
    assert filed.detail == GONE
    assert cabinet.noticed == [row.raw]
    assert (cabinet.desk.ledger.archived(), cabinet.desk.ledger.to_keep(10, 1e9)) == ([row.id], [])
    archive = Archive(cabinet.desk.ledger, cabinet.processed, cabinet.quarantine)
    assert (archive.event(filed).id, archive.reading(filed)) == (row.event_id, packed)
    with pytest.raises(FileNotFoundError, match=r"^c\.txt: not filed, and its event is kept nowhere$"):
        archive.content(cabinet.desk.accept("c.txt", b"three"))


def test_it_takes_no_other_place(cabinet: Cabinet) -> None:
    """Nor does what comes back take its own: it is a duplicate like any other."""
    (cabinet.processed / "a.txt").write_text("of somebody else")
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    (cabinet.desk.inbox / "a.txt").unlink()
    until_gone(cabinet, row)
    back = cabinet.desk.take("a.txt", b"one").row
    assert back is not None
    cabinet.filing.file(back)

    tree = cabinet.tree()
    assert sorted(tree) == ["processed/a.2.txt.json", "processed/a.3.txt", "processed/a.3.txt.json", "processed/a.txt"]
    assert tree["processed/a.2.txt.json"] == json.loads(report)
    assert tree["processed/a.3.txt.json"]["duplicate_of"]["event_id"] == row.event_id


def test_what_nobody_has_of_a_file_that_is_gone_is_not_filed(cabinet: Cabinet) -> None:
    row, _ = cabinet.trimmed("a.txt", b"one")
    (cabinet.desk.inbox / "a.txt").unlink()
    until_gone(cabinet, row)
    assert (cabinet.tree(), cabinet.row(row.id).in_inbox, cabinet.row(row.id).target) == ({}, False, None)
    [unkept] = cabinet.desk.ledger.to_keep(10, 1e9)
    cabinet.filing.keep(unkept)

    assert cabinet.row(row.id).code == LOST


@contextmanager
def killed_behind(ending: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dies as soon as a file of this ending is written."""
    whole = file_away.write_file

    def crash(place: RootedPath, temporary: bytes, content: bytes) -> None:
        whole(place, temporary, content)
        if place.path.endswith(ending):
            raise InterruptedError

    monkeypatch.setattr(file_away, "write_file", crash)
    with pytest.raises(InterruptedError):
        yield
    monkeypatch.undo()


@pytest.mark.parametrize("at", [b".reading.gz", b".json"])
def test_a_report_without_its_file_is_filed_once_whatever_happens(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, at: bytes
) -> None:
    """A place is chosen before anything lies there, so the next try goes on at the same one."""
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.readings[row.document, 1] = reading_of(row)
    (cabinet.desk.inbox / "a.txt").unlink()
    with killed_behind(at, monkeypatch):
        until_gone(cabinet, row)
    assert cabinet.row(row.id).in_inbox
    cabinet.filing.file(cabinet.row(row.id))

    assert sorted(path.name for path in cabinet.processed.iterdir()) == ["a.txt.json", "a.txt.reading.gz"]
    assert (cabinet.row(row.id).in_inbox, cabinet.row(row.id).target) == (False, b"a.txt")


def test_a_crash_between_the_two_leaves_both(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays until both lie there, so that a restart writes them again."""
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    packed = cabinet.readings[row.document, 1] = reading_of(row)
    whole = file_away.write_file

    def crash(place: RootedPath, temporary: bytes, content: bytes) -> None:
        if place.path.endswith(b".json"):
            raise InterruptedError
        whole(place, temporary, content)

    monkeypatch.setattr(file_away, "write_file", crash)
    with pytest.raises(InterruptedError):
        cabinet.filing.file(row)
    assert (cabinet.desk.inbox / "a.txt").exists()
    monkeypatch.undo()
    cabinet.filing.file(cabinet.row(row.id))

    assert (cabinet.processed / "a.txt.reading.gz").read_bytes() == packed
    assert json.loads((cabinet.processed / "a.txt.json").read_bytes()) == json.loads(report)
    assert (cabinet.processed / "a.txt").exists()


@pytest.mark.parametrize("last", [b".reading.gz", b".json"], ids=["the reading", "both"])
def test_a_crash_before_the_move_of_what_is_replaced_then_leaves_neither(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, last: bytes
) -> None:
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.readings[row.document, 1] = reading_of(row)
    with killed_behind(last, monkeypatch):
        cabinet.filing.file(row)
    cabinet.desk.put("a.txt", b"another")
    cabinet.filing.file(cabinet.row(row.id))

    assert [*cabinet.processed.iterdir()] == []
    assert not cabinet.row(row.id).in_inbox


def test_a_file_of_a_readings_name_is_not_written_over(cabinet: Cabinet) -> None:
    (cabinet.processed / "a.txt.reading.gz").write_bytes(b"somebody's")
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.readings[row.document, 1] = reading_of(row)

    cabinet.filing.file(row)

    assert (cabinet.processed / "a.txt.reading.gz").read_bytes() == b"somebody's"
    assert (cabinet.processed / "a.2.txt.reading.gz").exists()


def test_a_report_that_was_replaced_keeps_its_reading_in_the_ledger(cabinet: Cabinet) -> None:
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    packed = cabinet.readings[row.document, 1] = reading_of(row)
    cabinet.desk.ledger.update(row.id, in_inbox=0)

    cabinet.filing.keep(cabinet.row(row.id))

    archive = Archive(cabinet.desk.ledger, cabinet.processed, cabinet.quarantine)
    assert archive.reading(cabinet.row(row.id)) == packed
