"""Zip archives unpacked into the inbox, within limits: what they say of themselves is believed in nothing."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from page.intake.inbox import Inbox
from page.intake.refused import Refused

MOST_ENTRIES: Final = 2000
MOST_BYTES: Final = 1_000_000_000
#: A file of text packs ten to twenty times; one of zero bytes a thousand times.
MOST_RATIO: Final = 200
_FREE_BYTES = 1_000_000  # a small file may pack as it likes
_CHUNK = 1 << 16
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def is_archive(name: str) -> bool:
    """Whether it is to be unpacked; DOCX, XLSX and OFD are archives that are read as they are."""
    return name.lower().endswith(".zip")


def unpack(file: Path, name: str, inbox: Inbox) -> Iterator[bytes | Refused]:
    """Drop each file of an archive into a folder of its name; gives the place of each, or why it was not taken.

    Raises:
        Refused: it is damaged, or over the limits; what was unpacked before stays.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_of_a_system(entry)]
            if len(entries) > MOST_ENTRIES:
                raise Refused(name, "refused.zip_entries", limit=MOST_ENTRIES)
            left = MOST_BYTES
            for entry in entries:
                inner = f"{name[: -len('.zip')]}/{name_of(entry)}"
                try:
                    place, size = _unpack_one(archive, entry, inner, inbox, left)
                except Refused as refused:
                    if refused.key in ("refused.zip_size", "refused.zip_ratio"):
                        raise
                    yield refused
                else:
                    left -= size
                    yield place
    except _FAULTS as error:
        raise Refused(name, "refused.zip_damaged", why=str(error)) from error


def name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name. Without the mark of UTF-8 it is, from Windows in Chinese, of GB18030.

    >>> entry = zipfile.ZipInfo("报告.txt".encode("gbk").decode("cp437"))
    >>> name_of(entry)
    '报告.txt'
    """
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _unpack_one(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inner: str, inbox: Inbox, left: int
) -> tuple[bytes, int]:
    if entry.flag_bits & _ENCRYPTED:
        raise Refused(inner, "refused.zip_password")
    if is_archive(inner):
        raise Refused(inner, "refused.zip_in_zip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(inner, "refused.path")
    with inbox.begin(inner) as growing, archive.open(entry) as content:
        while chunk := content.read(_CHUNK):
            growing.write(chunk)
            if growing.size > left:
                raise Refused(inner, "refused.zip_size", limit=MOST_BYTES // 1_000_000)
            if growing.size > _FREE_BYTES + MOST_RATIO * entry.compress_size:
                raise Refused(inner, "refused.zip_ratio", limit=MOST_RATIO)
        return growing.finish(), growing.size


def _is_of_a_system(entry: zipfile.ZipInfo) -> bool:
    """What systems put beside the files: said of none, and missed by nobody."""
    parts = entry.filename.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")
