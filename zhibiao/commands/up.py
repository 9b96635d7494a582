"""``zhibiao up``: the whole service in the foreground."""

import shlex
from urllib.parse import unquote, urlsplit

import structlog
from rich.table import Table
from rich.text import Text

from delivery import connect, logs
from delivery.sink import unknown_sinks
from page import extra
from page.settings import PageSettings, address_of
from schemas.paths import to_wire
from watcher import folders, risks
from watcher.ledger.database import fault_of
from watcher.running import identity
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import __version__, terminal
from zhibiao.exits import Failed, WrongSetting
from zhibiao.running.redis_address import named_redis
from zhibiao.running.supervisor import Supervisor, only_one, parts_of, signals_to_stop, start_redis
from zhibiao.settings import ServiceSettings, load

_log = structlog.get_logger("zhibiao")


def up(settings: ServiceSettings) -> None:
    """Run the service until it is told to stop.

    Raises:
        BadSettings: a part could not use its settings.
        Failed: a folder, a damaged ledger, Redis or another service in this folder is in the way.
        WrongSetting: reports could be lost, or there is no such sink.
        SystemExit: a second Ctrl-C cut the stopping short.
    """
    logs.configure(settings, "service")
    load(WorkerSettings)  # better refused here than by a part that would be started again and again
    watching = load(WatcherSettings)
    page = load(PageSettings) if settings.page else None
    named = named_redis(settings)
    if unknown := [*unknown_sinks(settings.sink_urls(), with_plugins=settings.plugins)]:
        raise WrongSetting("\n  ".join(unknown))
    if problems := folders.make(settings):
        raise Failed("\n  ".join(problems))
    refused = [*map(str, risks.look(watching, named))]
    if named and (other := identity.refusal(watching, named)):
        refused.append(other)
    if refused:
        raise WrongSetting("\n  ".join(refused))
    if fault := fault_of(watching.state):
        raise Failed(fault)
    if named and not connect.answers(named):
        _log.warning("redis does not answer yet: files are taken in and wait", redis=connect.redacted(named))
    with only_one(settings.state.absolute()), signals_to_stop() as signals:
        server = None if named else start_redis(settings)
        try:
            url = server.url if server else str(named)
            _announce(settings, url, page)
            Supervisor(settings, server, parts_of(settings, url), signals).run()
        finally:
            if server:
                server.stop()
                _log.info("stopped", part="redis")


def _announce(settings: ServiceSettings, url: str, page: PageSettings | None) -> None:
    if page and extra.missing():
        _log.info("no_page", why=f"to look at reports in a browser: {extra.INSTALL}")
        page = None
    console = terminal.err()
    if not console.is_terminal:
        _log.info(
            "up", version=__version__, inbox=to_wire(bytes(settings.inbox.absolute())), redis=connect.redacted(url)
        )
        return
    table = Table.grid(padding=(0, 2))
    table.add_row(Text("指标 Zhibiao", style="bold"), __version__)
    for name, folder in folders.named(settings).items():
        table.add_row(name, Text(to_wire(bytes(folder))))
    table.add_row("redis", Text(connect.redacted(url)))
    if page:
        table.add_row("page", address_of(page))
    table.add_row("results", Text(f"zhibiao tail, or {subscribe_command(url, settings.site)}"))
    table.add_row("stop", "Ctrl-C")
    console.print(table)


def subscribe_command(url: str, site: str = "") -> str:
    """The command that subscribes to the results of a site at this Redis, without its password."""
    where = ["-s", unquote(urlsplit(url).path)] if url.startswith("unix://") else ["-u", connect.redacted(url)]
    with connect.connect(url, site) as client:  # which is not asked for anything
        channel = connect.names_of(client).results_channel
    return shlex.join(["redis-cli", *where, "SUBSCRIBE", channel])
