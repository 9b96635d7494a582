"""Where Redis is, for commands that talk to a service that runs."""

from delivery import connect
from delivery.settings import SharedSettings
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
