"""Which place below the inbox a dropped name means; pure."""

import hashlib
import re
import unicodedata
from typing import Final

from page.intake.refused import Refused

MOST_PART_BYTES: Final = 240  # of the 255 that a name may have; what is filed beside it needs some
MOST_PATH_BYTES: Final = 1000
MOST_FOLDERS: Final = 12
_TITLE_CHARS = 24
_SEPARATORS = re.compile(r"[/\\]")
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
_SPACES = re.compile(r"\s+")


def place_of(name: str) -> bytes:
    """The path below the inbox that a dropped name means, folders of either spelling kept.

    Raises:
        Refused: it leads elsewhere, or is none that a file can have.

    >>> place_of("2023\\\\报告.txt").decode()
    '2023/报告.txt'
    """
    parts = [unicodedata.normalize("NFC", part) for part in _SEPARATORS.split(name)]
    if parts and parts[0] in ("", "."):
        parts = parts[1:]
    if not parts or any(part in ("", ".", "..") for part in parts):
        raise Refused(name, "refused.path")
    if any(unicodedata.category(char) in ("Cc", "Cs") for part in parts for char in part):
        raise Refused(name, "refused.characters")
    raw = "/".join(parts).encode()
    if len(raw) > MOST_PATH_BYTES or len(parts) > MOST_FOLDERS or any(_is_long(part) for part in parts):
        raise Refused(name, "refused.long_name", limit=MOST_PART_BYTES)
    return raw


def name_of_text(text: str, wanted: str = "") -> str:
    """A file name for pasted text: the one that is wanted, else its first line and a mark of its content.

    The same text has the same name each time, so that pasting it twice makes one document.

    >>> name_of_text("广州市2023年统计公报\\n正文")
    '广州市2023年统计公报-ec049f48.txt'
    >>> name_of_text("正文", "公报")
    '公报.txt'
    """
    chosen = _fit(wanted)
    if chosen:
        return chosen if re.search(r"\.\w{1,5}$", chosen) else f"{chosen}.txt"
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{_fit(first)[:_TITLE_CHARS].strip(' .') or 'text'}-{mark}.txt"


def _fit(text: str) -> str:
    seen = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    return _SPACES.sub(" ", _UNFIT.sub(" ", seen)).strip(" .")


def _is_long(part: str) -> bool:
    return len(part.encode()) > MOST_PART_BYTES
