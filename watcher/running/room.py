"""Is there room left? A full disk stops the filing, and every sign of life that would tell of it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

#: With less than this even a ledger's page or a sidecar may find no place.
LEAST_BYTES = 1_000_000
LEAST_FILES = 16


def full(folders: Iterable[Path]) -> list[str]:
    """What is said of the full file systems that the folders lie on, each once; folders that are missing are passed by."""
    found: dict[int, str] = {}
    for folder in folders:
        try:
            device, room = folder.stat().st_dev, os.statvfs(folder)
        except OSError:
            continue
        for what in want(room):
            found.setdefault(device, f"{folder}: {what}; nothing is filed away until there is room again")
    return list(found.values())


def want(room: os.statvfs_result) -> Iterator[str]:
    """What a file system has too little of. One that makes its inodes as they are needed says that it has none at all."""
    free = room.f_bavail * room.f_frsize
    if free < LEAST_BYTES:
        yield f"{free} bytes free"
    elif room.f_files and room.f_favail < LEAST_FILES:
        yield f"room for {room.f_favail} more files, though {free / 1e6:.0f} MB are free (inodes)"
