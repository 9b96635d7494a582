"""``zhibiao panel``: indicator x place x year from a folder of reports, by a codebook."""

import os
import tempfile
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Final

from exports.xlsx_file import TooManyRows
from panels.cells import Panel
from panels.codebook import Codebook, load, parse
from panels.documents import Source as Document
from panels.documents import sources_of
from panels.errors import CodebookError, DocumentsError
from panels.filling import needed_by, panel_of
from panels.reviews import FILE_NAME, Reviews, ReviewsError
from worker import PIPELINE_VERSION
from worker.linking.catalogue import load_catalogue
from zhibiao import __version__, terminal
from zhibiao.commands.documents import Said, corrections_of, tell_unused
from zhibiao.commands.export import Source, folder_of
from zhibiao.exits import Failed, WrongUsage
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, language, say, word_for

#: States of cells whose number is told.
_TOLD: Final = ("stated", "not_stated", "not_found", "other")


def panel(settings: ServiceSettings, codebook: str, folder: Path | None, file: Path, said: Said, jobs: int) -> None:
    """Write the panel of ``folder``, or of the service's archive.

    Raises:
        Failed: the codebook, or what is said of the documents, cannot be used; there is no folder; or the file cannot be written.
    """
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise WrongUsage(say("usage.no_panel_format", file=file))
    place = folder_of(settings, folder)
    try:
        book = codebook_of(codebook)
        corrected = corrections_of(said, place)
        reviews = Reviews(said.reviews or settings.state / FILE_NAME).read()
    except (CodebookError, ReviewsError) as error:
        raise Failed(str(error)) from error
    source = Source.of(place, settings, every_revision=False, apart_from=file)
    reports = source.reports(settings.max_file_bytes, jobs)
    try:
        sources = sources_of(reports, corrected, book.kinds, needed_by(book, reviews))
        if not sources and not source.archive.unread:
            raise Failed(say("why_not.no_panel", folder=place, why=say("why_not.no_report")))
        made = panel_of(book, sources, reviews)
    except DocumentsError as error:
        raise Failed(str(error)) from error
    tell_unused(corrected, [one.report.source.path for one in sources])
    unread = source.archive.unread
    _write(
        made,
        file,
        source,
        {"编码本": f"{book.title}（{codebook}）", "来源文件夹": str(place), "编码本来源": book.source},
    )
    _tell(made, file, len(unread))


def codebook_of(name: str) -> Codebook:
    """The codebook in a file, or the shipped one of that name.

    Raises:
        WrongUsage: there is neither.
        CodebookError: it cannot be used.
    """
    known = frozenset(load_catalogue().kinds)
    if name in shipped():
        return parse((files("panels") / "codebooks" / f"{name}.toml").read_bytes(), f"{name}.toml", known)
    try:
        return load(Path(name), known)
    except OSError as error:
        raise WrongUsage(
            say("usage.no_codebook", name=name, error=fault(error), shipped=", ".join(shipped()))
        ) from error


def why_left_out(source: Document) -> str:
    """Why a report is in no cell, in the language of the person."""
    return source.why_not_shown(partial(word_for, "kind")) if language() == "zh" else source.why_not


def shipped() -> list[str]:
    """The names of the codebooks that come along."""
    folder = files("panels") / "codebooks"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def _write(made: Panel, file: Path, source: Source, about: dict[str, str]) -> None:
    method = {
        "生成时间": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "软件": f"zhibiao {__version__}，规则版本 {PIPELINE_VERSION}",
        **about,
    }
    try:
        with tempfile.TemporaryDirectory(prefix=".zhibiao-", dir=file.parent) as folder:
            rough = Path(folder) / "panel.part"
            if file.suffix.lower() == ".csv":
                from panels.text import write as write_text

                write_text(made, rough)
            else:
                from panels.workbook import write as write_workbook

                write_workbook(made, rough, source.archive.unread, method)
            os.replace(rough, file)
    except TooManyRows as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{file}: {fault(error)}") from error


def _tell(made: Panel, file: Path, unread: int) -> None:
    """Say on standard error what is in the panel, and what a person should look at."""
    states = [cell.state for cell in made.cells.values()]
    places = {key.place_key for key in made.cells}
    years = {key.year for key in made.cells}
    tell = terminal.err().print
    tell(say("panel.made", places=len(places), years=len(years), cells=len(states), file=file))
    tell(say("panel.states", **{state: states.count(state) for state in _TOLD}))
    left_out = [source for source in made.sources if source.why_not]
    for source in left_out[:10]:
        tell(say("panel.left_out", path=source.report.source.path, why=why_left_out(source)))
    if len(left_out) > 10:
        tell(say("panel.more_left_out", count=len(left_out) - 10))
    if unread:
        tell(say("panel.unread", count=unread))
    if made.orphans:
        tell(say("panel.orphans", count=len(made.orphans)))
    if made.strangers:
        tell(say("table.strangers", count=len(made.strangers)))
    if made.of_others:
        tell(say("panel.of_others", count=len(made.of_others)))
