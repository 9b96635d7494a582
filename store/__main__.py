"""``python -m store``: follows the record and keeps the store up to date."""

import structlog

from delivery import logs, relay
from delivery.settings import SharedSettings
from store.rebuild import rebuild
from store.writing import Store, StoreInUse, is_usable

#: Its group of consumers, and the name of its alarm.
NAME = "store"
FILE = "store.sqlite"

_log = structlog.get_logger("store")


def main() -> None:
    """Run until stopped; a store that is not there, or of another version, is built from the archive first.

    Raises:
        SystemExit: a setting cannot be used, or another process writes the store; status 2.
    """
    settings = relay.settings_of(SharedSettings)
    if settings.redis_url is None:
        relay.refuse("ZHIBIAO_REDIS_URL is not set; that of the Redis that has the record would be right")
    logs.configure(settings, NAME)
    file = settings.state / FILE
    try:
        is_new = not is_usable(file)
        if is_new:
            count, unread = rebuild(file, settings.processed)
            _log.info("built", reports=count, unread=len(unread))
        store = Store(file)
    except StoreInUse as error:
        relay.refuse(str(error))
    try:
        relay.serve(settings.redis_url.get_secret_value(), settings.site, str(file), NAME, store, anew=is_new)
    finally:
        store.close()


if __name__ == "__main__":
    main()
