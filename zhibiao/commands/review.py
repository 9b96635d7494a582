"""``zhibiao review``: what a person says of a figure, or of a cell of a panel."""

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from delivery import connect, review_bell
from exports.columns import Row, rows_of
from exports.folder import Archive
from exports.reviewed import Record, fitted
from panels.documents import sources_of
from panels.errors import CodebookError
from panels.filling import panel_of
from panels.reviews import FILE_NAME, Review, Reviews, ReviewsError
from schemas.report import Report
from schemas.visible import visible
from zhibiao import terminal
from zhibiao.commands.documents import Said, corrections_of
from zhibiao.commands.export import Source, folder_of
from zhibiao.commands.one_report import find, text_of
from zhibiao.commands.panel import codebook_of, shipped, why_left_out
from zhibiao.exits import Failed, WrongUsage
from zhibiao.running.redis_address import find_redis
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, say

#: Field -> what would be right in place of what cannot be read.
_RIGHT = {"value": "number", "value_high": "number", "period": "time", "year": "year"}


@dataclass(frozen=True)
class Figure:
    """Which figure is meant: of a document below ``folder``, by its place, its number in the report, or the cell it stands in.

    ``cell`` is series, year and status of a panel by ``codebook``.
    """

    document: str
    folder: Path | None = None
    at: tuple[int, int] | None = None
    number: int | None = None
    cell: tuple[str, str, str] | None = None
    codebook: str | None = None


def judge(settings: ServiceSettings, action: str, figure: Figure, said: dict[str, Any]) -> None:
    """Write down what a person says of a figure that was read.

    Raises:
        Failed: there is no such figure, or it cannot be said of it.
    """
    report, _ = find(settings, figure.folder, figure.document)
    row = _row_of(settings, report, figure, action)
    about = {"start": row["start"], "end": row["end"], "quote": row["quote"], "sentence": row["sentence"]}
    if action == "correct" and said.get("value") is not None and said.get("unit") is None:
        said = {**said, "unit": row["unit"] or ""}  # newer rules may read another unit there
    review = _review(action, report, figure, {**about, **said})
    value = f"{row['value']}–{row['value_high']}" if row["value_high"] else row["value"]
    place = row["place"] or report.source.path
    told = say("review.about", name=row["indicator"] or "-", value=value, unit=row["unit"] or "", place=place)
    terminal.err().print(visible(told))
    _write(settings, review)


def add(settings: ServiceSettings, figure: Figure, quote: str | None, said: dict[str, Any]) -> None:
    """Write down a figure that was not read: the text at a place of the report, or the one place where ``quote`` stands.

    Raises:
        Failed: there is no such text, or a figure was read there.
    """
    report, json_file = find(settings, figure.folder, figure.document)
    text = text_of(settings, figure.folder, report, json_file)
    start, end = figure.at or _place_of(text, quote or "")
    if not text[start:end].strip():
        raise Failed(say("why_not.nothing_stands", path=report.source.path, start=start, end=end, count=len(text)))
    for row in rows_of(report):
        if int(row["start"] or 0) < end and start < int(row["end"] or 0):
            raise Failed(say("why_not.was_read", start=row["start"], end=row["end"], quote=row["quote"]))
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    sentence = text[line_start : line_end if line_end >= 0 else None].strip()
    about = {"start": start, "end": end, "quote": text[start:end], "sentence": sentence[:10_000]}
    _write(settings, _review("add", report, figure, {**about, **said}))


def undo(settings: ServiceSettings, line: int | None, by: str) -> None:
    """Take back the review in a line of the record, or the last one.

    Raises:
        Failed: there is none.
    """
    reviews = _read(settings)
    if not reviews:
        raise Failed(say("why_not.no_review", file=settings.state / FILE_NAME))
    chosen = max(reviews) if line is None else line
    if chosen not in reviews:
        raise WrongUsage(say("usage.no_review", line=chosen))
    _write(settings, reviews[chosen].taken_back(_now(), by))


