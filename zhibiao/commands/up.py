"""``zhibiao up``: the whole service in the foreground."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
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
from watcher.running.inbox_claim import InboxClaim
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import __version__, terminal
from zhibiao.commands.telling import Telling
from zhibiao.exits import Failed, WrongSetting
from zhibiao.running.embedded import LOOPBACK, EmbeddedRedis
from zhibiao.running.redis_address import named_redis
from zhibiao.running.supervisor import Supervisor, only_one, parts_of, signals_to_stop, start_redis
from zhibiao.settings import ServiceSettings, load
from zhibiao.wording import say

#: In the state folder; the one before it has ``.1`` behind its name.
LOG_NAME = "service.log"

_log = structlog.get_logger("zhibiao")


def up(settings: ServiceSettings, *, timings: bool) -> None:
    """Run the service until it is told to stop.

    On a terminal it tells people of each report and keeps the log in a file, elsewhere it logs to standard error;
    ``timings`` adds the time of each stage to the lines for people.

    Raises:
        BadSettings: a part could not use its settings.
        Failed: a folder, a damaged ledger, Redis or another service in this folder is in the way.
        WrongSetting: reports could be lost, or there is no such sink.
        SystemExit: a second Ctrl-C cut the stopping short.
    """
    logs.configure(settings, "service")
    named = _checked(settings)
    with only_one(settings.state.absolute()), signals_to_stop() as signals, _log_of(settings) as log:
        server = None if named else start_redis(settings)
        try:
            url = server.url if server else str(named)
            with _told(settings, url, log, server, timings=timings):
                Supervisor(settings, server, parts_of(settings, url, log), signals).run()
        finally:
            if server:
                server.stop()
                _log.info("stopped", part="redis")


def _checked(settings: ServiceSettings) -> str | None:
    """The Redis that is named, None for one of our own, when nothing stands in the way."""
    load(WorkerSettings)  # better refused here than by a part that would be started again and again
    watching = load(WatcherSettings)
    if settings.page:
        load(PageSettings)
    named = named_redis(settings)
    if unknown := [*unknown_sinks(settings.sink_urls(), with_plugins=settings.plugins)]:
        raise WrongSetting("\n  ".join(unknown))
    if problems := folders.make(settings):
        raise Failed("\n  ".join(problems))
    refused = [*map(str, risks.look(watching, named))]
    if named and (other := identity.refusal(watching, named)):
        refused.append(other)
    if taken := InboxClaim(watching.inbox, watching.state).refusal():
        refused.append(taken)
    if refused:
        raise WrongSetting("\n  ".join(refused))
    if fault := fault_of(watching.state):
        raise Failed(fault)
    if named and not connect.answers(named):
        _log.warning("redis does not answer yet: files are taken in and wait", redis=connect.redacted(named))
    return named


@contextmanager
def _log_of(settings: ServiceSettings) -> Iterator[IO[str] | None]:
    """The file that the service logs to while people look at lines; None where its log goes to standard error."""
    if settings.log_format != "auto" or not terminal.err().is_terminal:
        yield None
        return
    place = settings.state.absolute() / LOG_NAME
    if place.exists():
        place.replace(place.with_name(f"{LOG_NAME}.1"))
    with place.open("a", encoding="utf-8") as log:
        logs.configure(settings, "service", log)
        try:
            yield log
        finally:
            logs.configure(settings, "service")


@contextmanager
def _told(
    settings: ServiceSettings, url: str, log: IO[str] | None, server: EmbeddedRedis | None, *, timings: bool
) -> Iterator[None]:
    if settings.page and extra.missing():
        _log.info("no_page", why=say("up.no_page", install=extra.INSTALL))
    password_file = server.password_file if server and settings.redis_port else None
    if log is None:
        place = to_wire(bytes(settings.inbox.absolute()))
        _log.info("up", version=__version__, inbox=place, redis=connect.redacted(url))
        if password_file:
            _log.info("port", redis=_at_port(settings.redis_port), password_file=str(password_file))
        yield
        return
    console = terminal.err()
    console.print(_head(settings, url, log.name, password_file))
    telling = Telling(url, settings.site, Path(log.name), lambda line: console.print(Text(line)), timings=timings)
    telling.begin()
    try:
        yield
    finally:
        telling.finish()


def _head(settings: ServiceSettings, url: str, log: str, password_file: Path | None) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(Text("指标 Zhibiao", style="bold"), __version__)
    for name, folder in folders.named(settings).items():
        table.add_row(say(f"folder.{name}"), Text(to_wire(bytes(folder))))
    table.add_row("Redis", Text(connect.redacted(url)))
    if password_file:
        table.add_row("", Text(say("up.port", address=_at_port(settings.redis_port), file=password_file)))
    if settings.page:
        page = extra.missing() and say("up.no_page", install=extra.INSTALL)
        table.add_row(say("up.page"), Text(page or address_of(load(PageSettings))))
    table.add_row(say("up.log"), Text(to_wire(bytes(Path(log)))))
    table.add_row(say("up.results"), Text(say("up.tail", subscribe=subscribe_command(url, settings.site))))
    table.add_row(say("up.stop"), "Ctrl-C")
    table.add_row("", Text(say("up.ready", inbox=to_wire(bytes(settings.inbox)))))
    return table


def _at_port(port: int | None) -> str:
    return f"redis://:***@{LOOPBACK}:{port}/0"


def subscribe_command(url: str, site: str = "") -> str:
    """The command that subscribes to the results of a site at this Redis, without its password."""
    parts = urlsplit(url)
    where = ["-s", unquote(parts.path)] if parts.scheme == "unix" else ["-u", connect.redacted(url)]
    if parts.scheme == "unix" and parts.query:
        where.append("--askpass")
    with connect.connect(url, site) as client:  # which is not asked for anything
        channel = connect.names_of(client).results_channel
    return shlex.join(["redis-cli", *where, "SUBSCRIBE", channel])
