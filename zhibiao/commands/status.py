"""``zhibiao status``: where files are, and why one is not done."""

import json
import os
import time
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from delivery import attempt_log, connect
from schemas.handover import HandOver
from schemas.paths import from_wire
from schemas.visible import visible
from watcher import whereabouts
from watcher.filing.places import SUFFIX
from watcher.settings import WatcherSettings
from zhibiao import terminal
from zhibiao.exits import FAILURE, Failed
from zhibiao.running.presence import Presence, look
from zhibiao.running.redis_address import find_redis
from zhibiao.wording import hint_for, say, told, word_for


def status(settings: WatcherSettings, file: str | None, limit: int, *, as_json: bool) -> None:
    """Print the state of one file, or of the whole inbox with up to ``limit`` unfinished files.

    Raises:
        Failed: there is no ledger, or the file lies elsewhere.
        click.exceptions.Exit: the file is not known.
    """
    try:
        if file is None:
            _show_all(whereabouts.overview(settings, limit=limit), look(settings, time.time()), as_json=as_json)
        else:
            _show_one(settings, _describe(settings, file), as_json=as_json)
    except (FileNotFoundError, ValueError) as error:
        raise Failed(told(str(error))) from error


def reason(settings: WatcherSettings, found: whereabouts.FileStatus) -> dict[str, Any] | None:
    """What lies beside a quarantined file as the reason; None where nothing does."""
    root = str(settings.quarantine)
    if found.state != "quarantined" or not found.place:
        return None
    below = from_wire(found.place.removeprefix(f"{root}/"))
    try:
        text = (settings.quarantine / os.fsdecode(below + SUFFIX["quarantine"])).read_text("utf-8")
    except OSError:
        return None
    written: dict[str, Any] = json.loads(text)
    return written


def _show_all(found: whereabouts.Overview, service: Presence, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(json.dumps({"service": service.state, **asdict(found)}, ensure_ascii=False))
    else:
        _print_overview(found, service)


def _show_one(settings: WatcherSettings, found: whereabouts.FileStatus, *, as_json: bool) -> None:
    why = reason(settings, found)
    if as_json:
        terminal.print_json(json.dumps({**asdict(found), "reason": why}, ensure_ascii=False))
    else:
        print(f"{visible(found.path)}: {word_for('state', found.state)}")
        for line in found.lines:
            print(f"  {visible(told(line))}")
        if hint := hint_for((why or {}).get("code")):
            print(f"  → {hint}")
    if found.state == "unknown":
        raise click.exceptions.Exit(FAILURE)


def _describe(settings: WatcherSettings, file: str) -> whereabouts.FileStatus:
    """With what Redis knows of the attempts, where it can be reached at once."""
    url = find_redis(settings)
    if url is None or not connect.answers(url):
        return whereabouts.describe(settings, file)
    with connect.connect(url, settings.site) as client:
        return whereabouts.describe(settings, file, attempts=lambda handover: _attempts(client, handover))


def _attempts(client: connect.Client, handover: HandOver) -> whereabouts.AttemptCount | None:
    try:
        begun = attempt_log.count(client, handover.id, handover.revision, handover.round)
        ending = attempt_log.ending(client, handover, begun)
        before = ending or attempt_log.ending(client, handover, begun - 1)
        is_at_it = attempt_log.is_alive(client, handover.id, handover.revision, handover.round)
    except connect.UNREACHABLE:
        return None
    if not begun:
        return None
    text = ending.text.partition("\n")[0] if ending else None
    return whereabouts.AttemptCount(begun, text, before.code if before else "", is_at_it and not ending)


def _print_overview(found: whereabouts.Overview, service: Presence) -> None:
    table = Table.grid(padding=(0, 2))
    for text in found.full:
        table.add_row(Text(say("status.full"), style="bold red"), Text(visible(told(text)), style="bold red"))
    if not found.full:  # else nobody can tell: a sign of life is a file
        style = "" if service.state == "running" else "yellow"
        table.add_row(Text(say("service.name"), style=style), Text(visible(str(service)), style=style))
    table.add_row(say("status.watcher"), Text(visible(told(found.watcher))))
    for state, count in sorted(found.counts.items()):
        table.add_row(word_for("state", state), str(count))
    if found.rereading:
        table.add_row(say("status.rereading"), str(found.rereading))
    for name, text in found.alarms.items():
        table.add_row(Text(name, style="yellow"), Text(visible(told(text)), style="yellow"))
    terminal.show(table)
    if found.unfinished:
        print(f"\n{say('status.not_done')}")
    for file in found.unfinished:
        print(f"  {visible(file.path)}: {visible(told(file.why))}")
    if found.more:
        print(f"  {say('status.more', count=found.more)}")
