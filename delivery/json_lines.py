"""The sink ``jsonl:///path/to/file``: one event a line, for who reads files and no Redis."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from delivery.sink import Event

_BEGINS = b'{"specversion":'  # every event; what is torn must begin so, or the file is somebody else's
_STEP = 65_536


def json_lines(url: str) -> "JsonLines":
    """The sink of a URL, with the file as its path.

    Raises:
        ValueError: the URL names no file.
    """
    parts = urlsplit(url)
    if parts.netloc or not parts.path or parts.path.endswith("/"):
        raise ValueError(f"{url}: jsonl:///path/to/file.jsonl would be right")
    return JsonLines(Path(unquote(parts.path)))


class JsonLines:
    """Appends to a file, and syncs it, before an event counts as kept.

    A line that a killed process has left unfinished is taken away, and an event that is the last of the file already is
    not written again. The file may be renamed at any time (logrotate): the next event begins a new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole: tuple[int, int, int] | None = None  # device, inode and size after the last whole line of ours

    def deliver(self, event: Event) -> None:
        """Append an event.

        Raises:
            OSError: the file cannot be written; BlockingIOError where another process writes to it.
            ValueError: it ends with what is none of ours.
        """
        line = event.to_json().encode() + b"\n"
        with self._opened() as file:
            if self._whole != _state(file):
                last = _last_line(file)
                if not last.endswith(b"\n"):
                    self._take_away(file, last)
                    last = _last_line(file)
                if _id(last) == event.id:
                    os.fsync(file)  # whoever wrote it may have died before
                    return
            self._whole = None
            _write(file, line)
            os.fsync(file)
            self._whole = _state(file)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        is_new = not self._path.exists()
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_new:
                _sync_folder(self._path.parent)
            yield file
        finally:
            os.close(file)

    def _take_away(self, file: int, torn: bytes) -> None:
        if not torn:
            return
        if torn[: len(_BEGINS)] != _BEGINS[: len(torn)]:
            raise ValueError(
                f"{self._path} ends with {torn[:40]!r}, no line of events; a file of its own would be right"
            )
        os.ftruncate(file, os.fstat(file).st_size - len(torn))


def _state(file: int) -> tuple[int, int, int]:
    found = os.fstat(file)
    return found.st_dev, found.st_ino, found.st_size


def _last_line(file: int) -> bytes:
    """What follows the last line end but the one at the very end."""
    end = os.fstat(file).st_size
    start, tail = end, b""
    while start > 0 and b"\n" not in tail[:-1]:
        start = max(0, start - max(_STEP, len(tail)))
        tail = os.pread(file, end - start, start)
    return tail[tail[:-1].rfind(b"\n") + 1 :]


def _id(line: bytes) -> str | None:
    with suppress(ValueError, TypeError, LookupError):
        return str(json.loads(line)["id"])
    return None


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
