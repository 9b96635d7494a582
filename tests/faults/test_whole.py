"""The queue's faults and Redis's, on the whole: a real watcher, real workers, a real server; the invariants after each."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas import names
from tests.watcher_rig import QUEUE, tell, wait_for
from tests.whole_rig import Whole
from tests.worker_rig import WorkerProcess
from worker.health import STALE_AFTER_S
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = [pytest.mark.faults, pytest.mark.service]
AWAY_S = 60.0
#: A soak of an hour, shortened: reports come five times as fast.
SOAK_S, PER_S = 240, 5
#: The heartbeat's life, the patience with a silent worker, a sweep, and what a busy machine needs.
DEAD_WORKER_S = 10 + 10 + 2 + 8

Make = Callable[..., Whole]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server to be mistreated."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def make(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Make]:
    """Makes the whole, with settings."""
    made: list[Whole] = []

    def make(**settings: object) -> Whole:
        made.append(Whole(tmp_path, server.url, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for whole in made:
        whole.__exit__()


def some(prefix: str, count: int) -> dict[str, bytes]:
    return {f"{prefix}/{n}.txt": f"2023年，全市共办结{prefix}第{n}类案件{n}件。\n".encode() for n in range(count)}


def kill(server: EmbeddedRedis) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    wait_for(lambda: server.returncode is not None)


@pytest.mark.parametrize("who", ["child", "worker"])
@pytest.mark.parametrize("step", ["before _read", "after _read", "after _publish"])
def test_17_a_reader_dies_at_a_step(make: Make, step: str, who: str) -> None:
    """Before reading, with the report read, or when it is published and not acknowledged: one event each."""
    whole = make(workers=1).start(DIES=f"{step} {who}")
    files = some("a", 3)
    whole.drop(files)
    wait_for((whole.staff.folder / "begun.died").exists)
    took_s = whole.until_filed(files)
    tell(f"17 kill -9 of a {who} {step.replace('_', '')}", f"all filed {took_s:.1f} s later")

    assert whole.restarts == (who == "worker")
    assert took_s < DEAD_WORKER_S
    whole.assert_all(files)


def test_17_told_to_stop_with_ten_reports_at_hand(make: Make) -> None:
    """SIGTERM: they are finished, and nothing is read twice."""
    whole = make(workers=1, concurrency=10).start()
    files = {f"{n}.txt": b"sleep 5\n%d" % n for n in range(10)}
    whole.drop(files)
    wait_for(lambda: whole.begun() == 10)
    [worker] = whole.workers
    began = time.monotonic()
    worker.process.terminate()
    assert worker.process.wait(30) == 0
    took_s = time.monotonic() - began
    whole.until_filed(files)
    tell("17 SIGTERM with ten reports at hand", f"all finished, the worker ended after {took_s:.1f} s")

    assert whole.begun() == 10
    whole.assert_all(files)


def test_3_workers_are_killed_thirty_times_under_full_load(make: Make) -> None:
    """Nothing is lost, nothing is published twice, and what was lost on its way is handed over again."""
    whole = make(worker_max_attempts=30).start()
    chance = random.Random(3)
    files: dict[str, bytes] = {}
    for number in range(30):
        more = some(f"{number}", 40)
        files |= more
        whole.drop(more)
        time.sleep(chance.uniform(1, 2))
        whole.kill_worker(number % 2)
    took_s = whole.until_filed(files, 240)
    again = len(whole.rig.log_lines("handed_over_again"))
    tell(
        f"queue 3: kill -9 of a worker 30 times, {len(files)} files",
        f"all filed {took_s:.1f} s after the last; {again} handed over again by the watcher",
    )

    assert whole.restarts == 30
    assert again > 0
    whole.assert_all(files)


def test_5_a_grace_period_that_is_too_short(make: Make) -> None:
    """SIGTERM, then SIGKILL: what was at hand is with the next worker long before the visibility timeout of 60 s."""
    whole = make(workers=1).start()
    files = {"slow.txt": b"stall 60\n2023"} | some("a", 5)
    whole.rig.drop("slow.txt", files["slow.txt"])
    wait_for(lambda: whole.begun() == 1)
    whole.drop(files)
    [worker] = whole.workers
    worker.process.terminate()
    time.sleep(1)
    worker.signal_group(signal.SIGKILL)
    took_s = whole.until_filed(files)
    tell("queue 5: SIGTERM, then SIGKILL after 1 s", f"all filed {took_s:.1f} s later, the one at hand read again")

    assert took_s < DEAD_WORKER_S
    whole.assert_all(files)


@pytest.mark.parametrize("renew_s", [2.5, 3600], ids=["with a lease", "without"])
def test_11_a_report_slower_than_the_visibility_timeout(make: Make, renew_s: float) -> None:
    """The lease keeps it with its worker; without one it is read again and again, and published once."""
    whole = make(worker_max_attempts=10).start(VISIBILITY_S="5", RENEW_S=str(renew_s))
    files = {"slow.txt": b"sleep 12\n2023"}
    whole.drop(files)
    whole.until_filed(files)
    wait_for(lambda: whole.staff.left() == 0)
    begun = whole.begun()
    lease = "a lease" if renew_s < 5 else "no lease"
    tell(f"19, queue 11: a report of 12 s, visibility 5 s, {lease}", f"{begun} readings, 1 event")

    assert begun == 1 if renew_s < 5 else begun > 1
    whole.assert_all(files)


def test_13_a_worker_that_was_thought_dead_comes_back(make: Make) -> None:
    """Frozen with a report at hand, which another reads meanwhile: its own publishing is suppressed."""
    whole = make(workers=1).start()
    files = {"slow.txt": b"stall 3\n2023"}
    whole.drop(files)
    wait_for(lambda: whole.begun() == 1)
    [frozen] = whole.workers
    frozen.signal_group(signal.SIGSTOP)
    whole.staff.start()
    took_s = whole.until_filed(files)
    frozen.signal_group(signal.SIGCONT)
    wait_for(lambda: "read_again" in [line["message"] for line in whole.staff.log_lines()])
    tell("19, queue 13: a worker is frozen, and comes back", f"read by another {took_s:.1f} s later; 1 suppressed")

    assert whole.begun() == 2
    assert took_s < DEAD_WORKER_S
    whole.assert_all(files)


def test_6_redis_is_killed_twenty_times(make: Make, server: EmbeddedRedis) -> None:
    """Under load, its append-only file on. The workers connect again, or are started again."""
    whole = make().start()
    files: dict[str, bytes] = {}
    for turn in range(20):
        more = some(f"{turn}", 25)
        files |= more
        whole.drop(more)
        time.sleep(0.3)
        kill(server)
        server.start()
    took_s = whole.until_filed(files)
    tell(
        f"18, queue 6: kill -9 of Redis 20 times, {len(files)} files",
        f"all filed {took_s:.1f} s after the last; {whole.restarts} workers were started again",
    )
    whole.assert_all(files)


@pytest.mark.parametrize("is_frozen", [False, True], ids=["down", "frozen"])
def test_18a_redis_is_away_for_a_minute(make: Make, server: EmbeddedRedis, *, is_frozen: bool) -> None:
    """50 files come: they are taken in at once; the workers' health turns bad, and good again; none is read twice."""
    whole = make().start()
    early = {"early.txt": "2023年，全市办结1件。".encode()}
    whole.drop(early)
    whole.until_filed(early)
    assert server.pid
    os.kill(server.pid, signal.SIGSTOP) if is_frozen else server.stop()
    left = time.monotonic()
    files = some("a", 50)
    try:
        whole.drop(files)
        taken_s = wait_for(lambda: sum(whole.rig.counts().values()) == 51)
        wait_for(lambda: "queue" in whole.rig.health().alarms, AWAY_S)
        red_s = wait_for(lambda: not any(map(is_well, whole.workers)), AWAY_S)
        while time.monotonic() - left < AWAY_S:
            assert whole.rig.health().problem(time.time()) is None
            time.sleep(1)
    finally:
        os.kill(server.pid, signal.SIGCONT) if is_frozen else server.start()
    took_s = whole.until_filed(files)
    green_s = wait_for(lambda: all(map(is_well, whole.workers)))
    tell(
        f"18a, queue 8: Redis {'frozen' if is_frozen else 'down'} {AWAY_S:.0f} s, 50 files come",
        f"taken in after {taken_s:.1f} s; workers' health bad after {red_s:.0f} s; filed {took_s:.1f} s after the return, "
        f"health good {took_s + green_s:.1f} s after it",
    )

    assert took_s < 60
    assert whole.begun() == 51
    whole.assert_all(files | early)


