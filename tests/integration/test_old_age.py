"""What is let go by its age is no loss; what is taken away is told as that."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from schemas import names
from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from watcher.running.damage import FILE_NAME

pytestmark = pytest.mark.service

FILES = {"a.txt": b"1", "2024/报.txt": b"2", "bad.txt": b"BAD"}
YEAR_S = 365 * 86_400


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url, redeliver_after_s=600) as rig:
        yield rig


def fill(rig: Rig) -> None:
    rig.start()
    with Worker(rig.url, rig.inbox):
        for name, content in FILES.items():
            rig.drop(name, content)
        wait_for(lambda: all(rig.is_filed(name) for name in FILES), what="all filed")


def forget_done(rig: Rig) -> None:
    """What ``ZHIBIAO_DONE_TTL_S`` does in time."""
    keys: Any = [*rig.redis.scan_iter("zhibiao:done:*")]
    assert len(keys) == len(FILES)
    rig.redis.delete(*keys)


def entries(rig: Rig) -> dict[str, Any]:
    return {
        stream: rig.redis.xrange(stream) for stream in (names.DEFAULT.results_stream, names.DEFAULT.failures_stream)
    }


def replay(rig: Rig, **environ: str) -> str:
    command = [sys.executable, "-m", "zhibiao", "replay", "--since", "1d"]
    run = forks.run(command, cwd=rig.folder, env={**rig.environ(), **environ}, timeout=LONG_S)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_what_lies_in_the_stream_is_not_restored_though_it_is_no_longer_known(rig: Rig) -> None:
    fill(rig)
    forget_done(rig)
    before = entries(rig)
    rig.redis.set(names.DEFAULT.generation_key, "another")  # as after a backup was put back
    wait_for(lambda: "restored" in [line.get("alarm") for line in rig.log_lines("alarm_over")], what="restored")
    assert entries(rig) == before
    assert replay(rig) == "3 sent again, 0 restored"
    assert entries(rig) == before


def test_replay_sends_what_was_let_go_and_restores_nothing(rig: Rig) -> None:
    """From streams that were trimmed, with done keys that have had their time."""
    fill(rig)
    rig.stop()
    forget_done(rig)
    for stream in entries(rig):
        rig.redis.xtrim(stream, maxlen=0, approximate=False)
    with closing(sqlite3.connect(rig.state / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE files SET changed_at = changed_at - ?", (YEAR_S,))
    assert replay(rig, ZHIBIAO_DONE_TTL_S="864000") == "3 sent again, 0 restored"
    assert not any(entries(rig).values())
    assert replay(rig) == "0 sent again, 3 restored"  # without an age it can only be a loss


def test_a_ledger_that_is_taken_away_is_an_alarm(rig: Rig) -> None:
    """And what `zhibiao status` says, until it is back."""
    rig.start()
    path, aside = rig.state / FILE_NAME, rig.folder / "aside"
    path.rename(aside)
    wait_for(lambda: "ledger-gone" in rig.health().alarms, what="an alarm")
    command = [sys.executable, "-m", "zhibiao", "status", "--json"]
    run = forks.run(command, cwd=rig.folder, env=rig.environ(), timeout=LONG_S)
    assert run.returncode == 1
    assert f"{path} is gone, though a watcher is active over this folder" in run.stderr
    aside.rename(path)
    wait_for(lambda: "ledger-gone" not in rig.health().alarms, what="no alarm")
    assert rig.counts() == {}
