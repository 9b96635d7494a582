"""Names in the archive: as in the inbox where possible, never those of something else, never too long."""

import os
import unicodedata
from collections.abc import Callable, Iterator

NAME_MAX_BYTES = 255
LONGEST_SUFFIX = b".error.json"  # that of readings is as long
# Temporary names of the sidecar and of a copy in progress are made of these.
TEMPORARY_PREFIX = b".zhibiao-"
TEMPORARY_SUFFIX = b".part"


def free_target(
    path: bytes, digest: str, is_taken: Callable[[bytes], bool], is_blocked: Callable[[bytes], bool]
) -> bytes:
    """A path for the archive, made from the path in the inbox, of which ``is_taken`` says that it is free.

    Of a folder ``is_blocked`` says whether something else than a folder lies under its name, as when a file ``2023``
    was filed before the folder ``2023`` came.

    >>> free_target(b"2023/a.txt", "c0ffee", {b"2023/a.txt"}.__contains__, {b"2023"}.__contains__)
    b'2023.2/a.txt'
    """
    *folders, name = path.split(b"/")
    place = b""
    for folder in folders:
        place = next(target for target in _targets(place, folder, digest, NAME_MAX_BYTES) if not is_blocked(target))
    room = NAME_MAX_BYTES - len(LONGEST_SUFFIX)
    return next(target for target in _targets(place, name, digest, room) if not is_taken(target))


def folders_above(path: bytes) -> list[bytes]:
    """The folders that a path lies in, the outermost first.

    >>> folders_above(b"2023/05/a.txt")
    [b'2023', b'2023/05']
    """
    return [path[:end] for end, byte in enumerate(path) if byte == ord("/")]


def as_any_disk_sees_it(path: bytes) -> str:
    """What is the same for all paths that are one on some disk: on many case does not count, on some how marks are written.

    >>> as_any_disk_sees_it("2023/Ä.TXT".encode()) == as_any_disk_sees_it("2023/a\u0308.txt".encode())
    True
    """
    return unicodedata.normalize("NFD", os.fsdecode(path).casefold())


def temporary(path: bytes, id_: int) -> bytes:
    """A hidden name beside ``path``, the same each time for one row."""
    folder, _ = os.path.split(path)
    return os.path.join(folder, TEMPORARY_PREFIX + str(id_).encode() + TEMPORARY_SUFFIX)


def _targets(folder: bytes, name: bytes, digest: str, room: int) -> Iterator[bytes]:
    """Places in ``folder``, by names of at most ``room`` bytes."""
    stem, extension = os.path.splitext(name)
    if len(name) <= room:
        yield os.path.join(folder, name)
    number = 2
    while True:
        mark = b".%d" % number
        if len(stem) + len(mark) + len(extension) > room:
            mark = b"~" + digest[:8].encode() + (mark if number > 2 else b"")
        extension = extension[:16]
        yield os.path.join(folder, _cut(stem, room - len(mark) - len(extension)) + mark + extension)
        number += 1


def _cut(name: bytes, limit: int) -> bytes:
    """At most so many bytes, and no part of a UTF-8 character at the end."""
    if len(name) <= limit:
        return name
    while limit > 0 and name[limit] & 0xC0 == 0x80:
        limit -= 1
    return name[:limit]