def is_well(worker: WorkerProcess) -> bool:
    """What its health check says."""
    try:
        return time.time() - worker.sign_of_life.stat().st_mtime <= STALE_AFTER_S
    except FileNotFoundError:
        return False


def test_9_redis_is_full(make: Make) -> None:
    """``maxmemory``, nothing may be evicted: said, files kept, and with new room it goes on without anybody's help."""
    whole = make().start()
    before = some("a", 5)
    whole.drop(before)
    whole.until_filed(before)
    whole.rig.redis.config_set("maxmemory", "1mb")
    files = some("b", 50)
    whole.drop(files)
    wait_for(lambda: "'maxmemory'" in whole.rig.health().alarms.get("queue", ""))
    time.sleep(15)  # long enough for the workers to sweep and to report
    assert whole.rig.health().problem(time.time()) is None
    assert [path for path in files if not (whole.rig.inbox / path).exists()] == []
    whole.rig.redis.config_set("maxmemory", "0")
    took_s = whole.until_filed(files)
    tell(
        "queue 9: Redis at maxmemory, 50 files come",
        f"kept; filed {took_s:.1f} s after there was room; {whole.restarts} workers were started again",
    )
    whole.assert_all(before | files)


def test_18c_redis_comes_back_empty(make: Make, server: EmbeddedRedis) -> None:
    """Its volume is lost, with 100 published and 100 not: all are there again, each once, the ids as before."""
    whole = make().start()
    before, queued = some("a", 100), some("b", 100)
    whole.drop(before)
    whole.until_filed(before)
    ids = [data["id"] for data in whole.rig.events()]
    for worker in whole.workers:
        worker.signal_group(signal.SIGSTOP)
    whole.drop(queued)
    wait_for(lambda: whole.rig.counts().get("queued", 0) == 100)
    kill(server)
    for folder in server.log.parent.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    server.start()
    for worker in whole.workers:
        worker.signal_group(signal.SIGCONT)
    took_s = wait_for(lambda: whole.rig.redis.xlen(names.DEFAULT.results_stream) == 200)
    whole.until_filed(queued)
    tell("18c, queue 7: Redis restarted empty, 100 published, 100 queued", f"200 published {took_s:.1f} s later")

    assert {data["id"] for data in whole.rig.events()} > set(ids)
    whole.assert_all(before | queued)


