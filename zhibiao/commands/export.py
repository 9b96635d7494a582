"""``zhibiao export``: the figures of a folder as one table."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from exports.columns import rows_of
from exports.filters import Named, Sieve, Wanted, is_period
from exports.folder import Archive, Unread
from exports.formats import STREAMED, WIDE, MissingExtra, Writer, format_of, piped, written
from exports.reviewed import Record, Reviewing
from exports.xlsx_file import TooManyRows
from panels.errors import DocumentsError
from panels.reviews import FILE_NAME, Reviews, ReviewsError
from schemas import paths
from schemas.report import Report
from schemas.review import Review
from schemas.visible import visible
from worker import PIPELINE_VERSION
from zhibiao import __version__, terminal, wording
from zhibiao.commands.documents import Said, corrections_of, tell_unused
from zhibiao.commands.many_files import Found, found, progress, read_all, reports_among, told
from zhibiao.exits import Failed, WrongUsage
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, say, value_for, values_of

MOST_TOLD = 10  # files that could not be read, on the terminal; a workbook lists them all


@dataclass(frozen=True)
class Source:
    """Reports of a folder: those that lie there as JSON, and those whose files have no JSON beside them, read now."""

    folder: Path
    files: list[Found]
    archive: Archive

    @classmethod
    def of(cls, folder: Path, settings: ServiceSettings, *, every_revision: bool, apart_from: Path | None) -> "Source":
        """What is in a folder; ``apart_from`` is the table that is being written."""
        table = apart_from and apart_from.absolute()
        files = [item for item in found([folder], settings.inbox, settings.site) if item.file.absolute() != table]
        files = [item for item in reports_among(files) if not _has_json(item.file)]
        return cls(folder, files, Archive(folder, every_revision))

    def reports(self, limit_bytes: int, jobs: int) -> Iterator[Report]:
        """The reports one by one; what gives none is told in ``archive.unread``."""
        for _, report in self.archive.reports():
            yield report
        with progress(len(self.files), "reading") as shown:
            for item, read in read_all(self.files, limit_bytes, jobs) if self.files else ():
                told(shown, item.wire)
                if isinstance(read, Unread):
                    self.archive.unread.append(read)
                else:
                    yield read


def _has_json(file: Path) -> bool:
    """Whether the JSON that tells of a file lies beside it."""
    return file.with_name(file.name + paths.REPORT_SUFFIX).exists()


def folder_of(settings: ServiceSettings, named: Path | None) -> Path:
    """The folder of reports that a user has named, or this service's archive.

    Raises:
        WrongUsage: the one that was named is not there.
        Failed: there is no archive yet.
    """
    if named is not None and not named.is_dir():
        raise WrongUsage(say("usage.no_folder", folder=named))
    if named is None and not settings.processed.is_dir():
        raise Failed(say("why_not.no_archive", folder=settings.processed))
    return named or settings.processed


@dataclass(frozen=True)
class Target:
    """Where the table goes, in which format."""

    kind: str
    file: Path | None  # None: standard output
    wide: bool = False

    @classmethod
    def of(cls, kind: str | None, file: Path | None, *, wide: bool = False) -> "Target":
        """What the options mean; the end of the file's name tells the format where it is not given.

        Raises:
            WrongUsage: the two cannot go together.
        """
        kind = kind or (format_of(file.name) if file else "csv")
        if kind is None:
            raise WrongUsage(say("usage.no_format", file=file))
        if file is None and kind not in STREAMED:
            raise WrongUsage(say("usage.no_text", format=kind))
        if wide and kind not in WIDE:
            raise WrongUsage(say("usage.long_only", format=kind, others=", ".join(WIDE)))
        return cls(kind, file, wide)


def export(
    settings: ServiceSettings,
    folder: Path | None,
    target: Target,
    wanted: Wanted,
    *,
    every_revision: bool,
    jobs: int,
    said: Said,
    with_struck: bool = False,
) -> None:
    """Write the wanted figures of ``folder``, or of the service's archive, as one table.

    Raises:
        Failed: there is no figure to write, what lay under the table's name stays; or the table cannot be written.
    """
    place = folder_of(settings, folder)
    source = Source.of(place, settings, every_revision=every_revision, apart_from=target.file)
    sieve = Sieve(wanted)
    reviewing = Reviewing(Record(_reviews(settings, said.reviews)), with_struck=with_struck)
    corrected = corrections_of(said, place)
    seen: list[str] = []
    given = 0
    try:
        with _writer(target, place) as writer:
            for read in source.reports(settings.max_file_bytes, jobs):
                seen.append(read.source.path)
                report = corrected.applied(read)
                rows = reviewing.rows(report, rows_of(report), read.document.title)
                before = sieve.taken
                writer.report(report, sieve.through(rows))
                given += sieve.taken > before
            if not sieve.taken:
                raise Failed(_nothing(place, sieve, reviewing, source.archive.unread))
            writer.close(source.archive.unread, _method(place, wanted, len(seen)))
    except (MissingExtra, TooManyRows, DocumentsError) as error:
        raise Failed(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failed(f"{target.file or say('table.standard_output')}: {fault(error)}") from error
    _tell(target, sieve, given, source.archive.unread)
    _tell_reviews(reviewing)
    tell_unused(corrected, seen)


def checked(wanted: Wanted) -> Wanted:
    """What a person wants, with kinds as reports have them.

    Raises:
        WrongUsage: a kind or a period is none: no figure could ever meet it.
    """
    for period in wanted.periods:
        if not is_period(period):
            raise WrongUsage(say("usage.wrong_value", field="--period", value=repr(period), right=say("right.time")))
    return replace(wanted, kinds=tuple(map(_kind, wanted.kinds)))


def _kind(given: str) -> str:
    if (kind := value_for("kind", given)) is None:
        raise WrongUsage(say("usage.no_kind", value=repr(given), known=", ".join(values_of("kind"))))
    return kind


def _reviews(settings: ServiceSettings, file: Path | None) -> tuple[Review, ...]:
    try:
        return Reviews(file or settings.state / FILE_NAME).read()
    except ReviewsError as error:
        raise Failed(str(error)) from error


def _tell_reviews(reviewing: Reviewing) -> None:
    tell = terminal.err().print
    if reviewing.struck and not reviewing.with_struck:
        tell(say("table.struck", count=reviewing.struck))
    if reviewing.lost:
        tell(say("table.orphans", count=len(reviewing.lost)))
    if strangers := reviewing.record.strangers():
        tell(say("table.strangers", count=len(strangers)))


@contextmanager
def _writer(target: Target, place: Path) -> Iterator[Writer]:
    if target.file is None:
        yield piped(target.kind, sys.stdout, wide=target.wide)
    else:
        with written(target.kind, target.file, place.absolute(), wide=target.wide) as writer:
            yield writer


def _method(place: Path, wanted: Wanted, count: int) -> dict[str, str]:
    """How a table was made, for whoever checks it."""
    return {
        "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": f"zhibiao {__version__}, reading rules {PIPELINE_VERSION}",
        "from": str(place),
        "reports": str(count),
        "wanted": "; ".join(map(str, wanted.conditions())) or "everything",
    }


def _tell(target: Target, sieve: Sieve, count: int, unread: list[Unread]) -> None:
    """Say on standard error what is in the table, and what is not."""
    tell = terminal.err().print
    where = say("table.where", file=target.file) if target.file else ""
    tell(say("table.made", figures=sieve.taken, reports=count, where=where))
    for line in _not_read(unread):
        tell(line)


def _not_read(unread: list[Unread]) -> list[str]:
    lines = [
        say("table.unread", path=visible(file.path), reason=visible(wording.told(file.reason)))
        for file in unread[:MOST_TOLD]
    ]
    more = len(unread) - MOST_TOLD
    return [*lines, *([say("table.more_unread", count=more)] if more > 0 else [])]


def _unmet(sieve: Sieve) -> str:
    """Which condition let nothing through; all of them together where each alone did."""
    met = {_in_words(name): count for name, count in sieve.met().items()}
    if barren := [name for name, count in met.items() if not count]:
        return say("why_not.none_has", seen=sieve.seen, conditions=say("why_not.nor").join(barren))
    counts = [say("why_not.have", count=count, condition=name) for name, count in met.items()]
    return say("why_not.none_has_all", seen=sieve.seen, counts=say("why_not.comma").join(counts))


def _in_words(name: Named) -> str:
    return say(f"condition.{name.field}", values=say("condition.or").join(name.values))


def _nothing(place: Path, sieve: Sieve, reviewing: Reviewing, unread: list[Unread]) -> str:
    """Why there is no figure to write."""
    if not sieve.seen and not reviewing.struck:
        there = say("why_not.no_figures" if unread else "why_not.no_report")
        why = say("why_not.of_folder", folder=place, why=there)
    elif not sieve.seen:
        why = say("why_not.all_struck", count=reviewing.struck)
    else:
        why = _unmet(sieve)
    return "\n".join([say("why_not.no_table", why=why), *_not_read(unread)])
