"""Nothing starts with a setting that loses reports: said by doctor, by `zhibiao up` and by the watcher alone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from delivery.connect import connect
from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from zhibiao.running import embedded
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service

EVICTION = {"maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}
NO_PERSISTENCE = {"appendonly": "no", "save": ""}
UNSAVED_WRITES = {"appendonly": "no", "save": "60 1", "stop-writes-on-bgsave-error": "no"}
# settings of a real server -> risk, the doctor's check, and what is said of it
DANGERS = [
    (EVICTION, "eviction", "eviction", "maxmemory-policy of Redis is allkeys-lru"),
    (EVICTION | {"maxmemory-policy": "volatile-ttl"}, "eviction", "eviction", "maxmemory-policy of Redis is volatile-ttl"),
    (NO_PERSISTENCE, "no-persistence", "persistence", "appendonly of Redis is no, without any save point"),
    (UNSAVED_WRITES, "unsaved-writes", "persistence", "stop-writes-on-bgsave-error of Redis is no"),
]  # fmt: skip


@pytest.fixture
def rig(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Rig]:
    with Rig(tmp_path / "home", server.url) as rig:
        yield rig


def set_(server: EmbeddedRedis, settings: dict[str, str]) -> None:
    with connect(server.url) as client:
        for name, value in settings.items():
            client.config_set(name, value)


def run(rig: Rig, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return forks.run([sys.executable, "-m", *command], env=rig.environ() | environ, cwd=rig.folder, timeout=LONG_S)


def doctor(rig: Rig, name: str, **environ: str) -> dict[str, Any]:
    checks = json.loads(run(rig, "zhibiao", "doctor", "--json", **environ).stdout)["checks"]
    [found] = [check for check in checks if check["name"] == name]
    return dict(found)


@pytest.mark.parametrize(("settings", "code", "check", "said"), DANGERS)
def test_a_server_that_loses_data_is_refused(
    rig: Rig, server: EmbeddedRedis, settings: dict[str, str], code: str, check: str, said: str
) -> None:
    """The message names the setting, what was seen, what would be right, and how to go on all the same."""
    set_(server, settings)

    for command in (["watcher"], ["zhibiao", "up"]):
        refused = run(rig, *command)
        assert refused.returncode == 2, refused.stderr
        assert f"{said}: " in refused.stderr.replace('\\"', '"')
        assert ". Right: " in refused.stderr
        assert f"ZHIBIAO_ACCEPT_RISKS={code}" in refused.stderr
    assert doctor(rig, check) | {"advice": ""} == {"name": check, "level": "fail", "seen": said, "advice": ""}
    assert doctor(rig, check, ZHIBIAO_ACCEPT_RISKS=code)["level"] == "warn"


def test_who_knows_better_may_go_on(tmp_path: Path, server: EmbeddedRedis) -> None:
    set_(server, NO_PERSISTENCE)

    with Rig(tmp_path / "home", server.url, accept_risks=("no-persistence",)) as rig:
        rig.start()
        rig.drop("a.txt", b"one")
        with Worker(rig.url, rig.inbox):
            wait_for(lambda: rig.is_filed("a.txt"))


def test_a_server_without_limit_or_with_save_points_is_taken(rig: Rig, server: EmbeddedRedis) -> None:
    """No key is evicted where memory has no limit; what a save point misses comes back from the archive."""
    set_(server, {"maxmemory-policy": "allkeys-lru", "appendonly": "no", "save": "3600 1"})

    rig.start()

    assert doctor(rig, "eviction")["level"] == "warn"
    assert doctor(rig, "persistence")["level"] == "warn"
    assert rig.health().alarms == {}


def test_a_server_that_was_away_is_looked_at_when_it_comes(
    rig: Rig, server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are taken in, nothing is handed over, an alarm says why; mended, it goes on by itself."""
    server.stop()
    rig.start()
    # It has the setting from its first moment: the watcher may look at once.
    evicting = "".join(f"{name} {value}\n" for name, value in EVICTION.items())
    monkeypatch.setattr(embedded, "_CONFIG", embedded._CONFIG + evicting)
    server.start()
    rig.drop("a.txt", b"one")

    with Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: "maxmemory-policy of Redis is allkeys-lru" in rig.health().alarms.get("unsafe", ""))
        wait_for(lambda: rig.state_of("a.txt") == "accepted")
        assert worker.handled == []
        set_(server, {"maxmemory-policy": "noeviction"})
        wait_for(lambda: rig.is_filed("a.txt"))


