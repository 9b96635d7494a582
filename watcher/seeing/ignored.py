"""Names that are left alone: half-written files, and what systems and editors leave in folders."""

import fnmatch
import os
import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files


class Ignored:
    """Says which pattern, if any, a path below the inbox matches in one of its parts."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        table = tomllib.loads((files("watcher.seeing") / "data" / "ignored.toml").read_text(encoding="utf-8"))
        self._globs = [str(entry["glob"]) for entry in table["pattern"]] + list(more)
        union = "|".join(f"({fnmatch.translate(glob)})" for glob in self._globs)
        self._pattern = re.compile(union, re.IGNORECASE)

    def pattern_of(self, path: bytes) -> str | None:
        """The pattern that a path matches.

        >>> Ignored().pattern_of(b"2023/~$report.docx")
        '~$*'
        >>> Ignored().pattern_of(b"2023/report.txt") is None
        True
        """
        for part in path.split(b"/"):
            match = self._pattern.match(os.fsdecode(part))
            if match and match.lastindex:
                return self._globs[match.lastindex - 1]
        return None
