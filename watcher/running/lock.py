"""One watcher at a time for one ledger: a lock that the kernel lets go of when its holder ends, however it ends."""

import fcntl
import os
from pathlib import Path

FILE_NAME = "watcher.running.lock"


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
        return True

    def release(self) -> None:
        """Let others have it."""
        os.close(self._descriptor)