def show(settings: ServiceSettings, folder: Path | None, *, orphans: bool, as_json: bool) -> None:
    """Print the reviews that hold; with ``orphans`` those that fit nothing below ``folder`` any more, and why.

    Raises:
        Failed: the record cannot be read.
    """
    reviews = _read(settings)
    why = _orphans(settings, folder, reviews) if orphans or folder or settings.processed.is_dir() else {}
    listed = {line: review for line, review in reviews.items() if not orphans or line in why}
    if as_json:
        rows = [
            {"line": line, **review.model_dump(exclude_none=True), **({"why": why[line]} if orphans else {})}
            for line, review in listed.items()
        ]
        terminal.print_json(json.dumps({"reviews": rows}, ensure_ascii=False))
        return
    for line, review in listed.items():
        click.echo(visible(f"{line}: {_in_words(review)}") + (f" -- {why[line]}" if orphans else ""))
    count = len(listed)
    terminal.err().print(
        say("review.orphans", count=count, all=len(reviews)) if orphans else say("review.hold", count=count - len(why))
    )
    if why and not orphans:
        terminal.err().print(say("review.of_nothing", count=len(why)))


def _in_words(review: Review) -> str:
    cell = f"{review.series} {review.year} {review.status}" if review.series else ""
    right = f"-> {review.value or ''}{review.unit or ''}" if review.action in ("correct", "add") else ""
    where = f"{review.path or review.document} {review.start}:{review.end} {review.quote}"
    names = ("indicator", "period", "measure", "change") + (() if review.series else ("status",))
    others = [f"{name}={said}" for name in names if (said := getattr(review, name))]
    parts = (review.action, where, cell, right, *others, review.note, review.by, review.at)
    return " ".join(part for part in parts if part)


def _orphans(settings: ServiceSettings, folder: Path | None, reviews: dict[int, Review]) -> dict[int, str]:
    """Line -> why its review fits nothing in a folder that was named, or in the archive."""
    place = folder_of(settings, folder)
    record = Record(reviews.values())
    titles: dict[str, str] = {}
    lost = []
    for report in _reports(settings, folder, place, reviews.values()):
        titles[report.id] = report.document.title or "-"
        lost += _lost(record, report)
    strangers = record.strangers()
    known = {series.key for name in shipped() for series in codebook_of(name).series}
    why = {}
    for line, review in reviews.items():
        if review in lost:
            why[line] = say("review.no_figure")
        elif review in strangers and review.document in titles:
            why[line] = say("review.other_title", title=titles[review.document], before=review.title or "-")
        elif review in strangers:
            why[line] = say("review.no_document", folder=place)
        elif review.series is not None and review.series not in known:
            why[line] = say("review.no_series", series=review.series)
    return why


def _reports(
    settings: ServiceSettings, folder: Path | None, place: Path, reviews: Iterable[Review]
) -> Iterator[Report]:
    """Those that reviews may be of. In the archive each has its JSON, so that no other need be read for it."""
    if folder is None:
        names = {name for review in reviews for name in (review.document, review.sha256) if name}
        yield from (report for _, report in Archive(place, every_revision=False).reports_named(names))
        return
    source = Source.of(place, settings, every_revision=False, apart_from=None)
    yield from source.reports(settings.max_file_bytes, 1)


def _lost(record: Record, report: Report) -> list[Review]:
    reviews = record.of(report, report.document.title)
    return fitted(reviews, report, list(rows_of(report))).lost if reviews else []


def _row_of(settings: ServiceSettings, report: Report, figure: Figure, action: str) -> Row:
    rows = list(rows_of(report))
    if figure.number is not None:
        if not 1 <= figure.number <= len(rows):
            raise WrongUsage(say("usage.no_number", path=report.source.path, count=len(rows)))
        return rows[figure.number - 1]
    if figure.at is not None:
        found = [row for row in rows if (row["start"], row["end"]) == figure.at]
        if not found:
            near = [
                row for row in rows if int(row["start"] or 0) < figure.at[1] and figure.at[0] < int(row["end"] or 0)
            ]
            raise Failed(
                say(
                    "why_not.no_figure",
                    path=report.source.path,
                    place=":".join(map(str, figure.at)),
                    offered=_offered(near),
                )
            )
        return found[0]
    if figure.cell is None:
        raise WrongUsage(say("usage.which_figure"))
    return _row_in_cell(settings, report, figure, figure.cell, action)


