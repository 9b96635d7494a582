"""One process at a time: a lock file that the kernel lets go of when its holder ends, and that names the holder."""

import fcntl
import os
from pathlib import Path
from typing import IO


class HeldByAnother(Exception):
    """Another process holds the lock; as text its id, or ``unknown``."""


def hold(path: Path) -> IO[str]:
    """The lock file at ``path``, held until it is closed.

    Raises:
        HeldByAnother: some other process has it.
    """
    lock = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise HeldByAnother(holder) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
