"""Whether what lies at a place is what a row is of: by its bytes, and where nobody has read those, by what the disk says."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.watcher.conftest import Desk
from watcher.filing.last_look import same_content
from watcher.filing.moving import RootedPath


@pytest.mark.parametrize(
    ("lies", "is_same"),
    [("one", True), ("two", False), ("longer", False), ("", False), (None, False)],
)
def test_a_file_is_known_by_its_bytes_wherever_it_lies(
    desk: Desk, tmp_path: Path, lies: str | None, *, is_same: bool
) -> None:
    """One that is gone, or of another size, is another without being read."""
    row = desk.accept("a.txt", b"one")
    if lies is not None:
        (tmp_path / "b.txt").write_text(lies)

    assert same_content(row, RootedPath(os.fsencode(tmp_path), b"b.txt")) is is_same


def test_what_was_never_read_is_known_by_what_the_disk_says(desk: Desk, tmp_path: Path) -> None:
    """As a file that was too large to be: moved, it is the same; written anew, another."""
    row = replace(desk.accept("a.txt", b"one"), sha256=None)
    (desk.inbox / "a.txt").rename(tmp_path / "b.txt")
    place = RootedPath(os.fsencode(tmp_path), b"b.txt")
    assert same_content(row, place)
    (tmp_path / "b.txt").write_bytes(b"two")
    os.utime(tmp_path / "b.txt", (1, 1))
    assert not same_content(row, place)
