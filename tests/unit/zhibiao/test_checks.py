"""What the doctor makes of what it sees."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhibiao.checks import disk, machine, redis
from zhibiao.checks.check import Check

HEALTHY: dict[str, Any] = {
    "redis_version": "7.2.4",
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "maxmemory_policy": "noeviction",
    "maxmemory": 0,
    "used_memory": 2_000_000,
}


def test_a_healthy_server_passes() -> None:
    """No advice where all is well."""
    assert redis.version(HEALTHY, "redis://h") == Check("redis", "ok", "redis 7.2.4 at redis://h")
    assert redis.persistence(HEALTHY) == Check("persistence", "ok", "append-only file")
    assert redis.eviction(HEALTHY) == Check("eviction", "ok", "noeviction")
    assert redis.memory(HEALTHY) == Check("memory", "ok", "2.0 MB used")
    assert redis.drift(-0.25) == Check("clocks", "ok", "0.2 s apart")


@pytest.mark.parametrize(
    ("look", "change", "level", "seen"),
    [
        (lambda info: redis.version(info, "u"), {"redis_version": "5.0.7"}, "fail", "version 5.0.7 at u"),
        (lambda info: redis.version(info, "u"), {"redis_version": "?"}, "warn", "version ? at u"),
        (redis.persistence, {"aof_enabled": 0}, "fail", "no append-only file"),
        (redis.persistence, {"aof_last_write_status": "err"}, "fail", "the last write to disk failed"),
        (redis.eviction, {"maxmemory_policy": "allkeys-lru", "maxmemory": 9}, "fail", "allkeys-lru"),
        (redis.eviction, {"maxmemory_policy": "allkeys-lru"}, "warn", "allkeys-lru, no memory limit set"),
        (redis.memory, {"maxmemory": 2_100_000}, "fail", "2.0 MB used of 2.1 MB"),
        (lambda _: redis.drift(60), {}, "warn", "60.0 s apart"),
    ],
)
def test_a_server_that_can_lose_data_does_not(look: Any, change: dict[str, Any], level: str, seen: str) -> None:
    """What loses results fails; what may be fine is a warning; each comes with advice."""
    check = look({**HEALTHY, **change})

    assert (check.level, check.seen) == (level, seen)
    assert check.advice


def test_a_server_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    """The address is named, the password is not."""
    [check] = redis.look("redis://me:secret@127.0.0.1:1/0", tmp_path, now_s=0)

    assert (check.name, check.level) == ("redis", "fail")
    assert check.seen.startswith("redis://me:***@127.0.0.1:1/0: ")
    assert "secret" not in check.seen


def test_a_wrong_clock_fails() -> None:
    """A machine that has lost its battery starts in 1970."""
    assert machine.clock(datetime(1970, 1, 2, tzinfo=UTC)).level == "fail"
    assert machine.clock(datetime(2026, 11, 24, tzinfo=UTC)) == Check("clock", "ok", "2026-11-24T00:00:00+00:00")


def test_this_installation_is_whole() -> None:
    """The tests run with the packages that the project asks for."""
    assert machine.packages().level == "ok"
    assert machine.python().level == "ok"


def test_a_working_inbox_passes_and_stays_clean(tmp_path: Path) -> None:
    """Watch, lease and rename work in a temporary folder, and nothing is left behind."""
    inbox, processed = tmp_path / "inbox", tmp_path / "processed"
    inbox.mkdir()
    processed.mkdir()

    checks = [disk.canary(inbox), disk.lease(inbox), disk.move(inbox, processed, "processed")]

    assert [(check.name, check.level) for check in checks] == [
        ("canary", "ok"),
        ("lease", "ok"),
        ("move to processed", "ok"),
    ]
    assert [*inbox.iterdir(), *processed.iterdir()] == []


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    """The reason is the system's own."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    check = disk.move(inbox, tmp_path / "nowhere", "processed")

    assert (check.level, check.seen) == ("warn", "not possible: No such file or directory")
    assert [*inbox.iterdir()] == []
