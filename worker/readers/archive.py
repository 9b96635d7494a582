"""ZIP archives of strangers, opened within limits."""

import io
import lzma
import struct
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from worker.readers import damage
from worker.readers.reading import refusal

MOST_ENTRIES = 10_000
MOST_BYTES = 256 * 1024 * 1024  # of all entries read, unpacked
MOST_RATIO = 200  # Deflate reaches 1032; XML of real reports stays below 60
SMALL = 1024 * 1024  # below this, a ratio harms nobody
_LOCAL_HEADER_BYTES = 30  # APPNOTE 4.3.7, without the name
_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
# zipfile lets through what a wrong number in a header leads to: a seek before the start, a method nobody knows.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Entries:
    """The entries of an open archive; unpacks no more than the limits allow."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._left = MOST_BYTES
        self._starts = sorted({info.header_offset for info in file.infolist()})
        self.names = frozenset(file.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of one entry.

        Raises:
            BadReport: ``too_complex`` over a limit, ``encrypted``, ``damaged_archive``.
        """
        try:
            info = self._file.getinfo(name)
        except KeyError:
            raise refusal(
                "damaged_archive", f"the archive has no entry {name}, to which another refers; it may be cut off"
            ) from None
        if info.flag_bits & _ENCRYPTED:
            raise refusal("encrypted", f"entry {name} is encrypted; a file without a password would be right", name)
        if self._overlaps(info):
            raise refusal("damaged_archive", f"entry {name} overlaps another; one of the two may be forged", name)
        try:
            return self._read(info)
        except _UNREADABLE as error:
            damage.pass_on(error)
            raise refusal("damaged_archive", f"entry {name} cannot be unpacked: {error}", name) from error

    def _overlaps(self, info: zipfile.ZipInfo) -> bool:
        """Whether the next entry begins before this one can have ended: readers would see different bytes there."""
        after = bisect_right(self._starts, info.header_offset)
        end = info.header_offset + _LOCAL_HEADER_BYTES + len(info.orig_filename.encode()) + info.compress_size
        return after < len(self._starts) and self._starts[after] < end

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        most = min(self._left, max(SMALL, MOST_RATIO * info.compress_size))
        parts = []
        size = 0
        with self._file.open(info) as stream:
            # The directory may lie about the size: count what comes out.
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise refusal(
                        "too_complex",
                        f"entry {info.filename} unpacks {info.compress_size} bytes to more than {most}; no report needs "
                        f"more than {MOST_RATIO} times its size or {MOST_BYTES} bytes in all",
                        info.filename,
                    )
                parts.append(chunk)
        self._left -= size
        return b"".join(parts)


@contextmanager
def opened(data: bytes) -> Iterator[Entries]:
    """The entries of the archive in ``data``.

    Raises:
        BadReport: ``damaged_archive`` or ``too_complex``.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _UNREADABLE as error:
        damage.pass_on(error)
        raise refusal("damaged_archive", f"the ZIP archive cannot be opened ({error}); it may be cut off") from error
    with file:
        if len(file.infolist()) > MOST_ENTRIES:
            raise refusal("too_complex", f"{len(file.infolist())} entries in the archive; {MOST_ENTRIES} are allowed")
        yield Entries(file)


def rewritten(contents: Mapping[str, bytes]) -> bytes:
    """An archive of these entries alone, as they were unpacked here: another reader finds nothing else in it.

    Readers differ over second directories, data before the archive, and names that come twice.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return made.getvalue()
