"""``zhibiao doctor``: looks at everything that reports pass through, and says what is wrong."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import click
from rich.table import Table
from rich.text import Text

from schemas.visible import visible
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import terminal
from zhibiao.checks import disk, machine, redis, worker
from zhibiao.checks.check import Check
from zhibiao.exits import FAILURE
from zhibiao.running.redis_address import find_redis
from zhibiao.settings import ServiceSettings, load
from zhibiao.wording import say, speak, word_for

Part = Literal["service", "worker"]
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(settings: ServiceSettings, part: Part, *, as_json: bool) -> None:
    """Print all checks of the whole service, or of a worker that is alone on its machine; end with 1 where one failed.

    Raises:
        click.exceptions.Exit: a check failed.
    """
    if as_json:
        speak("en")  # what programs read stays as it is
    with terminal.err().status(say("doctor.looking")):
        checks = [*(look_as_worker() if part == "worker" else look(settings))]
    failed = any(check.level == "fail" for check in checks)
    if as_json:
        rows = [check.to_dict() for check in checks]
        terminal.print_json(json.dumps({"ok": not failed, "checks": rows}, ensure_ascii=False))
    else:
        print_table(checks)
    if failed:
        raise click.exceptions.Exit(FAILURE)


def look(settings: ServiceSettings) -> Iterator[Check]:
    """All checks, one after the other."""
    yield machine.python()
    yield machine.packages()
    yield machine.extras()
    yield machine.user()
    usable = machine.settings([WatcherSettings, WorkerSettings])
    yield usable
    if usable.level == "fail":
        return  # the others would look at what is not meant
    watching = load(WatcherSettings)
    yield machine.clock(datetime.now(UTC), watching)
    if limits := machine.inotify(disk.count_folders(settings.inbox)):
        yield limits
    yield from disk.look(watching)
    yield from redis.look(find_redis(settings), watching, time.time())


def look_as_worker() -> Iterator[Check]:
    """All checks of a machine or container that runs a worker alone: it has no archive, no ledger and no say over them."""
    yield from (machine.python(), machine.packages(), machine.extras(), machine.user())
    usable = machine.settings([WorkerSettings])
    yield usable
    if usable.level == "fail":
        return
    settings = load(WorkerSettings)
    yield machine.clock(datetime.now(UTC), load(WatcherSettings))
    yield from worker.look(settings, time.time())
    yield from redis.look_from_worker(find_redis(settings), load(WatcherSettings), time.time())


def print_table(checks: list[Check]) -> None:
    """For people: what was seen, and below it what to do."""
    table = Table.grid(padding=(0, 2))
    for check in checks:
        seen = Text(visible(check.seen))
        if check.advice:
            seen.append(f"\n→ {visible(check.advice)}", style=STYLES[check.level])
        level = Text(say(f"level.{check.level}"), style=STYLES[check.level])
        table.add_row(level, Text(word_for("check", check.name)), seen)
    terminal.show(table)
