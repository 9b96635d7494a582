"""``zhibiao store``: the store built anew, and what is in it."""

import json
from contextlib import closing

import click

from schemas.visible import visible
from store.rebuild import rebuild as build
from store.views import NoStore, Views
from store.writing import FILE_NAME, StoreError
from zhibiao import terminal, wording
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings
from zhibiao.wording import say


def rebuild(settings: ServiceSettings) -> None:
    """Build the store anew from the archive.

    Raises:
        Failed: there is no archive, a service keeps the store, or it cannot be written.
    """
    if not settings.processed.is_dir():
        raise Failed(say("why_not.no_filed", folder=settings.processed))
    file = settings.state / FILE_NAME
    try:
        count, unread = build(file, settings.processed)
    except (StoreError, OSError) as error:
        raise Failed(str(error)) from error
    terminal.err().print(say("read.reports", count=count, folder=file))
    for one in unread:
        terminal.err().print(say("table.unread", path=visible(one.path), reason=visible(wording.told(one.reason))))


def status(settings: ServiceSettings, *, as_json: bool) -> None:
    """Say how many documents, figures and failures are in the store.

    Raises:
        Failed: there is none.
    """
    try:
        with closing(Views(settings.state / FILE_NAME)) as views:
            sizes = views.sizes()
    except NoStore as error:
        raise Failed(str(error)) from error
    if as_json:
        terminal.print_json(json.dumps(sizes))
    else:
        for name, number in sizes.items():
            click.echo(f"{name:13} {number}")
