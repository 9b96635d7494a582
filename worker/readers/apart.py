"""Reads a file in a process of its own, which may die.

Libraries written in C or Rust end their process when memory is refused to them, or crash, and hear no signal before
they come back. With the file in a process of its own the worker sees how that ended, and can say it; a time limit ends
the waiting, and the process with it.
"""

import ctypes
import os
import pickle
import resource
import select
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from types import FrameType
from typing import NoReturn

from worker.errors import Exhausted
from worker.readers.reading import Reading, refusal

_PLACE_BYTES = 200
_PART_BYTES = 1 << 20
_LOOK_MS = 1000
_PR_SET_PDEATHSIG = 1  # prctl(2)
_OUT_OF_TIME = signal.SIGXCPU
#: What ends the process of its own at once, while the worker has handlers for them.
_UNHANDLED = (_OUT_OF_TIME, signal.SIGUSR1, signal.SIGTERM, signal.SIGINT)
#: How allocators end a process that is refused memory: abort(3), and what compilers make of a trap.
_REFUSED_MEMORY = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL)
# The wall on which a process of its own writes where it is; None in any other process.
_wall: mmap | None = None


def read(reader: Callable[[bytes], Reading], data: bytes) -> Reading:
    """What ``reader(data)`` gives or raises.

    Raises:
        BadReport: ``too_complex`` where one place took more processor time than :func:`enter` allowed it, besides what
            ``reader`` raises.
        Exhausted: ``out_of_memory`` or ``killed``: its process ended without an answer.
    """
    wall = mmap(-1, _PLACE_BYTES)
    answer, writer = ends = os.pipe()
    still_open = set(ends)
    parent = os.getpid()
    pid = 0
    try:
        with _held_back() as heard, warnings.catch_warnings():
            # The thread that renews the lease holds nothing that a reader needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
            if pid == 0:
                os.close(answer)
                _answer(writer, parent, wall, reader, data)
        for number in heard:
            os.kill(os.getpid(), number)
        still_open.remove(writer)
        os.close(writer)
        told = _all_of(answer)
        ended = os.waitpid(pid, 0)[1]
    except BaseException:
        if pid:
            # Time is up: nobody waits for it any more. It may have ended, and been waited for, in this moment.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        raise
    finally:
        for end in still_open:
            os.close(end)
    if status := os.waitstatus_to_exitcode(ended):
        seconds, _, place = wall[:].rstrip(b"\0").decode("utf-8", "replace").partition(" ")
        raise _ending(status, place, seconds)
    reading, error, frames = pickle.loads(told)  # noqa: S301 - this program wrote it
    if error is None:
        return reading  # type: ignore[no-any-return]
    error.frames = frames
    raise error


def enter(place: str, seconds: int) -> None:
    """Say where reading is now, and how much processor time may go by until the next place is entered.

    Nothing happens outside a process of its own.
    """
    if _wall is None:
        return
    _wall[:] = f"{seconds} {place}".encode()[:_PLACE_BYTES].ljust(_PLACE_BYTES, b"\0")
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + seconds + 1
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (end if most == resource.RLIM_INFINITY else min(end, most), most))


def leave() -> None:
    """No place is timed any more."""
    if _wall is not None:
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))


@contextmanager
def _held_back() -> Iterator[list[int]]:
    """The signals that come in here, which nobody hears before its end.

    What a handler raises while libraries do what they do after a fork is swallowed there. A mask would not keep it
    away: a signal goes to any thread that does not block it, and its handler runs in the main one all the same.
    """
    heard: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield heard  # handlers run elsewhere
        return
    holding = True
    before = {number: handler for number in _UNHANDLED if (handler := signal.getsignal(number)) is not None}

    def put_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def hold(number: int, _frame: FrameType | None) -> None:
        if holding:
            heard.append(number)
        else:  # it comes while they are put back, and what it does may end that
            put_back()
            os.kill(os.getpid(), number)

    try:
        for number in before:
            signal.signal(number, hold)
        yield heard
    finally:
        holding = False
        put_back()


def _answer(writer: int, parent: int, wall: mmap, reader: Callable[[bytes], Reading], data: bytes) -> NoReturn:
    """In the process of its own: read, answer, end; nothing of the worker's is run."""
    global _wall
    status = 1
    try:
        if sys.platform == "linux":  # elsewhere its limit on processor time ends it, should the worker die
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has died before this could be asked for
            os._exit(status)
        for number in _UNHANDLED:
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _wall = wall
        told = _told(reader, data)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(told)
        status = 0
    finally:
        os._exit(status)


def _all_of(answer: int) -> bytes:
    """All that comes until the other end is closed.

    A signal that arrives just before a read begins, or at another thread, interrupts nothing: its handler would wait
    for an answer that never comes. Python looks for such signals whenever a poll is over.
    """
    parts: list[bytes] = []
    ready = select.poll()
    ready.register(answer)
    while True:
        if ready.poll(_LOOK_MS):
            if not (part := os.read(answer, _PART_BYTES)):
                return b"".join(parts)
            parts.append(part)


def _told(reader: Callable[[bytes], Reading], data: bytes) -> bytes:
    try:
        return pickle.dumps((reader(data), None, ()))
    except Exception as error:
        frames = [
            f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
        ]
        return _pickled(error, frames)


def _pickled(error: Exception, frames: list[str]) -> bytes:
    try:
        told = pickle.dumps((None, error, frames))
        pickle.loads(told)  # noqa: S301 - written a line above
    except Exception:
        # Some libraries' errors cannot be pickled, or not read again.
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}"), frames))
    return told


def _ending(status: int, place: str, seconds: str) -> Exception:
    at = f" at {place}" if place else ""
    if status == -_OUT_OF_TIME:
        seen = f"it needs more than {seconds} s of processor time, as forms do that draw each other; split the file"
        return refusal("too_complex", seen, place or None)
    name = signal.Signals(-status).name if status < 0 else f"status {status}"
    if -status in _REFUSED_MEMORY:
        seen = f"a library ended its process{at} ({name}), as they do when they are refused memory"
        return Exhausted(
            "out_of_memory", "decode", f"{seen}; ZHIBIAO_MAX_CHILD_ADDRESS_SPACE_BYTES is what it may have"
        )
    return Exhausted(
        "killed", "decode", f"the process that read the file was ended{at} by {name}; it may be read another time"
    )
