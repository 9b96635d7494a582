"""A ledger and folders for one test, and a clock that stands still."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.intake import Intake, Taken
from watcher.ledger import FILE_NAME, FileRow, Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / FILE_NAME)
    yield ledger
    ledger.close()


class Desk:
    """An inbox and its intake; the clock says ``now``."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.ledger = ledger
        self.now = 100.0
        self.intake = Intake(ledger, os.fsencode(self.inbox), 1000, lambda: self.now)

    def put(self, name: str, content: bytes) -> Path:
        """A new file in the place of any that was there."""
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return path

    def take(self, name: str, content: bytes | None = None) -> Taken:
        """Write, and take in."""
        if content is not None:
            self.put(name, content)
        return self.intake.take(name.encode())

    def accept(self, name: str, content: bytes) -> FileRow:
        """The row of a file that is accepted."""
        taken = self.take(name, content)
        assert taken.result == "accepted"
        assert taken.row is not None
        return taken.row


@pytest.fixture
def desk(tmp_path: Path, ledger: Ledger) -> Desk:
    return Desk(tmp_path, ledger)
