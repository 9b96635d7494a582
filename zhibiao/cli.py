"""The command line: one thin function a command, which hands over to the module of its name."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import click

from exports.formats import FORMATS
from schemas.metric import Change, Measure, Status
from zhibiao import __version__, since, wording
from zhibiao.exits import TABLE, Commands
from zhibiao.settings import ServiceSettings, SpeechSettings, load


class Since(click.ParamType[str]):
    """A point in the past, turned into the id of a stream's entry."""

    name = "time|id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id from which to read."""
        try:
            return since.stream_id(value, datetime.now(UTC))
        except ValueError as error:
            self.fail(str(error), param, ctx)


SINCE = Since()
JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Files that are read at once.  [default: as many as there are cores]",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def _of_documents(command: Any) -> Any:
    """What people say of documents and of their figures."""
    for option in (
        click.option(
            "--documents",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="CSV that sets or corrects place, year and title by path.  [default: documents.csv in FOLDER]",
        ),
        click.option(
            "--path-pattern",
            "pattern",
            metavar="REGEX",
            help="Regular expression over the paths with groups place, year, title or region_code.",
        ),
        click.option(
            "--reviews",
            type=click.Path(path_type=Path, dir_okay=False),
            help="What people have said of figures.  [default: reviews.jsonl in the state folder]",
        ),
    ):
        command = option(command)
    return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=TABLE,
)
@click.version_option(__version__, prog_name="zhibiao")
def main() -> None:
    """Zhibiao 指标: drop Chinese government reports in, get typed and sourced figures out on Redis.

    \b
    Start here:
      zhibiao up                       start the service in this folder
      cp report.txt inbox/             drop a report in, from another terminal
      zhibiao tail                     see the results arrive
      http://127.0.0.1:8480            look at them in a browser
      zhibiao extract report.txt       read one file, without any service

    Settings are environment variables (ZHIBIAO_...) or lines of .env; README.md lists them.
    """
    wording.speak(load(SpeechSettings).lang)


@main.command()
@click.option(
    "--log",
    "log_format",
    type=click.Choice(["auto", "json", "text"]),
    help="Where the log goes: auto is a file on a terminal, and standard error elsewhere.  [default: ZHIBIAO_LOG_FORMAT]",
)
@click.option("--timings", is_flag=True, help="On a terminal: the time of each stage below each report's line.")
def up(log_format: str | None, *, timings: bool) -> None:
    """Run the whole service in the foreground: Redis, watcher, workers and the page.

    On a terminal it prints a line for each report, what goes wrong, and a summary in the end; its log is in
    state/service.log (state/service.log.1 is that of the run before). With --log json or --log text, and wherever
    standard error is no terminal, it prints its log instead.

    Starts a private Redis unless ZHIBIAO_REDIS_URL names one. Parts that die are started again. Ctrl-C or SIGTERM
    lets running reports finish, then stops all parts, Redis last; a second Ctrl-C stops them at once.

    \b
    Examples:
      zhibiao up
      zhibiao up --timings
      zhibiao up --log json 2> service.log
      ZHIBIAO_WORKERS=4 zhibiao up
      ZHIBIAO_REDIS_URL=redis://localhost:6379/0 zhibiao up
    """
    from zhibiao.commands.up import up as run

    settings = load(ServiceSettings)
    run(settings.model_copy(update={"log_format": log_format}) if log_format else settings, timings=timings)


@main.command()
def page() -> None:
    """Serve the page: drop reports, see their figures in the text, compare. `zhibiao up` does so by itself.

    Looks at the service that runs over this folder, or at what one has left there. Only this machine can reach it,
    unless ZHIBIAO_PAGE_ADDRESS names another address and ZHIBIAO_PAGE_TOKEN a secret to log in with. Needs the extra
    `page`.

    \b
    Examples:
      zhibiao page
      ZHIBIAO_PAGE_PORT=8500 zhibiao page
    """
    from page.settings import PageSettings
    from zhibiao.commands.page import page as run

    run(load(PageSettings))


