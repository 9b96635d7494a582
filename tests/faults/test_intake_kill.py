"""Intake fault 16, the watcher's part: kill -9 between any two of its steps, and at random; and the backlog's speed."""

import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas import names
from tests.dying_watcher import dying
from tests.waiting import eventually
from tests.watcher_rig import Rig, Worker, sha256, tell, wait_for

pytestmark = [pytest.mark.service, pytest.mark.faults]


@pytest.fixture
def rig(staffed: Rig) -> Rig:
    return staffed


@pytest.fixture
def fast(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    """With a stand-in for the workers, where thousands of files would keep them busy for minutes."""
    with Rig(tmp_path, redis_url) as rig, Worker(redis_url, rig.inbox):
        yield rig


STEPS = {
    "before the ledger row": ("watcher.ledger.database", "Ledger", "add", "before"),
    "after the ledger row": ("watcher.ledger.database", "Ledger", "add", "after"),
    "before the hand-over": ("watcher.sending.broker", "Broker", "send", "before"),
    "after the hand-over, before its mark": ("watcher.sending.broker", "Broker", "send", "after"),
    "after a refusal is announced, before its mark": ("watcher.sending.broker", "Broker", "failure", "after"),
    "before the outcome is written down": ("watcher.sending.outcomes", "Outcomes", "record", "before"),
    "after the outcome is written down": ("watcher.sending.outcomes", "Outcomes", "record", "after"),
    "before the sidecars": ("watcher.filing.file_away", "", "write_file", "before"),
    "between the reading and the report": ("watcher.filing.file_away", "", "write_file", "after"),
    "after the sidecars, before the move": ("watcher.filing.file_away", "", "move", "before"),
    "after the move, before its mark": ("watcher.filing.file_away", "", "move", "after"),
}


@pytest.mark.parametrize("step", STEPS)
def test_16a_kill_at_a_step(rig: Rig, step: str) -> None:
    """Whatever was done is found again; nothing is lost, published twice, or filed twice."""
    process = rig.start(wait=False, command=dying(*STEPS[step]))
    written = {"d/a.txt": b"good", "b.txt": b"BAD", "c.txt": b"good"}
    for name, content in written.items():
        rig.drop(name, content)
    rig.write("empty.txt", b"")
    wait_for(lambda: process.poll() is not None)
    assert process.returncode == -9
    rig.start()
    took_s = wait_for(lambda: all(rig.is_filed(name) for name in [*written, "empty.txt"]))
    tell(f"16 kill -9 {step}", f"all filed {took_s:.1f} s after the restart")

    assert [digest for _, _, digest in rig.results()] == [sha256(b"good")]
    assert [data["code"] for data in rig.events(names.DEFAULT.failures_stream)].count("empty") == 1
    assert len([*rig.processed.rglob("*.reading.gz")]) == 1  # of the two with the same content one is a duplicate
    assert sorted(path.name for path in rig.files(rig.processed, rig.quarantine)) == [
        "a.txt",
        "b.txt",
        "c.txt",
        "empty.txt",
    ]
    rig.assert_invariants({**written, "empty.txt": b""})


#: Where most is half done; the other steps, whose kill the test above has at every run, are for make test-faults.
OFTEN = {"after the ledger row", "after the hand-over, before its mark", "after the move, before its mark"}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=[] if step in OFTEN else [pytest.mark.faults])
        for step in STEPS
        if "refusal" not in step
    ],
)
def test_16d_kill_at_a_step_while_a_document_is_set_back(rig: Rig, step: str) -> None:
    """It comes out as the next revision, once."""
    contents = (b"one", b"two", b"one")
    rig.start()
    for number, content in enumerate(contents[:2], start=1):
        rig.drop("a.txt", content)
        wait_for(lambda number=number: len(rig.rows("a.txt")) == number and rig.is_filed("a.txt"))  # type: ignore[misc]
    rig.stop()
    process = rig.start(wait=False, command=dying(*STEPS[step]))
    rig.drop("a.txt", contents[2])
    wait_for(lambda: process.poll() is not None)
    assert process.returncode == -9
    rig.start()
    took_s = wait_for(lambda: len(rig.rows("a.txt")) == 3 and rig.is_filed("a.txt"))
    tell(f"16 kill -9 {step}, a document set back", f"filed {took_s:.1f} s after the restart")

    assert rig.results() == [("a.txt", number, sha256(content)) for number, content in enumerate(contents, start=1)]
    assert [data["repeats"] for data in rig.events()] == [None, None, 1]
    rig.assert_invariants({"a.txt": b"one"})


@pytest.mark.parametrize("step", ["copy", "before the source is removed"])
def test_16b_kill_while_moving_to_another_device(tmp_path: Path, redis_url: str, step: str) -> None:
    other = Path("/dev/shm")  # noqa: S108 - another file system is wanted
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system")
    folder = other / f"zhibiao-test-{time.monotonic_ns()}"
    function, when = ("_pump", "after") if step == "copy" else ("_remove_copied", "before")
    with Rig(tmp_path, redis_url, processed=folder) as rig, Worker(redis_url, rig.inbox):
        process = rig.start(wait=False, command=dying("watcher.filing.moving", "", function, when))
        rig.drop("a.txt", b"good" * 100_000)
        wait_for(lambda: process.poll() is not None)
        rig.start()
        wait_for(lambda: rig.is_filed("a.txt"))

        assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "a.txt.json", "a.txt.reading.gz"]
        rig.assert_invariants({"a.txt": b"good" * 100_000})
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


