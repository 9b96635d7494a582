"""From sightings to ledger rows: the main loop's work, in portions that never block for long."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog

from schemas.paths import to_wire
from watcher.running.alarms import Alarms
from watcher.running.damage import alarm_of, in_words
from watcher.seeing.arrivals import Arrivals, Readiness, Rules, Writer
from watcher.seeing.below_root import RootUnavailable, open_file, status_of
from watcher.seeing.forbidden import User, what_forbids
from watcher.seeing.ignored import Ignored
from watcher.seeing.inflow import Inflow
from watcher.seeing.mounts import RemoteParts
from watcher.seeing.open_writers import probe_writer
from watcher.seeing.preallocated import is_unfilled
from watcher.seeing.sightings import StatSignature, odd_kind
from watcher.seeing.walk import Walk
from watcher.taking.intake import Intake, Taken

log = structlog.get_logger("watcher")

LOOKS_PER_PORTION = 50
ENTRIES_PER_PORTION = 1000
AGAIN_FIRST_S = 1.0
AGAIN_CAP_S = 30.0


@dataclass
class Counts:
    """How often things happened since the start."""

    overflows: int = 0
    found_by_walk: int = 0
    walks: int = 0
    taken: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Inbox:
    """The folder that reports are dropped in, what happens there, and which names are left alone."""

    root: bytes
    inflow: Inflow
    ignored: Ignored


class Noticing:
    """Events and walks in, rows out. ``clock`` is monotonic; ``on_taken`` is told of every file that got a row."""

    def __init__(
        self,
        inbox: Inbox,
        rules: Rules,
        intake: Intake,
        *,
        alarms: Alarms,
        clock: Callable[[], float],
        on_taken: Callable[[Taken], None],
        newest_first: bool = True,
    ) -> None:
        self._inbox = inbox.root
        self._ignored = inbox.ignored
        self._inflow = inbox.inflow
        self._intake = intake
        self._alarms = alarms
        self._clock = clock
        self._on_taken = on_taken
        self._arrivals = Arrivals(rules, newest_first=newest_first)
        self._walk: Walk | None = None
        self._entries: Iterator[tuple[bytes, os.stat_result]] = iter(())
        self._known: dict[bytes, StatSignature] = {}
        self._walk_again = False
        self._walk_began = 0.0
        self._written: dict[bytes, Readiness] = {}
        self.walk_took_s = 0.0
        self.remote = RemoteParts(inbox.root)
        self.counts = Counts()

    def begin_walk(self) -> None:
        """Walk the inbox, or once more after the walk that is going on."""
        if self._walk:
            self._walk_again = True
            return
        self._known = self._intake.known()
        self._walk = Walk(self._inbox)
        self._entries = self._walk.entries()
        self._walk_began = self._clock()
        self.counts.walks += 1

    def is_walking(self) -> bool:
        """Whether a walk is going on."""
        return self._walk is not None

    def is_busy(self) -> bool:
        """Whether there is more to do at once."""
        due = self._arrivals.next_due()
        return self.is_walking() or (due is not None and due <= self._clock())

    def next_due(self) -> float | None:
        """When the next file wants a look, by the clock."""
        return self._arrivals.next_due()

    def look_again(self, path: bytes) -> None:
        """Look anew at what lies at a path; may be called from any thread."""
        self._inflow.put(path, "touched")

    def is_remote(self, path: bytes) -> bool:
        """Whether other machines may write there, so that a read lease says nothing."""
        return self.remote.hold(path)

    def work(self) -> None:
        """One portion: the events so far, a part of the walk, some files that are due."""
        events, now = self._inflow.drain(), self._clock()
        for path, kind in events:
            if not self._ignored.pattern_of(path):
                self._arrivals.note(path, kind, now)
        if self._inflow.take_loss():
            self.counts.overflows += 1
            log.warning("events_lost", then="walking the inbox")
            self.begin_walk()
        self._go_on_walking()
        for path in self._arrivals.due(self._clock(), LOOKS_PER_PORTION):
            self._look(path)

    def write_verdicts(self) -> None:
        """Write down why files wait, for other processes to show."""
        now = self._arrivals.verdicts()
        fresh = {to_wire(path): verdict for path, verdict in now.items() if self._written.get(path) != verdict}
        over = [to_wire(path) for path in self._written if path not in now]
        if fresh or over:
            self._intake.set_waiting(fresh, over)
        self._written = now

    def _go_on_walking(self) -> None:
        if not self._walk:
            return
        now = self._clock()
        for _ in range(ENTRIES_PER_PORTION):
            entry = next(self._entries, None)
            if entry is None:
                self._end_walk(self._walk)
                return
            self._meet(*entry, now)

    def _meet(self, path: bytes, status: os.stat_result, now: float) -> None:
        signature = StatSignature.of(status)
        if self._known.get(path) == signature or self._ignored.pattern_of(path):
            return
        if path not in self._arrivals:
            self.counts.found_by_walk += 1
        self._arrivals.note(path, "seen", now, signature)

    def _end_walk(self, walk: Walk) -> None:
        self._walk, self._known = None, {}
        self.walk_took_s = self._clock() - self._walk_began
        if walk.failures:
            self._alarms.set("inbox-unreadable", "; ".join(walk.failures[:3]))
        else:
            self._alarms.clear("inbox-unreadable")
        if self._walk_again:
            self._walk_again = False
            self.begin_walk()

    def _look(self, path: bytes) -> None:
        try:
            self._look_closely(path)
        except (FileNotFoundError, NotADirectoryError):
            self._arrivals.drop(path)
        except RootUnavailable as error:
            self._postpone(path, error.strerror or str(error))
        except sqlite3.Error as error:
            self._alarms.set(alarm_of(error, "ledger"), in_words(error))
            self._postpone(path, f"ledger: {error}")
        except OSError as error:
            self._postpone(path, what_forbids(error, [(self._inbox, path)], User.current()))

    def _look_closely(self, path: bytes) -> None:
        status = status_of(self._inbox, path)
        signature = StatSignature.of(status)
        if stat.S_ISDIR(status.st_mode) or self._intake.is_known(path, signature):
            self._arrivals.drop(path)  # a folder that has taken a file's name is walked, not read
        elif odd_kind(status.st_mode):
            self._arrivals.drop(path)
            self._report(path, self._intake.ignore(path, status))
        elif self._judge(path, signature).code == "ready":
            self._report(path, self._intake.take(path))

    def _judge(self, path: bytes, signature: StatSignature) -> Readiness:
        descriptor = open_file(self._inbox, path)
        try:
            writer: Writer = "unknown" if self.is_remote(path) else probe_writer(descriptor)
            unfilled = is_unfilled(descriptor)
        finally:
            os.close(descriptor)
        return self._arrivals.judge(path, signature, writer, self._clock(), is_unfilled=unfilled)

    def _report(self, path: bytes, taken: Taken) -> None:
        self._alarms.clear("ledger")
        if taken.result == "changed":
            self._arrivals.note(path, "touched", self._clock())
        elif taken.result == "unreadable":
            self._postpone(path, taken.why)
        elif taken.row and taken.result != "known":
            self.counts.taken[taken.result] = self.counts.taken.get(taken.result, 0) + 1
            log.info(
                taken.result,
                report=taken.row.path,
                id=taken.row.document,
                revision=taken.row.revision,
                bytes=taken.row.size_bytes,
                why=taken.row.detail,
            )
            self._on_taken(taken)

    def _postpone(self, path: bytes, why: str) -> None:
        now = self._clock()
        waiting = self._arrivals.verdict(path)
        waited = now - waiting.since if waiting and waiting.code == "unreadable" else 0.0
        # Waiting as long as it has waited so far doubles each time.
        self._arrivals.postpone(path, now + min(max(waited, AGAIN_FIRST_S), AGAIN_CAP_S), why, now)
