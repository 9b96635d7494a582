"""The four folders: made where they are missing, and refused where files would be lost or read in circles."""

import os
from collections.abc import Iterator
from pathlib import Path

from delivery.settings import SharedSettings


def named(settings: SharedSettings) -> dict[str, Path]:
    """The folders by the setting that names them, as absolute paths."""
    return {name: getattr(settings, name).absolute() for name in ("inbox", "processed", "quarantine", "state")}


def make(settings: SharedSettings) -> list[str]:
    """Make the folders that are missing; gives the reasons why one cannot be used."""
    problems = []
    for name, folder in named(settings).items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problems.append(f"{name} {folder}: cannot be made: {error.strerror}; {_advice(name)}")
    return problems or [*faults(settings)]


def unmakable(folder: Path) -> bool:
    """Whether a folder is missing and this user may not make it."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return there != folder and not os.access(there, os.W_OK | os.X_OK)


def faults(settings: SharedSettings) -> Iterator[str]:
    """The reasons why the folders cannot be used as they are. An inbox may be read-only (:mod:`watcher.risks`)."""
    folders = named(settings)
    for name, folder in folders.items():
        if not folder.is_dir():
            yield f"{name} {folder}: is not a folder; `zhibiao up` makes it, or {_advice(name)}"
        elif not os.access(folder, os.R_OK | os.X_OK):
            yield f"{name} {folder}: may not be read by {_who()}; change its owner or mode, or {_advice(name)}"
        elif name != "inbox" and not os.access(folder, os.W_OK):
            yield f"{name} {folder}: may not be written by {_who()}; change its owner or mode, or {_advice(name)}"
    yield from _nested(folders)


def _nested(folders: dict[str, Path]) -> Iterator[str]:
    inbox = folders["inbox"].resolve()
    for name, folder in folders.items():
        if name != "inbox" and folder.resolve().is_relative_to(inbox):
            yield f"{name} {folder}: lies in the inbox, so that what is put there would be read again; {_advice(name)}"
    others = [folders["processed"].resolve(), folders["quarantine"].resolve()]
    if any(inbox.is_relative_to(other) for other in others) or others[0] == others[1]:
        yield "inbox, processed and quarantine: none may lie in another; name other folders"


def _advice(name: str) -> str:
    return f"name another with ZHIBIAO_{name.upper()}"


def _who() -> str:
    return f"user {os.getuid()}"
