"""Files below a root, reached without ever following a link out of it.

Each part of a path is opened from the folder before it with O_NOFOLLOW, so that a folder swapped for a link between
a look and an open is refused (ENOTDIR or ELOOP). O_NONBLOCK keeps a FIFO from hanging the open.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from watcher.seeing.sightings import StatSignature

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class RootUnavailable(OSError):
    """The root folder itself cannot be opened: unmounted, deleted, failing. Says nothing about files below it."""


class Entry(NamedTuple):
    """A name in an open folder, which need not be there."""

    folder: int
    name: bytes


@contextmanager
def parent_of(root: bytes, path: bytes, *, make: bool = False) -> Iterator[Entry]:
    """The open folder that holds ``path`` and the path's last part; with ``make``, folders that are missing are made.

    Raises:
        RootUnavailable: the root cannot be opened.
        OSError: a part is missing, is a link or is no folder.
        ValueError: the path is empty, absolute or has an empty, ``.`` or ``..`` part.
    """
    *folders, name = parts_of(path)
    descriptor = _open_root(root)
    try:
        for folder in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(folder, 0o777, dir_fd=descriptor)
            inner = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield Entry(descriptor, name)
    finally:
        os.close(descriptor)


def parts_of(path: bytes) -> list[bytes]:
    """The parts of a path that stays below its root.

    Raises:
        ValueError: it would not.

    >>> parts_of(b"2023/a.txt")
    [b'2023', b'a.txt']
    """
    parts = path.split(b"/")
    if any(part in (b"", b".", b"..") for part in parts):
        raise ValueError(f"{path!r} is not a path below a folder")
    return parts


def status_of(root: bytes, path: bytes) -> os.stat_result:
    """The status of the entry itself, links not followed."""
    with parent_of(root, path) as (folder, name):
        return os.stat(name, dir_fd=folder, follow_symlinks=False)


def open_file(root: bytes, path: bytes) -> int:
    """A descriptor to read from; the caller checks by ``fstat`` that it is a regular file, and closes it."""
    with parent_of(root, path) as (folder, name):
        return os.open(name, _FILE, dir_fd=folder)


def read_file(root: bytes, path: bytes) -> bytes:
    """The whole content of a regular file.

    Raises:
        ValueError: it is something else.
    """
    descriptor = open_file(root, path)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError(f"{os.fsdecode(path)} is not a regular file")
        return file.read()


def signature_at(root: bytes, path: bytes) -> StatSignature | None:
    """The signature of what lies at ``path``, None where nothing does."""
    try:
        return StatSignature.of(status_of(root, path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def with_suffixes(root: bytes, path: bytes, suffixes: Iterable[bytes]) -> list[bytes]:
    """Those of the suffixes with which something lies at ``path``; of a missing folder none."""
    try:
        with parent_of(root, path) as (folder, name):
            return [suffix for suffix in suffixes if is_there(folder, name + suffix)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_there(folder: int, name: bytes) -> bool:
    """Whether anything lies under a name in an open folder."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _open_root(root: bytes) -> int:
    try:
        return os.open(root, _FOLDER)
    except OSError as error:
        raise RootUnavailable(error.errno, error.strerror, os.fsdecode(root)) from error
