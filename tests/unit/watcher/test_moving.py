"""Moving files: nothing is overwritten, nothing is lost."""

import errno
import os
from pathlib import Path

import pytest

from watcher.filing import moving
from watcher.filing.moving import Held, Replaced, RootedPath, move, remove, write_file
from watcher.seeing.sightings import StatSignature


class Two:
    """A folder to move from and one to move to."""

    def __init__(self, folder: Path) -> None:
        self.here, self.there = folder / "here", folder / "there"
        self.here.mkdir()
        self.there.mkdir()

    def source(self, name: str = "a.txt") -> RootedPath:
        return RootedPath(os.fsencode(self.here), name.encode())

    def target(self, name: str = "d/a.txt") -> RootedPath:
        return RootedPath(os.fsencode(self.there), name.encode())

    def put(self, content: bytes) -> StatSignature:
        path = self.here / "a.txt"
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return StatSignature.of(path.stat())


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


@pytest.fixture(params=["same device", "other device"])
def device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As if the folders lay on one file system, or on two."""
    real = os.rename

    def refuse(source: bytes, target: bytes, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        if src_dir_fd != dst_dir_fd:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    if request.param == "other device":
        monkeypatch.setattr(moving.os, "rename", refuse)
    return str(request.param)


def test_a_file_is_moved(two: Two, device: str) -> None:
    signature = two.put(b"one")
    move(two.source(), two.target(), signature, b"d/.part", None)

    assert (two.there / "d/a.txt").read_bytes() == b"one"
    assert list(two.here.iterdir()) == []
    assert [path.name for path in (two.there / "d").iterdir()] == ["a.txt"]


def test_nothing_is_overwritten(two: Two, device: str) -> None:
    signature = two.put(b"one")
    (two.there / "a.txt").write_bytes(b"other")
    with pytest.raises(FileExistsError):
        move(two.source(), two.target("a.txt"), signature, b".part", None)

    assert (two.there / "a.txt").read_bytes() == b"other"
    assert (two.here / "a.txt").read_bytes() == b"one"


def test_a_replaced_file_stays(two: Two, device: str) -> None:
    signature = two.put(b"one")
    (two.here / "a.txt").rename(two.here / "old")
    two.put(b"another")
    with pytest.raises(Replaced):
        move(two.source(), two.target("a.txt"), signature, b".part", None)

    assert (two.here / "a.txt").read_bytes() == b"another"
    assert list(two.there.iterdir()) == []


def test_a_copy_with_other_bytes_than_expected_is_thrown_away(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving.os, "rename", _cross_device)
    signature = two.put(b"one")
    with pytest.raises(Replaced):
        move(two.source(), two.target("a.txt"), signature, b".part", "0" * 64)

    assert (two.here / "a.txt").read_bytes() == b"one"
    assert list(two.there.iterdir()) == []


def test_a_full_disk_leaves_the_source_and_no_part(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    signature = two.put(b"one")
    monkeypatch.setattr(moving.os, "rename", _cross_device)
    monkeypatch.setattr(moving.os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        move(two.source(), two.target("a.txt"), signature, b".part", None)
    with pytest.raises(OSError, match="No space left"):
        write_file(two.target("a.txt.json"), b".part", b"{}")

    assert (two.here / "a.txt").read_bytes() == b"one"
    assert list(two.there.iterdir()) == []


def test_a_link_in_the_archive_is_not_followed(two: Two, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (two.there / "d").symlink_to(outside)
    signature = two.put(b"one")
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        move(two.source(), two.target("d/a.txt"), signature, b"d/.part", None)

    assert list(outside.iterdir()) == []
    assert (two.here / "a.txt").read_bytes() == b"one"


def test_a_sidecar_is_replaced_as_a_whole(two: Two) -> None:
    write_file(two.target("d/a.json"), b"d/.part", b"first, which is longer")
    write_file(two.target("d/a.json"), b"d/.part", b"second")

    assert (two.there / "d/a.json").read_bytes() == b"second"
    assert [path.name for path in (two.there / "d").iterdir()] == ["a.json"]


def test_removing_what_is_not_there_is_fine(two: Two) -> None:
    remove(two.target("d/none"))
    two.put(b"one")
    remove(two.source())
    assert list(two.here.iterdir()) == []


def _cross_device(source: bytes, target: bytes, *, src_dir_fd: int, dst_dir_fd: int) -> None:
    raise OSError(errno.EXDEV, "Invalid cross-device link")


def test_a_file_that_somebody_opens_in_the_last_moment_stays(two: Two, device: str) -> None:
    """What a writer adds must not go into the archive unread."""
    signature = two.put(b"one")
    asked: list[tuple[bytes, bytes]] = []

    def is_held(descriptor: int, path: bytes) -> bool:
        asked.append((os.pread(descriptor, 10, 0), path))
        return True

    with pytest.raises(Held):
        move(two.source(), two.target("a.txt"), signature, b".part", None, is_held)

    assert asked == [(b"one", b"a.txt")]
    assert (two.here / "a.txt").read_bytes() == b"one"
    assert list(two.there.iterdir()) == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_without_hard_links_a_file_is_put_back_as_well(two: Two, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Some disks have none, and the kernel refuses one of a file that is another user's."""

    def refuses(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(moving.os, "link", refuses)
    signature = two.put(b"one")
    with pytest.raises(Held):
        move(two.source(), two.target("a.txt"), signature, b".part", None, lambda _descriptor, _path: True)
    assert ((two.here / "a.txt").read_bytes(), [*two.there.iterdir()]) == (b"one", [])

    def is_held(_descriptor: int, _path: bytes) -> bool:
        two.put(b"newer")
        return True

    with pytest.raises(Held):
        move(two.source(), two.target("a.txt"), signature, b".part", None, is_held)
    assert (two.here / "a.txt").read_bytes() == b"newer"
    assert (two.there / "a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("other", ["here/b.txt", "elsewhere/公报.txt"])
@pytest.mark.parametrize("names", [2, 3])
def test_a_file_with_another_name_is_copied(two: Two, other: str, names: int) -> None:
    """What is written under the other name later does not change the archive, and the other name stays."""
    two.put(b"one")
    links = [two.here.parent / f"{other}.{number}" for number in range(1, names)]
    for link in links:
        link.parent.mkdir(exist_ok=True)
        os.link(two.here / "a.txt", link)
    signature = StatSignature.of((two.here / "a.txt").stat())
    move(two.source(), two.target(), signature, b"d/.part", None)
    for link in links:
        with link.open("ab") as file:
            file.write(b" and more")

    assert (two.there / "d/a.txt").read_bytes() == b"one"
    assert not (two.here / "a.txt").exists()
    assert [file.name for file in (two.there / "d").iterdir()] == ["a.txt"]


def test_a_file_with_another_name_that_a_writer_holds_stays(two: Two) -> None:
    two.put(b"one")
    os.link(two.here / "a.txt", two.here / "b.txt")
    signature = StatSignature.of((two.here / "a.txt").stat())
    with pytest.raises(Held):
        move(two.source(), two.target(), signature, b"d/.part", None, lambda _descriptor, _path: True)

    assert (two.here / "a.txt").read_bytes() == b"one"
    assert list((two.there / "d").iterdir()) == []


def test_a_file_that_is_taken_on_at_once_has_been_moved(two: Two) -> None:
    """Put back into the inbox, a file may be read and filed again before whoever put it back looks."""
    signature = two.put(b"one")

    def is_taken_on(_descriptor: int, _path: bytes) -> bool:
        (two.there / "d/a.txt").unlink()
        return False

    move(two.source(), two.target(), signature, b"d/.part", None, is_taken_on)

    assert list(two.here.iterdir()) == []
