"""What kind of value lies under each key that there is one of: another kind stops whoever uses the key."""

from collections.abc import Iterator
from typing import Final, cast

import redis

from schemas import names

_CELERY = names.CELERY_KEY_PREFIX
KINDS: Final = {
    names.RESULTS_STREAM: "stream",
    names.FAILURES_STREAM: "stream",
    names.OUTCOMES_STREAM: "stream",
    names.FILES_STREAM: "stream",
    names.count_key(names.RESULTS_STREAM): "string",
    names.count_key(names.FAILURES_STREAM): "string",
    names.GENERATION_KEY: "string",
    _CELERY + names.QUEUE: "list",
    _CELERY + "unacked": "hash",
    _CELERY + "unacked_index": "zset",
}


def wrong_kinds(client: redis.Redis) -> list[str]:
    """One sentence for each key that holds another kind of value; what this user may not ask is left out.

    Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    with client.pipeline(transaction=False) as pipe:
        for key in KINDS:
            pipe.type(key)
        found = cast("list[object]", pipe.execute(raise_on_error=False))
    return list(_told(dict(zip(KINDS, found, strict=True))))


def _told(found: dict[str, object]) -> Iterator[str]:
    for key, kind in found.items():
        if isinstance(kind, str) and kind not in ("none", KINDS[key]):
            yield f"{key} is a {kind} where a {KINDS[key]} belongs: somebody else has put it there; rename or delete it"
