"""``zhibiao status``: where files are, and why one is not done."""

import json
import os
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from schemas.paths import from_wire
from watcher import status as watcher_status
from watcher.filing import SUFFIX
from watcher.settings import WatcherSettings
from zhibiao import terminal
from zhibiao.exits import FAILURE, Failed
from zhibiao.terminal import visible


def status(settings: WatcherSettings, file: str | None, as_json: bool) -> None:
    """Print the state of one file, or of the whole inbox.

    Raises:
        Failed: there is no ledger, or the file lies elsewhere.
        click.exceptions.Exit: the file is not known.
    """
    try:
        if file is None:
            _show_all(watcher_status.overview(settings), as_json)
        else:
            _show_one(settings, watcher_status.describe(settings, file), as_json)
    except (FileNotFoundError, ValueError) as error:
        raise Failed(str(error)) from error


def reason(settings: WatcherSettings, found: watcher_status.FileStatus) -> dict[str, Any] | None:
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


def _show_all(found: watcher_status.Overview, as_json: bool) -> None:
    if as_json:
        terminal.print_json(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _print_overview(found)


def _show_one(settings: WatcherSettings, found: watcher_status.FileStatus, as_json: bool) -> None:
    why = reason(settings, found)
    if as_json:
        terminal.print_json(json.dumps({**asdict(found), "reason": why}, ensure_ascii=False))
    else:
        print(f"{visible(found.path)}: {found.state}")
        for line in (*found.lines, *([f"{why['code']}: {why['message']}"] if why else [])):
            print(f"  {visible(line)}")
    if found.state == "unknown":
        raise click.exceptions.Exit(FAILURE)


def _print_overview(found: watcher_status.Overview) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_row("watcher", Text(visible(found.watcher)))
    for state, count in sorted(found.counts.items()):
        table.add_row(state, str(count))
    for name, text in found.alarms.items():
        table.add_row(Text(name, style="yellow"), Text(visible(text), style="yellow"))
    terminal.show(table)
