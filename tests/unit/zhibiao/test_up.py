"""What stands in the way of a service, what it says when it is up, and how its parts are begun."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from rich.console import Console
from structlog.testing import capture_logs

from zhibiao.commands import up
from zhibiao.commands.store import status as store_status
from zhibiao.exits import Failed, WrongSetting
from zhibiao.running.supervisor import parts_of
from zhibiao.settings import ServiceSettings

URL = "redis://me:secret@h:1/2"


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    folders = {name: tmp_path / name for name in ("inbox", "processed", "quarantine", "state")}
    return ServiceSettings(_env_file=None, page=False, **folders)


@pytest.mark.parametrize(
    ("url", "site", "command"),
    [
        ("redis://:secret@h:1/2", "", "redis-cli -u 'redis://:***@h:1/2' SUBSCRIBE zhibiao@2:results"),
        ("unix:///srv/a%20b/s", "gz", "redis-cli -s '/srv/a b/s' SUBSCRIBE zhibiao.gz:results"),
        ("unix:///srv/s?password=secret", "", "redis-cli -s /srv/s --askpass SUBSCRIBE zhibiao:results"),
    ],
)
def test_the_command_that_subscribes_has_no_password(url: str, site: str, command: str) -> None:
    assert up.subscribe_command(url, site) == command


@pytest.mark.parametrize("has_port", [False, True])
def test_a_service_without_a_terminal_says_in_its_log_where_it_is(
    settings: ServiceSettings, tmp_path: Path, *, has_port: bool
) -> None:
    settings = settings.model_copy(update={"redis_port": 6399 if has_port else None})
    server: Any = SimpleNamespace(password_file=tmp_path / "password")
    with capture_logs() as logs, up._told(settings, URL, None, server, timings=False):
        pass

    said = [{name: value for name, value in line.items() if name != "log_level"} for line in logs]
    port = {"event": "port", "redis": "redis://:***@127.0.0.1:6399/0", "password_file": str(tmp_path / "password")}
    here = {"inbox": str(tmp_path / "inbox"), "redis": "redis://me:***@h:1/2"}
    assert said == [{"event": "up", "version": up.__version__, **here}, *([port] if has_port else [])]


@pytest.mark.parametrize(("is_page", "is_missing"), [(True, True), (True, False), (False, True)])
def test_on_a_terminal_people_are_told_until_the_service_has_ended(
    settings: ServiceSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_page: bool, is_missing: bool
) -> None:
    """A page that cannot be served is said in the log, too."""
    steps: list[Any] = []
    out = io.StringIO()

    def telling(url: str, site: str, log: Path, tell: Any, *, timings: bool) -> Any:
        steps.append((url, site, log, timings))
        tell("a line")
        return SimpleNamespace(begin=lambda: steps.append("begin"), finish=lambda: steps.append("finish"))

    monkeypatch.setattr(up, "Telling", telling)
    monkeypatch.setattr(up.extra, "missing", lambda: ("jinja2",) if is_missing else ())
    monkeypatch.setattr(up.terminal, "err", lambda: Console(file=out, width=200))
    settings = settings.model_copy(update={"page": is_page, "site": "gz"})
    log: Any = SimpleNamespace(name=str(tmp_path / "service.log"))
    with capture_logs() as logs, suppress(KeyError), up._told(settings, URL, log, None, timings=True):
        steps.append("runs")
        raise KeyError

    assert steps == [(URL, "gz", tmp_path / "service.log", True), "begin", "runs", "finish"]
    assert [line["event"] for line in logs] == (["no_page"] if is_page and is_missing else [])
    assert all(up.extra.INSTALL in line["why"] for line in logs)
    assert out.getvalue().splitlines()[-1] == "a line"
    assert "指标 Zhibiao" in out.getvalue()


@pytest.mark.parametrize("has_page", [False, True])
def test_a_head_says_where_all_of_it_is(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, *, has_page: bool
) -> None:
    """Folders, Redis without its password, the log, the page where there is one, and how to take results."""
    monkeypatch.setattr(up.extra, "missing", lambda: ())
    settings = settings.model_copy(update={"page": has_page, "redis_port": 6399})
    out = io.StringIO()
    Console(file=out, width=300).print(up._head(settings, URL, "/srv/service.log", Path("/srv/password")))
    text = out.getvalue()

    for folder in (settings.inbox, settings.processed, settings.quarantine, settings.state):
        assert f" {folder}" in text
    for said in (
        "redis://me:***@h:1/2",
        "redis://:***@127.0.0.1:6399/0",
        "/srv/password",
        "/srv/service.log",
        "Ctrl-C",
    ):
        assert said in text
    assert "redis-cli -u 'redis://me:***@h:1/2' SUBSCRIBE zhibiao@2:results" in text
    assert ("http://127.0.0.1:8480" in text) is has_page
    assert "secret" not in text


@pytest.mark.parametrize(("form", "is_terminal"), [("auto", True), ("auto", False), ("json", True)])
def test_the_log_is_a_file_while_people_look_at_lines(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, form: str, *, is_terminal: bool
) -> None:
    """The one before is kept under another name; the log goes back to where it was afterwards."""
    configured: list[bool] = []
    monkeypatch.setattr(up.logs, "configure", lambda _s, name, *file: configured.append(bool(file)))
    monkeypatch.setattr(up.terminal, "err", lambda: SimpleNamespace(is_terminal=is_terminal))
    settings = settings.model_copy(update={"log_format": form})
    settings.state.mkdir()
    (settings.state / "service.log").write_text("before\n", "utf-8")
    with up._log_of(settings) as log:
        if log:
            log.write("now\n")
    kept = settings.state / "service.log.1"

    if form == "auto" and is_terminal:
        assert log is not None
        assert (log.closed, kept.read_text("utf-8"), configured) == (True, "before\n", [True, False])
        assert (settings.state / "service.log").read_text("utf-8") == "now\n"
    else:
        assert (log, kept.exists(), configured) == (None, False, [])


@pytest.mark.parametrize(
    ("wrong", "error", "why"),
    [
        ({"unknown_sinks": ["no sink x", "no sink y"]}, WrongSetting, "no sink x\n  no sink y"),
        ({"make": ["inbox is a file", "state is full"]}, Failed, "inbox is a file\n  state is full"),
        ({"risks": ["reports may be lost"], "refusal": "it is another's"}, WrongSetting, "reports may be lost\n  it is another's"),
        ({"refusal": "it is another's"}, WrongSetting, "it is another's"),
        ({"fault": "the ledger is damaged"}, Failed, "the ledger is damaged"),
        ({}, None, ""),
        ({"answers": False}, None, ""),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_said_before_anything_runs(
    wrong: dict[str, Any],
    error: type[Exception] | None,
    why: str,
    settings: ServiceSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of a kind at once; a Redis that does not answer yet is waited for."""
    monkeypatch.setattr(up, "unknown_sinks", lambda *_, **__: wrong.get("unknown_sinks", []))
    monkeypatch.setattr(up.folders, "make", lambda _: wrong.get("make", []))
    monkeypatch.setattr(up.risks, "look", lambda *_: wrong.get("risks", []))
    monkeypatch.setattr(up.identity, "refusal", lambda *_: wrong.get("refusal"))
    monkeypatch.setattr(up, "fault_of", lambda _: wrong.get("fault"))
    monkeypatch.setattr(up.connect, "answers", lambda _: wrong.get("answers", True))
    named = settings.model_copy(update={"redis_url": SecretStr(URL)})
    if error:
        with pytest.raises(error) as told:
            up._checked(named)
        assert str(told.value) == why
        return
    with capture_logs() as logs:
        assert up._checked(named) == URL
        assert up._checked(settings) is None
    assert [line["redis"] for line in logs] == ([] if wrong.get("answers", True) else ["redis://me:***@h:1/2"])


