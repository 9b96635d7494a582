"""Which filed reports a person means, and whether reading them again by today's rules would change anything.

For commands beside the watcher: the ledger is only read.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from schemas.paths import from_wire, to_wire
from watcher.filing.moving import RootedPath
from watcher.filing.places import SUFFIX
from watcher.filing.put_back import below
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.seeing.below_root import read_file
from watcher.settings import WatcherSettings

#: ``asked``: to be read again; ``unchanged``: today's rules have read it; ``newer``: later ones have; ``other``: rules whose
#: order to today's is not known; ``going_on``: it was asked for before; ``gone``: not in the archive any more.
Verdict = Literal["asked", "unchanged", "newer", "other", "going_on", "gone", "unknown"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filed report, or a name that is none's; ``version`` are the rules that have read it, where that is known.

    ``repeats`` are the paths of other documents of the same content, of which nothing was published, where that was asked for.
    """

    path: str
    verdict: Verdict
    row: FileRow | None = None
    version: str | None = None
    repeats: tuple[str, ...] = ()


class Choosing:
    """Looks at filed reports with the eyes of the rules of ``version``; ``any_other``: those of unknown order are meant."""

    def __init__(self, settings: WatcherSettings, ledger: Ledger, version: str, *, any_other: bool) -> None:
        self._settings = settings
        self._ledger = ledger
        self._version = version
        self._any_other = any_other
        self._root = os.fsencode(settings.processed.absolute())

    def all(self) -> Iterator[Chosen]:
        """Every filed report whose reading holds, in the order in which they came; older revisions, too."""
        for id_ in self._ledger.filed():
            if row := self._ledger.get(id_):
                yield self._look(row)

    def named(self, paths: Iterable[Path | str]) -> Iterator[Chosen]:
        """Those that people name, as they lie in the archive or as they were in the inbox: there the last content."""
        for path in paths:
            row = self._find(path)
            yield self._look(row) if row else Chosen(to_wire(os.fspath(path)), "unknown")

    def whole(self, paths: Iterable[Path | str]) -> Iterator[Chosen]:
        """Documents that people name by one of their files, as above, whatever rules have read them."""
        for path in paths:
            row = self._find(path)
            if row is None:
                yield Chosen(to_wire(os.fspath(path)), "unknown")
            elif row.state == "published":
                repeats = tuple(one.path for one in self._ledger.repeats_of(row.document))
                yield Chosen(row.path, "asked", row, repeats=repeats)
            else:
                yield Chosen(row.path, "gone", row)

    def _find(self, path: Path | str) -> FileRow | None:
        filed = below(self._settings.processed, path)
        row = self._ledger.by_target("processed", filed) if filed else None
        if row is None and (inside := below(self._settings.inbox, path)):
            spelt = (inside, from_wire(inside.decode("utf-8", "replace")))
            found = [row for raw in spelt for row in self._ledger.find(to_wire(raw)) if row.folder == "processed"]
            row = found[0] if found else None
        if row is None and filed:  # where it lay before it was taken back
            row = next((row for row in self._ledger.find(to_wire(filed)) if row.state == "withdrawn"), None)
        if row and row.state == "duplicate":
            row = self._ledger.get(row.duplicate_of or 0)
        return row and self._ledger.holding(row)

    def _look(self, row: FileRow) -> Chosen:
        if row.state != "published" or row.folder != "processed" or row.target is None:
            return Chosen(row.path, "gone", row)
        if RootedPath(self._root, row.target).signature() is None:
            return Chosen(row.path, "gone", row)
        if row.hand_over().report_event_id(self._version) == row.event_id:
            return Chosen(row.path, "unchanged", row, self._version)
        version = self._read_by(row)
        return Chosen(row.path, self._verdict(row, version), row, version)

    def _verdict(self, row: FileRow, version: str | None) -> Verdict:
        if self._ledger.rereading_of(row.id):
            return "going_on"
        if version is None:
            return "asked"  # its report was lost
        if not (version.isdecimal() and self._version.isdecimal()):
            return "asked" if self._any_other else "other"
        return "asked" if int(version) < int(self._version) else "newer"

    def _read_by(self, row: FileRow) -> str | None:
        """The version of the rules that the filed report was read by; None where it does not say."""
        try:
            said = json.loads(
                self._ledger.kept(row.id) or read_file(self._root, (row.target or b"") + SUFFIX["processed"])
            )
            return str(said["pipeline"]["version"])
        except (OSError, ValueError, LookupError, TypeError):
            return None
