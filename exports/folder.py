"""Reports that lie below a folder as JSON: the archive of the service, or what ``zhibiao extract -o`` wrote."""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from exports.own_tables import begins_rows
from schemas import paths
from schemas.report import Report

#: JSON files of the archive that say something else than a report's figures.
_OTHER = re.compile(r"\.error\.json$|\.metadata\.json$")
_REVISION = re.compile(rb'"revision":\s*(\d+)')
_ID = re.compile(rb'"id":\s*"([0-9a-f]{20})"')
_HEAD = 4096  # bytes of a report's JSON that its id and revision stand in: they come first


@dataclass(frozen=True)
class Unread:
    """A file that gave no report, and why."""

    path: str
    reason: str


@dataclass
class Archive:
    """The newest revision of every document below ``folder``; ``unread`` fills while they are gone through."""

    folder: Path
    every_revision: bool = False
    unread: list[Unread] = field(default_factory=list)

    def reports(self) -> Iterator[tuple[Path, Report]]:
        """Each report with the JSON file that it lies in, by the file's path; one in memory at a time."""
        yield from self._read(self._files())

    def _read(self, files: Iterable[Path]) -> Iterator[tuple[Path, Report]]:
        for file in files:
            try:
                yield file, Report.model_validate_json(file.read_bytes())
            except ValidationError as error:
                self._skip(file, f"it is not the JSON of a report: {error.errors()[0]['msg']}")
            except OSError as error:
                self._skip(file, error.strerror or "it cannot be read")

    def reports_named(self, names: Collection[str]) -> Iterator[tuple[Path, Report]]:
        """The reports of those whose id or path is one of ``names``; only files that speak of one are read whole."""
        marks = [json.dumps(name, ensure_ascii=False).encode() for name in names]
        files = [file for file in self._files() if any(mark in _head(file) for mark in marks)]
        yield from (
            (file, report) for file, report in self._read(files) if report.id in names or report.source.path in names
        )

    def _files(self) -> list[Path]:
        newest: dict[bytes, tuple[int, Path]] = {}
        rest = []
        for file in json_files(self.folder):
            head = _head(file)
            if _OTHER.search(file.as_posix()) or b'"duplicate_of"' in head or begins_rows(head):
                continue
            id_, revision = _ID.search(head), _REVISION.search(head)
            if self.every_revision or not id_ or not revision:
                rest.append(file)
            elif id_[1] not in newest or int(revision[1]) >= newest[id_[1]][0]:
                newest[id_[1]] = int(revision[1]), file
        return sorted([*(file for _, file in newest.values()), *rest])

    def _skip(self, file: Path, reason: str) -> None:
        self.unread.append(Unread(paths.to_wire(os.fsencode(file.relative_to(self.folder))), reason))


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(_HEAD)
    except OSError:
        return b""  # told when it is read whole


def json_files(folder: Path) -> list[Path]:
    """The JSON files below a folder, hidden ones and links left out, by path."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in names if name.endswith(".json") and not name.startswith(".")]
    return sorted(file for file in found if file.is_file() and not file.is_symlink())
