"""What is seen of a file from outside: that something happened to it, and its stat signature."""

import os
import stat
from typing import Literal, NamedTuple

Kind = Literal[
    "renamed",  # moved in from elsewhere: nobody writes it under this name
    "created",  # a new name: a hard link, or a writer's first act
    "modified",  # bytes were written
    "closed",  # a writer let go of it
    "touched",  # owner, mode, times or link count changed
    "seen",  # the walk found it
    "gone",  # moved away or deleted
]


class StatSignature(NamedTuple):
    """Tells one state of a file from another without reading it; times are compared for equality only."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "StatSignature":
        """The signature of a file with this status."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @classmethod
    def parse(cls, text: str) -> "StatSignature":
        """The signature that ``str`` gave.

        >>> StatSignature.parse(str(StatSignature(1, 2, 3, 4, 5)))
        StatSignature(device=1, inode=2, size=3, mtime_ns=4, ctime_ns=5)
        """
        device, inode, size, mtime_ns, ctime_ns = map(int, text.split(":"))
        return cls(device, inode, size, mtime_ns, ctime_ns)

    def __str__(self) -> str:
        return f"{self.device}:{self.inode}:{self.size}:{self.mtime_ns}:{self.ctime_ns}"

    def same_bytes_likely(self, other: "StatSignature") -> bool:
        """Whether only what a rename or a new mount touches differs: the change time and the device."""
        return (self.inode, self.size, self.mtime_ns) == (other.inode, other.size, other.mtime_ns)


_ODD = {
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


def odd_kind(mode: int) -> str | None:
    """The word for an entry that is neither file nor folder, None for one that is."""
    return _ODD.get(stat.S_IFMT(mode))
