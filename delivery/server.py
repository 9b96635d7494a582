"""What a Redis server says of itself: how it keeps its data, and its clock."""

from collections.abc import Callable
from functools import partial
from typing import Any

import redis

from delivery.connect import UNREACHABLE, connect_briefly

#: Keys of ``facts`` that come from the configuration.
SAVE_POINTS, STOPS_WRITES = "save", "stop-writes-on-bgsave-error"
TIME_S = "time_s"
_QUICK_S = 5.0


def facts(client: redis.Redis) -> dict[str, Any]:
    """The fields of INFO, ``time_s`` (the server's Unix time), and two settings of a server without append-only file.

    What this user may not ask, or what a hosted server does not know, is left out.
    """
    found: dict[str, Any] = {**_allowed(client.info)}
    if now := _allowed(client.time):
        found[TIME_S] = now[0] + now[1] / 1e6
    if not found.get("aof_enabled"):  # else nobody needs to be allowed to read the configuration
        for name in (SAVE_POINTS, STOPS_WRITES):
            found.update(_allowed(partial(client.config_get, name)))
    return found


def facts_now(url: str) -> dict[str, Any] | None:
    """The same of the server at ``url``; None where it is away just now."""
    with connect_briefly(url, _QUICK_S) as client:
        try:
            return facts(client)
        except UNREACHABLE:
            return None


def _allowed(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except redis.ResponseError as error:
        if isinstance(error, UNREACHABLE):
            raise
        return {}
