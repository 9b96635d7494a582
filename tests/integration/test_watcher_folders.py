"""A real watcher whose folders change under it: taken away while it runs, or named as a file was."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_for
from tests.watcher_rig import Rig, Worker

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
        wait_for(lambda: len(rig.rows(name)) == 2 and rig.is_filed(name), timeout_s=60, what="the second one filed")

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


def _wait_until_filed(rig: Rig, *paths: str) -> None:
    wait_for(lambda: all(map(rig.is_filed, paths)), timeout_s=60, what=f"{paths} filed")