def _row_in_cell(
    settings: ServiceSettings, report: Report, figure: Figure, cell: tuple[str, str, str], action: str
) -> Row:
    """The row of the one figure that a panel by the codebook has in the cell."""
    book = codebook_of(figure.codebook or _shipped_with(cell[0]))
    place = figure.folder or settings.processed
    said = corrections_of(Said(), place)
    made = panel_of(book, sources_of([report], said, book.kinds), _read(settings).values())
    refused = [why_left_out(source) for source in made.sources if source.left_out and not source.is_aside]
    if refused:
        raise Failed(say("why_not.not_in_panel", path=report.source.path, book=book.title, why=refused[0]))
    cells = [one for key, one in made.cells.items() if (key.series, key.year, key.status) == cell]
    figures = [stated.as_read for one in cells for stated in (*one.figures, *one.also)]
    if len(figures) == 1:
        return figures[0]
    candidates = figures or [one.candidate.as_read for one in cells if one.candidate]
    about = {
        "path": report.source.path,
        "cell": " ".join(cell),
        "offered": _offered(candidates or [akin.as_read for one in cells for akin in one.akin]),
    }
    if figures:
        raise Failed(say("why_not.full_cell", count=len(figures), **about))
    command = _command(action, figure, candidates[0]) if len(candidates) == 1 else ""
    if action == "confirm" and command:
        raise Failed(say("why_not.candidate", command=command, **about))
    raise Failed(say("why_not.no_cell", **about))


def _command(action: str, figure: Figure, row: Row) -> str:
    """What puts a candidate into the cell, to be copied."""
    folder = ("--folder", str(figure.folder)) if figure.folder else ()
    book = ("--codebook", figure.codebook) if figure.codebook else ()
    place = f"{row['start']}:{row['end']}"
    words = (
        "zhibiao",
        "review",
        action,
        figure.document,
        "--at",
        place,
        "--cell",
        *(figure.cell or ()),
        *folder,
        *book,
    )
    return shlex.join(words)


def _offered(rows: list[Row]) -> str:
    listed = ", ".join(f"--at {row['start']}:{row['end']} ({row['quote']})" for row in rows)
    return say("why_not.offered", places=listed) if listed else ""


def _shipped_with(series: str) -> str:
    names = [name for name in shipped() if any(one.key == series for one in codebook_of(name).series)]
    if len(names) != 1:
        if names:
            raise WrongUsage(say("usage.in_several", series=series, codebooks=", ".join(names)))
        raise WrongUsage(say("usage.in_none", series=series))
    return names[0]


def _place_of(text: str, quote: str) -> tuple[int, int]:
    count = text.count(quote) if quote else 0
    if count != 1:
        raise WrongUsage(say("usage.stands_often", quote=repr(quote), count=count))
    start = text.find(quote)
    return start, start + len(quote)


def _review(action: str, report: Report, figure: Figure, said: dict[str, Any]) -> Review:
    cell = dict(zip(("series", "year", "status"), figure.cell or (), strict=False))
    source = report.source
    about = {"document": report.id, "sha256": source.sha256, "title": report.document.title, "path": source.path}
    try:
        return Review(**{"at": _now(), "action": action, **about, **said, **cell})
    except ValidationError as error:
        row = error.errors()[0]
        field = ".".join(map(str, row["loc"]))
        if field in _RIGHT:
            raise WrongUsage(
                say("usage.wrong_value", field=field, value=repr(row["input"]), right=say(f"right.{_RIGHT[field]}"))
            ) from error
        raise WrongUsage(f"{f'{field}: ' if field else ''}{row['msg'].removeprefix('Value error, ')}") from error


def _write(settings: ServiceSettings, review: Review) -> None:
    file = settings.state / FILE_NAME
    try:
        deaf = Reviews(file, lambda one: _ring(settings, one)).add(review)
    except OSError as error:
        raise Failed(f"{file}: {fault(error)}") from error
    terminal.err().print(visible(say("review.written", file=file, review=_in_words(review))))
    if deaf:
        terminal.err().print(say("review.untold", why=deaf))


def _ring(settings: ServiceSettings, review: Review) -> str:
    """Tell others, where there is a Redis at all."""
    if (url := find_redis(settings)) is None:
        return ""
    with connect.connect_briefly(url, site=settings.site) as client:
        return review_bell.ring(client, review)


def _read(settings: ServiceSettings) -> dict[int, Review]:
    try:
        return Reviews(settings.state / FILE_NAME).by_line()
    except (ReviewsError, CodebookError) as error:
        raise Failed(str(error)) from error


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
