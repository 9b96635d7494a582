"""Python, packages, clock and the kernel's limits."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from delivery.settings import SharedSettings
from watcher import risks
from watcher.settings import WatcherSettings
from zhibiao.checks.check import Check, fail, ok, warn, weighed
from zhibiao.settings import BadSettings, load
from zhibiao.wording import say

OLDEST_PYTHON = (3, 11)
EXTRAS = ("embedded", "formats", "page", "parquet")
_INOTIFY = Path("/proc/sys/fs/inotify")
#: One watch a folder; others on the machine need some, too.
_SPARE_WATCHES = 1000
_FEW_INSTANCES = 16


def python() -> Check:
    """The interpreter is new enough."""
    seen = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return fail("python", seen, say("advice.python"))
    return ok("python", seen)


def user() -> Check:
    """Whoever reads strangers' documents has few rights."""
    if os.geteuid() == 0:
        return warn("user", "root", say("advice.user"))
    return ok("user", str(os.geteuid()))


def settings(kinds: Sequence[type[SharedSettings]]) -> Check:
    """Every part can use the settings that it will read."""
    try:
        for kind in kinds:
            load(kind)
    except BadSettings as error:
        return fail("settings", str(error), say("advice.settings"))
    return ok("settings", say("seen.settings"))


def packages() -> Check:
    """Every package that the project needs is there in a version that it can use."""
    seen, wrong = [], []
    for requirement in _requirements():
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(say("seen.package_missing", package=requirement.name))
            continue
        seen.append(f"{requirement.name} {version}")
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(
                say("seen.package_wrong", package=f"{requirement.name} {version}", right=requirement.specifier)
            )
    if wrong:
        return fail("packages", "; ".join(wrong), say("advice.packages"))
    return ok("packages", ", ".join(seen))


def extras() -> Check:
    """Which of the optional parts are there."""
    missing = [extra for extra in EXTRAS if not all(map(_is_met, _of_extra(extra)))]
    here = ", ".join(extra for extra in EXTRAS if extra not in missing) or say("seen.no_extras")
    seen = here + (say("seen.extras_missing", extras=", ".join(missing)) if missing else "")
    if "formats" in missing:  # the others say so themselves when they are asked for
        return warn("extras", seen, say("advice.extra_formats"))
    return ok("extras", seen)


def clock(now: datetime, settings: WatcherSettings) -> Check:
    """The wall clock is not plainly wrong; queue and events go by it."""
    if risk := next(risks.clock(now), None):
        return weighed("clock", risk, settings)
    return ok("clock", now.isoformat(timespec="seconds"))


def inotify(folders_to_watch: int) -> Check | None:
    """The kernel's limits let every folder of the inbox be watched; None where there is no inotify."""
    try:
        watches, instances = (
            int((_INOTIFY / name).read_text("ascii")) for name in ("max_user_watches", "max_user_instances")
        )
    except (OSError, ValueError):
        return None
    seen = say("seen.inotify", watches=watches, instances=instances, folders=folders_to_watch)
    if watches < folders_to_watch + _SPARE_WATCHES:
        return warn("inotify", seen, say("advice.inotify_watches"))
    if instances < _FEW_INSTANCES:
        return warn("inotify", seen, say("advice.inotify_instances"))
    return ok("inotify", seen)


def _requirements(extra: str = "") -> Iterator[Requirement]:
    for text in metadata.requires("zhibiao") or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def _of_extra(extra: str) -> list[Requirement]:
    """What an extra adds on this platform."""
    always = set(map(str, _requirements()))
    return [requirement for requirement in _requirements(extra) if str(requirement) not in always]


def _is_met(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False
