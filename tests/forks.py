"""Programs of the service as forks of one process that has imported already what they import.

To start a worker takes more than two seconds of computing and a command nearly one: imports and dictionaries, the same each
time. Here one process imports them once for all that run tests, and a program begins as its copy, a process like any other from
then on. Importing a module of ours does nothing else (``test_import_cost.py``), so it is the program that it would have
been. What a program imports by itself, its command line and its locale are left to tests that start it anew: the parts of
services that are to be begun ``anew`` are (``tests/service_rig.py``).
"""

import atexit
import errno
import importlib
import os
import pickle
import runpy
import secrets
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from tests.forked_parts import fork_parts

ROOT = Path(__file__).parents[1]
#: What the programs import. Not ``worker.app``, which reads its settings as it is imported.
IMPORTED = (
    *(
        f"celery.{name}"
        for name in ("bin.celery", "bin.worker", "apps.worker", "worker.consumer", "concurrency.prefork")
    ),
    *("kombu.transport.redis", "watcher.service", "watcher.health", "delivery.relay", "page.serving"),
    *(f"worker.{name}" for name in ("pipeline", "attempts", "foreign_readers", "telemetry")),
    *(f"store.{name}" for name in ("views", "writing", "rebuild")),
    *(f"zhibiao.{name}" for name in ("cli", "commands.doctor", "commands.replay", "commands.reprocess")),
    *(f"zhibiao.commands.{name}" for name in ("retry", "status", "tail", "up", "withdraw")),
)
MOST_BYTES = 1 << 20
_LENGTH = 8


class Order(NamedTuple):
    """What is to be run; files 0 to 2 and the end that is told its status come along as descriptors."""

    command: tuple[str, ...]
    cwd: str
    environ: dict[str, str]
    new_session: bool
    forks_parts: frozenset[str] | None


class Forked:
    """A program that was begun as a fork, with what :class:`subprocess.Popen` has."""

    def __init__(self, pid: int, command: Sequence[str], ended: int) -> None:
        self.pid, self.args, self.returncode = pid, list(command), None
        self._ended = ended
        self._lock = threading.Lock()

    returncode: int | None

    def __enter__(self) -> "Forked":
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()

    def poll(self) -> int | None:
        """Its status if it has ended."""
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its status, waited for."""
        status = self._status(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _status(self, timeout: float | None) -> int | None:
        until = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            if self.returncode is not None:
                return self.returncode
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self._ended], [], [], left)[0]:
                return None
            said = os.read(self._ended, _LENGTH)
            os.close(self._ended)
            self.returncode = int.from_bytes(said, signed=True) if said else -signal.SIGKILL
            return self.returncode


class _Origin:
    """The process that is forked; begun when the first program is, by whichever of the processes that run tests needs one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def fork(self, order: Order, files: Sequence[int]) -> tuple[int, int]:
        """Begin a program; its process, and what is told its status."""
        hears, tells = os.pipe()
        try:
            with self._lock:
                ours = self._socket or self._reach()
                socket.send_fds(ours, [pickle.dumps(tuple(order))], [*files, tells])
                began = ours.recv(64)
                assert began, "the process that is forked has ended"
                return int(began), hears
        finally:
            os.close(tells)

    def _reach(self) -> socket.socket:
        """A line to the one of this run; it says so when it has taken it up, as it may just be ending."""
        while True:
            ours = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with suppress(ConnectionError):
                ours.connect(_ADDRESS)
                if ours.recv(1):
                    self._socket = ours
                    atexit.register(ours.close)
                    return ours
            ours.close()
            self._begin()

    def _begin(self) -> None:
        """Nothing where another has begun it meanwhile."""
        assert self._process is None or not self._process.poll(), "the process that is forked has failed"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            try:
                listening.bind(_ADDRESS)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return
                raise
            listening.listen()
            # In a session of its own, as Ctrl-C is meant for the tests, which end what they have begun.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forks", str(listening.fileno())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )


#: Where it listens: all processes of one run of the tests have one together. The name is none of a file, and goes with it.
_ADDRESS = f"\0zhibiao-forks-{os.environ.get('PYTEST_XDIST_TESTRUNUID') or secrets.token_hex(16)}"
_ORIGIN = _Origin()


#: What tells Python how to begin: a fork has begun already. Where else it looks for modules it can still be told.
_BEGINNINGS = ("PYTHON", "LC_", "LANG")
_PATH = "PYTHONPATH"
Program = subprocess.Popen[bytes] | Forked


