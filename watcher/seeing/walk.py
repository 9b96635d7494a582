"""Walks the inbox: the truth that events only hurry up. What a walk does not find is never taken for deleted."""

import os
from collections.abc import Iterator


class Walk:
    """One walk below ``root``, in the caller's portions; links are not followed.

    ``failures`` names folders that could not be read; the walk goes on without them.
    """

    def __init__(self, root: bytes) -> None:
        self._root = root
        self.failures: list[str] = []
        self.found = 0

    def entries(self) -> Iterator[tuple[bytes, os.stat_result]]:
        """Every entry that is no folder, with its path below the root and its own status."""
        folders = [b""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(os.path.join(self._root, folder)) as entries:
                    for entry in entries:
                        path = os.path.join(folder, entry.name) if folder else entry.name
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(path)
                            continue
                        try:
                            status = entry.stat(follow_symlinks=False)
                        except FileNotFoundError:
                            continue
                        self.found += 1
                        yield path, status
            except OSError as error:
                where = os.fsdecode(folder or self._root)
                self.failures.append(f"{where}: {error.strerror}")
