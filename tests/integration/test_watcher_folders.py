"""A real watcher whose folders and files change under it: taken away, named as another was, filled or linked later."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_for
from tests.watcher_rig import Rig, Worker, sha256

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


@pytest.mark.parametrize(
    ("folder", "content"), [("processed", b"a report"), ("quarantine", b"BAD report")], ids=["processed", "quarantine"]
)
def test_an_archive_folder_that_is_taken_away_is_made_again(rig: Rig, folder: str, content: bytes) -> None:
    """One line says so; what comes after is filed as before, and what waits for its filing too."""
    with Worker(rig.url, rig.inbox):
        rig.start()
        rig.drop("2023/before.txt", content + b" before")
        _wait_until_filed(rig, "2023/before.txt")
        shutil.rmtree(rig.folder / folder)
        rig.drop("2023/after.txt", content + b" after")
        rig.drop("年报.txt", content + b" then")
        _wait_until_filed(rig, "2023/after.txt", "年报.txt")

    assert (rig.folder / folder / "2023/after.txt").read_bytes() == content + b" after"
    assert (rig.folder / folder / "年报.txt").read_bytes() == content + b" then"
    lines = [line["text"] for line in rig.log_lines("alarm") if line["alarm"] == f"remade-{folder}"]
    assert len(lines) == 1
    assert lines[0].startswith(f"{rig.folder / folder} was taken away while the watcher ran, and made again; ")
    assert rig.processes[-1].poll() is None


@pytest.mark.parametrize(("name", "inner"), [("通知", "通知/报告.txt"), ("v1.2", "v1.2/2023/a.txt")])
def test_a_folder_comes_after_a_file_of_its_name(rig: Rig, name: str, inner: str) -> None:
    with Worker(rig.url, rig.inbox):
        rig.start()
        for path in (name, inner):
            rig.drop(path, path.encode())
            _wait_until_filed(rig, path)
        # The other way round: the folder is there, in inbox and archive, and a file of its name comes next.
        shutil.rmtree(rig.inbox / name)
        rig.drop(name, b"the file again")
        wait_for(lambda: len(rig.rows(name)) == 2 and rig.is_filed(name), what="the second one filed")

        written = {inner: inner.encode(), name: b"the file again"}
        rig.assert_invariants(written)
    assert rig.health().alarms == {}
    kept = sorted(path.read_bytes() for path in rig.files(rig.processed))
    assert kept == sorted([name.encode(), inner.encode(), b"the file again"])


@pytest.mark.parametrize(("name", "inner"), [("a", "a/b.txt"), ("统计.txt", "统计.txt/公报.txt")])
def test_a_folder_takes_the_place_of_a_file_that_waits(rig: Rig, name: str, inner: str) -> None:
    """No worker has read the file when a folder of its name comes: the file is gone, the folder's is read."""
    rig.start()
    rig.drop(name, b"waits")
    wait_for(lambda: rig.state_of(name) == "queued", what="handed over")
    (rig.inbox / name).unlink()
    rig.drop(inner, b"within")
    with Worker(rig.url, rig.inbox):
        _wait_until_filed(rig, inner)
    assert rig.processes[-1].poll() is None


def _truncated_up(descriptor: int, size: int) -> None:
    os.ftruncate(descriptor, size)


def _allocated(descriptor: int, size: int) -> None:
    os.posix_fallocate(descriptor, 0, size)


@pytest.mark.parametrize(("reserve", "size"), [(_truncated_up, 300), (_allocated, 60_000)])
def test_a_file_that_has_its_size_before_its_content(
    reserve: Callable[[int, int], None], size: int, tmp_path: Path, redis_url: str
) -> None:
    """As some copiers do: the size is set, the file closed, and opened again to be filled after the quiet time."""
    with Rig(tmp_path, redis_url, empty_grace_s=8.0) as rig, Worker(rig.url, rig.inbox):
        rig.start()
        path = rig.inbox / "公报.txt"
        with path.open("wb") as file:
            reserve(file.fileno(), size)
        wait_for(lambda: "unfilled" in " ".join(rig.describe(str(path)).lines), what="it waits")
        whole = b"x" * size
        with path.open("r+b") as file:
            file.write(whole)
        _wait_until_filed(rig, "公报.txt")

        assert rig.results() == [("公报.txt", 1, sha256(whole))]


@pytest.mark.parametrize("name", ["年报.txt", "2023/a.txt"])
def test_the_archive_does_not_change_with_a_hard_link(rig: Rig, name: str) -> None:
    mine = rig.outside / "mine"
    mine.write_bytes(b"as dropped")
    with Worker(rig.url, rig.inbox):
        rig.start()
        (rig.inbox / name).parent.mkdir(exist_ok=True)
        os.link(mine, rig.inbox / name)
        _wait_until_filed(rig, name)
    with mine.open("ab") as file:
        file.write(b" and after")

    assert (rig.processed / name).read_bytes() == b"as dropped"
    assert not (rig.inbox / name).exists()


def _wait_until_filed(rig: Rig, *paths: str) -> None:
    wait_for(lambda: all(map(rig.is_filed, paths)), what=f"{paths} filed")