def popen(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdout: IO[Any],
    stderr: IO[Any],
    start_new_session: bool = False,
    forks_parts: Collection[str] | None = None,
) -> Program:
    """Begin a program as :class:`subprocess.Popen` does; as a fork where it is Python's ``-m``, ``-c`` or file, begun as ours.

    ``forks_parts``: what runs a service forks its parts, too, but for those of these modules.
    """
    environ = dict(os.environ if env is None else env)
    is_program = command[1] in ("-m", "-c") or command[1].endswith(".py")
    is_as_here = _beginning(environ) == _beginning(os.environ) and not any(
        (Path(folder) / "sitecustomize.py").exists() for folder in _path(environ)
    )
    is_ours = command[0] == sys.executable and is_program and is_as_here
    if not is_ours or sys.platform != "linux":
        return subprocess.Popen(
            command, cwd=cwd, env=environ, stdout=stdout, stderr=stderr, start_new_session=start_new_session
        )
    parts = None if forks_parts is None else frozenset(forks_parts)
    order = Order(tuple(command[1:]), str(cwd or Path.cwd()), environ, start_new_session, parts)
    with open(os.devnull, "rb") as nothing:
        pid, hears = _ORIGIN.fork(order, [nothing.fileno(), stdout.fileno(), stderr.fileno()])
    return Forked(pid, command, hears)


def _path(environ: Mapping[str, str]) -> list[str]:
    return [folder for folder in environ.get(_PATH, "").split(os.pathsep) if folder]


def _beginning(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(_BEGINNINGS) and name != _PATH}


def run(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; what it says is kept as text."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = popen(command, cwd=cwd, env=env, stdout=out, stderr=err)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode().replace("\r\n", "\n"))
    return subprocess.CompletedProcess(list(command), status, *said)


def _serve(listening: socket.socket) -> Order | None:
    """Fork for each order, and tell the status of each that has ended; None once nobody is there any more.

    Comes back in the fork, with what is to be run there.
    """
    told: dict[int, int] = {}
    lines: list[socket.socket] = []
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    while True:
        ready = select.select([listening, woken, *lines], [], [])[0]
        if woken in ready:
            os.read(woken, 4096)
            _tell(told)
        if listening in ready:
            lines += _taken_up(listening)
        for line in [one for one in lines if one in ready]:
            said, files, _flags, _address = socket.recv_fds(line, MOST_BYTES, 4)
            if not said:
                lines.remove(line)
                line.close()
                if not lines:
                    return None
            elif pid := os.fork():
                told[pid] = files[3]
                for file in files[:3]:
                    os.close(file)
            else:
                order = Order(*pickle.loads(said))  # noqa: S301 - said by the tests
                _become(order, files, line)
                for one in (listening, *lines):  # closed with all others
                    one.detach()
                return order


def _taken_up(listening: socket.socket) -> list[socket.socket]:
    """The line of one who runs tests; nobody else's, as who orders may run anything."""
    line, _ = listening.accept()
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if user != os.getuid():
        line.close()
        return []
    with suppress(BrokenPipeError):
        line.send(b"\1")
    return [line]


def _tell(told: dict[int, int]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if (end := told.pop(ended[0], None)) is not None:
                with suppress(BrokenPipeError):
                    os.write(end, os.waitstatus_to_exitcode(ended[1]).to_bytes(_LENGTH, signed=True))
                os.close(end)


def _become(order: Order, files: Sequence[int], ours: socket.socket) -> None:
    """In the fork: be a process as it is begun by a shell."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if order.new_session:
        os.setsid()
    ours.send(str(os.getpid()).encode())
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for number, name in ((1, "stdout"), (2, "stderr")):
        if not stat.S_ISREG(os.fstat(number).st_mode):  # a terminal or a pipe, where the one before could be sought in
            before = getattr(sys, name)
            lines = number == 2 or os.isatty(number)
            buffering = 1 if lines else -1
            anew = open(number, "w", buffering, before.encoding, before.errors)  # noqa: SIM115 - open to the end
            setattr(sys, name, anew)
    os.closerange(3, 1024)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.environ)
    time.tzset()


def _load() -> None:
    """Import what the programs import, and load what they load."""
    from worker.pipeline import read_draft
    from worker.tools import load_tools

    for name in IMPORTED:
        importlib.import_module(name)
    read_draft("某市2023年法治政府建设报告\n全市共办结案件513件。\n".encode(), "a.txt", load_tools())


def main() -> None:
    """Serve until nobody is there any more; in a fork, run the program."""
    import gc

    gc.disable()
    _load()
    gc.collect()
    gc.enable()
    gc.freeze()  # as nobody goes through it again, its memory goes on being shared
    order = _serve(socket.socket(fileno=int(sys.argv[1])))
    if order is None:
        return
    status = 0
    try:
        _run(order)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        status = end.code or 0
    _end(status)


def _run(order: Order) -> None:
    if order.forks_parts is not None:
        fork_parts(order.forks_parts)
    option, *arguments = order.command
    own = str(Path(option).parent) if option.endswith(".py") else order.cwd
    sys.path[:1] = dict.fromkeys([own, *_path(order.environ)])
    if option == "-m":
        program = arguments[0]
        sys.argv = arguments
        sys.modules.pop(program, None)  # as it is run, and not imported
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    elif option == "-c":
        sys.argv = ["-c", *arguments[1:]]
        exec(compile(arguments[0], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - as the option has it
    else:
        sys.argv = [option, *arguments]
        runpy.run_path(option, run_name="__main__")


def _end(status: int) -> None:
    """End as a program does, but for the memory: what is shared would all be copied to be given back piece by piece."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with suppress(OSError):  # otherwise it ends as ever, and says what it could not
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)
    sys.exit(status)


if __name__ == "__main__":
    main()
