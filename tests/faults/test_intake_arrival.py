"""Intake faults 1, 2, 3, 5, 6, 7 and 23: how files arrive. Each ends with the invariants."""

import mmap
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import names
from tests.watcher_rig import SETTLE_S, Rig, Worker, sha256, tell, wait_for

pytestmark = pytest.mark.service
CHUNKS = [b"one ", b"two ", b"three"]


@pytest.fixture
def rig(staffed: Rig) -> Rig:
    return staffed


@pytest.fixture
def fast(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    """With a stand-in for the workers, where thousands of files would keep them busy for minutes."""
    with Rig(tmp_path, redis_url) as rig, Worker(redis_url, rig.inbox):
        yield rig


def test_01_chunked_write(rig: Rig) -> None:
    """One open, three chunks a second apart: one result, after the close."""
    rig.start()
    with (rig.inbox / "a.txt").open("wb") as file:
        for chunk in CHUNKS:
            file.write(chunk)
            file.flush()
            time.sleep(1)
            assert rig.rows("a.txt") == []
    took_s = wait_for(lambda: rig.is_filed("a.txt"))
    tell("1 chunked write", f"filed {took_s:.2f} s after the close, settle {SETTLE_S} s")

    assert rig.results() == [("a.txt", 1, sha256(b"".join(CHUNKS)))]
    rig.assert_invariants({"a.txt": b"".join(CHUNKS)})


def test_02a_writer_that_opens_again_soon(tmp_path: Path, redis_url: str) -> None:
    """Three appends within the quiet time: one result. The time is long, so that no busy machine uses it up."""
    with Rig(tmp_path, redis_url, settle_s=6.0) as rig, Worker(redis_url, rig.inbox):
        rig.start()
        for number, chunk in enumerate(CHUNKS, start=1):
            with (rig.inbox / "a.txt").open("ab") as file:
                file.write(chunk)
            if number < len(CHUNKS):
                wait_for(lambda: "quiet" in " ".join(rig.describe("a.txt").lines), what="its quiet time has begun")
        wait_for(lambda: rig.is_filed("a.txt"))

        assert rig.results() == [("a.txt", 1, sha256(b"".join(CHUNKS)))]
        rig.assert_invariants({"a.txt": b"".join(CHUNKS)})


def test_02b_writer_that_opens_again_late(tmp_path: Path, redis_url: str) -> None:
    """Appended to after it was handed over: revision 2 has the whole text and supersedes revision 1."""
    with Rig(tmp_path, redis_url) as rig:
        rig.start()
        path = rig.write("a.txt", b"one ")
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        with path.open("ab") as file:
            file.write(b"two")
        wait_for(lambda: rig.rows("a.txt")[0].revision == 2)
        with Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.is_filed("a.txt"))
            wait_for(lambda: rig.counts().get("queued", 0) == 0)

        assert [(row.revision, row.supersedes, row.state) for row in rig.rows("a.txt")] == [
            (2, 1, "published"),
            (1, None, "superseded"),
        ]
        assert rig.results() == [("a.txt", 2, sha256(b"one two"))]
        rig.assert_invariants({"a.txt": b"one two"})


def test_02b_writer_that_opens_again_after_the_publishing(tmp_path: Path, redis_url: str) -> None:
    """Held open while revision 1 is published, then appended to: consumers see 2 supersede 1, with the whole text."""
    with Rig(tmp_path, redis_url) as rig:
        rig.start()
        path = rig.write("a.txt", b"one ")
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        with path.open("ab") as file, Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.state_of("a.txt") == "published")
            file.write(b"two")
        with Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.rows("a.txt")[0].revision == 2 and rig.is_filed("a.txt"))

        first, second = rig.events()
        assert first["id"] == second["id"]
        assert (second["revision"], second["supersedes"]) == (2, 1)
        assert rig.redis.get(names.DEFAULT.latest_key(first["id"])) == "2"
        assert rig.results() == [("a.txt", 1, sha256(b"one ")), ("a.txt", 2, sha256(b"one two"))]
        rig.assert_invariants({"a.txt": b"one two"})


