"""The parts of a service that was begun as a fork (``tests/forks.py``), as forks of it in their turn.

Begun as users have them, the four or five parts of a service import for eight seconds of computing. So they are begun by
the demo (watcher and workers) and where a test asks for it: the store and the page by what the page's tests share, and
``tests/acceptance/test_sinks.py`` asks it of all.
"""

import atexit
import gc
import os
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from types import SimpleNamespace
from typing import IO, Any

_MOST_OPENED = 4096


class ForkedPart:
    """What ``zhibiao.running.part`` asks of :class:`subprocess.Popen`, of a module that is run in a fork of this process."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        stderr: IO[str] | None,
        preexec_fn: Callable[[], None],
        **_: Any,
    ) -> None:
        self.returncode: int | None = None
        # What is garbage here must not close in the fork what bears its number there.
        gc.collect()
        gc.freeze()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            _be(argv, env, stderr, preexec_fn)

    def poll(self) -> int | None:
        """Its status if it has ended."""
        return self._status(os.WNOHANG)

    def wait(self) -> int | None:
        """Its status, waited for."""
        return self._status(0)

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _status(self, options: int) -> int | None:
        if self.returncode is None and (ended := os.waitpid(self.pid, options))[0]:
            self.returncode = os.waitstatus_to_exitcode(ended[1])
        return self.returncode


def fork_parts(but: Collection[str]) -> None:
    """From now on the parts of a service that this process runs are forks of it, but for those of some modules."""
    from zhibiao.running import part

    def begin(argv: Sequence[str], **how: Any) -> "ForkedPart | subprocess.Popen[bytes]":
        return subprocess.Popen(argv, **how) if argv[argv.index("-m") + 1] in but else ForkedPart(argv, **how)

    part.subprocess = SimpleNamespace(Popen=begin, DEVNULL=subprocess.DEVNULL)  # type: ignore[assignment]


def _be(argv: Sequence[str], env: Mapping[str, str], log: IO[str] | None, ask: Callable[[], None]) -> None:
    """Be the program; the frames of the service stay below, and are never gone back to."""
    status = 1
    try:
        _begin_anew(env, log, ask)
        _run(argv)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # the frames below are another program's
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _begin_anew(env: Mapping[str, str], log: IO[str] | None, ask: Callable[[], None]) -> None:
    """Files, signals, session and environment, as a program has them that was just begun."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    os.setsid()
    ask()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    if log:
        os.dup2(log.fileno(), 2)
    os.closerange(3, _MOST_OPENED)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()


def _run(argv: Sequence[str]) -> None:
    """Run ``python [-W filter] -m module argument …``."""
    options = iter(argv[1:])
    while (option := next(options)) != "-m":
        assert option == "-W", f"{argv} is not begun here"
        action, _, message = next(options).partition(":")
        assert action == "ignore"
        warnings.filterwarnings("ignore", re.escape(message))
    module = next(options)
    sys.argv = [module, *options]
    sys.modules.pop(module, None)  # as it is run, and not imported
    runpy.run_module(module, run_name="__main__", alter_sys=True)
