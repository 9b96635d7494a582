"""The server: there, new enough, keeping what it is given, with a clock like ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from delivery import connect
from zhibiao.checks.check import Check, fail, ok, warn
from zhibiao.embedded import OLDEST_SERVER, EmbeddedRedisError, choose_binary

GREATEST_DRIFT_S = 5.0
_NEARLY_FULL = 0.9


def look(url: str | None, state: Path, now_s: float) -> Iterator[Check]:
    """All checks of the server at ``url``; None: of the program that `zhibiao up` would start. ``now_s`` is Unix time."""
    if url is None:
        yield binary(state)
        return
    client = connect.connect(url)
    try:
        info = client.info()
        seconds, microseconds = client.time()
    except connect.UNREACHABLE as error:
        seen = f"{connect.redacted(url)}: {error}"
        yield fail("redis", seen, "start it, or mend ZHIBIAO_REDIS_URL; unset, `zhibiao up` starts a private one")
        return
    finally:
        client.close()
    yield version(info, connect.redacted(url))
    yield persistence(info)
    yield eviction(info)
    yield memory(info)
    yield drift(seconds + microseconds / 1e6 - now_s)


def binary(state: Path) -> Check:
    """There is a server program to start."""
    try:
        found = choose_binary(state.absolute() / "redis")
    except EmbeddedRedisError as error:
        return fail("redis", "no server runs, and none can be started", str(error))
    seen = f"none runs; `zhibiao up` starts {found.flavour} {'.'.join(map(str, found.version))} ({found.path})"
    return ok("redis", seen)


def version(info: dict[str, Any], url: str) -> Check:
    """The server is new enough for Celery."""
    seen = str(info.get("redis_version", "unknown"))
    oldest = ".".join(map(str, OLDEST_SERVER))
    try:
        is_old = Version(seen) < Version(oldest)
    except InvalidVersion:
        return warn("redis", f"version {seen} at {url}", f"make sure that it can do what Redis {oldest} can")
    if is_old:
        return fail("redis", f"version {seen} at {url}", f"use Redis {oldest} or later, or Valkey")
    return ok("redis", f"{info.get('server_name', 'redis')} {info.get('valkey_version', seen)} at {url}")


def persistence(info: dict[str, Any]) -> Check:
    """What the server is given survives its death."""
    if not info.get("aof_enabled"):
        advice = "set appendonly yes: a server that dies without it loses queued reports and published results"
        return fail("persistence", "no append-only file", advice)
    if info.get("aof_last_write_status", "ok") != "ok":
        return fail("persistence", "the last write to disk failed", "make room on the server's disk")
    return ok("persistence", "append-only file")


def eviction(info: dict[str, Any]) -> Check:
    """The server never throws keys away to make room."""
    policy = str(info.get("maxmemory_policy", "unknown"))
    if policy == "noeviction":
        return ok("eviction", policy)
    limit = int(info.get("maxmemory", 0))
    advice = "set maxmemory-policy noeviction: any other can throw away the queue and the results"
    return fail("eviction", policy, advice) if limit else warn("eviction", f"{policy}, no memory limit set", advice)


def memory(info: dict[str, Any]) -> Check:
    """The server has room."""
    used, limit = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    seen = f"{used / 1e6:.1f} MB used" + (f" of {limit / 1e6:.1f} MB" if limit else "")
    if limit and used > _NEARLY_FULL * limit:
        return fail("memory", seen, "raise maxmemory; a full server takes no results")
    return ok("memory", seen)


def drift(seconds: float) -> Check:
    """The server's clock and ours agree; hand-overs are timed by both."""
    seen = f"{abs(seconds):.1f} s apart"
    if abs(seconds) > GREATEST_DRIFT_S:
        return warn(
            "clocks", seen, "use NTP on both machines: reports might be read twice, though never published twice"
        )
    return ok("clocks", seen)
