"""The embedded server: durable, private, one at a time."""

import os
import random
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.connect import answers, connect
from delivery.connect import redacted as connect_redacted
from zhibiao.running import embedded
from zhibiao.running.embedded import EmbeddedRedis, EmbeddedRedisError, moved_aside, running_url

pytestmark = pytest.mark.service


def test_data_survives_a_stop_and_a_kill(tmp_path: Path) -> None:
    """What was written is there after a stop, and after kill -9."""
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        client.set("指标", "1.28万")
    with EmbeddedRedis(tmp_path) as server:
        with connect(server.url) as client:
            assert client.get("指标") == "1.28万"
            client.set("second", "2")
            assert client.config_get("appendonly")["appendonly"] == "yes"
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server._process.wait()
        assert server.returncode == -signal.SIGKILL
        server.start()
        with connect(server.url) as client:
            assert client.mget("指标", "second") == ["1.28万", "2"]


def test_only_its_owner_reaches_it(tmp_path: Path) -> None:
    """No TCP port, and a socket for one user."""
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert client.config_get("port")["port"] == "0"
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_a_port_is_of_this_machine_alone_and_asks_for_a_password(tmp_path: Path) -> None:
    """The same password over a restart and a kill; without the port again none, and none on the socket."""
    port = free_port()
    with EmbeddedRedis(tmp_path, port) as server:
        password = server.password_file.read_text()
        assert len(password) == 48
        assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
        with connect(f"redis://:{password}@127.0.0.1:{port}/0") as client:
            client.set("指标", "1")
            assert client.config_get("bind")["bind"] == "127.0.0.1"
        with connect(server.url) as client, connect(str(running_url(tmp_path))) as other:
            assert client.get("指标") == other.get("指标") == "1"
        for refused in (f"redis://127.0.0.1:{port}/0", f"unix://{server.socket}", f"redis://:other@127.0.0.1:{port}/0"):
            assert not answers(refused)
        assert password not in connect_redacted(server.url)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server._process.wait()
        server.start()
        assert server.password_file.read_text() == password
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert client.get("指标") == "1"
        assert not server.password_file.exists()
        assert "?" not in server.url


def test_a_server_left_behind_with_a_port_is_replaced(tmp_path: Path) -> None:
    """By one with another port, and by one without."""
    ports = (free_port(), free_port())
    for port in (ports[1], ports[0], None):
        start = (
            f"import sys; from zhibiao.running.embedded import *; EmbeddedRedis(Path(sys.argv[1]), {ports[0]}).start()"
        )
        subprocess.run([sys.executable, "-c", start, tmp_path], check=True)
        with EmbeddedRedis(tmp_path, port) as server, connect(server.url) as client:
            assert client.config_get("port")["port"] == str(port or 0)


