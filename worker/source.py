"""Opens what lies in the inbox, and nothing else."""

import hashlib
import os
import stat
from pathlib import Path

from schemas.handover import HandOver
from schemas.paths import from_wire
from worker.errors import BadReport

_STAGE = "open"


class Missing(Exception):
    """There is no such file, or no longer."""


class Changed(Exception):
    """The file holds other bytes than those handed over."""


def read_source(inbox: Path, handover: HandOver, most_bytes: int) -> bytes:
    """The bytes that were handed over.

    No part of the path may be a link, so that nothing outside the inbox is read; the file is opened without waiting,
    so that a pipe in its place cannot hold the worker up.

    Raises:
        Missing: nothing is there.
        Changed: something else is there; the watcher will hand it over.
        BadReport: the file is larger than ``most_bytes``.
    """
    descriptor = _open_below(os.fsencode(inbox), from_wire(handover.path))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Changed(f"{handover.path} is no longer a regular file")
        if status.st_size > most_bytes:
            seen = f"the file has {status.st_size} bytes, the limit is {most_bytes} (ZHIBIAO_MAX_FILE_BYTES)"
            raise BadReport("too_large", _STAGE, seen)
        data = file.read(most_bytes + 1)
    if hashlib.sha256(data).hexdigest() != handover.sha256:
        raise Changed(f"{handover.path} holds other content than was handed over")
    return data


def _open_below(root: bytes, path: bytes) -> int:
    parts = path.split(b"/")
    if any(part in (b"", b".", b"..") for part in parts):
        raise Missing(f"{path!r} does not stay below the inbox")
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise _absence(error) from error
    finally:
        os.close(folder)


def _absence(error: OSError) -> Exception:
    # A link, a socket or a folder in its place is a change; rights that are missing may come back.
    if isinstance(error, PermissionError):
        return error
    return Missing(str(error)) if isinstance(error, FileNotFoundError) else Changed(str(error))
