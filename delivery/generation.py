"""A name for what Redis holds, changed whenever Redis is found to have lost some of it."""

from typing import cast

import redis

from delivery.connect import names_of


def current(client: redis.Redis) -> str | None:
    """The generation's name; None where Redis is new, or empty again."""
    return cast("str | None", client.get(names_of(client).generation_key))


def begin(client: redis.Redis, generation: str, instead_of: str | None) -> None:
    """Begin a generation. One that somebody else has begun in the place of none is left alone."""
    client.set(names_of(client).generation_key, generation, nx=instead_of is None)
