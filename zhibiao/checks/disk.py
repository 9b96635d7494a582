"""The folders: there, writable, on one file system, with room, and with a watch that works."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from watcher import folders, risks
from watcher.ledger.database import fault_of
from watcher.risks import Risk
from watcher.running.damage import FILE_NAME
from watcher.seeing.inflow import Inflow
from watcher.seeing.mounts import has_silent_part
from watcher.seeing.observe import observe
from watcher.settings import WatcherSettings
from zhibiao.checks.check import Check, fail, ok, warn, weighed
from zhibiao.wording import fault, say, told

LITTLE_BYTES = 1_000_000_000
TOO_LITTLE_BYTES = 100_000_000
#: A hidden name, which the watcher leaves alone.
CANARY_PREFIX = ".zhibiao-canary-"
CANARY_WAIT_S = 3.0
CANARY_EVENTS = 10_000


def look(settings: WatcherSettings) -> Iterator[Check]:
    """All checks of the folders that there are."""
    named = folders.named(settings)
    missing = [name for name, folder in named.items() if not folder.exists()]
    if refused := [named[name] for name in missing if folders.unmakable(named[name])]:
        seen = say("seen.folders_unmakable", user=os.getuid(), folders=", ".join(map(str, refused)))
        yield fail("folders", seen, say("advice.folders_unmakable"))
    elif missing:
        seen = ", ".join(f"{name} ({named[name]})" for name in missing)
        yield warn("folders", say("seen.folders_missing", folders=seen), say("advice.folders_missing"))
    problems = [problem for problem in folders.faults(settings) if problem.split()[0] not in missing]
    if problems:
        yield fail("folders", "; ".join(map(told, problems)), say("advice.folders_faulty"))
    elif not missing:
        yield ok("folders", ", ".join(f"{name} {folder}" for name, folder in named.items()))
    there = {name: folder for name, folder in named.items() if name not in missing}
    if "state" in there and (check := ledger(there["state"])):
        yield check
    disks = {folder.stat().st_dev: folder for folder in there.values()}
    yield from (room(folder) for folder in disks.values())
    if missing or problems:
        return
    found = {risk.code: risk for risk in risks.of_folders(settings)}
    yield state(settings, found.get("remote-state"))
    yield file_system(there["inbox"])
    if risk := found.get("read-only-inbox"):
        yield weighed("inbox", risk, settings)
        return
    yield lease(settings, found.get("short-quiet-time"))
    yield canary(there["inbox"])
    yield from (move(there["inbox"], there[name], name) for name in ("processed", "quarantine"))


def ledger(state: Path) -> Check | None:
    """The ledger's pages fit together; None where there is none yet."""
    if not (state / FILE_NAME).exists():
        return None
    if fault := fault_of(state):
        seen, _, advice = fault.partition("; ")
        return fail("ledger", told(seen), told(advice) or say("advice.ledger"))
    return ok("ledger", say("seen.ledger", file=state / FILE_NAME))


def room(folder: Path) -> Check:
    """The folder's file system has room."""
    free = shutil.disk_usage(folder).free
    seen = say("seen.room", free=f"{free / 1e9:.1f}", folder=folder)
    advice = say("advice.room")
    if free < TOO_LITTLE_BYTES:
        return fail("room", seen, advice)
    return warn("room", seen, advice) if free < LITTLE_BYTES else ok("room", seen)


def file_system(inbox: Path) -> Check:
    """The inbox's file system raises events for changes."""
    if has_silent_part(bytes(inbox)):
        return warn("file system", say("seen.no_events"), say("advice.file_system"))
    return ok("file system", say("seen.events"))


def state(settings: WatcherSettings, risk: Risk | None) -> Check:
    """The ledger lies on this machine."""
    return weighed("state", risk, settings) if risk else ok("state", say("seen.state"))


def lease(settings: WatcherSettings, risk: Risk | None) -> Check:
    """The kernel can tell whether some program still writes a file."""
    if risk:
        return weighed("lease", risk, settings)
    if risks.has_leases(settings.inbox):
        return ok("lease", say("seen.lease"))
    advice = say("advice.lease", seconds=f"{settings.settle_unknown_s:g}")
    return warn("lease", say("seen.no_lease"), advice)


def canary(inbox: Path) -> Check:
    """A file that is made in the inbox is told to us."""
    inflow = Inflow(CANARY_EVENTS)
    try:
        observer = observe(bytes(inbox.absolute()), inflow)
    except OSError as error:
        return warn("canary", say("seen.no_watch", why=fault(error)), say("advice.canary_unwatched"))
    try:
        with tempfile.NamedTemporaryFile(dir=inbox, prefix=CANARY_PREFIX) as made:
            noticed = _hears_of(os.fsencode(Path(made.name).name), inflow, time.monotonic() + CANARY_WAIT_S)
    finally:
        observer.stop()
    if noticed:
        return ok("canary", say("seen.canary"))
    return warn("canary", say("seen.canary_silent", seconds=f"{CANARY_WAIT_S:g}"), say("advice.canary_silent"))


def move(inbox: Path, target: Path, name: str) -> Check:
    """A file can be renamed from the inbox into the folder that it is filed in."""
    source = tempfile.NamedTemporaryFile(dir=inbox, prefix=CANARY_PREFIX, delete=False)  # noqa: SIM115
    source.close()
    goal = target / Path(source.name).name
    try:
        os.rename(source.name, goal)
    except OSError as error:
        seen = say("seen.no_move", why=fault(error))
        return warn(f"move to {name}", seen, say("advice.move"))
    finally:
        Path(source.name).unlink(missing_ok=True)
        goal.unlink(missing_ok=True)
    return ok(f"move to {name}", say("seen.move"))


def count_folders(inbox: Path) -> int:
    """How many folders there are to watch, the inbox itself included."""
    return sum(1 for _ in os.walk(inbox)) or 1


def _hears_of(name: bytes, inflow: Inflow, deadline_s: float) -> bool:
    while (left_s := deadline_s - time.monotonic()) > 0:
        inflow.wait(left_s)
        if any(path == name for path, _kind in inflow.drain()):
            return True
    return False
