"""``zhibiao reprocess``: filed reports are to be read again by today's rules."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

import click

from schemas.visible import visible
from watcher.asking import requests
from watcher.asking.choosing import Choosing, Chosen, Verdict
from watcher.ledger.database import Ledger
from watcher.settings import WatcherSettings
from watcher.whereabouts import is_running
from worker import PIPELINE_VERSION
from zhibiao import terminal
from zhibiao.exits import FAILURE, Failed
from zhibiao.wording import fault, say, word_for

_PROBLEMS: tuple[Verdict, ...] = ("gone", "unknown")


def reprocess(settings: WatcherSettings, files: Sequence[str], *, everything: bool, as_json: bool) -> None:
    """Ask the watcher to read filed reports again: those named, else those of older rules, or of any others.

    Raises:
        Failed: there is no ledger, or the request cannot be left.
        click.exceptions.Exit: a named file is no filed report.
    """
    found = _found(settings, files, everything=everything)
    if found.rows:
        try:
            requests.leave(settings.state, "reprocess", found.rows)
        except OSError as error:
            raise Failed(say("why_not.no_request", state=settings.state, error=fault(error))) from error
    _tell(found, runs=is_running(settings), as_json=as_json)
    if files and any(found.counts[verdict] for verdict in _PROBLEMS):
        raise click.exceptions.Exit(FAILURE)


@dataclass
class _Found:
    """How many filed reports there are of each kind, which are to be read again, and those that were named."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    rows: list[tuple[int, str]] = field(default_factory=list)
    named: list[Chosen] = field(default_factory=list)


def _found(settings: WatcherSettings, files: Sequence[str], *, everything: bool) -> _Found:
    found = _Found()
    try:
        with Ledger.beside(settings.state) as ledger:
            choosing = Choosing(settings, ledger, PIPELINE_VERSION, any_other=everything or bool(files))
            for one in choosing.named(files) if files else choosing.all():
                found.counts[one.verdict] += 1
                if one.verdict == "asked" and one.row and one.row.event_id:
                    found.rows.append((one.row.id, one.row.event_id))
                if files:
                    found.named.append(one)
    except FileNotFoundError as error:
        raise Failed(str(error)) from error
    return found


def _tell(found: _Found, *, runs: bool, as_json: bool) -> None:
    counts = found.counts
    if as_json:
        files = [{"path": one.path, "verdict": one.verdict, "version": one.version} for one in found.named]
        said = {"rules": PIPELINE_VERSION, "counts": counts, "service": runs, "files": files}
        terminal.print_json(json.dumps(said, ensure_ascii=False))
        return
    if found.named:
        for one in found.named:
            print(f"{visible(one.path)}: {word_for('again', one.verdict)}")
    else:
        for verdict in get_args(Verdict):
            if counts[verdict]:
                print(f"{counts[verdict]} {word_for('again', verdict)}")
        if not counts["asked"] and not counts["going_on"]:
            print(say("again.none", version=PIPELINE_VERSION))
    if counts["asked"]:
        print(say("again.left" if runs else "again.later"))
