"""The server: there, new enough, keeping what it is given, with a clock like ours."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from delivery import connect, key_kinds, owner, server
from watcher import risks
from watcher.running import identity
from watcher.settings import WatcherSettings
from zhibiao.checks.check import Check, fail, ok, warn, weighed
from zhibiao.running.embedded import OLDEST_SERVER, EmbeddedRedisError, choose_binary, moved_aside
from zhibiao.wording import say, told, word_for

GREATEST_DRIFT_S = 5.0
_NEARLY_FULL = 0.9


def look(url: str | None, settings: WatcherSettings, now_s: float) -> Iterator[Check]:
    """All checks of the server at ``url``; None: of the program that `zhibiao up` would start. ``now_s`` is Unix time."""
    if found := moved_aside(settings.state):
        seen = say("seen.moved_aside", files=", ".join(map(str, found)))
        yield warn("redis data", seen, say("advice.redis_data"))
    if url is None:
        yield binary(settings.state)
        return
    try:
        with connect.connect(url, settings.site) as client:
            checks = [*_server(client, settings, url, now_s)]
            other = owner.other_than(client, identity.known_id(settings.state))
    except connect.FAULTS as error:
        yield _away(url, error)
        return
    yield from checks
    yield belonging(other, settings, url)


def look_from_worker(url: str | None, settings: WatcherSettings, now_s: float) -> Iterator[Check]:
    """The same from where a worker runs alone: it starts no server, and whose the names are is the watcher's to know."""
    if url is None:
        yield fail("redis", say("seen.redis_unset"), say("advice.redis_unset"))
        return
    try:
        with connect.connect(url, settings.site) as client:
            checks = [*_server(client, settings, url, now_s)]
    except connect.FAULTS as error:
        yield _away(url, error)
        return
    yield from checks


def _away(url: str, error: Exception) -> Check:
    """It is not there, or says itself why it does not serve: each word of its own wants something else done."""
    seen = f"{connect.redacted(url)}: {error}"
    word = connect.refused_with(error)
    return fail("redis", seen, word_for("advice", f"redis_{word.lower()}") if word else say("advice.redis_away"))


def _server(client: connect.Client, settings: WatcherSettings, url: str, now_s: float) -> Iterator[Check]:
    facts = server.facts(client)
    odd = key_kinds.wrong_kinds(client)
    yield version(facts, connect.redacted(url))
    if facts.get("loading"):
        yield fail("redis", say("seen.loading"), say("advice.redis_loading"))
    if facts.get("role") == "slave":
        yield fail("redis", say("seen.replica"), say("advice.redis_readonly"))
    yield persistence(facts, settings)
    yield eviction(facts, settings)
    yield memory(facts)
    if odd:
        yield fail("keys", "; ".join(odd), say("advice.keys"))
    yield drift(facts, settings, now_s)


def belonging(other: owner.Other | None, settings: WatcherSettings, url: str) -> Check:
    """What is under this site's names is this service's."""
    if other is None:
        return ok("site", settings.site or say("seen.no_site"))
    seen, _, advice = identity.in_words(other, settings.site, url).partition("; ")
    if not other.is_alive and identity.may_replace(settings, url):
        return warn("site", told(seen), say("advice.site_replaced", service=other.service))
    return fail("site", told(seen), told(advice))


def binary(state: Path) -> Check:
    """There is a server program to start."""
    try:
        found = choose_binary(state.absolute() / "redis")
    except EmbeddedRedisError as error:
        return fail("redis", say("seen.redis_none_possible"), str(error))
    seen = say("seen.redis_none", server=f"{found.flavour} {'.'.join(map(str, found.version))}", path=found.path)
    return ok("redis", seen)


def version(facts: Mapping[str, Any], url: str) -> Check:
    """The server is new enough for Celery."""
    seen = str(facts.get("redis_version", "unknown"))
    oldest = ".".join(map(str, OLDEST_SERVER))
    try:
        is_old = Version(seen) < Version(oldest)
    except InvalidVersion:
        return warn(
            "redis", say("seen.redis_version", version=seen, url=url), say("advice.redis_unknown", oldest=oldest)
        )
    if is_old:
        return fail("redis", say("seen.redis_version", version=seen, url=url), say("advice.redis_old", oldest=oldest))
    return ok(
        "redis",
        say("seen.redis", server=f"{facts.get('server_name', 'redis')} {facts.get('valkey_version', seen)}", url=url),
    )


def persistence(facts: Mapping[str, Any], settings: WatcherSettings) -> Check:
    """What the server is given survives its death."""
    if risk := next(risks.persistence(facts), None):
        return weighed("persistence", risk, settings)
    if not facts.get("aof_enabled"):
        if facts.get("rdb_last_bgsave_status", "ok") != "ok":
            return fail("persistence", say("seen.save_failed"), say("advice.redis_misconf"))
        points = facts.get(server.SAVE_POINTS)
        seen = say("seen.save_points", points=repr(points)) if points else say("seen.save_points_unseen")
        return warn("persistence", seen, say("advice.persistence"))
    if facts.get("aof_last_write_status", "ok") != "ok":
        return fail("persistence", say("seen.aof_failed"), say("advice.persistence_failed"))
    return ok("persistence", say("seen.aof"))


def eviction(facts: Mapping[str, Any], settings: WatcherSettings) -> Check:
    """The server never throws keys away to make room."""
    if risk := next(risks.eviction(facts), None):
        return weighed("eviction", risk, settings)
    policy = str(facts.get("maxmemory_policy", "unknown"))
    if policy == "noeviction":
        return ok("eviction", policy)
    return warn("eviction", say("seen.no_limit", policy=policy), say("advice.eviction"))


def memory(facts: Mapping[str, Any]) -> Check:
    """The server has room."""
    used, limit = int(facts.get("used_memory", 0)), int(facts.get("maxmemory", 0))
    seen = say("seen.memory_of" if limit else "seen.memory", used=f"{used / 1e6:.1f}", limit=f"{limit / 1e6:.1f}")
    if limit and used > _NEARLY_FULL * limit:
        return fail("memory", seen, say("advice.memory"))
    return ok("memory", seen)


def drift(facts: Mapping[str, Any], settings: WatcherSettings, now_s: float) -> Check:
    """The server's clock and ours agree; hand-overs are timed by both."""
    if risk := next(risks.drift(facts, now_s), None):
        return weighed("clocks", risk, settings)
    if server.TIME_S not in facts:
        return warn("clocks", say("seen.no_time"), say("advice.clocks_untold"))
    apart_s = abs(facts[server.TIME_S] - now_s)
    seen = say("seen.apart", seconds=f"{apart_s:.1f}")
    if apart_s > GREATEST_DRIFT_S:
        return warn("clocks", seen, say("advice.clocks"))
    return ok("clocks", seen)
