"""Where Redis is, for commands that talk to a service that runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from delivery import connect
from delivery.settings import SharedSettings
from zhibiao.exits import Failed
from zhibiao.running import embedded
from zhibiao.settings import BadSettings


def named_redis(settings: SharedSettings) -> str | None:
    """URL of the Redis that the settings name; None where they name none.

    Raises:
        BadSettings: it is no URL of a Redis.
    """
    if settings.redis_url is None:
        return None
    url = settings.redis_url.get_secret_value()
    try:
        connect.connect(url).close()
    except ValueError:
        forms = "redis://host:port/db, rediss:// or unix:///path would be right"
        raise BadSettings(f"ZHIBIAO_REDIS_URL: {connect.redacted(url)}: {forms}") from None
    return url


def find_redis(settings: SharedSettings) -> str | None:
    """URL of the Redis that the settings name, else of the private one that a service runs here; None for neither.

    Raises:
        BadSettings: as :func:`named_redis`.
    """
    return named_redis(settings) or embedded.running_url(settings.state)


@contextmanager
def connected(settings: SharedSettings) -> Iterator[connect.Client]:
    """A client of the service's Redis.

    Raises:
        Failed: there is none, it does not answer, or it goes away.
    """
    url = find_redis(settings)
    if url is None:
        raise Failed(
            f"no service runs over {settings.state.absolute()}: start it with `zhibiao up`, "
            "or set ZHIBIAO_REDIS_URL or ZHIBIAO_STATE as it has them"
        )
    try:
        with connect.connect(url, settings.site) as client:
            client.ping()
            yield client
    except connect.UNREACHABLE as error:
        raise Failed(f"Redis at {connect.redacted(url)}: {error}; `zhibiao doctor` looks closer") from error