def test_18d_the_queue_is_evicted(make: Make) -> None:
    """As an evicting ``maxmemory-policy`` does: the queue's key is gone, and all the rest is there."""
    whole = make().start()
    for worker in whole.workers:
        worker.signal_group(signal.SIGSTOP)
    files = some("a", 100)
    whole.drop(files)
    wait_for(lambda: whole.rig.counts().get("queued", 0) == 100)
    whole.rig.redis.delete(QUEUE)
    again_s = wait_for(lambda: whole.rig.redis.llen(QUEUE) > 90)
    for worker in whole.workers:
        worker.signal_group(signal.SIGCONT)
    whole.until_filed(files)
    tell("18d queue evicted, 100 queued", f"in the queue again after {again_s:.1f} s")
    whole.assert_all(files)


def test_12_two_watchers_and_four_workers(make: Make) -> None:
    """500 files, and the active watcher is killed in the middle: the other takes over."""
    whole = make(workers=4).start()
    first, second = whole.rig.processes[0], whole.rig.start(wait=False)
    wait_for(lambda: whole.rig.log_lines("standby"))
    files = some("a", 500)
    for number, (name, content) in enumerate(files.items()):
        whole.rig.drop(name, content)
        if number == 250:
            first.kill()
            first.wait()
    over_s = wait_for(lambda: whole.rig.is_active(second))
    took_s = whole.until_filed(files)
    tell(
        "12 two watchers, four workers, 500 files, active watcher killed",
        f"the other active after {over_s:.1f} s, all filed after {took_s:.1f} s",
    )

    assert over_s <= 15
    assert len(set(whole.readers())) == 4
    whole.assert_all(files)


def test_24_soak(make: Make) -> None:
    """Reports come one after the other for minutes; memory and descriptors stay level in every process."""
    whole = make(worker_results_maxlen=200, worker_report_ttl_s=30, watcher_results_maxlen=200).start()
    began, number, marks = time.monotonic(), 0, []
    while (age_s := time.monotonic() - began) < SOAK_S:
        name, content = f"{number % 10}/{number}.txt", report(number)
        whole.rig.drop(name, content)
        number += 1
        time.sleep(max(0.0, number / PER_S - age_s))
        if number % (PER_S * SOAK_S // 8) == 0:
            marks.append(held_by(whole))
    wait_for(lambda: whole.rig.counts().get("published", 0) == number)
    wait_for(lambda: whole.rig.files(whole.rig.inbox) == [])
    early, late = marks[1], marks[-1]
    seen = ", ".join(f"{name} {early[name]:.0f} to {late[name]:.0f}" for name in late)
    tell(
        f"24 soak: {number} reports in {SOAK_S / 60:.0f} min",
        f"MB and descriptors, after a quarter and at the end: {seen}",
    )

    for name in late:
        assert late[name] <= early[name] * 1.1 + (5 if name.endswith("MB") else 3), (name, marks)
    with whole.rig.ledger() as ledger:
        assert ledger.summary() == {"published": number}


def report(number: int) -> bytes:
    """A made-up report of 4 kB."""
    lines = [f"某县第{number}号法治政府建设年度报告"]
    lines += [f"{year}年，全县共办理行政复议案件{number}{year}件。" for year in range(1950, 2024)]
    return "\n".join(lines).encode()


def held_by(whole: Whole) -> dict[str, float]:
    """Resident memory in MB and open descriptors: of the watcher, the workers with their children, and Redis."""
    children = [child for worker in whole.workers for child in worker.children()]
    info = whole.rig.redis.info("memory")
    return {
        "watcher MB": _rss_mb(whole.rig.processes[-1].pid),
        "watcher fd": _descriptors(whole.rig.processes[-1].pid),
        "workers MB": sum(_rss_mb(worker.process.pid) for worker in whole.workers),
        "workers fd": sum(_descriptors(worker.process.pid) for worker in whole.workers),
        "readers MB": sum(map(_rss_mb, children)),
        "readers fd": sum(map(_descriptors, children)),
        "Redis MB": info["used_memory"] / 1e6,
    }


def _rss_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
