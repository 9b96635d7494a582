"""Intake faults 8, 9, 14 and 15: the folders themselves. Root is needed to mount; without it those cases are skipped."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.disks import mounted
from tests.watcher_rig import Rig, Worker, sha256, tell, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.service]


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def without_power_over_files() -> list[str]:
    """The watcher's command, for a root that is bound by permissions like anybody else."""
    command = [sys.executable, "-m", "watcher"]
    if os.geteuid() != 0:
        return command
    if shutil.which("setpriv") is None:
        pytest.skip("root is not bound by permissions, and setpriv is not installed")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]


def test_08a_silent_file_system(rig: Rig) -> None:
    """Files that appear below an overlay send no events: they are found by polling."""
    lower, upper, work = (rig.folder / name for name in ("lower", "upper", "work"))
    for folder in (lower, upper, work):
        folder.mkdir()
    overlay = f"lowerdir={lower},upperdir={upper},workdir={work}"
    with mounted("-t", "overlay", "overlay", "-o", overlay, rig.inbox), Worker(rig.url, rig.inbox):
        rig.start()
        (lower / "a.txt").write_bytes(b"silent")
        took_s = wait_for(lambda: rig.is_filed("a.txt"))
        rig.assert_invariants({"a.txt": b"silent"})
        rig.stop()
    tell("8 silent file system", f"filed {took_s:.2f} s after it appeared, polled every {rig.settings.poll_s} s")

    assert took_s <= rig.settings.poll_s + rig.settings.settle_unknown_s + 1


def test_08b_silent_mount_inside_the_inbox(rig: Rig) -> None:
    lower, upper, work = (rig.folder / name for name in ("lower", "upper", "work"))
    share = rig.inbox / "share"
    for folder in (lower, upper, work, share):
        folder.mkdir()
    overlay = f"lowerdir={lower},upperdir={upper},workdir={work}"
    with mounted("-t", "overlay", "overlay", "-o", overlay, share), Worker(rig.url, rig.inbox):
        rig.start()
        (lower / "remote.txt").write_bytes(b"remote")
        wait_for(lambda: rig.is_filed("share/remote.txt"))
        rig.drop("local.txt", b"local")
        wait_for(lambda: rig.is_filed("local.txt"))
        rig.assert_invariants({"share/remote.txt": b"remote", "local.txt": b"local"})
        rig.stop()


def test_09a_inbox_is_deleted_and_made_again(rig: Rig) -> None:
    """While it is away there is an alarm and no change of state; afterwards everything goes on."""
    rig.start()
    with Worker(rig.url, rig.inbox) as worker:
        for number in range(3):
            rig.drop(f"{number}.txt", b"%d" % number)
            wait_for(lambda number=number: rig.is_filed(f"{number}.txt"))  # type: ignore[misc]
            shutil.rmtree(rig.inbox)
            wait_for(lambda: "inbox-unavailable" in rig.health().alarms)
            states = rig.counts()
            time.sleep(1)
            assert rig.counts() == states
            rig.inbox.mkdir()
            wait_for(lambda: "inbox-unavailable" not in rig.health().alarms)
        rig.drop("after.txt", b"after")
        took_s = wait_for(lambda: rig.is_filed("after.txt"))
    tell("9a inbox deleted and made again, 3 times", f"next file filed in {took_s:.2f} s")

    assert len(worker.handled) == 4
    rig.assert_invariants({**{f"{n}.txt": b"%d" % n for n in range(3)}, "after.txt": b"after"})


def test_09b_inbox_is_unmounted_and_mounted_again(rig: Rig) -> None:
    """A file that was on its way is neither lost nor taken for deleted for good."""
    disk = rig.folder / "disk"
    disk.mkdir()
    with mounted("--bind", disk, rig.inbox):
        rig.start()
        rig.write("a.txt", b"one")
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        subprocess.run(["umount", rig.inbox], check=True)
        with Worker(rig.url, rig.inbox) as worker:
            wait_for(lambda: worker.handled)
            time.sleep(2)
        subprocess.run(["mount", "--bind", disk, rig.inbox], check=True)
        with Worker(rig.url, rig.inbox):
            took_s = wait_for(lambda: rig.is_filed("a.txt"))
            rig.write("b.txt", b"two")
            wait_for(lambda: rig.is_filed("b.txt"))
        rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})
        rig.stop()
    tell("9b inbox unmounted and mounted again", f"file on its way filed {took_s:.2f} s after the return")

    assert rig.results() == [("a.txt", 1, sha256(b"one")), ("b.txt", 1, sha256(b"two"))]


def test_09c_inbox_cannot_be_listed_for_a_while(rig: Rig) -> None:
    """A file in the folder's place fails every listing, as a stale network mount does."""
    rig.start()
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    away = rig.folder / "away"
    rig.inbox.rename(away)
    rig.inbox.touch()
    wait_for(lambda: "inbox-unavailable" in rig.health().alarms)
    time.sleep(3 * rig.settings.reconcile_s)
    assert rig.counts() == {"queued": 1}
    rig.inbox.unlink()
    away.rename(rig.inbox)
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt"))
        rig.drop("b.txt", b"two")
        wait_for(lambda: rig.is_filed("b.txt"))
    rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})


def test_14a_unreadable_for_a_while(rig: Rig) -> None:
    rig.start(command=without_power_over_files())
    path = rig.outside / "a.txt"
    path.write_bytes(b"secret")
    path.chmod(0)
    path = path.rename(rig.inbox / "a.txt")
    wait_for(lambda: rig.describe("a.txt").lines[0].endswith(": Permission denied"))
    time.sleep(5)
    said = rig.describe("a.txt").lines[0]
    path.chmod(0o644)
    with Worker(rig.url, rig.inbox):
        took_s = wait_for(lambda: rig.is_filed("a.txt"))
    tell("14a unreadable for 5 s", f"status: {said}; filed {took_s:.2f} s after chmod")

    assert said in {f"unreadable {seconds} s: Permission denied" for seconds in (4, 5, 6)}
    rig.assert_invariants({"a.txt": b"secret"})


