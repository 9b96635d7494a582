"""JSON of earlier versions that says only where a report was published."""

import json
import os
from pathlib import Path

import pytest

from tests.unit.watcher.conftest import Cabinet
from watcher.filing import sidecars
from watcher.ledger.rows import LOST, FileRow
from watcher.restoring.event_archive import Archive
from watcher.restoring.mending import BATCH, Mending


class Old:
    """An archive that an earlier version has left, with reports under their keys or not."""

    def __init__(self, folder: Path, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.ledger = cabinet.desk.ledger
        self.archive = Archive(self.ledger, cabinet.processed, cabinet.quarantine)
        self.mending = Mending(self.ledger, self.archive, cabinet)

    def filed(self, name: str, content: bytes, *, has_key: bool) -> tuple[FileRow, str]:
        row, report = self.cabinet.trimmed(name, content)
        self.cabinet.reports[row.document, 1] = report
        self.cabinet.filing.file(row)
        if not has_key:
            del self.cabinet.reports[row.document, 1]
        row = self.cabinet.row(row.id)
        (self.cabinet.processed / f"{os.fsdecode(row.target or b'')}.json").write_bytes(sidecars.for_lost(row))
        return row, report


@pytest.fixture
def old(tmp_path: Path, cabinet: Cabinet) -> Old:
    return Old(tmp_path, cabinet)


@pytest.mark.parametrize(("name", "content"), [("a.txt", b"one"), ("2023/公报.txt", b"three")])
def test_a_report_under_its_key_comes_into_the_archive(old: Old, name: str, content: bytes) -> None:
    row, report = old.filed(name, content, has_key=True)
    while old.mending.go_on():
        pass

    assert old.cabinet.tree()[f"processed/{name}.json"] == json.loads(report)
    assert old.archive.event(row).data.id == row.document


def test_one_that_is_kept_in_the_ledger_is_mended_there(old: Old) -> None:
    row, report = old.filed("a.txt", b"one", has_key=True)
    old.ledger.keep(row.id, sidecars.for_lost(row))
    old.mending.go_on()

    assert json.loads(old.ledger.kept(row.id) or b"") == json.loads(report)


def test_one_without_a_key_is_marked_as_lost(old: Old) -> None:
    row, _ = old.filed("a.txt", b"one", has_key=False)
    old.mending.go_on()

    assert old.cabinet.row(row.id).code == LOST
    with pytest.raises(ValueError, match="only where the report was published is known"):
        old.archive.event(row)


def test_it_is_done_once_in_portions(old: Old) -> None:
    """And a restart in between begins anew."""
    rows = [old.filed(f"{number}.txt", b"%d" % number, has_key=True)[0] for number in range(BATCH + 1)]
    assert old.mending.go_on()
    later = Mending(old.ledger, old.archive, old.cabinet)
    assert later.go_on()
    assert not later.go_on()
    assert not later.go_on()

    assert [old.archive.event(row).subject for row in rows] == [row.path for row in rows]
    (old.cabinet.processed / "0.txt.json").write_bytes(sidecars.for_lost(rows[0]))
    assert not Mending(old.ledger, old.archive, old.cabinet).go_on()
    assert "metrics" not in old.cabinet.tree()["processed/0.txt.json"]
