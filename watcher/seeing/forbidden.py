"""What a file's failure says where the kernel forbids it: whose what lies in the way is, and what to do."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.paths import to_wire

_FORBIDDEN = (errno.EACCES, errno.EPERM)
_READ, _WRITE, _PASS = 4, 2, 1
_VERBS = {_READ: "read", _WRITE: "move files out of or into", _PASS: "look into"}
_LETTERS = {_READ: "r", _WRITE: "rwx", _PASS: "rx"}


class User(NamedTuple):
    """Whom the kernel asks about."""

    uid: int
    groups: Sequence[int]

    @classmethod
    def current(cls) -> "User":
        """That of this process."""
        return cls(os.geteuid(), (os.getegid(), *os.getgroups()))

    def may(self, status: os.stat_result, wanted: int) -> bool:
        """Whether the mode allows it; what an access list adds is not known."""
        if self.uid == 0:
            return True
        if status.st_uid == self.uid:
            return status.st_mode >> 6 & wanted == wanted
        return status.st_mode >> (3 if status.st_gid in self.groups else 0) & wanted == wanted


def what_forbids(error: OSError, places: Sequence[tuple[bytes, bytes]], user: User, *, moving: bool = False) -> str:
    """The error, and what forbids it at the first of ``places`` (a root and a path below it) where something is in the way.

    ``moving``: the file is renamed, for which its folder must be writable; otherwise it is read.
    """
    said = error.strerror or str(error)
    if error.errno not in _FORBIDDEN:
        return said
    for root, path in places:
        for seen, status, wanted in _asked_for(root, path, moving=moving):
            if not user.may(status, wanted):
                return f"{said}: {_explained(seen, status, wanted, user)}"
    return said


def _asked_for(root: bytes, path: bytes, *, moving: bool) -> Iterator[tuple[bytes, os.stat_result, int]]:
    """What is passed on the way to a file, with the right that is needed there; ends where nothing can be seen."""
    *above, name = path.split(b"/")
    folders = [b"/".join([root, *above[:depth]]) for depth in range(len(above) + 1)]
    try:
        for folder in folders:
            yield folder, os.lstat(folder), _PASS
        if moving:
            yield folders[-1], os.lstat(folders[-1]), _WRITE
        yield folders[-1] + b"/" + name, os.lstat(folders[-1] + b"/" + name), _READ
    except OSError:
        return


def _explained(seen: bytes, status: os.stat_result, wanted: int, user: User) -> str:
    mode = stat.S_IMODE(status.st_mode)
    return (
        f"{to_wire(seen)} belongs to user {status.st_uid} (mode {mode:o}), and this service, user {user.uid}, may not "
        f"{_VERBS[wanted]} it; chown it to {user.uid}, or chmod a+{_LETTERS[wanted]} it"
    )
