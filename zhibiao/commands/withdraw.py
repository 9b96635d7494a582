"""``zhibiao withdraw``: documents are to be taken back."""

import json
from collections.abc import Sequence

import click

from schemas.visible import visible
from watcher.asking import requests
from watcher.asking.choosing import Choosing, Chosen
from watcher.ledger.database import Ledger
from watcher.settings import WatcherSettings
from watcher.whereabouts import is_running
from worker import PIPELINE_VERSION
from zhibiao import terminal
from zhibiao.exits import FAILURE, Failed
from zhibiao.wording import fault, say, word_for


def withdraw(settings: WatcherSettings, files: Sequence[str], why: str | None, *, as_json: bool) -> None:
    """Ask the watcher to take back the documents that files are of, all revisions of each.

    Raises:
        Failed: there is no ledger, or the request cannot be left.
        click.exceptions.Exit: a file is of no document that was published.
    """
    chosen = _chosen(settings, files)
    rows = [(one.row.id, one.row.event_id or "") for one in chosen if one.verdict == "asked" and one.row]
    if rows:
        try:
            requests.leave(settings.state, "withdraw", rows, why)
        except OSError as error:
            raise Failed(say("why_not.no_request", state=settings.state, error=fault(error))) from error
    runs = is_running(settings)
    if as_json:
        said = {
            "service": runs,
            "files": [{"path": one.path, "verdict": one.verdict, "repeats": one.repeats} for one in chosen],
        }
        terminal.print_json(json.dumps(said, ensure_ascii=False))
    else:
        for one in chosen:
            print(f"{visible(one.path)}: {word_for('back', one.verdict)}")
            for path in one.repeats:
                print(f"  {say('back.repeats', path=visible(path))}")
        if rows and not runs:
            print(say("again.later"))
    if len(rows) < len(chosen):
        raise click.exceptions.Exit(FAILURE)


def _chosen(settings: WatcherSettings, files: Sequence[str]) -> list[Chosen]:
    try:
        with Ledger.beside(settings.state) as ledger:
            return [*Choosing(settings, ledger, PIPELINE_VERSION, any_other=True).whole(files)]
    except FileNotFoundError as error:
        raise Failed(str(error)) from error
