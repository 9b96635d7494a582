"""Commands that make tables of many reports: export, panel, codebook, store."""

from contextlib import suppress
from pathlib import Path
from typing import get_args

import click

from exports.formats import FORMATS
from schemas.metric import Status
from zhibiao.calling.listed import Listed
from zhibiao.calling.options import AS_JSON, JOBS, of_documents
from zhibiao.settings import ServiceSettings, load


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    help="Without it, what the end of FILE's name tells; csv on standard output.",
)
@click.option("--place", "places", multiple=True, metavar="NAME|CODE", help="Only this place and what lies in it.")
@click.option("--period", "periods", multiple=True, metavar="PERIOD|YEAR", help="Only figures of this time.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only reports of this kind, as rule_of_law.")
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="ID|WORDS",
    help="Only this indicator, or names with these words.",
)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(get_args(Status)), help="Only figures of this status."
)
@click.option(
    "--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Only figures that are at least so sure."
)
@click.option(
    "--revision",
    type=click.Choice(["newest", "all"]),
    default="newest",
    show_default=True,
    help="Of a document that came more than once.",
)
@click.option(
    "--wide/--long", default=False, help="A column for each indicator, or a row for each figure.  [default: long]"
)
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; without it standard output.",
)
@of_documents
@click.option("--with-struck", "struck", is_flag=True, help="Figures that people have struck, too; marked so.")
@JOBS
def export(
    folder: Path | None,
    kind: str | None,
    places: tuple[str, ...],
    periods: tuple[str, ...],
    kinds: tuple[str, ...],
    indicators: tuple[str, ...],
    statuses: tuple[str, ...],
    min_confidence: float,
    revision: str,
    file: Path | None,
    documents: Path | None,
    pattern: str | None,
    reviews: Path | None,
    jobs: int,
    *,
    wide: bool,
    struck: bool,
) -> None:
    """Write all figures of a folder as one table (Excel, CSV, ...).

    FOLDER holds reports, or their JSON as zhibiao extract -o wrote it; without it, it is this service's archive. A condition
    that is given several times is met by any of the values. The file is there only when it is whole.

    \b
    Examples:
      zhibiao export -o figures.xlsx
      zhibiao export reports/ --place 广东省 --period 2023 -o gd.csv
      zhibiao export --indicator economy.gdp --min-confidence 0.8 --wide -o gdp.xlsx
      zhibiao export --format ndjson | jq 'select(.status == "planned")'
    """
    from exports.filters import Wanted
    from zhibiao.commands.documents import Said
    from zhibiao.commands.export import Target, checked
    from zhibiao.commands.export import export as run

    wanted = checked(Wanted(places, periods, kinds, indicators, statuses, min_confidence))
    target = Target.of(kind, file, wide=wide)
    every, said = revision == "all", Said(documents, pattern, reviews)
    run(
        load(ServiceSettings),
        folder,
        target,
        wanted,
        every_revision=every,
        jobs=jobs,
        said=said,
        with_struck=struck,
    )


def _known(_: click.Context, __: click.Parameter, name: str) -> str:
    """The codebook's name, where there is one: an unknown name is told before what else is missing."""
    from panels.errors import CodebookError
    from zhibiao.commands.panel import codebook_of

    with suppress(CodebookError):  # what is wrong in it is told when it is used
        codebook_of(name)
    return name


@click.command()
@click.argument("codebook_", metavar="CODEBOOK", callback=_known)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .xlsx, or .csv for the list of cells alone.",
)
@of_documents
@JOBS
def panel(
    codebook_: str,
    folder: Path | None,
    file: Path,
    documents: Path | None,
    pattern: str | None,
    reviews: Path | None,
    jobs: int,
) -> None:
    """Lay out indicator x place x year, a sentence behind each cell.

    CODEBOOK says which series it has: a TOML file, or one that comes along: disclosure, rule_of_law, work_report. FOLDER holds
    reports, or their JSON as zhibiao extract -o wrote it; without it, it is this service's archive. An empty cell says
    whether the report was read whole and does not state it, or what may be meant.

    \b
    Examples:
      zhibiao panel work_report reports/ -o targets.xlsx
      zhibiao panel rule_of_law -o rule-of-law.xlsx
      zhibiao panel mine.toml reports/ --path-pattern '(?P<place>[^/]+)/(?P<year>\\d{4})' -o panel.csv
    """
    from zhibiao.commands.documents import Said
    from zhibiao.commands.panel import panel as run

    run(load(ServiceSettings), codebook_, folder, file, Said(documents, pattern, reviews), jobs)


@click.group(cls=Listed)
def codebook() -> None:
    """List the codebooks that come along, or draft one.

    A codebook is a TOML file that says which series a panel has; docs/panel.md describes it.

    \b
    Examples:
      zhibiao codebook list
      zhibiao codebook new reports/ > mine.toml
    """


@codebook.command("list")
def codebook_list() -> None:
    """List the codebooks that come along."""
    from zhibiao.commands.codebook import show

    show()


@codebook.command("new")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@JOBS
def codebook_new(folder: Path | None, jobs: int) -> None:
    """Print a codebook of what recurs in a folder of reports, to be cut and completed by hand."""
    from zhibiao.commands.codebook import draft

    draft(load(ServiceSettings), folder, jobs)


@click.group(cls=Listed)
def store() -> None:
    """Build anew what the page searches, or say what is in it.

    The store is state/store.sqlite: every figure that was published, to be asked with SQL. zhibiao up keeps it up to date.

    \b
    Examples:
      zhibiao store status
      zhibiao store rebuild
      sqlite3 state/store.sqlite "SELECT place, year, value FROM figures WHERE indicator_id = 'economy.gdp' AND measure = 'level' AND is_newest"
    """


@store.command("rebuild")
def store_rebuild() -> None:
    """Build it anew from the processed folder; while a service runs, that keeps it."""
    from zhibiao.commands.store import rebuild

    rebuild(load(ServiceSettings))


@store.command("status")
@AS_JSON
def store_status(*, as_json: bool) -> None:
    """Say how much is in it."""
    from zhibiao.commands.store import status

    status(load(ServiceSettings), as_json=as_json)
