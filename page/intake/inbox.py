"""Files written into the inbox: hidden while they grow, then renamed, whole at once, as programs should do it."""

import errno
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from page.intake.names import place_of
from page.intake.refused import Refused
from watcher.seeing.below_root import RootUnavailable, parent_of
from watcher.seeing.ignored import Ignored

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_PARTIAL = ".zhibiao-page-"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Inbox:
    """The folder that files are dropped into; links in it are never followed."""

    def __init__(self, folder: Path, most_bytes: int, ignored: tuple[str, ...] = ()) -> None:
        self._root = os.fsencode(folder)
        self._most_bytes = most_bytes
        self._ignored = Ignored(ignored)

    def begin(self, name: str) -> "Growing":
        """A file that is about to be dropped under this name.

        Raises:
            Refused: the name is no place below the inbox, or one that the service leaves alone.
        """
        path = place_of(name)
        if pattern := self._ignored.pattern_of(path):
            raise Refused(name, "refused.ignored", pattern=pattern)
        return Growing(self._root, path, name, self._most_bytes)

    def sweep(self, older_than_s: float = 86_400) -> None:
        """Remove what a process that was killed has left half-written, a day ago or more."""
        for partial in Path(os.fsdecode(self._root)).glob(f"{_PARTIAL}*.part"):
            with suppress(OSError):
                if time.time() - partial.lstat().st_mtime > older_than_s:
                    partial.unlink()

    def put(self, name: str, content: bytes) -> bytes:
        """Drop a whole file; gives its place.

        Raises:
            Refused: it cannot be taken.
        """
        with self.begin(name) as growing:
            growing.write(content)
            return growing.finish()


class Growing:
    """A file while it arrives, under a hidden name in the inbox; gone again unless :meth:`finish` was reached."""

    def __init__(self, root: bytes, path: bytes, name: str, most_bytes: int) -> None:
        self.path, self.name, self.size = path, name, 0
        self._root, self._most_bytes = root, most_bytes
        self._partial = f"{_PARTIAL}{secrets.token_hex(8)}.part".encode()
        try:
            self._descriptor = os.open(os.path.join(root, self._partial), _NEW, 0o666)
        except OSError as error:
            raise self._refusal(error) from error
        self._is_open = True

    @property
    def partial(self) -> Path:
        """Where it lies while it grows."""
        return Path(os.fsdecode(os.path.join(self._root, self._partial)))

    def write(self, chunk: bytes) -> None:
        """Take more of it.

        Raises:
            Refused: it is too large, or the disk is full.
        """
        self.size += len(chunk)
        if self.size > self._most_bytes:
            raise Refused(self.name, "refused.too_large", limit=self._most_bytes)
        view = memoryview(chunk)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            raise self._refusal(error) from error

    def close(self) -> None:
        """No more comes; it stays hidden."""
        if self._is_open:
            os.close(self._descriptor)
            self._is_open = False

    def finish(self) -> bytes:
        """Put it at its place, where it takes that of a file with its name.

        Raises:
            Refused: a folder lies there, or it cannot be written.
        """
        if self.size == 0:
            raise Refused(self.name, "refused.empty")
        self.close()
        try:
            with parent_of(self._root, self.path, make=True) as (folder, name):
                os.rename(os.path.join(self._root, self._partial), name, dst_dir_fd=folder)
        except OSError as error:
            raise self._refusal(error) from error
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()
        with suppress(OSError):  # finished, or the folder is away
            os.unlink(os.path.join(self._root, self._partial))

    def _refusal(self, error: OSError) -> Refused:
        if isinstance(error, RootUnavailable) or (error.errno == errno.ENOENT and not os.path.isdir(self._root)):
            return Refused(self.name, "refused.no_inbox", folder=os.fsdecode(self._root))
        if error.errno in _FULL:
            return Refused(self.name, "refused.full")
        if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENOTEMPTY, errno.EEXIST):
            return Refused(self.name, "refused.in_the_way")
        return Refused(self.name, "refused.unwritable", why=error.strerror or str(error))
