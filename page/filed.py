"""Reports that were read, with how: from the archive, and from Redis what is not filed yet or has been taken away."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from delivery.connect import FAULTS, connect_briefly, names_of
from exports.folder import json_files
from page.settings import PageSettings
from schemas import paths
from schemas.reading import Reading, stamp_of
from schemas.report import Report

_HEAD_BYTES = 4096
_STAMP = re.compile(rb'"id":\s*"([0-9a-f]{20})".*?"revision":\s*(\d+)', re.DOTALL)


class NotFiled(Exception):
    """There is no such report, or nothing that says how it was read; ``reason`` is ``report`` or ``reading``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Filed:
    """A report, and how it was read."""

    report: Report
    reading: Reading


class Archive:
    """The reports of a service, looked for where they are most likely first."""

    def __init__(self, settings: PageSettings, find_redis: Callable[[], str | None]) -> None:
        self._settings = settings
        self._find_redis = find_redis

    def filed(self, document: str, revision: int, path: str | None = None) -> Filed:
        """The report of a revision and its reading; ``path`` is the document's, where it is known.

        Raises:
            NotFiled: neither the archive nor Redis has both, of one event.
        """
        why = NotFiled("report")
        for file in self._files(document, revision, path):
            try:
                return _read(file)
            except NotFiled as error:
                why = error
        try:
            return self._kept(document, revision)
        except NotFiled as error:
            raise (why if why.reason == "reading" else error) from None

    def _files(self, document: str, revision: int, path: str | None) -> Iterator[Path]:
        """The JSON files that are of the revision: beside its path, else anywhere."""
        tried = set()
        for file in self._beside(path) if path else ():
            tried.add(file)
            if _is_of(file, document, revision):
                yield file
        for file in json_files(self._settings.processed):
            if file not in tried and _is_of(file, document, revision):
                yield file

    def _beside(self, path: str) -> Iterator[Path]:
        """Where a file of this path is filed: under its name, or its name and a number."""
        place = self._settings.processed / Path(os.fsdecode(paths.from_wire(path)))
        if ".." in place.parts:
            return
        first = place.with_name(place.name + paths.REPORT_SUFFIX)
        if first.is_file():
            yield first
        if place.parent.is_dir():
            for name in sorted(os.listdir(place.parent)):
                if name.startswith(f"{place.stem}.") and name.endswith(paths.REPORT_SUFFIX) and name != first.name:
                    yield place.parent / name

    def _kept(self, document: str, revision: int) -> Filed:
        """What Redis has under the keys of the revision.

        Raises:
            NotFiled: it has not both, or does not answer.
        """
        url = self._find_redis()
        if url is None:
            raise NotFiled("report")
        try:
            with connect_briefly(url, site=self._settings.site) as client:
                names = names_of(client)
                report = client.execute_command("GET", names.report_key(document, revision), NEVER_DECODE=True)
                reading = client.execute_command("GET", names.reading_key(document, revision), NEVER_DECODE=True)
        except FAULTS as error:
            raise NotFiled("report") from error
        if not report:
            raise NotFiled("report")
        return _parsed(report, reading or b"")


def _read(file: Path) -> Filed:
    """What lies under a report's JSON and beside it.

    Raises:
        NotFiled: one of the two is gone, or is not what its name says.
    """
    beside = file.with_name(file.name.removesuffix(paths.REPORT_SUFFIX) + paths.READING_SUFFIX)
    try:
        report = file.read_bytes()
    except OSError as error:
        raise NotFiled("report") from error
    try:
        reading = beside.read_bytes()
    except OSError as error:
        raise NotFiled("reading") from error
    return _parsed(report, reading)


def _parsed(report: bytes, reading: bytes) -> Filed:
    try:
        told = Report.model_validate_json(report)
    except ValidationError as error:
        raise NotFiled("report") from error
    stamp = stamp_of(reading)
    if stamp is None or stamp != (told.id, told.revision, told.source.sha256, told.pipeline.version):
        raise NotFiled("reading")
    try:
        how = Reading.unpacked(reading)
    except ValueError as error:
        raise NotFiled("reading") from error
    if len(how.figures) != len(told.metrics):
        raise NotFiled("reading")
    return Filed(told, how)


def _is_of(file: Path, document: str, revision: int) -> bool:
    try:
        with file.open("rb") as source:
            found = _STAMP.search(source.read(_HEAD_BYTES))
    except OSError:
        return False
    return found is not None and (found[1].decode(), int(found[2])) == (document, revision)
