"""Wire paths: file paths as text that JSON and Redis can carry, whatever bytes a file is named with.

A POSIX path is bytes. UTF-8 stays as it is; every other byte, every control
character and ``%`` itself become ``%XX``, so that the text is valid UTF-8, safe
on a terminal, and gives back exactly the bytes it came from.
"""

import os
import re
import unicodedata

_ESCAPE = re.compile(r"%([0-9A-F]{2})")

#: What lies beside a filed report under its own name and these: its JSON, and how it was read.
REPORT_SUFFIX, READING_SUFFIX = ".json", ".reading.gz"


def to_wire(path: str | bytes) -> str:
    """Path text for messages.

    >>> to_wire("2023年/报告.txt")
    '2023年/报告.txt'
    >>> to_wire("年".encode("gbk") + b"\\n100%")
    '%C4%EA%0A100%25'
    """
    text = os.fsencode(path).decode("utf-8", "surrogateescape")
    return "".join(_escape(char) if _needs_escape(char) else char for char in text)


def from_wire(wire: str) -> bytes:
    """The path's bytes, as :func:`to_wire` was given them.

    >>> from_wire("%C4%EA%0A100%25").decode("gbk")
    '年\\n100%'
    """
    parts = _ESCAPE.split(wire)
    return b"".join(bytes([int(part, 16)]) if index % 2 else part.encode() for index, part in enumerate(parts))


def for_people(wire: str) -> str:
    """A wire path to be read, not to be found by: a ``%`` of the name is one; what no screen can show stays escaped.

    >>> for_people("增长100%25.txt"), for_people("%C4%EA.txt")
    ('增长100%.txt', '%C4%EA.txt')
    """
    return wire.replace("%25", "%")


def _needs_escape(char: str) -> bool:
    # Cc: control; Cf: bidi and zero-width marks that can disguise a name on a terminal; Cs: bytes that are not UTF-8.
    return char == "%" or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escape(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
