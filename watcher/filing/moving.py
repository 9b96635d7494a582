"""Moves a file from one root below another: never overwriting, never losing a byte, whatever happens in between."""

import errno
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from watcher.seeing.below_root import Entry, is_there, open_file, parent_of, signature_at
from watcher.seeing.sightings import StatSignature


class Replaced(Exception):
    """The file is no longer the one that was to be moved; it was left, or put back, where it was."""


class Held(Exception):
    """Somebody opened the file for writing in the last moment; it was left, or put back, where it was."""


#: Disks without hard links, and ``fs.protected_hardlinks``, by which nobody makes one of a file that is another's.
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC

IsHeld = Callable[[int, bytes], bool]


@dataclass(frozen=True, slots=True)
class RootedPath:
    """A path below a root."""

    root: bytes
    path: bytes

    def signature(self) -> StatSignature | None:
        """What lies there now."""
        return signature_at(self.root, self.path)


def write_file(place: RootedPath, temporary: bytes, content: bytes) -> None:
    """Put a whole file at ``place``, replacing one that is there; readers never see half of it."""
    with parent_of(place.root, place.path, make=True) as (folder, name):
        partial = os.path.basename(temporary)
        try:
            _write(folder, partial, content)
            os.rename(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            _remove(folder, partial)
            raise


def move(
    source: RootedPath,
    target: RootedPath,
    expected: StatSignature,
    temporary: bytes,
    sha256: str | None,
    is_held: IsHeld = lambda _descriptor, _path: False,
) -> None:
    """Move a file. Across file systems: copy, sync, rename, then remove the source.

    A file that has another name, by a hard link, is copied too: whoever writes under that name would change the archive.

    ``is_held(descriptor, path)`` tells whether a writer has the open file; it is asked when none can open it any more
    under its old name, so that what one writes does not go into the archive unread.

    Raises:
        FileExistsError: something is at the target.
        Replaced: the source has other bytes than expected.
        Held: a writer has it open.
        OSError: the source stays where it was.
    """
    with parent_of(target.root, target.path, make=True) as there, parent_of(source.root, source.path) as here:
        if is_there(*there):
            raise FileExistsError(errno.EEXIST, "would be overwritten", os.fsdecode(target.path))
        if not _rename(here, there):
            _copy(source, there, os.path.basename(temporary), expected, sha256)
            _remove_copied(source, here, there, expected, is_held)
            return
        if _asks(is_held, there, source.path):
            _put_back(there, here)
            raise Held(os.fsdecode(source.path))
        try:
            moved = StatSignature.of(os.stat(there.name, dir_fd=there.folder, follow_symlinks=False))
        except FileNotFoundError:
            return  # whoever waits for files there has taken it on already
        if not moved.same_bytes_likely(expected):
            # Replaced between the look and the move: back with it, unless a yet newer file is there.
            _put_back(there, here)
            raise Replaced(os.fsdecode(source.path))


def copy(source: RootedPath, target: RootedPath, expected: StatSignature, temporary: bytes, sha256: str | None) -> None:
    """Copy a file, replacing one that is at the target; nobody sees half of it.

    Raises:
        Replaced: the source has other bytes than expected.
        OSError: it cannot be copied.
    """
    with parent_of(target.root, target.path, make=True) as there:
        _copy(source, there, os.path.basename(temporary), expected, sha256)


def remove(place: RootedPath) -> None:
    """Remove a file; none there is fine."""
    with suppress(FileNotFoundError, NotADirectoryError), parent_of(place.root, place.path) as (folder, name):
        _remove(folder, name)


def _rename(here: Entry, there: Entry) -> bool:
    """Whether the file could be renamed; else it is to be copied."""
    if os.stat(here.name, dir_fd=here.folder, follow_symlinks=False).st_nlink > 1:
        return False
    try:
        os.rename(here.name, there.name, src_dir_fd=here.folder, dst_dir_fd=there.folder)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _put_back(there: Entry, here: Entry) -> None:
    """Back to where it was, unless a newer file is there."""
    try:
        os.link(there.name, here.name, src_dir_fd=there.folder, dst_dir_fd=here.folder, follow_symlinks=False)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_back(there, here)
        return
    os.unlink(there.name, dir_fd=there.folder)


def _rename_back(there: Entry, here: Entry) -> None:
    # A newer file may still come between this look and the rename, which takes microseconds; a copy in its place would
    # leave a writer that has the file open with the other.
    try:
        os.stat(here.name, dir_fd=here.folder, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(there.name, here.name, src_dir_fd=there.folder, dst_dir_fd=here.folder)


def _copy(source: RootedPath, there: Entry, partial: bytes, expected: StatSignature, sha256: str | None) -> None:
    _remove(there.folder, partial)
    reader = open_file(source.root, source.path)
    try:
        writer = os.open(partial, _NEW_FILE, 0o666, dir_fd=there.folder)
        try:
            digest = _pump(reader, writer)
            os.fsync(writer)
        finally:
            os.close(writer)
        if StatSignature.of(os.fstat(reader)) != expected or sha256 not in (None, digest):
            raise Replaced(os.fsdecode(source.path))
        os.rename(partial, there.name, src_dir_fd=there.folder, dst_dir_fd=there.folder)
        os.fsync(there.folder)
    except BaseException:
        _remove(there.folder, partial)
        raise
    finally:
        os.close(reader)


def _asks(is_held: IsHeld, entry: Entry, path: bytes) -> bool:
    try:
        descriptor = os.open(
            entry.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=entry.folder
        )
    except OSError:
        return False
    try:
        return is_held(descriptor, path)
    finally:
        os.close(descriptor)


def _remove_copied(source: RootedPath, here: Entry, there: Entry, expected: StatSignature, is_held: IsHeld) -> None:
    # Here a writer may still come between this look and the removal, which takes microseconds.
    if _asks(is_held, here, source.path):
        _remove(*there)
        raise Held(os.fsdecode(source.path))
    if source.signature() != expected:
        _remove(*there)
        raise Replaced(os.fsdecode(source.path))
    _remove(*here)


def _pump(reader: int, writer: int) -> str:
    digest = hashlib.sha256()
    while chunk := os.read(reader, 1 << 20):
        digest.update(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(writer, view) :]
    return digest.hexdigest()


def _write(folder: int, name: bytes, content: bytes) -> None:
    try:
        descriptor = os.open(name, _NEW_FILE, 0o666, dir_fd=folder)
    except FileExistsError:  # of a try that was cut off
        os.unlink(name, dir_fd=folder)
        descriptor = os.open(name, _NEW_FILE, 0o666, dir_fd=folder)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _remove(folder: int, name: bytes) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
