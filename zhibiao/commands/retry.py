"""``zhibiao retry``: quarantined files back into the inbox."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from schemas.visible import visible
from watcher.filing import put_back
from watcher.settings import WatcherSettings
from zhibiao import terminal
from zhibiao.exits import FAILURE, Failed
from zhibiao.wording import say, told


def retry(settings: WatcherSettings, files: Sequence[str] | None, *, as_json: bool) -> None:
    """Put files back, all of them where ``files`` is None, and print what became of each.

    Raises:
        Failed: there is no ledger.
        click.exceptions.Exit: a file could not be put back.
    """
    try:
        done = put_back.retry(settings, files)
    except FileNotFoundError as error:
        raise Failed(str(error)) from error
    if as_json:
        terminal.print_json(json.dumps({"files": [asdict(one) for one in done]}, ensure_ascii=False))
    elif not done:
        print(say("retry.none"))
    else:
        for one in done:
            print(f"{visible(one.path)}: {visible(told(one.problem) if one.problem else say('retry.done'))}")
    if any(one.problem for one in done):
        raise click.exceptions.Exit(FAILURE)
