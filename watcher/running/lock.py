"""One watcher at a time for one ledger: a lock that the kernel lets go of when its holder ends, however it ends."""

import fcntl
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "watcher.running.lock"
#: What a holder writes has one length, so that it fits where another's stood: a full disk takes nothing longer.
_LENGTH = 256


@dataclass(frozen=True)
class Holder:
    """A process, by its id on its host."""

    pid: int
    host: str


def is_held(state: Path) -> bool | None:
    """Whether a watcher is active over a state folder; None where none has ever been, or nobody may look."""
    try:
        descriptor = os.open(state / FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)  # and with it the lock
    return False


def holder(state: Path) -> Holder | None:
    """Who took the lock last, as it wrote there itself; None where it could not."""
    try:
        pid, host = (state / FILE_NAME).read_text("utf-8", "replace").split()
        return Holder(int(pid), host)
    except (OSError, ValueError):
        return None


class WatcherLock:
    """Held by the active watcher; others ask again and take over."""

    def __init__(self, state: Path) -> None:
        self._descriptor = os.open(state / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def take(self) -> bool:
        """Whether this process holds it now."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        with suppress(OSError):
            text = f"{os.getpid()} {socket.gethostname()}"
            os.pwrite(self._descriptor, text.ljust(_LENGTH).encode(), 0)
        return True

    def release(self) -> None:
        """Let others have it."""
        os.close(self._descriptor)
