"""Opens what lies in the inbox, and nothing else."""

import errno
import hashlib
import os
import stat
from pathlib import Path

from schemas.handover import HandOver
from schemas.paths import from_wire
from worker.errors import BadReport, Unavailable

_STAGE = "open"
# What opening says when the name now belongs to a link, a socket, a device, or something that is no folder.
_OTHER_KIND = {errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.EMLINK}


class Missing(Exception):
    """There is no such file, or no longer."""


class Changed(Exception):
    """Something else is there than what was handed over."""


def read_source(inbox: Path, handover: HandOver, most_bytes: int) -> bytes:
    """The bytes that were handed over, from their own path or from the place where a copy lies.

    No part of the path may be a link, so that nothing outside the inbox is read; the file is opened without waiting,
    so that a pipe in its place cannot hold the worker up.

    Raises:
        Missing: nothing is there.
        Changed: something else is there; the watcher will hand it over.
        BadReport: the file is larger than ``most_bytes``.
        Unavailable: the inbox or the file cannot be read for now.
    """
    try:
        descriptor = _open_below(os.fsencode(inbox), from_wire(handover.place or handover.path))
        try:
            data = _read(descriptor, handover, most_bytes)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unavailable("unreadable", _STAGE, f"{handover.path} cannot be read for now: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != handover.sha256:
        raise Changed(f"{handover.path} holds other content than was handed over")
    return data


def _read(descriptor: int, handover: HandOver, most_bytes: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Changed(f"{handover.path} is no longer a regular file")
    if status.st_size > most_bytes:
        seen = f"the file has {status.st_size} bytes, the limit is {most_bytes} (ZHIBIAO_MAX_FILE_BYTES)"
        raise BadReport("too_large", _STAGE, seen)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(most_bytes + 1)  # one more than allowed: a file that grows meanwhile has another hash


def _open_below(root: bytes, path: bytes) -> int:
    parts = path.split(b"/")
    if b"\0" in path or any(part in (b"", b".", b"..") for part in parts):
        raise Missing(f"{path!r} is not a path below the inbox")
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = _open_part(folder, part, os.O_DIRECTORY)
            os.close(folder)
            folder = inner
        return _open_part(folder, parts[-1], os.O_NONBLOCK)
    finally:
        os.close(folder)


def _open_part(folder: int, name: bytes, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    except FileNotFoundError as error:
        raise Missing(f"{os.fsdecode(name)} is not there") from error
    except OSError as error:
        if error.errno in _OTHER_KIND:
            raise Changed(f"{os.fsdecode(name)} is now something else: {error.strerror}") from error
        raise