@pytest.mark.parametrize("named", [None, URL])
def test_a_service_begins_a_redis_of_its_own_where_none_is_named_and_stops_it_last(
    named: str | None, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []

    @contextmanager
    def within(what: str, value: Any) -> Iterator[Any]:
        done.append(what)
        yield value
        done.append(f"{what} ends")

    server = SimpleNamespace(url="unix:///s", stop=lambda: done.append("stop"))
    monkeypatch.setattr(up.logs, "configure", lambda *_: None)
    monkeypatch.setattr(up, "_checked", lambda _: named)
    monkeypatch.setattr(up, "start_redis", lambda _: (done.append("redis"), server)[1])
    monkeypatch.setattr(up, "only_one", lambda state: within(f"only one over {state.name}", None))
    monkeypatch.setattr(up, "signals_to_stop", lambda: within("signals", SimpleQueue()))
    monkeypatch.setattr(up, "_log_of", lambda _: within("log", None))
    monkeypatch.setattr(
        up, "_told", lambda _s, url, _l, own, *, timings: within(f"told {url} {own is server} {timings}", None)
    )
    monkeypatch.setattr(up, "parts_of", lambda _s, url, _l: [url])
    made = lambda _s, own, parts, _q: SimpleNamespace(run=lambda: done.append((own is server, parts)))  # noqa: E731
    monkeypatch.setattr(up, "Supervisor", made)
    up.up(settings, timings=True)

    url, own = named or "unix:///s", named is None
    told = f"told {url} {own} True"
    assert done == [
        *("only one over state", "signals", "log"), *(["redis"] if own else []), told, (own, [url]), f"{told} ends",
        *(["stop"] if own else []), "log ends", "signals ends", "only one over state ends",
    ]  # fmt: skip


def test_each_part_is_begun_with_what_it_needs(settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of life and a port of its own for each worker; what may hold passwords for those alone that feed sinks."""
    monkeypatch.setattr("page.extra.missing", lambda: ())
    monkeypatch.setenv("ZHIBIAO_SINKS", "[]")
    settings = settings.model_copy(
        update={
            "workers": 2,
            "sinks": (SecretStr("file:///a"), SecretStr("file:///b")),
            "page": True,
            "metrics_port": 9000,
        }
    )
    made = {part.name: part for part in parts_of(settings, URL)}
    environ = {name: part._environ for name, part in made.items()}

    assert [*made] == ["watcher", "worker1", "worker2", "relay1", "relay2", "store", "page"]
    assert {name: [*part._argv[1:3], part._argv[-1]] for name, part in made.items() if "worker" not in name} == {
        "watcher": ["-m", "watcher", "watcher"], "relay1": ["-m", "delivery.relay", "1"], "store": ["-m", "store", "store"],
        "relay2": ["-m", "delivery.relay", "2"], "page": ["-m", "page", "page"],
    }  # fmt: skip
    assert {part._argv[0] for part in made.values()} == {sys.executable}
    assert made["worker2"]._argv[3:] == [
        *("-m", "celery", "-q", "-A", "worker.app", "worker", "-P", "prefork", "-c", "1", "-n", "worker2@%h"),
        *("--without-gossip", "--without-mingle"),
    ]
    assert [name for name, said in environ.items() if "ZHIBIAO_SINKS" in said] == ["watcher", "relay1", "relay2"]
    assert environ["relay1"]["ZHIBIAO_SINKS"] == '["file:///a", "file:///b"]'
    assert {said["ZHIBIAO_REDIS_URL"] for said in environ.values()} == {URL}
    assert {said["ZHIBIAO_INBOX"] for said in environ.values()} == {str(settings.inbox)}
    assert [environ[name]["ZHIBIAO_METRICS_PORT"] for name in ("worker1", "worker2")] == ["9001", "9002"]
    assert environ["worker2"]["ZHIBIAO_WORKER_HEALTH"] == str(settings.state / "worker2.alive")
    assert [name for name, said in environ.items() if said.get("MALLOC_ARENA_MAX") == "2"] == ["page"]


def test_without_a_store_its_command_says_what_makes_one(settings: ServiceSettings) -> None:
    with pytest.raises(Failed, match="zhibiao store rebuild"):
        store_status(settings, as_json=True)
