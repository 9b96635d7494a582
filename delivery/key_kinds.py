"""What kind of value lies under each key that there is one of: another kind stops whoever uses the key."""

from collections.abc import Iterator
from typing import cast

import redis

from delivery.connect import names_of
from schemas.names import Names


def kinds(names: Names) -> dict[str, str]:
    """The kind of value that belongs under each key."""
    return {
        names.results_stream: "stream",
        names.failures_stream: "stream",
        names.withdrawals_stream: "stream",
        names.outcomes_stream: "stream",
        names.files_stream: "stream",
        names.reviews_stream: "stream",
        names.count_key(names.results_stream): "string",
        names.count_key(names.failures_stream): "string",
        names.count_key(names.withdrawals_stream): "string",
        names.generation_key: "string",
        names.owner_key: "string",
        names.owner_sign_key: "string",
        names.queue_key: "list",
        names.unacked_key: "hash",
        names.unacked_index_key: "zset",
    }


def wrong_kinds(client: redis.Redis) -> list[str]:
    """One sentence for each key that holds another kind of value; what this user may not ask is left out.

    Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    right = kinds(names_of(client))
    with client.pipeline(transaction=False) as pipe:
        for key in right:
            pipe.type(key)
        found = cast("list[object]", pipe.execute(raise_on_error=False))
    return list(_told(right, dict(zip(right, found, strict=True))))


def _told(right: dict[str, str], found: dict[str, object]) -> Iterator[str]:
    for key, kind in found.items():
        if isinstance(kind, str) and kind not in ("none", right[key]):
            yield f"{key} is a {kind} where a {right[key]} belongs: somebody else has put it there; rename or delete it"