@main.command()
@AS_JSON
@click.option(
    "--failures/--no-failures",
    default=None,
    help="Whether to show files that could not be read.  [default: not with --json, --region or --period]",
)
@click.option("--region", metavar="PLACE", help="Only reports about this place, as 湛江市.")
@click.option("--period", metavar="YEAR", help="Only reports about this year.")
@click.option("--since", "from_id", type=SINCE, help="Begin with results since then; without it, with new ones.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="Stop after so many.")
def tail(
    *,
    as_json: bool,
    failures: bool | None,
    region: str | None,
    period: str | None,
    from_id: str | None,
    count: int | None,
) -> None:
    """Print results as they arrive, until Ctrl-C.

    For people one line a file, read or not; with --json one whole event (CloudEvents) a line. Nothing is missed while the
    connection is away: results are read from the stream, where each has its id.

    \b
    Examples:
      zhibiao tail
      zhibiao tail --since 1h --no-failures
      zhibiao tail --json --failures
      zhibiao tail --json --region 湛江市 | jq .data.document.title
    """
    from zhibiao.commands.tail import Wanted
    from zhibiao.commands.tail import tail as run

    if failures is None:
        failures = not as_json and region is None and period is None
    run(load(ServiceSettings), Wanted(failures, region, period), from_id, count, as_json=as_json)


@main.command()
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
        raise click.UsageError("give --table or --explain")
    if as_json and not explain:
        raise click.UsageError("--json goes with --explain; a report is JSON without it")
    if folder is not None:
        if table or explain:
            raise click.UsageError("-o writes reports as JSON; --table and --explain print one")
        from zhibiao.commands.extract_many import extract_many

        extract_many(load(ServiceSettings), places, folder, jobs)
        return
    if len(places) > 1 or places[0].is_dir():
        raise click.UsageError("several files, or a folder, need -o FOLDER to write their reports into")
    file = places[0]
    if explain:
        from zhibiao.commands.explain import explain as run_explain

        run_explain(load(ServiceSettings), file, as_json=as_json)
    else:
        from zhibiao.commands.extract import extract as run_extract

        run_extract(load(ServiceSettings), file, table=table)


@main.command()
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
    """Write a report with every figure lit in its text, as one HTML file.

    The file needs nothing else: it fetches nothing, and any browser shows it. A click on a figure shows what it is and why;
    j and k go through them, ? shows all keys. FILE may be - for standard input. Needs no Redis and no Celery.

    \b
    Examples:
      zhibiao view report.pdf -o report.html
      curl -s https://example.org/report.html | zhibiao view - -o report.html --language en
    """
    from zhibiao.commands.view import view as run

    run(load(ServiceSettings), file, target, language)


@main.command()
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
@_of_documents
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
    """Write the figures of a folder of reports as one table.

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
    from zhibiao.commands.export import Target
    from zhibiao.commands.export import export as run

    wanted = Wanted(places, periods, kinds, indicators, statuses, min_confidence)
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


@main.command()
@click.argument("codebook_", metavar="CODEBOOK")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .xlsx, or .csv for the list of cells alone.",
)
@_of_documents
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
    """Make a panel: indicator x place x year, every cell with its sentence.

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


@main.group()
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


class Place(click.ParamType[tuple[int, int]]):
    """A place in the text of a report: START:END."""

    name = "start:end"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Its two ends."""
        start, _, end = str(value).partition(":")
        if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
            self.fail(f"{value!r} is no place; two numbers as 375:381 would be right", param, ctx)
        return int(start), int(end)


def _reviewing(command: Any) -> Any:
    """What the commands have in common that say something of a figure."""
    for option in (
        click.option("--by", default="", metavar="NAME", help="Who says so."),
        click.option("--note", default="", help="Why."),
        click.option(
            "--folder", type=click.Path(path_type=Path), help="Where the report is.  [default: this service's archive]"
        ),
        click.option("--codebook", "codebook_", metavar="CODEBOOK", help="The one that has the series of --cell."),
        click.option(
            "--cell",
            nargs=3,
            type=(str, str, click.Choice(["achieved", "planned"])),
            metavar="SERIES YEAR STATUS",
            help="A cell of a panel, as gdp_growth 2025 achieved.",
        ),
        click.option("--at", "place", type=Place(), help="The figure's place in the decoded text."),
        click.argument("document"),
    ):
        command = option(command)
    return command


NUMBER = click.option(
    "--figure", "number", type=click.IntRange(min=1), help="The figure's number in the report, from 1."
)
VALUE = {
    "value": click.option("--value", metavar="NUMBER", help="The right value, 万 and 亿 multiplied out."),
    "value_high": click.option("--value-high", metavar="NUMBER", help="Upper end of a range."),
    "unit": click.option("--unit", help="Its unit.  [default: the figure's]"),
    "indicator": click.option("--indicator", metavar="NAME", help="What it counts."),
    "period": click.option("--period", help="Its time, as 2025, 2025H1 or 2025-01/2025-09."),
    "measure": click.option("--measure", type=click.Choice(get_args(Measure)), help="What kind of quantity it is."),
    "change": click.option("--change", type=click.Choice(get_args(Change)), help="Where it is a change, which way."),
    "status": click.option("--status", type=click.Choice(get_args(Status)), help="Whether it is reached."),
}


def _values(command: Any) -> Any:
    for option in reversed(VALUE.values()):
        command = option(command)
    return command


@main.group()
def review() -> None:
    """Confirm, correct, strike or add figures; every later panel and export respects it.

    DOCUMENT is a report's path below the folder, or its id. The figure is named by its place (--at), its number in the report
    (--figure) or the cell of a panel that it stands in (--cell); with a place and a cell both, it is said of that figure in that
    cell alone. All is one record, state/reviews.jsonl; docs/panel.md describes it.

    \b
    Examples:
      zhibiao review confirm 湛江/2025.txt --cell gdp_growth 2025 achieved --by wang
      zhibiao review correct 湛江/2025.txt --at 476:480 --value 5.5 --note 统计公报
      zhibiao review strike 8aaf162e351a6dcbfb43 --figure 12
      zhibiao review add 湛江/2025.txt --quote 十二起 --value 12 --unit 起 --indicator 行政复议案件 --period 2025
      zhibiao review list --orphans
    """


@review.command("confirm")
@_reviewing
@NUMBER
def review_confirm(note: str, by: str, **which: Any) -> None:
    """Say that a figure is right, or that it belongs in a cell."""
    from zhibiao.commands.review import say

    say(load(ServiceSettings), "confirm", _figure(**which), {"note": note, "by": by})


@review.command("strike")
@_reviewing
@NUMBER
def review_strike(note: str, by: str, **which: Any) -> None:
    """Say that a figure is none, or that it does not belong in a cell."""
    from zhibiao.commands.review import say

    say(load(ServiceSettings), "strike", _figure(**which), {"note": note, "by": by})


@review.command("correct")
@_reviewing
@NUMBER
@_values
def review_correct(**given: Any) -> None:
    """Say what is right: of the value, and of whatever else was read wrongly."""
    from zhibiao.commands.review import say

    said = {name: given.pop(name) for name in (*VALUE, "note", "by")}
    say(load(ServiceSettings), "correct", _figure(**given), said)


@review.command("add")
@_reviewing
@click.option("--quote", help="The figure as it stands in the text, once; in place of --at.")
@_values
def review_add(quote: str | None, **given: Any) -> None:
    """Add a figure that was not read: a piece of the text, and what it says."""
    if (quote is None) == (given["place"] is None):
        raise click.UsageError("where does it stand? give --at START:END or --quote TEXT")
    from zhibiao.commands.review import add

    said = {name: given.pop(name) for name in (*VALUE, "note", "by")}
    add(load(ServiceSettings), _figure(**given), quote, said)


@review.command("undo")
@click.argument("line", required=False, type=click.IntRange(min=1))
@click.option("--by", default="", metavar="NAME", help="Who says so.")
def review_undo(line: int | None, by: str) -> None:
    """Take back the review in LINE of the record, as zhibiao review list numbers them; without it the last one."""
    from zhibiao.commands.review import undo

    undo(load(ServiceSettings), line, by)


@review.command("list")
@click.option("--orphans", is_flag=True, help="Those that fit no figure any more, and why.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where the reports are.  [default: this service's archive]"
)
@AS_JSON
def review_list(folder: Path | None, *, orphans: bool, as_json: bool) -> None:
    """Print the reviews that hold."""
    from zhibiao.commands.review import show

    show(load(ServiceSettings), folder, orphans=orphans, as_json=as_json)


def _figure(
    document: str,
    place: tuple[int, int] | None,
    cell: tuple[str, str, str] | None,
    codebook_: str | None,
    folder: Path | None,
    number: int | None = None,
) -> Any:
    from zhibiao.commands.review import Figure

    return Figure(document, folder, place, number, cell, codebook_)


@main.group()
def gold() -> None:
    """Make cases of reviews that reading is measured by.

    Each figure that a person has confirmed, corrected, added or struck becomes an annotation, as docs/annotation.md describes
    them: whoever works on the rules sees whether it is read rightly now.

    \b
    Examples:
      zhibiao gold export reports/ -o reviewed.jsonl
    """


@gold.command("export")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; without it standard output.",
)
def gold_export(folder: Path | None, file: Path | None) -> None:
    """Write the reviews of a folder's reports as annotations, a line for each report."""
    from zhibiao.commands.gold import export as run

    run(load(ServiceSettings), folder, file)


@main.group()
def store() -> None:
    """Build the store anew, or say what is in it.

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


@main.command()
@click.argument("file", required=False)
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="List so many files that are not done."
)
@AS_JSON
def status(file: str | None, limit: int, *, as_json: bool) -> None:
    """Say where files are on their way, and why one is not done.

    Without FILE: how many files are in which state, what is wrong right now, and which files are not done, and why.
    FILE is a path as it is or was in the inbox, or as it is in the processed or quarantine folder.

    \b
    Examples:
      zhibiao status
      zhibiao status 2023/report.txt
      zhibiao status --json --limit 1000 | jq '.unfinished[] | select(.state == "queued")'
    """
    from watcher.settings import WatcherSettings
    from zhibiao.commands.status import status as run

    run(load(WatcherSettings), file, limit, as_json=as_json)


@main.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--all", "everything", is_flag=True, help="Everything in quarantine that failed.")
@AS_JSON
def retry(files: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
    """Put files from quarantine back into the inbox, to be read once more.

    FILE is a file in the quarantine folder, or its path below the inbox as it was. One that newer content has come
    after stays where it is, because what comes into the inbox last wins.

    \b
    Examples:
      zhibiao retry quarantine/2023/report.txt
      zhibiao retry --all
    """
    if bool(files) == everything:
        raise click.UsageError("name files, or give --all")
    from watcher.settings import WatcherSettings
    from zhibiao.commands.retry import retry as run

    run(load(WatcherSettings), None if everything else files, as_json=as_json)


@main.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--older", is_flag=True, help="All that were read by older rules.")
@click.option("--all", "everything", is_flag=True, help="All that were not read by the rules that are installed.")
@AS_JSON
def reprocess(files: tuple[str, ...], *, older: bool, everything: bool, as_json: bool) -> None:
    """Read filed reports again, by the rules that are installed now.

    For after an upgrade. FILE is a file in the processed folder, or its path below the inbox as it was. Each gets a new event
    for the same revision, which names the one that it replaces, and the new reading takes the place of the old one in Redis
    and beside the file. The watcher does it, behind what comes new, now or when it starts.

    \b
    Examples:
      zhibiao reprocess --older
      zhibiao reprocess processed/2023/report.txt
      zhibiao status
    """
    if bool(files) + older + everything != 1:
        raise click.UsageError("name files, or give --older or --all")
    from watcher.settings import WatcherSettings
    from zhibiao.commands.reprocess import reprocess as run

    run(load(WatcherSettings), files, everything=everything, as_json=as_json)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--why", metavar="TEXT", help="The reason, for consumers and for who looks at the file later.")
@AS_JSON
def withdraw(files: tuple[str, ...], why: str | None, *, as_json: bool) -> None:
    """Take documents back: what was published of them no longer holds.

    FILE is a file in the processed folder, or its path below the inbox as it was; all revisions of its document go. An event
    says so in zhibiao:withdrawals, the keys of its reports are gone, and its files move to quarantine with the reason,
    their JSON beside them. Dropped again, or put back by zhibiao retry FILE, a file is read anew, as the next revision.

    \b
    Examples:
      zhibiao withdraw processed/2023/report.txt --why "replaced by a corrected report"
      zhibiao withdraw 2023/report.txt
    """
    from watcher.settings import WatcherSettings
    from zhibiao.commands.withdraw import withdraw as run

    run(load(WatcherSettings), files, why, as_json=as_json)


@main.command()
@click.option("--since", "from_id", type=SINCE, default="0", help="Begin with events since then.  [default: 0, all]")
@click.option("--print", "print_only", is_flag=True, help="Only print the events, one JSON a line; publish nothing.")
@AS_JSON
def replay(from_id: str, *, print_only: bool, as_json: bool) -> None:
    """Publish events again, for consumers that were away.

    Events of that time are sent again on their channels, with the ids that they had, so that a consumer can tell
    which it has seen; the streams stay as they are. What a stream no longer holds comes from the JSON files in the
    processed folder. Reports that Redis has lost altogether are published anew from there: stream, key and channels,
    once each, and whatever --since says, because nothing tells any more when they came. Ends with 1, and names them,
    where events cannot be read.

    A consumer that reads the stream from its own last id (examples/consume.py) never needs this.

    \b
    Examples:
      zhibiao replay --since 2h
      zhibiao replay --since 2026-11-24T08:00
      zhibiao replay --print > events.jsonl
    """
    from watcher.settings import WatcherSettings
    from worker.settings import WorkerSettings
    from zhibiao.commands.replay import replay as run

    run(load(WatcherSettings), load(WorkerSettings), from_id, print_only=print_only, as_json=as_json)


@main.command()
@click.option(
    "--part",
    type=click.Choice(["service", "worker"]),
    default="service",
    show_default=True,
    envvar="ZHIBIAO_DOCTOR_PART",
    help="worker: what a worker alone on its machine needs; its image has that for its own.",
)
@AS_JSON
def doctor(part: Literal["service", "worker"], *, as_json: bool) -> None:
    """Check this machine, the folders and Redis, and say what to do about what is wrong.

    Ends with 1 if any check fails; warnings alone are no failure.

    \b
    Examples:
      zhibiao doctor
      zhibiao doctor --part worker
      zhibiao doctor --json | jq '.checks[] | select(.level != "ok")'
    """
    from zhibiao.commands.doctor import doctor as run

    run(load(ServiceSettings), part, as_json=as_json)


@main.command()
@click.option("--limit", "limit_s", default=180.0, show_default=True, help="Seconds that it may take in all.")
@click.option("--stay/--no-stay", default=None, help="Go on until Ctrl-C afterwards.  [default: only on a terminal]")
def demo(limit_s: float, *, stay: bool | None) -> None:
    """Show the service at work on five real reports, in a fresh temporary folder.

    Ends with 0 when every report has arrived.

    \b
    Examples:
      zhibiao demo
      zhibiao demo --no-stay --limit 60
    """
    from zhibiao.commands.demo import demo as run

    run(limit_s, stay=stay)


if __name__ == "__main__":
    main()
