"""Does a service run here? The one answer, for every command that asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from delivery import connect
from delivery.settings import SharedSettings
from watcher.health import alive
from zhibiao.exits import Failed
from zhibiao.running import embedded
from zhibiao.running.redis_address import named_redis
from zhibiao.wording import say

State = Literal["running", "no_watcher", "no_redis", "redis_silent", "not_running"]


@dataclass(frozen=True)
class Presence:
    """What was found: the watcher's process and the URL of its Redis, None where there is none."""

    folder: Path
    pid: int | None
    redis: str | None
    answers: bool

    @property
    def state(self) -> State:
        """In one word, for programs."""
        if self.redis and not self.answers:
            return "redis_silent"
        if self.pid is not None:
            return "running" if self.redis else "no_redis"
        return "no_watcher" if self.redis else "not_running"

    def __str__(self) -> str:
        redis = connect.redacted(self.redis) if self.redis else ""
        return say(f"service.{self.state}", state=self.folder, pid=self.pid, redis=redis)


def look(settings: SharedSettings, now: float) -> Presence:
    """Look for a watcher over the state folder and for its Redis; ``now`` is Unix time.

    Raises:
        BadSettings: ZHIBIAO_REDIS_URL is no URL of a Redis.
    """
    watcher = alive(settings.state, now)
    redis = named_redis(settings) or embedded.listening_url(settings.state)
    answers = redis is not None and connect.answers(redis)
    return Presence(settings.state.absolute(), watcher.pid if watcher else None, redis, answers)


@contextmanager
def connected(settings: SharedSettings, found: Presence | None = None) -> Iterator[connect.Client]:
    """A client of the service's Redis; ``found`` is what a look has found, where there was one.

    Raises:
        Failed: there is none, it does not answer, or it goes away.
    """
    found = found or look(settings, time.time())
    if found.redis is None:
        raise Failed(str(found))
    try:
        if not found.answers:  # one that hangs is not waited for as long as a command may take
            with connect.connect_briefly(found.redis, site=settings.site) as first:
                first.ping()
        with connect.connect(found.redis, settings.site) as client:
            client.ping()
            yield client
    except connect.FAULTS as error:
        raise Failed(f"{say('service.redis_silent', redis=connect.redacted(found.redis))}: {error}") from error
