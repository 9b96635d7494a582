"""Commands that run the service, and show what comes out of it: up, page, tail, demo."""

import click

from zhibiao.calling.options import AS_JSON, SINCE
from zhibiao.settings import ServiceSettings, load


@click.command()
@click.option(
    "--log",
    "log_format",
    type=click.Choice(["auto", "json", "text"]),
    help="Where the log goes: auto is a file on a terminal, and standard error elsewhere.  [default: ZHIBIAO_LOG_FORMAT]",
)
@click.option("--timings", is_flag=True, help="On a terminal: the time of each stage below each report's line.")
def up(log_format: str | None, *, timings: bool) -> None:
    """Run the service: inbox, workers, Redis and the page.

    It stays in the foreground. On a terminal it prints a line for each report, what goes wrong, and a summary in the
    end; its log is in state/service.log (state/service.log.1 is that of the run before). With --log json or --log text,
    and wherever standard error is no terminal, it prints its log instead.

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


@click.command()
def page() -> None:
    """Serve the page alone, over what a service has filed.

    `zhibiao up` does so by itself. One drops reports there, sees their figures in the text, and compares. Looks at the service that runs over this folder, or at what one has left there. Only this machine can reach it,
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


@click.command()
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


@click.command()
@click.option("--limit", "limit_s", default=180.0, show_default=True, help="Seconds that it may take in all.")
@click.option("--stay/--no-stay", default=None, help="Go on until Ctrl-C afterwards.  [default: only on a terminal]")
@click.option(
    "--verbose", is_flag=True, help="Where no terminal is: a line for each stage of each report, with its time."
)
def demo(limit_s: float, *, stay: bool | None, verbose: bool) -> None:
    """Show the service at work on five real reports.

    It runs in a fresh temporary folder. Ends with 0 when every report has arrived.

    \b
    Examples:
      zhibiao demo
      zhibiao demo --no-stay --limit 60
    """
    from zhibiao.commands.demo import demo as run

    run(limit_s, stay=stay, verbose=verbose)
