"""Whether a service runs: one answer for every command that asks."""

import json
import os
import socket
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner

from watcher.health import Health
from watcher.ledger.database import Ledger
from watcher.running.damage import FILE_NAME
from watcher.running.lock import WatcherLock
from zhibiao.cli import main
from zhibiao.exits import Failed
from zhibiao.running import embedded, presence
from zhibiao.running.presence import Presence, look
from zhibiao.settings import ServiceSettings

AWAY = "redis://me:secret@127.0.0.1:1/0"


def settings(state: Path, url: str | None) -> ServiceSettings:
    return ServiceSettings(state=state, redis_url=url, _env_file=None)  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize(
    ("age_s", "url", "state", "said"),
    [
        (1.0, "there", "running", "runs: watcher process 7, Redis at unix://"),
        (None, "there", "no_watcher", "no watcher runs over "),
        (3600.0, "there", "no_watcher", "no watcher runs over "),
        (1.0, None, "no_redis", "a watcher runs over "),
        (1.0, AWAY, "redis_silent", "Redis at redis://me:***@127.0.0.1:1/0 does not answer"),
        (None, None, "not_running", "no service runs over "),
    ],
)
def test_a_service_runs_where_its_watcher_lives_and_its_redis_answers(
    age_s: float | None, url: str | None, state: str, said: str, tmp_path: Path, redis_url: str
) -> None:
    """A sign of life that is old is none."""
    if age_s is not None:
        Health(7, "active", 1000.0 - age_s).write(tmp_path)

    found = look(settings(tmp_path, redis_url if url == "there" else url), 1000.0)

    assert found.state == state
    assert str(found).startswith(said)
    assert "secret" not in str(found)


@pytest.mark.parametrize(("listens", "state"), [(True, "redis_silent"), (False, "no_redis")])
def test_a_redis_of_the_service_that_hangs_does_not_answer(
    listens: bool,  # noqa: FBT001
    state: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its socket still takes connections, so it is known where it is: no setting would help."""
    Health(7, "active", 1000.0).write(tmp_path)
    monkeypatch.setattr(presence.connect, "answers", lambda _url: False)
    path = embedded.socket_path(tmp_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        if listens:
            server.listen()

        found = look(settings(tmp_path, None), 1000.0)

    assert found.state == state
    assert ("does not answer" in str(found)) is listens


@pytest.mark.parametrize("age_s", [86_400.0, -86_400.0])
def test_a_watcher_whose_clock_is_a_day_away_runs(age_s: float, tmp_path: Path, redis_url: str) -> None:
    """It holds the lock, which no clock takes from it."""
    lock = WatcherLock(tmp_path)
    assert lock.take()
    Health(os.getpid(), "active", 1000.0 - age_s).write(tmp_path)

    found = look(settings(tmp_path, redis_url), 1000.0)

    assert (found.state, found.pid) == ("running", os.getpid())
    lock.release()
    assert look(settings(tmp_path, redis_url), 1000.0).state == "no_watcher"


def test_status_and_tail_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none runs, in the same words."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state").mkdir()
    Ledger.open(tmp_path / "state" / FILE_NAME).close()

    status = CliRunner().invoke(main, ["status"], env={"COLUMNS": "300"})
    as_json = CliRunner().invoke(main, ["status", "--json"])
    tail = CliRunner().invoke(main, ["tail"])

    said = str(Presence(tmp_path / "state", None, None, answers=False))
    assert tail.stderr == f"zhibiao: {said}\n"
    assert " ".join(status.stdout.split()).startswith(f"service {said}")
    assert json.loads(as_json.stdout)["service"] == "not_running"


@pytest.mark.parametrize("is_away", [False, True])
def test_a_client_is_of_the_service_s_redis_and_its_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_away: bool
) -> None:
    """One that does not answer is said without its password."""
    asked: list[Any] = []

    class Client:
        def __enter__(self) -> "Client":
            return self

        def __exit__(self, *_: object) -> None:
            asked.append("closed")

        def ping(self) -> None:
            asked.append("ping")
            if is_away:
                raise redis.ConnectionError("gone")

    def connect(*about: str) -> Client:
        asked.append(about)
        return Client()

    monkeypatch.setattr(presence.connect, "connect", connect)
    own = ServiceSettings(state=tmp_path, site="gz", _env_file=None)  # type: ignore[call-arg]
    found = Presence(tmp_path, None, AWAY, True)  # noqa: FBT003 - its fourth field
    refused = pytest.raises(Failed, match=r"redis://me:\*\*\*@.*: gone$")
    with refused if is_away else nullcontext(), presence.connected(own, found) as client:
        assert isinstance(client, Client)
    assert asked == [(AWAY, "gz"), "ping", "closed"]
