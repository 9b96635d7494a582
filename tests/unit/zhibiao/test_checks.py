"""What the doctor makes of what it sees."""

import os
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from redis._parsers.base import BaseParser

from delivery.connect import Refused
from delivery.owner import Other, Service
from watcher.running.identity import RISK
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao.checks import machine, redis, worker
from zhibiao.checks.check import Check
from zhibiao.wording import LANGUAGES, _Chosen

HEALTHY: dict[str, Any] = {
    "redis_version": "7.2.4",
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "maxmemory_policy": "noeviction",
    "maxmemory": 0,
    "used_memory": 2_000_000,
    "time_s": 1000.0,
}
STOPS = "stop-writes-on-bgsave-error"
SAVED: dict[str, Any] = {"aof_enabled": 0, "save": "60 1"}
LRU: dict[str, Any] = {"maxmemory_policy": "allkeys-lru", "maxmemory": 9}
REFUSED = "PDF and spreadsheets go to quarantine: pip install 'zhibiao[formats]'"
SETTINGS = WatcherSettings(_env_file=None)  # type: ignore[call-arg]


def version(facts: dict[str, Any], _settings: WatcherSettings) -> Check:
    return redis.version(facts, "u")


def memory(facts: dict[str, Any], _settings: WatcherSettings) -> Check:
    return redis.memory(facts)


def drift(facts: dict[str, Any], settings: WatcherSettings) -> Check:
    return redis.drift(facts, settings, 1000.0)


#: What each word of a server wants done, in the words of the advice.
REFUSALS = [
    ("NOAUTH Authentication required.", "wants a password", "密码写进"),
    ("WRONGPASS invalid username-password pair or user is disabled.", "mend them there", "密码与服务器上的不符"),
    ("NOPERM this user has no permissions to run the 'ping' command", "ACL SETUSER", "ACL SETUSER"),
    ("LOADING Redis is loading the dataset in memory", "wait until", "正在载入"),
    ("OOM command not allowed when used memory > 'maxmemory'.", "raise maxmemory", "调高 maxmemory"),
    ("MISCONF Errors writing to the AOF file: No space left on device", "make room on its disk", "腾出空间"),
    ("READONLY You can't write against a read only replica.", "name its master", "主服务器"),
    ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "lost its master", "连不上主"),
    ("TRYAGAIN Multiple keys request during rehashing of slot", "it is moving its data", "请稍候"),
    ("CLUSTERDOWN The cluster is down", "its cluster is not whole", "集群"),
    ("NOREPLICAS Not enough good replicas to write.", "min-replicas-to-write", "min-replicas-to-write"),
]


