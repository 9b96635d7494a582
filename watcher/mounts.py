"""Which file systems send no events: changes made elsewhere, or below an overlay, are seen by polling only."""

import os
import re
from pathlib import Path

#: Types of /proc/self/mountinfo. inotify(7): "no event for files on remote file systems"; kernel documentation
#: of overlayfs: changes to underlying layers while mounted are not seen.
SILENT_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs", "gfs2", "ocfs2", "coda"}
    | {"overlay", "aufs", "vboxsf", "prl_fs", "virtiofs", "vmhgfs"}
)
_ESCAPE = re.compile(rb"\\([0-7]{3})")


def has_silent_part(root: bytes, mountinfo: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether the folder, or a mount below it, is on a file system that sends no events."""
    try:
        lines = mountinfo.read_bytes().splitlines()
    except OSError:
        return False
    real = os.path.realpath(root)
    mounts = dict(_mount(line) for line in lines)
    home = max((place for place in mounts if _is_below(real, place)), key=len, default=b"/")
    inner = [place for place in mounts if place != home and _is_below(place, real)]
    return any(_is_silent(mounts.get(place, "")) for place in [home, *inner])


def _mount(line: bytes) -> tuple[bytes, str]:
    fields, _, rest = line.partition(b" - ")
    place = _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), fields.split(b" ")[4])
    return place, rest.split(b" ")[0].decode("ascii", "replace")


def _is_below(path: bytes, folder: bytes) -> bool:
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")


def _is_silent(kind: str) -> bool:
    return kind in SILENT_TYPES or kind.startswith("fuse.")
