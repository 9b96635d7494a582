"""Settings with which reports would be lost or read half: found before anything begins, and refused.

What is merely slower, such as an archive on another file system, is no risk; ``zhibiao doctor`` warns of that.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from delivery.server import SAVE_POINTS, STOPS_WRITES, TIME_S, facts_now
from watcher.seeing.mounts import network_type
from watcher.seeing.open_writers import ignore_lease_breaks, probe_writer
from watcher.settings import RiskCode, WatcherSettings

#: A clock that is earlier than the first release is wrong.
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
#: The queue takes a task for lost after 60 s by the clock (delivery.queue.VISIBILITY_S).
_FULL = 0.98  # a server over its limit frees a little with each command that it refuses
GREATEST_DRIFT_S = 60.0
#: What :attr:`WatcherSettings.settle_unknown_s` is by default, and the least without a read lease.
LEAST_QUIET_S = 5.0
#: A hidden name, which the watcher leaves alone.
PROBE_PREFIX = ".zhibiao-probe-"


@dataclass(frozen=True)
class Risk:
    """``setting`` is what to change, ``seen`` its value, ``loses`` what comes of it, ``right`` what would be right."""

    code: RiskCode
    setting: str
    seen: str
    loses: str
    right: str

    def __str__(self) -> str:
        """For people: one line with the way out.

        >>> print(Risk("clock", "the clock", "at 1970", "events get a false time", "use NTP"))
        the clock is at 1970: events get a false time. Right: use NTP. To go on all the same: ZHIBIAO_ACCEPT_RISKS=clock
        """
        accept = f"ZHIBIAO_ACCEPT_RISKS={self.code}"
        return f"{self.setting} is {self.seen}: {self.loses}. Right: {self.right}. To go on all the same: {accept}"


def look(settings: WatcherSettings, url: str | None) -> list[Risk]:
    """All that can be seen at a start; ``url`` is None for a Redis of our own.

    A Redis that is away is looked at by the watcher when it has come.
    """
    facts = facts_now(url) if url else None
    now = datetime.now(UTC)
    return [*of_machine(settings, now), *(of_server(settings, facts, now.timestamp()) if facts else [])]


def of_machine(settings: WatcherSettings, now: datetime) -> list[Risk]:
    """What is wrong with this machine's clock and folders, which exist; what was accepted is left out."""
    found = [*clock(now), *of_folders(settings)]
    return [risk for risk in found if risk.code not in settings.accept_risks]


def of_server(settings: WatcherSettings, facts: Mapping[str, Any], now_s: float) -> list[Risk]:
    """What is wrong with a Redis of which :func:`delivery.server.facts` are known; ``now_s`` is Unix time."""
    found = [*of_keeping(settings, facts), *drift(facts, now_s)]
    return [risk for risk in found if risk.code not in settings.accept_risks]


def of_keeping(settings: WatcherSettings, facts: Mapping[str, Any]) -> list[Risk]:
    """The part of it that does not pass by itself, as a clock that was set does."""
    found = [*eviction(facts), *persistence(facts)]
    return [risk for risk in found if risk.code not in settings.accept_risks]


def eviction(facts: Mapping[str, Any]) -> Iterator[Risk]:
    """A full server that throws keys away; without a limit to its memory it is never full."""
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction" and int(facts.get("maxmemory", 0)):
        yield Risk(
            "eviction",
            "maxmemory-policy of Redis",
            str(policy),
            "when memory is full it throws away the queue and published results",
            "maxmemory-policy noeviction",
        )


def persistence(facts: Mapping[str, Any]) -> Iterator[Risk]:
    """A server that forgets everything when it ends, or that goes on when it can no longer save."""
    if facts.get("aof_enabled") or SAVE_POINTS not in facts:
        return
    if not facts[SAVE_POINTS]:
        yield Risk(
            "no-persistence",
            "appendonly of Redis",
            "no, without any save point",
            "when Redis ends, results that consumers have not read and their places in the streams are gone",
            "appendonly yes",
        )
    elif facts.get(STOPS_WRITES) == "no":
        yield Risk(
            "unsaved-writes",
            f"{STOPS_WRITES} of Redis",
            "no",
            "with a full disk it takes results that it cannot keep",
            f"appendonly yes, or {STOPS_WRITES} yes",
        )


def full(facts: Mapping[str, Any]) -> str | None:
    """A server that takes nothing more, as a sentence; None where it has room, or no limit."""
    used, limit = int(facts.get("used_memory", 0)), int(facts.get("maxmemory", 0))
    if not limit or used < _FULL * limit:
        return None
    return f"Redis has used {used / 1e6:.1f} of its {limit / 1e6:.1f} MB and takes nothing more: raise maxmemory"


def drift(facts: Mapping[str, Any], now_s: float) -> Iterator[Risk]:
    """A server in another time."""
    apart_s = abs(facts.get(TIME_S, now_s) - now_s)
    if apart_s > GREATEST_DRIFT_S:
        yield Risk(
            "clock",
            "the clock",
            f"{apart_s:.0f} s away from that of Redis",
            "reports at work look lost and are read again",
            f"at most {GREATEST_DRIFT_S:.0f} s; use NTP on both machines",
        )


def clock(now: datetime) -> Iterator[Risk]:
    """A clock that was never set."""
    if now < RELEASED:
        yield Risk(
            "clock",
            "the clock",
            f"at {now.isoformat(timespec='seconds')}",
            "events get a false time, and hand-overs look as if they were made in the future",
            "the present; use NTP",
        )


def of_folders(settings: WatcherSettings) -> list[Risk]:
    """Folders, which exist, on a file system that is not made for them; accepted or not."""
    return [*_inbox(settings), *_state(settings.state)]


def _inbox(settings: WatcherSettings) -> Iterator[Risk]:
    if not os.access(settings.inbox, os.W_OK):
        yield Risk(
            "read-only-inbox",
            f"the inbox {settings.inbox.absolute()}",
            f"not to be written by user {os.getuid()}",
            "read files stay there for ever, and nothing but the ledger knows that they are done",
            "its owner or mode changed, or another folder in ZHIBIAO_INBOX",
        )
    elif settings.settle_unknown_s < LEAST_QUIET_S and not has_leases(settings.inbox):
        yield Risk(
            "short-quiet-time",
            "ZHIBIAO_SETTLE_UNKNOWN_S",
            f"{settings.settle_unknown_s:g}, and on the inbox's file system nobody can tell who still writes a file",
            "files are read before they are whole",
            f"at least {LEAST_QUIET_S:g}, or files that are renamed in",
        )


def _state(state: Path) -> Iterator[Risk]:
    if kind := network_type(bytes(state.absolute())):
        yield Risk(
            "remote-state",
            f"the file system of the state folder {state.absolute()}",
            kind,
            "the ledger's write-ahead log and its locks do not work across machines, and it can be destroyed",
            "a folder on a disk of this machine, in ZHIBIAO_STATE",
        )


def has_leases(folder: Path) -> bool:
    """Whether the kernel can tell, in this folder, that some program still writes a file."""
    ignore_lease_breaks()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=PROBE_PREFIX) as written:
        descriptor = os.open(written.name, os.O_RDONLY)
        try:
            return probe_writer(descriptor) == "held"
        finally:
            os.close(descriptor)