def test_02c_writer_that_comes_back_when_the_file_has_been_filed(rig: Rig) -> None:
    """It makes a new file with only the tail: that is the next revision, and both contents are kept."""
    rig.start()
    rig.write("a.txt", b"one ")
    wait_for(lambda: rig.is_filed("a.txt"))
    with (rig.inbox / "a.txt").open("ab") as file:
        file.write(b"two")
    wait_for(lambda: rig.rows("a.txt")[0].revision == 2 and rig.is_filed("a.txt"))

    assert rig.results() == [("a.txt", 1, sha256(b"one ")), ("a.txt", 2, sha256(b"two"))]
    assert rig.events()[1]["supersedes"] == 1
    kept = {path.name: path.read_bytes() for path in rig.files(rig.processed)}
    assert kept == {"a.txt": b"one ", "a.2.txt": b"two"}
    rig.assert_invariants({"a.txt": b"two"})


def test_02d_writer_that_comes_back_just_before_the_file_is_filed(rig: Rig) -> None:
    """Between the last look and the move somebody opens it to append: what is added goes into no archive unread."""
    program = """
        import runpy, threading
        from watcher.filing import file_away as filing
        real, seen = filing.write_file, []

        def write(sidecar, temporary, content):
            real(sidecar, temporary, content)
            if not seen:
                seen.append(1)
                file = open("inbox/a.txt", "ab", buffering=0)
                threading.Timer(1, lambda: (file.write(b"two"), file.close())).start()

        filing.write_file = write
        runpy.run_module("watcher", run_name="__main__")
    """
    rig.start(command=[sys.executable, "-c", textwrap.dedent(program)])
    rig.drop("a.txt", b"one ")
    wait_for(lambda: rig.rows("a.txt") and rig.rows("a.txt")[0].revision == 2 and rig.is_filed("a.txt"))

    assert rig.results() == [("a.txt", 1, sha256(b"one ")), ("a.txt", 2, sha256(b"one two"))]
    rig.assert_invariants({"a.txt": b"one two"})


@pytest.mark.faults
def test_03a_writer_stalls_in_the_middle(rig: Rig) -> None:
    rig.start()
    with (rig.inbox / "a.txt").open("wb") as file:
        file.write(b"half ")
        file.flush()
        time.sleep(6)
        assert rig.rows("a.txt") == []
        status = rig.describe("a.txt")
        file.write(b"whole")
    tell("3a writer stalls", f"status after 6 s: {status.lines[0]}")
    wait_for(lambda: rig.is_filed("a.txt"))

    assert status.state == "waiting"
    assert status.lines[0] in {f"writer-open {seconds} s" for seconds in (4, 5, 6)}
    rig.assert_invariants({"a.txt": b"half whole"})


def test_03b_writer_through_a_memory_map(rig: Rig) -> None:
    """Size and times stand still while the same page is filled; nothing is read before the map is gone."""
    rig.start()
    with (rig.inbox / "a.txt").open("w+b") as file:
        file.truncate(4096)
        page = mmap.mmap(file.fileno(), 4096)
    for number in range(4):
        page[:] = str(number).encode() * 4096
        time.sleep(0.5)
        assert rig.rows("a.txt") == []
    page.close()
    wait_for(lambda: rig.is_filed("a.txt"))

    assert rig.results() == [("a.txt", 1, sha256(b"3" * 4096))]
    rig.assert_invariants({"a.txt": b"3" * 4096})


def test_03c_rewrite_with_the_times_put_back(tmp_path: Path, redis_url: str) -> None:
    """Only the change time differs, and that is enough."""
    with Rig(tmp_path, redis_url) as rig:
        rig.start()
        path = rig.drop("a.txt", b"one")
        before = path.stat()
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        path.write_bytes(b"two")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        wait_for(lambda: rig.rows("a.txt")[0].revision == 2)
        with Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.is_filed("a.txt"))
            wait_for(lambda: rig.counts().get("queued", 0) == 0)
        rig.assert_invariants({"a.txt": b"two"})


def test_05_backlog_at_start_with_one_file_growing(rig: Rig) -> None:
    written = {f"{number}.txt": b"%d" % number for number in range(50)}
    for name, content in written.items():
        rig.drop(name, content)
    with (rig.inbox / "growing.txt").open("wb") as file:
        file.write(b"half ")
        file.flush()
        rig.start()
        took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
        assert rig.rows("growing.txt") == []
        file.write(b"whole")
    wait_for(lambda: rig.is_filed("growing.txt"))
    tell("5 backlog of 50 at start", f"filed in {took_s:.1f} s, the growing one after its close")
    rig.assert_invariants({**written, "growing.txt": b"half whole"})


