"""Commands that read files without any service: extract, view."""

from pathlib import Path

import click

from zhibiao.calling.options import JOBS
from zhibiao.settings import ServiceSettings, load
from zhibiao.wording import say


@click.command()
@click.argument(
    "places", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, exists=True, allow_dash=True)
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a JSON a report into this folder; needed for several files or a folder.",
)
@JOBS
@click.option("--table", is_flag=True, help="Print a table for people instead of JSON.")
@click.option(
    "--explain", is_flag=True, help="Print every number with its class, and why each field of a figure is so."
)
@click.option("--json", "as_json", is_flag=True, help="With --explain: for programs.")
def extract(
    places: tuple[Path, ...], folder: Path | None, jobs: int, *, table: bool, explain: bool, as_json: bool
) -> None:
    """Read files, and folders of them, without any service.

    One file's report is printed as JSON; FILE may be - for standard input. With -o each report is written into a folder,
    as FILE.json, where zhibiao export makes a table of them; ends with 1 if a file could not be read, the others are
    written all the same. Needs no Redis and no Celery.

    \b
    Examples:
      zhibiao extract report.txt
      zhibiao extract report.txt --table
      zhibiao extract reports/ -o figures/
      zhibiao extract report.txt --explain
      zhibiao extract report.txt --explain --json | jq '.[] | select(.fields.period.rule == "period.carried")'
      curl -s https://example.org/report.html | zhibiao extract - | jq '.metrics[] | {indicator, value, unit}'
    """
    if table and explain:
        raise click.UsageError(say("usage.one_form"))
    if as_json and not explain:
        raise click.UsageError(say("usage.json_of"))
    if folder is not None:
        if table or explain:
            raise click.UsageError(say("usage.only_json"))
        from zhibiao.commands.extract_many import extract_many

        extract_many(load(ServiceSettings), places, folder, jobs)
        return
    if len(places) > 1 or places[0].is_dir():
        raise click.UsageError(say("usage.needs_folder"))
    file = places[0]
    if explain:
        from zhibiao.commands.explain import explain as run_explain

        run_explain(load(ServiceSettings), file, as_json=as_json)
    else:
        from zhibiao.commands.extract import extract as run_extract

        run_extract(load(ServiceSettings), file, table=table)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, as report.html.",
)
@click.option(
    "--language",
    type=click.Choice(["zh-Hans", "zh-Hant", "en"]),
    default="zh-Hans",
    show_default=True,
    help="Of what is said around the report.",
)
def view(file: Path, target: Path, language: str) -> None:
    """Write one report as HTML, every figure lit in its text.

    The file needs nothing else: it fetches nothing, and any browser shows it. A click on a figure shows what it is and why;
    j and k go through them, ? shows all keys. FILE may be - for standard input. Needs no Redis and no Celery.

    \b
    Examples:
      zhibiao view report.pdf -o report.html
      curl -s https://example.org/report.html | zhibiao view - -o report.html --language en
    """
    from zhibiao.commands.view import view as run

    run(load(ServiceSettings), file, target, language)
