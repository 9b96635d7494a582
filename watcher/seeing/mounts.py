"""Which file systems send no events, so that changes are seen by polling only, and on which of them leases mean nothing."""

import os
import re
from pathlib import Path

#: Types of /proc/self/mountinfo. inotify(7): "the inotify API does not report ... events for remote file systems";
#: and a read lease there knows nothing of writers on other machines.
REMOTE_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs", "gfs2", "ocfs2", "coda"}
    | {"vboxsf", "prl_fs", "virtiofs", "vmhgfs"}
)
#: Of these, sqlite.org/wal.html: "all processes using a database must be on the same host computer; WAL does not work over
#: a network filesystem". What a virtual machine gets from its own host is used by one machine at a time, and is not here.
NETWORK_TYPES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "coda", "fuse.sshfs"})
#: Kernel documentation of overlayfs, "Changes to underlying filesystems": not seen while it is mounted. Leases hold.
LAYERED_TYPES = frozenset({"overlay", "aufs"})
MOUNTINFO = Path("/proc/self/mountinfo")
_ESCAPE = re.compile(rb"\\([0-7]{3})")


def has_silent_part(root: bytes, mountinfo: Path = MOUNTINFO) -> bool:
    """Whether the folder, or a mount below it, is on a file system that sends no events."""
    return any(_is_remote(kind) or kind in LAYERED_TYPES for kind in _mounts_of(root, mountinfo).values())


def network_type(folder: bytes, mountinfo: Path = MOUNTINFO) -> str | None:
    """The type of the folder's file system where it lies on another machine; None where it does not."""
    kind = _mounts_of(folder, mountinfo)[b""]
    return kind if kind in NETWORK_TYPES else None


class RemoteParts:
    """The parts of a folder that other machines may write to, as they were mounted when this was made."""

    def __init__(self, root: bytes, mountinfo: Path = MOUNTINFO) -> None:
        self._mounts = _mounts_of(root, mountinfo)
        self._any = any(map(_is_remote, self._mounts.values()))

    def hold(self, path: bytes) -> bool:
        """Whether a path below the folder is in one of them."""
        if not self._any:
            return False
        place = max((place for place in self._mounts if place == b"" or _is_below(path, place)), key=len)
        return _is_remote(self._mounts[place])


def _mounts_of(root: bytes, mountinfo: Path) -> dict[bytes, str]:
    """File system types by path below the folder; the folder's own under the empty path."""
    try:
        lines = mountinfo.read_bytes().splitlines()
    except OSError:
        return {b"": ""}
    real = os.path.realpath(root)
    # Of several mounts on one place the last one is seen.
    mounts = dict(_mount(line) for line in lines)
    home = max((place for place in mounts if _is_below(real, place)), key=len, default=b"/")
    inner = {place: kind for place, kind in mounts.items() if place != home and _is_below(place, real)}
    return {b"": mounts.get(home, ""), **{os.path.relpath(place, real): kind for place, kind in inner.items()}}


def _mount(line: bytes) -> tuple[bytes, str]:
    fields, _, rest = line.partition(b" - ")
    place = _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), fields.split(b" ")[4])
    return place, rest.split(b" ")[0].decode("ascii", "replace")


def _is_below(path: bytes, folder: bytes) -> bool:
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")


def _is_remote(kind: str) -> bool:
    return kind in REMOTE_TYPES or kind.startswith("fuse.")