@pytest.mark.faults
def test_16c_random_kills(rig: Rig) -> None:
    """1000 files come in while the watcher is killed again and again."""
    chance = random.Random(16)
    written: dict[str, bytes] = {}
    kills = 0
    rig.start()
    for number in range(1000):
        name = f"{number % 7}/{number}.txt"
        written[name] = (b"BAD %d" if number % 50 == 0 else b"%d") % number
        (rig.drop if number % 2 else rig.write)(name, written[name])
        if number % 25 == 24:
            time.sleep(chance.uniform(0, 0.5))
            rig.kill()
            kills += 1
            rig.start(wait=chance.random() < 0.5)
    rig.kill()
    rig.start()
    took_s = wait_for(lambda: rig.files(rig.inbox) == [])
    wait_for(lambda: all(rig.is_filed(name) for name in written))
    tell(f"16 {kills + 1} random kills over 1000 files", f"all filed {took_s:.1f} s after the last")
    rig.assert_invariants(written)


@pytest.mark.faults
def test_24_ten_thousand_files(fast: Rig) -> None:
    """A backlog goes through with a bounded queue and flat memory, and a fresh file does not wait behind it."""
    fast.popen = subprocess.Popen  # no fork: its memory is its own
    written = {f"{n % 10}/{n}.txt": b"%d " % n * 4000 for n in range(10_000)}
    for name, content in written.items():
        fast.write(name, content)
    with (fast.inbox / "large.txt").open("wb") as file:
        file.truncate(200_000_000)
    process = fast.start()
    wait_for(lambda: sum(fast.counts().get(state, 0) for state in ("accepted", "queued", "published")) > 5000)
    fast.drop("fresh.txt", b"fresh")
    fresh_s = wait_for(lambda: fast.state_of("fresh.txt") == "published")
    depth = fast.redis.llen(names.DEFAULT.queue_key)
    took_s = wait_for(lambda: fast.counts().get("published", 0) == 10_001)
    wait_for(lambda: fast.files(fast.inbox) == [])
    rss_mb = _peak_rss_mb(process.pid)
    with fast.ledger() as ledger:
        rows = [row for name in written for row in ledger.find(name)]
    waits_s = [row.changed_at - row.accepted_at for row in rows]
    fairness = max(waits_s) / (sum(waits_s) / len(waits_s))
    used = f"{rss_mb:.0f} MB, {_cpu_s(process.pid):.0f} CPU s"
    wait_for(lambda: fast.is_filed("large.txt"))
    tell(
        "24 backlog of 10,000 of 20 kB, one of 200 MB",
        f"done in {took_s + fresh_s:.0f} s; a fresh file {fresh_s:.2f} s; none waited longer than {fairness:.1f} times "
        f"the mean; {used}",
    )

    assert (fast.state_of("large.txt"), fast.rows("large.txt")[0].code) == ("quarantined", "too_large")
    assert depth <= fast.settings.max_outstanding
    assert fresh_s < 5
    assert rss_mb < 150
    fast.assert_invariants({**written, "fresh.txt": b"fresh"})


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_24_a_hundred_thousand_small_files(fast: Rig) -> None:
    """A tree moved in at once is taken in and filed as a whole, in flat memory, and fresh files do not wait behind it.

    The tree has more files than events are kept for, and comes as a rename of one folder.
    """
    fast.popen = subprocess.Popen
    written = {f"all/{n // 100}/{n}.txt": b"%d" % n for n in range(100_000)}
    for name, content in written.items():
        path = fast.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    process = fast.start()
    began = time.monotonic()
    (fast.outside / "all").rename(fast.inbox / "all")
    _until_progress_has_made(lambda: fast.counts().get("published", 0), 30_000)
    fast.drop("renamed.txt", b"renamed")
    renamed_s = wait_for(lambda: fast.state_of("renamed.txt") == "published")
    fast.write("written.txt", b"written")
    written_s = wait_for(lambda: fast.state_of("written.txt") == "published")
    published = fast.counts()["published"]
    _until_progress_has_made(lambda: fast.counts().get("published", 0), 100_002)
    _until_progress_has_made(lambda: 100_002 - len(fast.files(fast.inbox)), 100_002, pause_s=1)
    tell(
        "24 a tree of 100,000 small files moved in at once",
        f"all filed after {time.monotonic() - began:.0f} s, {_cpu_s(process.pid):.0f} CPU s, "
        f"{_peak_rss_mb(process.pid):.0f} MB; of two fresh files one renamed in was published after {renamed_s:.2f} s, "
        f"one written after {written_s:.2f} s",
    )

    assert published < 90_000, "the fresh files have waited behind the others"
    assert _peak_rss_mb(process.pid) < 250
    fast.assert_invariants({**written, "renamed.txt": b"renamed", "written.txt": b"written"})


def _until_progress_has_made(done: Callable[[], int], wanted: int, pause_s: float = 0.2) -> None:
    """Wait until so much is done: as long as it takes, but for no standstill."""
    while (so_far := done()) < wanted:
        eventually(lambda before=so_far: done() > before, what=f"more than {so_far}", pause_s=pause_s)  # type: ignore[misc]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
