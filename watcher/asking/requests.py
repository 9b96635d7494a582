"""Requests of people, left as files in the state folder for the watcher, the only writer of the ledger.

A request is there, whole, or not at all; it is taken away once all of it is in the ledger. So it outlives whoever left it
and a watcher that is killed, and waits for one that does not run.
"""

import json
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

FOLDER = "requests"
_SUFFIX = ".json"
_REFUSED = ".refused"

log = structlog.get_logger("watcher")


Kind = Literal["reprocess", "withdraw"]


class Request(BaseModel):
    """What is asked, at ``at`` by the wall clock, of rows of the ledger, each with the event that its report has."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    rows: tuple[tuple[int, str], ...]
    at: float
    why: str | None = None


def leave(state: Path, kind: Kind, rows: Sequence[tuple[int, str]], why: str | None = None) -> Path:
    """Leave a request for the watcher; gives its file.

    Raises:
        OSError: the state folder cannot be written.
    """
    folder = make_folder(state)
    request = Request(kind=kind, rows=tuple(rows), at=time.time(), why=why)
    name = f"{time.time_ns():020}-{secrets.token_hex(4)}"
    partial = folder / f".{name}.part"
    with partial.open("w", encoding="utf-8") as file:
        file.write(request.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    whole = folder / f"{name}{_SUFFIX}"
    partial.rename(whole)
    return whole


def make_folder(state: Path) -> Path:
    """The folder of requests, made where it is missing."""
    folder = state / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def pending(state: Path) -> list[Path]:
    """The files of requests that are not in the ledger yet, the first one first."""
    try:
        return sorted(file for file in (state / FOLDER).iterdir() if file.suffix == _SUFFIX and file.name[0] != ".")
    except FileNotFoundError:
        return []


def read(file: Path) -> Request | None:
    """A request; one that is none is put aside, and told in the log.

    Raises:
        OSError: it cannot be read just now.
    """
    try:
        return Request.model_validate_json(file.read_bytes())
    except ValidationError as error:
        log.error("odd_request", file=file.name, why=f"{error.error_count()} mistakes: {error.errors()[0]['msg']}")
        file.rename(file.with_suffix(_REFUSED))
        return None


def count(state: Path) -> int:
    """How many reports are asked to be read again by requests that are not in the ledger yet."""
    found = 0
    for file in pending(state):
        try:
            said = json.loads(file.read_bytes())
            found += len(said["rows"]) if said["kind"] == "reprocess" else 0
        except (OSError, ValueError, LookupError, TypeError):
            continue  # taken up meanwhile, or none of ours
    return found
