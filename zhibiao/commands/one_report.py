"""One report of a folder, by what people call it: its path, or its id."""

import os
from pathlib import Path

from exports.folder import Unread
from schemas import ids, paths
from schemas.reading import Reading
from schemas.report import Report
from worker.stages.decode import read as decode
from zhibiao.commands.export import Source, folder_of
from zhibiao.commands.extract import read_bytes
from zhibiao.commands.many_files import read_all
from zhibiao.exits import Failed, WrongUsage
from zhibiao.settings import ServiceSettings
from zhibiao.wording import say


def find(settings: ServiceSettings, folder: Path | None, document: str) -> tuple[Report, Path | None]:
    """The report, and the JSON file it lies in; None where its file was read now.

    Raises:
        WrongUsage: there is none.
        Failed: it cannot be read.
    """
    place = folder_of(settings, folder)
    wanted = _names(document, place)
    source = Source.of(place, settings, every_revision=False, apart_from=None)
    for file, report in source.archive.reports_named(wanted):
        return report, file
    for item in source.files:
        if {item.wire, ids.document_id(item.wire, item.site)} & wanted:
            [(_, read)] = read_all([item], settings.max_file_bytes, 1)
            if isinstance(read, Unread):
                raise Failed(f"{read.path}: {read.reason}")
            return read, None
    raise WrongUsage(say("usage.no_report", document=document, folder=place))


def text_of(settings: ServiceSettings, folder: Path | None, report: Report, json_file: Path | None) -> str:
    """The decoded text that the places of a report count in: from its reading, or from its file.

    Raises:
        Failed: neither is at hand.
    """
    place = folder or settings.processed
    if json_file is not None:
        reading = json_file.with_name(json_file.name.removesuffix(paths.REPORT_SUFFIX) + paths.READING_SUFFIX)
        if reading.is_file():
            return Reading.unpacked(reading.read_bytes()).raw
        file = json_file.with_name(json_file.name.removesuffix(paths.REPORT_SUFFIX))
    else:
        file = place / os.fsdecode(paths.from_wire(report.source.path))
    if not file.is_file():
        raise Failed(say("why_not.no_text", path=report.source.path, folder=place))
    return decode(read_bytes(file, settings.max_file_bytes)).text.raw


def _names(document: str, place: Path) -> set[str]:
    """What the report may be called: as it was named, and by the path below the folder of a file that there is."""
    file = Path(document)
    names = {document}
    if file.is_file() and file.resolve().is_relative_to(place.resolve()):
        below = os.fsencode(file.resolve().relative_to(place.resolve()))
        wire = paths.to_wire(below)
        names |= {wire, wire.removesuffix(paths.REPORT_SUFFIX)}
    return names