def test_14b_folder_that_may_not_be_written(rig: Rig) -> None:
    """Published once, said to be not archived, never read again, and archived once that is allowed."""
    path = rig.write("d/a.txt", b"kept")
    path.parent.chmod(0o555)
    rig.start(command=without_power_over_files())
    with Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: "not-filed" in rig.health().alarms)
        time.sleep(3 * rig.settings.reconcile_s)
        assert rig.describe("d/a.txt").lines[1].endswith(" s: not archived: Permission denied")
        assert len(worker.handled) == 1
        rig.restart(command=without_power_over_files())
        time.sleep(2 * rig.settings.reconcile_s)
        path.parent.chmod(0o755)
        took_s = wait_for(lambda: rig.is_filed("d/a.txt"))
    tell("14b folder not writable", f"published once; archived {took_s:.1f} s after chmod")

    assert len(worker.handled) == 1
    rig.assert_invariants({"d/a.txt": b"kept"})


def test_14c_inbox_mounted_read_only(rig: Rig) -> None:
    """The ledger alone keeps files from being read again, over a restart, too; it must be accepted to start so."""
    rig.settings = rig.settings.model_copy(update={"accept_risks": ("read-only-inbox",)})
    disk = rig.folder / "disk"
    disk.mkdir()
    (disk / "a.txt").write_bytes(b"one")
    with mounted("--bind", "-o", "ro", disk, rig.inbox):
        rig.start()
        with Worker(rig.url, rig.inbox) as worker:
            wait_for(lambda: rig.state_of("a.txt") == "published")
            rig.restart()
            time.sleep(2 * rig.settings.reconcile_s)
            (disk / "b.txt").write_bytes(b"two")
            wait_for(lambda: rig.state_of("b.txt") == "published")
            time.sleep(2 * rig.settings.reconcile_s)
        assert [item.path for item in worker.handled] == ["a.txt", "b.txt"]
        assert rig.describe("a.txt").lines[1].endswith(" s: not archived: Read-only file system")
        rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})
        rig.stop()


def test_15a_archive_on_another_device(tmp_path: Path, redis_url: str) -> None:
    """Copied, synced, renamed, and only then removed from the inbox."""
    other = Path("/dev/shm") / f"zhibiao-test-{os.getpid()}"  # noqa: S108 - another file system is wanted
    if not other.parent.is_dir() or other.parent.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system")
    try:
        with Rig(tmp_path, redis_url, processed=other / "processed", quarantine=other / "quarantine") as rig:
            rig.start()
            written = {"d/a.txt": b"good" * 1_000_000, "b.txt": b"BAD"}
            with Worker(redis_url, rig.inbox):
                for name, content in written.items():
                    rig.drop(name, content)
                wait_for(lambda: all(rig.is_filed(name) for name in written))
            assert rig.files(rig.inbox) == []
            assert [path.name for path in other.rglob(".*")] == []
            rig.assert_invariants(written)
    finally:
        shutil.rmtree(other, ignore_errors=True)


@pytest.mark.parametrize("folder", ["processed", "quarantine"])
def test_15b_archive_is_full(rig: Rig, folder: str) -> None:
    """The source stays, an alarm says so, nothing more is handed over, and it goes on by itself with new space."""
    archive = rig.folder / folder
    archive.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=1M", "tmpfs", archive):
        ballast = archive / "ballast.bin"
        ballast.write_bytes(b"x" * 900_000)
        rig.start()
        content = (b"good" if folder == "processed" else b"BAD!") * 100_000
        with Worker(rig.url, rig.inbox) as worker:
            path = rig.drop("a.txt", content)
            wait_for(lambda: "No space left on device" in rig.health().alarms.get("not-filed", ""))
            assert path.read_bytes() == content
            assert not (archive / "a.txt").exists()
            rig.drop("b.txt", b"other")
            wait_for(lambda: rig.state_of("b.txt") == "accepted")
            time.sleep(2)
            assert rig.state_of("b.txt") == "accepted"
            assert "nothing more is handed over" in rig.health().alarms["not-filed"]
            ballast.unlink()
            took_s = wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))
            wait_for(lambda: "not-filed" not in rig.health().alarms)
        assert len(worker.handled) == 2
        rig.assert_invariants({"a.txt": content, "b.txt": b"other"})
        rig.stop()
    tell(f"15 {folder} full", f"source stayed, intake paused; filed {took_s:.1f} s after there was space")


def test_15c_ledger_is_full(rig: Rig) -> None:
    """No file is taken in that cannot be written down; none is forgotten."""
    rig.state.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=8M", "tmpfs", rig.state):
        rig.start()
        ballast = rig.state / "ballast.bin"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        written = {f"{n}-{'x' * 200}.txt": b"%d" % n for n in range(200)}
        with Worker(rig.url, rig.inbox):
            for name, content in written.items():
                rig.drop(name, content)
            time.sleep(5)
            assert rig.processes[-1].poll() is None
            taken = sum(rig.counts().values())
            assert taken < 200
            ballast.unlink()
            took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
        wait_for(lambda: rig.health().problem(time.time()) is None)
        rig.assert_invariants(written)
        rig.stop()
    tell("15 ledger full", f"{taken} of 200 were written down before; all filed {took_s:.1f} s after there was space")
