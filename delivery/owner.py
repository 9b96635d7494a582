"""Which service the names of a site belong to: the one over the state folder that claimed them first.

Two services under the same names would overwrite each other's reports: the same path is the same document to both.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, cast

import redis

from delivery.connect import names_of

#: How long an owner's sign of life holds.
SIGN_S: Final = 30.0


@dataclass(frozen=True)
class Service:
    """One service: the id of its state folder, which stays with the folder, and where that was seen last."""

    id: str
    host: str
    state: str

    def __str__(self) -> str:
        """For people.

        >>> print(Service("5f0c", "archive-2", "/srv/gz/state"))
        the service over /srv/gz/state on archive-2
        """
        return f"the service over {self.state} on {self.host}"


@dataclass(frozen=True)
class Other:
    """Another service that the names belong to; whether it shows a sign of life, and so runs."""

    service: Service
    is_alive: bool


def claim(client: redis.Redis, service: Service, *, may_replace: bool = False) -> Other | None:
    """Claim the names of the client's site, or renew the claim; gives whose they are, None where they are ours.

    ``may_replace``: also those of an owner that shows no sign of life. Raises one of
    :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    names = names_of(client)
    written = json.dumps(asdict(service), ensure_ascii=False)
    arguments = [service.id, written, str(int(SIGN_S * 1000)), "1" if may_replace else "0"]
    script = client.register_script(_script())
    is_other, found, is_alive = script(keys=[names.owner_key, names.owner_sign_key], args=arguments)
    return Other(_read(found), bool(is_alive)) if is_other else None


def other_than(client: redis.Redis, id_: str | None) -> Other | None:
    """Whose the names are, without claiming them; None where they are nobody's, or of the service with this id."""
    names = names_of(client)
    found = cast("str | None", client.get(names.owner_key))
    if found is None or _read(found).id == id_:
        return None
    return Other(_read(found), bool(client.exists(names.owner_sign_key)))


def release(client: redis.Redis, service: Service) -> None:
    """Show no sign of life any more; the names stay those of the service."""
    names = names_of(client)
    if client.get(names.owner_sign_key) == service.id:
        client.delete(names.owner_sign_key)


def _read(found: str) -> Service:
    try:
        said = json.loads(found)
        return Service(*(str(said[name]) for name in ("id", "host", "state")))
    except (ValueError, LookupError, TypeError):
        return Service("", "an unknown host", "an unknown folder")


@lru_cache(maxsize=1)
def _script() -> str:
    return files("delivery").joinpath("claim_owner.lua").read_text("utf-8")