@pytest.mark.parametrize(("line", "english", "chinese"), REFUSALS)
def test_a_server_that_refuses_is_not_told_to_be_started(
    line: str, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own words, and what would mend it, in both languages."""
    error = BaseParser.parse_error(line)  # as the library makes it of what the server says
    if line.startswith(("MISCONF", "NOREPLICAS")):
        error = Refused(line)  # as connect does
    said = {}
    for language in LANGUAGES:
        monkeypatch.setattr(_Chosen, "language", language)
        said[language] = redis._away("redis://me:secret@h/0", error)

    assert said["en"].level == "fail"
    assert said["en"].seen == f"redis://me:***@h/0: {error}"
    assert english in said["en"].advice
    assert chinese in said["zh"].advice
    assert "start it, or mend" not in said["en"].advice


def test_a_server_that_is_not_there_is_to_be_started() -> None:
    assert redis._away("redis://h/0", ConnectionError("refused")).advice.startswith("start it")


def test_a_healthy_server_passes() -> None:
    """No advice where all is well."""
    assert redis.version(HEALTHY, "redis://h") == Check("redis", "ok", "redis 7.2.4 at redis://h")
    assert redis.persistence(HEALTHY, SETTINGS) == Check("persistence", "ok", "append-only file")
    assert redis.eviction(HEALTHY, SETTINGS) == Check("eviction", "ok", "noeviction")
    assert redis.memory(HEALTHY) == Check("memory", "ok", "2.0 MB used")
    assert redis.drift(HEALTHY, SETTINGS, 1000.25) == Check("clocks", "ok", "0.2 s apart")


@pytest.mark.parametrize(
    ("look", "change", "level", "seen"),
    [
        (version, {"redis_version": "5.0.7"}, "fail", "version 5.0.7 at u"),
        (version, {"redis_version": "?"}, "warn", "version ? at u"),
        (redis.persistence, {"aof_enabled": 0}, "warn", "no append-only file; save points cannot be seen"),
        (
            redis.persistence,
            {"aof_enabled": 0, "save": ""},
            "fail",
            "appendonly of Redis is no, without any save point",
        ),
        (redis.persistence, {**SAVED, STOPS: "yes"}, "warn", "no append-only file; save points '60 1'"),
        (redis.persistence, {**SAVED, STOPS: "no"}, "fail", f"{STOPS} of Redis is no"),
        (redis.persistence, {"aof_last_write_status": "err"}, "fail", "the last write to disk failed"),
        (
            redis.persistence,
            {**SAVED, "rdb_last_bgsave_status": "err"},
            "fail",
            "it cannot save its data: the last attempt failed",
        ),
        (redis.eviction, LRU, "fail", "maxmemory-policy of Redis is allkeys-lru"),
        (redis.eviction, {**LRU, "maxmemory": 0}, "warn", "allkeys-lru, no memory limit set"),
        (memory, {"maxmemory": 2_100_000}, "fail", "2.0 MB used of 2.1 MB"),
        (drift, {"time_s": 1009.0}, "warn", "9.0 s apart"),
        (drift, {"time_s": 1090.0}, "fail", "the clock is 90 s away from that of Redis"),
    ],
)
def test_a_server_that_can_lose_data_does_not(look: Any, change: dict[str, Any], level: str, seen: str) -> None:
    """What loses results fails; what may be fine is a warning; each comes with advice."""
    check = look({**HEALTHY, **change}, SETTINGS)

    assert (check.level, check.seen) == (level, seen)
    assert check.advice


def test_an_accepted_danger_is_a_warning() -> None:
    """Who knows better is still told."""
    accepting = SETTINGS.model_copy(update={"accept_risks": ("eviction",)})

    assert redis.eviction({**HEALTHY, **LRU}, accepting) == Check(
        "eviction",
        "warn",
        "maxmemory-policy of Redis is allkeys-lru",
        "accepted by ZHIBIAO_ACCEPT_RISKS: when memory is full it throws away the queue and published results",
    )


def test_a_server_that_is_away_is_told_without_its_password() -> None:
    """The address is named, the password is not."""
    [check] = redis.look("redis://me:secret@127.0.0.1:1/0", SETTINGS, now_s=0)

    assert (check.name, check.level) == ("redis", "fail")
    assert check.seen.startswith("redis://me:***@127.0.0.1:1/0: ")
    assert "secret" not in check.seen


def test_a_wrong_clock_fails() -> None:
    """A machine that has lost its battery starts in 1970."""
    assert machine.clock(datetime(1970, 1, 2, tzinfo=UTC), SETTINGS).level == "fail"
    assert machine.clock(datetime(2026, 11, 24, tzinfo=UTC), SETTINGS) == Check(
        "clock", "ok", "2026-11-24T00:00:00+00:00"
    )


def test_this_installation_is_whole() -> None:
    """The tests run with the packages that the project asks for."""
    assert machine.packages().level == "ok"
    assert machine.python().level == "ok"
    assert machine.extras() == Check("extras", "ok", "embedded, formats, page, parquet")


@pytest.mark.parametrize(
    ("missing", "check"),
    [
        ("pypdfium2", Check("extras", "warn", "embedded, page, parquet; not here: formats", REFUSED)),
        ("python-calamine", Check("extras", "warn", "embedded, page, parquet; not here: formats", REFUSED)),
        ("duckdb", Check("extras", "ok", "embedded, formats, page; not here: parquet")),
        ("uvicorn", Check("extras", "ok", "embedded, formats, parquet; not here: page")),
    ],
)
def test_an_extra_is_here_when_all_of_it_is(missing: str, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that files are refused without is a warning."""
    version = metadata.version

    def without(name: str) -> str:
        if name == missing:
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(metadata, "version", without)

    assert machine.extras() == check


@pytest.mark.parametrize(
    ("watches", "instances", "folders", "level"),
    [
        (1_500, 16, 500, "ok"),
        (1_499, 16, 500, "warn"),
        (1_500, 16, 501, "warn"),
        (1_500, 15, 500, "warn"),
        (524_288, 128, 3, "ok"),
    ],
)
def test_inotify_leaves_a_thousand_watches_to_others(
    watches: int, instances: int, folders: int, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "max_user_watches").write_text(f"{watches}\n")
    (tmp_path / "max_user_instances").write_text(f"{instances}\n")
    monkeypatch.setattr(machine, "_INOTIFY", tmp_path)

    found = machine.inotify(folders)

    assert found
    assert (found.name, found.level) == ("inotify", level)
    assert found.seen == f"{watches} watches, {instances} instances; {folders} folders to watch"


def test_without_inotify_there_is_nothing_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_INOTIFY", tmp_path / "none")

    assert machine.inotify(3) is None


def test_a_worker_that_is_alone_is_asked_for_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for the archive and the ledger, which it never sees."""
    sign = tmp_path / "worker.alive"
    monkeypatch.setenv("ZHIBIAO_WORKER_HEALTH", str(sign))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    settings = WorkerSettings(_env_file=None, inbox=tmp_path / "inbox")  # type: ignore[call-arg]

    def levels() -> dict[str, str]:
        return {check.name: check.level for check in worker.look(settings, now_s=1000.0)}

    assert levels() == {"inbox": "fail", "temporary files": "ok", "worker": "fail"}
    settings.inbox.mkdir()
    sign.touch()
    os.utime(sign, (990, 990))
    assert levels() == {"inbox": "ok", "temporary files": "ok", "worker": "ok"}
    os.utime(sign, (900, 900))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert levels() == {"inbox": "ok", "temporary files": "fail", "worker": "fail"}


@pytest.mark.parametrize(
    ("url", "seen"),
    [(None, "ZHIBIAO_REDIS_URL is not set"), ("redis://me:secret@127.0.0.1:1/0", "redis://me:***@127.0.0.1:1/0: ")],
)
def test_a_worker_starts_no_server_of_its_own(url: str | None, seen: str) -> None:
    """So one that is not named, or away, is a failure."""
    [check] = redis.look_from_worker(url, SETTINGS, now_s=0)

    assert (check.name, check.level) == ("redis", "fail")
    assert check.seen.startswith(seen)


@pytest.mark.parametrize(
    ("accepted", "url", "is_alive", "level", "advice"),
    [
        ((), "redis://h/0", False, "fail", "set ZHIBIAO_ACCEPT_RISKS="),
        ((), "redis://h/0", True, "fail", "give this one a name"),
        ((RISK,), "redis://h/0", False, "warn", "the service over /srv/old on b is replaced"),
        ((RISK,), "redis://h/0", True, "fail", "give this one a name"),
        (
            (),
            f"unix://{SETTINGS.state.absolute()}/redis/s",
            False,
            "warn",
            "the service over /srv/old on b is replaced",
        ),
    ],
)
def test_names_of_another_service_are_taken_over_only_where_it_runs_no_more(
    accepted: tuple[str, ...], url: str, level: str, advice: str, *, is_alive: bool
) -> None:
    """And only as accepted, or in a Redis of its own; one that runs is never replaced."""
    settings = SETTINGS.model_copy(update={"accept_risks": accepted})
    check = redis.belonging(Other(Service("5f", "b", "/srv/old"), is_alive), settings, url)

    assert (check.name, check.level) == ("site", level)
    assert "the service over /srv/old on b" in check.seen
    assert advice in check.advice


@pytest.mark.parametrize(
    ("site", "seen"), [("gz", "gz"), ("", "none: the one service without a name on this database")]
)
def test_names_of_nobody_else_are_fine(site: str, seen: str) -> None:
    settings = SETTINGS.model_copy(update={"site": site})

    assert redis.belonging(None, settings, "redis://h/0") == Check("site", "ok", seen)


def test_a_machine_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python, who runs it, its settings, its packages, its clock."""
    assert machine.python().level == "ok"
    monkeypatch.setattr(machine.sys, "version_info", (3, 10, 9))
    assert (machine.python().level, machine.python().seen) == ("fail", "3.10.9")
    for user, level, seen in ((0, "warn", "root"), (1000, "ok", "1000")):
        monkeypatch.setattr(machine.os, "geteuid", lambda user=user: user)
        assert (machine.user().level, machine.user().seen) == (level, seen)
    assert machine.settings([WatcherSettings, WorkerSettings]).level == "ok"
    monkeypatch.setenv("ZHIBIAO_MAX_FILE_BYTES", "many")
    wrong = machine.settings([WatcherSettings])
    assert (wrong.level, "ZHIBIAO_MAX_FILE_BYTES" in wrong.seen) == ("fail", True)
    wants = ["rich>=1000", "no-such-package>=1", "redis; extra == 'none'"]
    monkeypatch.setattr(machine.metadata, "requires", lambda _: wants)
    packages = machine.packages()
    assert packages.level == "fail"
    assert ">=1000" in packages.seen
    assert "no-such-package" in packages.seen
    assert "redis" not in packages.seen
    accepting = SETTINGS.model_copy(update={"accept_risks": ("clock",)})
    assert machine.clock(datetime(1970, 1, 2, tzinfo=UTC), accepting).level == "warn"


@pytest.mark.parametrize(
    ("facts", "odd", "other", "failed"),
    [
        ({}, [], None, []),
        ({"loading": 1}, [], None, ["redis"]),
        ({"role": "slave"}, [], None, ["redis"]),
        ({}, ["zhibiao:results is a string"], None, ["keys"]),
        ({"maxmemory": 2_000_001}, [], None, ["memory"]),
        ({}, [], Other(Service("5f", "b", "/srv/old"), is_alive=True), ["site"]),
    ],
)
@pytest.mark.parametrize("part", ["service", "worker"])
def test_a_server_is_asked_all_that_a_part_needs(
    facts: dict[str, Any],
    odd: list[str],
    other: Other | None,
    failed: list[str],
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whose the names are is the service's to know."""
    monkeypatch.setattr(redis.server, "facts", lambda _: {**HEALTHY, **facts})
    monkeypatch.setattr(redis.key_kinds, "wrong_kinds", lambda _: odd)
    monkeypatch.setattr(redis.owner, "other_than", lambda *_: other)
    monkeypatch.setattr(redis, "moved_aside", lambda _: [])
    look = redis.look if part == "service" else redis.look_from_worker
    found = [*look("redis://me:secret@h/0", SETTINGS, 1000.0)]

    assert [check.name for check in found if check.level == "fail"] == [
        name for name in failed if (part, name) != ("worker", "site")
    ]
    names = ["redis", "persistence", "eviction", "memory", "clocks", *(["site"] if part == "service" else [])]
    assert [check.name for check in found if check.name != "keys"][-len(names) :] == names
    assert found[0].seen == "redis 7.2.4 at redis://me:***@h/0"
    assert all(check.advice for check in found if check.level != "ok")


def test_data_that_was_moved_aside_is_told_and_a_server_to_start_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis, "moved_aside", lambda _: [Path("/srv/redis/valkey.damaged-1"), Path("/srv/redis/b")])
    monkeypatch.setattr(
        redis, "choose_binary", lambda _: SimpleNamespace(flavour="valkey", version=(8, 1), path="/usr/bin/v")
    )
    moved, server = redis.look(None, SETTINGS, 0.0)

    assert (moved.name, moved.level) == ("redis data", "warn")
    assert "/srv/redis/valkey.damaged-1, /srv/redis/b" in moved.seen
    assert (server.level, server.seen) == ("ok", "none runs; `zhibiao up` starts valkey 8.1 (/usr/bin/v)")

    def none(_: Path) -> None:
        raise redis.EmbeddedRedisError("no server was found. Install one")

    monkeypatch.setattr(redis, "choose_binary", none)
    assert (redis.binary(tmp_path).level, redis.binary(tmp_path).advice) == ("fail", "no server was found. Install one")
    monkeypatch.undo()
    saved = {**HEALTHY, **SAVED, STOPS: "yes"}
    untimed = redis.drift({name: value for name, value in HEALTHY.items() if name != "time_s"}, SETTINGS, 1000.0)
    assert (untimed.name, untimed.level) == ("clocks", "warn")
    assert redis.persistence(saved, SETTINGS).seen == "no append-only file; save points '60 1'"
    assert [redis.drift({**HEALTHY, "time_s": at}, SETTINGS, 1000.0).level for at in (1005.0, 995.0, 1005.1)] == [
        "ok",
        "ok",
        "warn",
    ]