def test_a_port_that_is_taken_is_said_and_harms_no_data(tmp_path: Path) -> None:
    """Before the server is started: one that cannot listen looks like one that cannot load its data."""
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        client.set("指标", "1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedRedisError) as caught:
            EmbeddedRedis(tmp_path, port).start()
    assert str(caught.value) == (
        f"port {port} of 127.0.0.1: Address already in use; name another with ZHIBIAO_REDIS_PORT"
    )
    assert moved_aside(tmp_path) == []
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert client.get("指标") == "1"


def test_a_second_start_over_the_same_folder_fails(tmp_path: Path) -> None:
    """Two servers over one append-only file would destroy it."""
    with EmbeddedRedis(tmp_path) as server:
        with pytest.raises(EmbeddedRedisError, match=f"in use by process {os.getpid()}; stop it"):
            EmbeddedRedis(tmp_path).start()
        assert answers(server.url)


def test_a_server_left_behind_is_replaced(tmp_path: Path) -> None:
    """The parent was killed, its server went on: its data is kept, its process ends."""
    start = "import sys; from zhibiao.running.embedded import *; print(EmbeddedRedis(Path(sys.argv[1])).start().pid, flush=True)"
    parent = subprocess.run(
        [sys.executable, "-c", f"{start}; import os; os.kill(os.getpid(), 9)", tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    left = int(parent.stdout)
    assert parent.returncode == -signal.SIGKILL
    url = running_url(tmp_path)
    assert url is not None
    with connect(url) as client:
        assert client.info("server")["process_id"] == left
        client.set("key", "value")

    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert server.pid != left
        assert client.get("key") == "value"
        assert not is_running(left)


def is_running(pid: int) -> bool:
    """Whether the process runs; one that has ended and not been reaped does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_frozen_server_left_behind_is_not_doubled(tmp_path: Path) -> None:
    """It may still hold the data: starting another beside it would destroy that."""
    with EmbeddedRedis(tmp_path) as frozen:
        assert frozen.pid is not None
        os.kill(frozen.pid, signal.SIGSTOP)
        frozen._lock.close()
        try:
            with pytest.raises(EmbeddedRedisError, match=r"redis\.sock does not end; end its process by hand"):
                EmbeddedRedis(tmp_path).start(timeout_s=0.3)
        finally:
            os.kill(frozen.pid, signal.SIGCONT)


@pytest.mark.parametrize("name", ["目录 with space", "x" * 120, 'quo"te\\back', "100%"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    """Blanks, Chinese, quotes, and paths too long for a socket."""
    state = tmp_path / name
    with EmbeddedRedis(state) as server:
        assert running_url(state) == server.url
        assert any((state / "redis").glob("*/appendonlydir/*.aof"))
    assert running_url(state) is None
    assert server.socket.parent.exists() == (server.socket.parent == state / "redis")


def test_a_failing_start_quotes_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is in the message, and the folder is free again."""
    monkeypatch.setattr(embedded, "_CONFIG", embedded._CONFIG + "nonsense yes\n")
    server = EmbeddedRedis(tmp_path)
    with pytest.raises(EmbeddedRedisError, match=r"(?s)server ended with status 1.*server.log:.*nonsense"):
        server.start()
    with pytest.raises(EmbeddedRedisError, match="server ended"):
        server.start()


def test_no_server_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what would help."""
    monkeypatch.setattr(embedded, "_binaries", lambda: iter([embedded.ServerBinary(Path("/r"), "redis", (6, 0, 16))]))
    with pytest.raises(EmbeddedRedisError) as caught:
        EmbeddedRedis(tmp_path).start()
    assert str(caught.value) == (
        "no Redis or Valkey server of version 6.2 or later was found; /r is 6.0.16. "
        "Install redis-server, or pip install 'zhibiao[embedded]', or set ZHIBIAO_REDIS_URL to a running server"
    )


def test_the_flavour_with_data_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redis-server installed later does not start empty beside the data of Valkey."""
    redis_server = embedded.ServerBinary(Path("/r"), "redis", (7, 0, 15))
    valkey = embedded.ServerBinary(Path("/v"), "valkey", (9, 1, 2))
    monkeypatch.setattr(embedded, "_binaries", lambda: iter([redis_server, valkey]))
    assert embedded.choose_binary(tmp_path) == redis_server
    (tmp_path / "valkey").mkdir()
    assert embedded.choose_binary(tmp_path) == valkey


def _rubbish(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 300] = random.Random(1).randbytes(300)
    path.write_bytes(content)


DAMAGES = {
    "rubbish in the middle": ("*.incr.aof", _rubbish),
    "no part of it": ("*.base.*", Path.unlink),
    "another file": ("*.base.*", lambda path: path.write_bytes(b"%PDF-1.7 " * 99)),
    "a manifest of zeros": ("*.manifest", lambda path: path.write_bytes(bytes(100))),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_data_is_moved_aside(tmp_path: Path, damage: str) -> None:
    """All of it is kept, with the server's words; the next start is over what came since."""
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        for number in range(500):
            client.set(f"key{number}", "1.28万")
    pattern, harm = DAMAGES[damage]
    (file,) = (tmp_path / "redis").rglob(pattern)
    harm(file)
    files = sorted(path.name for path in file.parent.iterdir())

    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert server.moved_aside is not None
        assert client.dbsize() == 0
        client.set("since", "1")
        assert moved_aside(tmp_path) == [server.moved_aside]
        assert sorted(path.name for path in (server.moved_aside / file.parent.name).iterdir()) == files
        assert "server.log" in (server.moved_aside / "why.log").read_text()
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert server.moved_aside is None
        assert client.get("since") == "1"


def test_sound_data_stays_where_the_server_fails_for_another_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it would not run without it either."""
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        client.set("key", "1")
    monkeypatch.setattr(embedded, "_CONFIG", embedded._CONFIG + "no-such-setting 1\n")
    with pytest.raises(EmbeddedRedisError, match="no-such-setting"):
        EmbeddedRedis(tmp_path).start()
    monkeypatch.undo()
    with EmbeddedRedis(tmp_path) as server, connect(server.url) as client:
        assert client.get("key") == "1"
    assert moved_aside(tmp_path) == []
