"""Who this service is: an id that its state folder keeps, and whether the names on Redis are its own."""

import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from delivery.connect import FAULTS, connect_briefly, redacted
from delivery.owner import Other, Service, other_than
from watcher.settings import WatcherSettings

FILE_NAME: Final = "service.id"
RISK: Final = "other-service"
_QUICK_S = 5.0


def this_service(state: Path) -> Service:
    """The service over a state folder; its id is made once, and stays when the ledger is moved away.

    Raises:
        OSError: the folder cannot be written.
    """
    return Service(known_id(state) or _made(state), socket.gethostname(), str(state.absolute()))


def known_id(state: Path) -> str | None:
    """The id that a state folder has; None where no service has run over it."""
    try:
        return (state / FILE_NAME).read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None


def may_replace(settings: WatcherSettings, url: str) -> bool:
    """Whether this service may take the place of one that runs no more: as accepted, or in a Redis of its own."""
    is_own = url.startswith("unix://") and str(settings.state.absolute()) in unquote(url)
    return is_own or RISK in settings.accept_risks


def refusal(settings: WatcherSettings, url: str) -> str | None:
    """Why this service may not use the Redis at ``url``; None where it may, or where that cannot be asked just now."""
    with connect_briefly(url, _QUICK_S, settings.site) as client:
        try:
            other = other_than(client, known_id(settings.state))
        except FAULTS:
            return None
    if other is None or (not other.is_alive and may_replace(settings, url)):
        return None
    return in_words(other, settings.site, url)


def in_words(other: Other, site: str, url: str) -> str:
    """Whose the names are, and the ways out, in one sentence."""
    names = f"site {site!r} of Redis at {redacted(url)}" if site else f"Redis at {redacted(url)}"
    ways = f"give this one {'another' if site else 'a'} name in ZHIBIAO_SITE, or another Redis or database in ZHIBIAO_REDIS_URL"
    if other.is_alive:
        return f"{names} belongs to {other.service}, which runs: both would overwrite each other's reports; {ways}"
    return (
        f"{names} belongs to {other.service}, which does not run now; {ways}, or, where that folder is gone for good and "
        f"this one takes its place, set ZHIBIAO_ACCEPT_RISKS={RISK}"
    )


def _made(state: Path) -> str:
    """Whole or not at all, and of two that make it at once the first one's."""
    made = secrets.token_hex(16)
    with tempfile.NamedTemporaryFile("w", dir=state, prefix=f".{FILE_NAME}-", encoding="ascii") as file:
        file.write(f"{made}\n")
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, state / FILE_NAME)
        except FileExistsError:
            return known_id(state) or made
        except OSError:  # a file system without links
            (state / FILE_NAME).write_text(f"{made}\n", "ascii")
    return made