def test_a_user_who_may_not_ask_is_not_refused(rig: Rig, server: EmbeddedRedis) -> None:
    """What cannot be seen is no danger that was seen; the doctor says that it cannot be seen."""
    set_(server, NO_PERSISTENCE)
    with connect(server.url) as client:
        client.acl_setuser("default", enabled=True, nopass=True, commands=["+@all", "-config"], keys="*", channels="*")

    try:
        rig.start()
        seen = doctor(rig, "persistence")
    finally:
        with connect(server.url) as client:
            client.acl_setuser("default", enabled=True, nopass=True, commands=["+@all"], keys="*", channels="*")

    assert (seen["level"], seen["seen"]) == ("warn", "no append-only file; save points cannot be seen")


def test_a_read_only_inbox_is_refused_unless_accepted(rig: Rig) -> None:
    """Case 14c runs with one that was accepted."""
    bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if bound and not shutil.which(bound[0]):
        pytest.skip("root is not bound by permissions, and setpriv is not installed")
    rig.inbox.chmod(0o555)

    command = [*bound, sys.executable, "-m", "watcher"]
    refused = subprocess.run(command, env=rig.environ(), capture_output=True, text=True, timeout=LONG_S)

    assert refused.returncode == 2
    assert f"the inbox {rig.inbox} is not to be written by user {os.getuid()}: " in refused.stderr
    rig.settings = rig.settings.model_copy(update={"accept_risks": ("read-only-inbox",)})
    rig.start(command=command)


@pytest.mark.parametrize("name", ["processed", "quarantine", "state"])
def test_a_file_in_the_place_of_a_folder_is_refused(rig: Rig, name: str) -> None:
    """By the watcher alone as by the service, in one line without a traceback."""
    (rig.folder / name).write_text("", "utf-8")

    for command in (["watcher"], ["zhibiao", "up"]):
        refused = run(rig, *command)
        assert refused.returncode in (1, 2)
        assert f"{name} {rig.folder}/{name}: cannot be made: File exists" in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ZHIBIAO_REDIS_URL", "http://me:hidden@host", "ZHIBIAO_REDIS_URL: redis://host:port/db, rediss:// or unix:"),
        ("ZHIBIAO_METRICS_PORT", "abc", "ZHIBIAO_METRICS_PORT: Input should be a valid integer, "),
    ],
)
def test_each_part_says_in_one_line_which_setting_it_cannot_use(rig: Rig, name: str, value: str, said: str) -> None:
    parts = {
        "watcher": ["watcher"],
        "worker": ["celery", "-q", "-A", "worker.app", "worker"],
        "zhibiao": ["zhibiao", "up"],
    }

    refused = {part: run(rig, *command, **{name: value}) for part, command in parts.items()}

    for part, ended in refused.items():
        assert ended.returncode == (1 if part == "worker" else 2), ended.stderr
        [line] = ended.stderr.splitlines()
        assert line.startswith(f"{part}: {said}")
        assert "hidden" not in line


def test_a_watcher_that_was_stopped_is_not_taken_for_running(rig: Rig) -> None:
    rig.start()
    assert run(rig, "watcher.health").returncode == 0

    rig.stop()

    ended = run(rig, "watcher.health")
    assert (ended.returncode, ended.stderr) == (1, "watcher: no watcher has been here\n")


def test_the_session_server_is_safe(redis_client: redis.Redis) -> None:
    """What `zhibiao up` starts by itself is never refused."""
    wanted = {"appendonly": "yes", "maxmemory-policy": "noeviction"}

    assert {name: redis_client.config_get(name)[name] for name in wanted} == wanted