def test_06a_a_populated_tree_is_moved_in(rig: Rig) -> None:
    rig.start()
    written = {f"t/{a}/{b}.txt": f"{a}{b}".encode() for a in "ab" for b in "xyz"}
    for name, content in written.items():
        path = rig.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (rig.outside / "t").rename(rig.inbox / "t")
    took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
    rig.write("t/a/late.txt", b"late")
    wait_for(lambda: rig.is_filed("t/a/late.txt"))
    tell("6a tree moved in", f"6 of 6 in {took_s:.2f} s")
    rig.assert_invariants({**written, "t/a/late.txt": b"late"})


@pytest.mark.faults
def test_06b_deep_folders_with_files_at_once(fast: Rig) -> None:
    fast.start()
    written = {f"{d}/a/b/{n}.txt": f"{d} {n}".encode() for d in range(300) for n in range(3)}
    for name, content in written.items():
        fast.write(name, content)
    took_s = wait_for(lambda: fast.counts().get("published") == 900)
    wait_for(lambda: fast.files(fast.inbox) == [])
    tell("6b 300 new trees of 3 files", f"900 of 900 published in {took_s:.1f} s")
    fast.assert_invariants(written)


@pytest.mark.parametrize("program", ["unzip", "cp", "rsync"])
def test_06c_programs_that_copy_trees(rig: Rig, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    written = {f"t/{n}/{m}.txt": f"{n} {m}".encode() * 1000 for n in range(5) for m in range(5)}
    for name, content in written.items():
        path = rig.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    archive = rig.folder / "t.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in written:
            file.write(rig.outside / name, name)
    rig.start()
    commands = {
        "unzip": ["unzip", "-q", archive, "-d", rig.inbox],
        "cp": ["cp", "-r", rig.outside / "t", rig.inbox],
        "rsync": ["rsync", "-a", rig.outside / "t", rig.inbox],
    }
    subprocess.run(commands[program], check=True)
    wait_for(lambda: all(rig.is_filed(name) for name in written))
    rig.assert_invariants(written)


@pytest.mark.faults
def test_07_inotify_overflow(fast: Rig) -> None:
    """The kernel's queue overflows while the watcher is stopped; the walk finds what the events do not tell."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    number = max(6000, limit // 3 + 500)
    process = fast.start()
    process.send_signal(signal.SIGSTOP)
    written = {f"{n}.txt": b"%d" % n for n in range(number)}
    for name, content in written.items():
        fast.write(name, content)
    process.send_signal(signal.SIGCONT)
    took_s = wait_for(lambda: fast.counts().get("published") == number)
    wait_for(lambda: fast.files(fast.inbox) == [])
    wait_for(lambda: fast.health().counts["overflows"] == 1)
    counts = fast.health().counts
    tell(
        "7 inotify overflow", f"{number} of {number} published in {took_s:.1f} s, {counts['found_by_walk']} by the walk"
    )

    assert counts["found_by_walk"] > 0
    fast.assert_invariants(written)


@pytest.mark.parametrize("mtime", [0, 2**31, time.time() + 86_400], ids=["1970", "2038", "tomorrow"])
def test_23a_odd_file_times(rig: Rig, mtime: float) -> None:
    rig.start()
    path = rig.outside / "a.txt"
    path.write_bytes(b"old")
    os.utime(path, (mtime, mtime))
    subprocess.run(["cp", "-p", path, rig.inbox], check=True)
    wait_for(lambda: rig.is_filed("a.txt"))  # and not an hour or a day later

    rig.assert_invariants({"a.txt": b"old"})


@pytest.mark.parametrize("jump_s", [-3600, 3600])
def test_23b_wall_clock_jumps_while_a_file_settles(rig: Rig, jump_s: int) -> None:
    """The process sees another wall clock from the moment that a file appears; the monotonic clock goes on."""
    switch = rig.folder / "jumped"
    program = f"""
        import os, runpy, time
        real = time.time
        time.time = lambda: real() + ({jump_s} if os.path.exists({str(switch)!r}) else 0)
        runpy.run_module("watcher", run_name="__main__")
    """
    rig.start(command=[sys.executable, "-c", textwrap.dedent(program)])
    rig.drop("before.txt", b"before")
    rig.write("a.txt", b"one")
    switch.touch()
    took_s = wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("before.txt"))
    tell(f"23 wall clock jumps {jump_s:+} s", f"filed in {took_s:.2f} s")

    switch.unlink()
    wait_for(lambda: rig.health().problem(time.time()) is None)
    rig.assert_invariants({"a.txt": b"one", "before.txt": b"before"})
