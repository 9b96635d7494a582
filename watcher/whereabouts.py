"""Where a file is, and why it is not done: for ``zhibiao status``, from another process."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from delivery import attempt_log
from schemas.handover import HandOver
from schemas.paths import from_wire, to_wire
from watcher import folders
from watcher.asking import requests
from watcher.filing.places import SUFFIX
from watcher.filing.put_back import below
from watcher.health import alive, holding, read_all
from watcher.ledger.database import Ledger
from watcher.ledger.rows import GONE, FileRow
from watcher.running import room
from watcher.seeing.below_root import RootUnavailable, status_of
from watcher.seeing.ignored import Ignored
from watcher.seeing.sightings import StatSignature
from watcher.settings import WatcherSettings

_ALONE = "what it repeats was taken back since; dropped again, it is read itself"


@dataclass(frozen=True)
class FileStatus:
    """``state`` is a ledger state, or waiting, ignored, unnoticed or unknown; ``lines`` say more, for people."""

    path: str
    state: str
    lines: tuple[str, ...]
    document: str | None = None
    revision: int | None = None
    place: str | None = None


@dataclass(frozen=True)
class AttemptCount:
    """How many attempts at a report workers have begun, how the last one ended, where it could tell, and if one runs.

    ``code`` is that of the last attempt that has ended.
    """

    begun: int
    ending: str | None = None
    code: str = ""
    is_running: bool = False

    def text(self, most: int) -> str:
        """For people, where ``most`` attempts are allowed.

        >>> AttemptCount(1, "MemoryError at worker.pipeline:read:40").text(most=3)
        'attempt 2 of 3 is next: MemoryError at worker.pipeline:read:40'
        >>> AttemptCount(2).text(most=3)
        'attempt 2 of 3 was begun'
        >>> AttemptCount(2, is_running=True).text(most=3)
        'being read, attempt 2 of 3'
        """
        most = attempt_log.most(self.code, most)
        if self.is_running:
            return f"being read, attempt {self.begun} of {most}"
        if self.ending is None or self.begun >= most:
            return f"attempt {self.begun} of {most} was begun" + (f": {self.ending}" if self.ending else "")
        return f"attempt {self.begun + 1} of {most} is next: {self.ending}"


@dataclass(frozen=True)
class Unfinished:
    """A file that has not left the inbox, and why; ``state`` as in :class:`FileStatus`."""

    path: str
    state: str
    why: str


@dataclass(frozen=True)
class Overview:
    """All files by state, and what is wrong right now; ``full`` names the disks without room.

    ``counts`` are readings by state, but of ``quarantined`` the files that lie there now, or are on their way.
    ``rereading`` is how many filed reports are still to be read again.
    """

    counts: dict[str, int]
    alarms: dict[str, str] = field(default_factory=dict)
    watcher: str = "not running"
    unfinished: tuple[Unfinished, ...] = ()
    more: int = 0
    full: tuple[str, ...] = ()
    rereading: int = 0


def overview(
    settings: WatcherSettings,
    clock: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    limit: int = 20,
) -> Overview:
    """The state of the whole inbox; of the unfinished files ``limit``, the oldest, and how many ``more`` there are.

    Raises:
        FileNotFoundError: there is no ledger yet.
    """
    with Ledger.beside(settings.state) as ledger:
        counts = _with_those_there(settings, ledger)
        listed = [*_unfinished(ledger, limit, clock(), monotonic())][:limit]
        more = ledger.count_unfinished() - len(listed)
        rereading = ledger.rereading() + requests.count(settings.state)
    full = tuple(room.full(folders.named(settings).values()))
    watcher = _watcher(settings, clock(), full)
    alarms = _alarms(settings, clock(), full)
    return Overview(counts, alarms, watcher, tuple(listed), max(0, more), full, rereading)


def is_running(settings: WatcherSettings, clock: Callable[[], float] = time.time) -> bool:
    """Whether a watcher runs."""
    return alive(settings.state, clock()) is not None


@dataclass(frozen=True)
class InQuarantine:
    """A file that lies in quarantine, and why it is there; ``changed_at`` is Unix time in seconds."""

    path: str
    changed_at: float
    code: str
    message: str


def in_quarantine(settings: WatcherSettings, limit: int = 50) -> tuple[list[InQuarantine], int]:
    """Files that gave no report, the last first, of which ``limit`` are looked at; and how many more the ledger knows.

    Raises:
        FileNotFoundError: there is no ledger yet.
    """
    with Ledger.beside(settings.state) as ledger:
        rows = [row for row in ledger.quarantined()[::-1] if row.state != "withdrawn"]
    return _listed(settings, rows, limit)


def taken_back(settings: WatcherSettings, limit: int = 50) -> tuple[list[InQuarantine], int]:
    """Documents that were taken back, one file of each, as :func:`in_quarantine` has those that failed.

    Raises:
        FileNotFoundError: there is no ledger yet.
    """
    with Ledger.beside(settings.state) as ledger:
        rows = {row.document: row for row in ledger.quarantined() if row.state == "withdrawn"}
    return _listed(settings, [*rows.values()][::-1], limit)


def _with_those_there(settings: WatcherSettings, ledger: Ledger) -> dict[str, int]:
    """How many rows are in each state; a file that failed again and again is one in quarantine, and put back none."""
    root = os.fsencode(settings.quarantine)
    lying = sum(os.path.lexists(os.path.join(root, target)) for target in ledger.failed_places())
    there = lying + ledger.count_failed_unfiled()
    counts = {state: count for state, count in ledger.summary().items() if state != "quarantined"}
    return {**counts, **({"quarantined": there} if there else {})}


def _listed(settings: WatcherSettings, rows: list[FileRow], limit: int) -> tuple[list[InQuarantine], int]:
    root = os.fsencode(settings.quarantine)
    lying = [row for row in rows[:limit] if row.target and _lies(root, row.target)]
    found = [InQuarantine(row.path, row.changed_at, row.code or "", row.detail or "") for row in lying]
    return found, max(0, len(rows) - limit)


def _lies(root: bytes, path: bytes) -> bool:
    try:
        return stat.S_ISREG(status_of(root, path).st_mode)
    except OSError:
        return False


def describe(
    settings: WatcherSettings,
    path: Path | str,
    clock: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    attempts: Callable[[HandOver], AttemptCount | None] = lambda _handover: None,
) -> FileStatus:
    """Answer for one file, named as it is or was in the inbox, or as it is in an archive folder.

    ``attempts`` asks Redis how often workers have begun a hand-over; None where it cannot tell.

    Raises:
        FileNotFoundError: there is no ledger yet.
        ValueError: the path lies elsewhere.
    """
    with Ledger.beside(settings.state) as ledger:
        raw = _raw_path(settings, ledger, path)
        wire = to_wire(raw)
        rows = ledger.find(wire)
        present = _present(settings, raw)
        if isinstance(present, str):
            return FileStatus(wire, rows[0].state if rows else "unknown", (present, *_history(settings, rows)))
        current = next((row for row in rows if row.in_inbox), None)
        if present is None and not rows:
            return _unknown(settings, wire)
        if present is None or (current and current.signature == StatSignature.of(present)):
            row = current if current and present else rows[0]
            return _of_row(settings, wire, row, rows, clock(), attempts, is_alone=_is_alone(ledger, row))
        verdict = ledger.waiting(wire)
        if verdict:
            return FileStatus(wire, "waiting", (verdict.text(monotonic()), *_history(settings, rows)))
        return _without_row(settings, wire, raw, rows, clock())


def _unfinished(ledger: Ledger, limit: int, now: float, monotonic: float) -> Iterator[Unfinished]:
    for path, verdict in ledger.all_waiting(limit).items():
        yield Unfinished(path, "waiting", verdict.text(monotonic))
    for row in ledger.unfinished(limit):
        why = _sentence(row, now)
        if row.state not in ("accepted", "queued"):
            why = f"{row.state}, {_filing(row, now) if row.detail and row.tries else 'not filed away yet'}"
        elif row.state == "queued" and row.detail:
            why = f"{why}: {row.detail}"
        yield Unfinished(row.path, row.state, why)


def _of_row(
    settings: WatcherSettings,
    wire: str,
    row: FileRow,
    rows: list[FileRow],
    now: float,
    attempts: Callable[[HandOver], AttemptCount | None],
    *,
    is_alone: bool,
) -> FileStatus:
    lines = [_sentence(row, now), *([_ALONE] if is_alone else [])]
    place = _place(settings, row)
    if place:
        lines += [GONE] if row.detail == GONE else []
        lines.append(f"filed as {place}")
    elif row.state in ("published", "quarantined", "duplicate") and row.in_inbox:
        lines.append(_filing(row, now) if row.detail and row.tries else "not filed away yet")
    elif row.state == "published" and row.detail:
        lines.append(row.detail)
    elif row.state == "queued":
        begun = attempts(row.hand_over())
        lines += [begun.text(settings.max_attempts)] if begun else []
        lines += [row.detail] if row.detail else []
    if row.state in ("accepted", "queued"):
        lines += [f"{name}: {text}" for name, text in _alarms(settings, now, ()).items()]
    if row.state in ("accepted", "queued") and alive(settings.state, now) is None:
        lines.append("the watcher is not running")
    lines += _history(settings, [other for other in rows if other.id != row.id])
    return FileStatus(wire, row.state, tuple(lines), row.document, row.revision, place)


def _is_alone(ledger: Ledger, row: FileRow) -> bool:
    """Whether a file only repeats what was taken back since, so that nothing stands published of its content."""
    original = ledger.get(row.duplicate_of) if row.state == "duplicate" and row.duplicate_of else None
    if original is None or ledger.original_of(row.sha256 or ""):
        return False
    return any(one.state == "withdrawn" for one in ledger.of_document(original.document))


def _sentence(row: FileRow, now: float) -> str:
    which = f"revision {row.revision}" + (f", round {row.round}" if row.round > 1 else "") if row.revision else ""
    ago = f"{max(0.0, now - row.changed_at):.0f} s ago"
    if row.state == "accepted":
        later = f", not before {row.not_before - now:.0f} s from now" if row.not_before > now else ""
        what = "to be handed over" if row.replaces is None else "to be read again by other rules"
        return f"{which} accepted {ago}, {what}{later}"
    if row.state == "queued":
        times = f" for the {row.sends}. time" if row.sends > 1 else ""
        return f"{which} handed over{times} {max(0.0, now - (row.queued_at or now)):.0f} s ago, no outcome yet"
    if row.state in ("quarantined", "ignored"):
        return f"{row.state} ({row.code or 'failed'}) {ago}: {row.detail or 'see the .error.json beside it'}"
    why = f": {row.detail}" if row.detail and row.state in ("duplicate", "superseded", "vanished", "withdrawn") else ""
    return f"{which} {row.state} {ago}{why}".strip()


def _filing(row: FileRow, now: float) -> str:
    return f"attempt {row.tries + 1} in {max(0.0, row.not_before - now):.0f} s: {row.detail}"


def _without_row(settings: WatcherSettings, wire: str, raw: bytes, rows: list[FileRow], now: float) -> FileStatus:
    pattern = Ignored(settings.ignore).pattern_of(raw)
    if pattern:
        return FileStatus(wire, "ignored", (f"ignored: pattern {pattern}",))
    why = "just arrived or changed; the watcher has not looked at it yet"
    if alive(settings.state, now) is None:
        why = "the watcher is not running"
    return FileStatus(wire, "unnoticed", (why, *_history(settings, rows)))


def _unknown(settings: WatcherSettings, wire: str) -> FileStatus:
    return FileStatus(wire, "unknown", (f"not in {settings.inbox}, and the ledger has never seen it",))


def _history(settings: WatcherSettings, rows: list[FileRow]) -> list[str]:
    return [_said_before(row, _place(settings, row)) for row in rows if row.revision]


def _said_before(row: FileRow, place: str | None) -> str:
    if row.state == "kept":
        return f"read again, round {row.round}: {row.code or 'failed'}: {row.detail}; the reading before holds"
    if row.replaces is not None and row.state in ("superseded", "vanished"):
        return f"read again, round {row.round}, in vain: {row.detail}"
    return f"before: revision {row.revision} {row.state}" + (f", filed as {place}" if place else "")


def _present(settings: WatcherSettings, raw: bytes) -> os.stat_result | str | None:
    try:
        status = status_of(os.fsencode(settings.inbox), raw)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (RootUnavailable, OSError) as error:
        return f"cannot be seen: {error.strerror}"
    return "a folder; name a file in it" if stat.S_ISDIR(status.st_mode) else status


def _raw_path(settings: WatcherSettings, ledger: Ledger, path: Path | str) -> bytes:
    """The path below the inbox that a user means; a wire path, as status and events print it, will do."""
    inside = below(settings.inbox, path)
    if inside is not None:
        spelt = [inside, from_wire(inside.decode("utf-8", "replace"))] if b"%" in inside else [inside]
        for raw in spelt:
            if ledger.find(to_wire(raw)) or _present(settings, raw) is not None:
                return raw
    for folder, root in (("processed", settings.processed), ("quarantine", settings.quarantine)):
        filed = below(root, path)
        row = ledger.by_target(folder, filed) if filed else None
        if row:
            return row.raw
        if filed and filed != inside and ledger.find(to_wire(filed)):
            return filed  # of a file that lay there before it was taken back, or put back
        if inside is None:
            inside = filed if os.path.isabs(path) else None
    if inside is None:
        folders = f"{settings.inbox}, {settings.processed} or {settings.quarantine}"
        raise ValueError(f"{to_wire(os.fspath(path))} is not below {folders}")
    return inside


def _place(settings: WatcherSettings, row: FileRow) -> str | None:
    if row.in_inbox or row.target is None or row.taken_from is not None:
        return None
    root = settings.processed if row.folder == "processed" else settings.quarantine
    is_alone = row.state == "published" and row.detail == GONE
    return f"{root}/{to_wire(row.target)}" + (SUFFIX["processed"].decode() if is_alone else "")


def _alarms(settings: WatcherSettings, now: float, full: tuple[str, ...]) -> dict[str, str]:
    """What the watcher last warned of, and what only others see: that it runs, and shows no sign of life.

    To a full disk none can be written.
    """
    running = holding(settings.state, now)
    warned = running or next(iter(read_all(settings.state)), None)
    alarms = dict(warned.alarms) if warned else {}
    if running and (stuck := running.stuck()):
        alarms["stuck"] = stuck
    if running and not full and (silence := running.silence(now)):
        alarms["silent"] = f"{silence} by this clock, though the watcher runs: it hangs, or its clock is another"
    return alarms


def _watcher(settings: WatcherSettings, now: float, full: tuple[str, ...]) -> str:
    health = alive(settings.state, now)
    if health is None:
        return "no sign of life, but none can be written to a full disk" if full else "not running"
    return f"{health.role}, process {health.pid}"
