"""``zhibiao status``: where files are, and why one is not done."""

import json
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from watcher import status as watcher_status
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
        found: Any = watcher_status.describe(settings, file) if file else watcher_status.overview(settings)
    except (FileNotFoundError, ValueError) as error:
        raise Failed(str(error)) from error
    if as_json:
        print(terminal.safe_json(json.dumps(asdict(found), ensure_ascii=False)))
    elif isinstance(found, watcher_status.Overview):
        _print_overview(found)
    else:
        print(f"{visible(found.path)}: {found.state}")
        for line in found.lines:
            print(f"  {visible(line)}")
    if file and found.state == "unknown":
        raise click.exceptions.Exit(FAILURE)


def _print_overview(found: watcher_status.Overview) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_row("watcher", Text(visible(found.watcher)))
    for state, count in sorted(found.counts.items()):
        table.add_row(state, str(count))
    for name, text in found.alarms.items():
        table.add_row(Text(name, style="yellow"), Text(visible(text), style="yellow"))
    terminal.show(table)
