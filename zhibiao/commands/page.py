"""``zhibiao page``: the page alone, over a service that runs here, or over what one has left."""

from functools import partial

from delivery import logs
from page import extra
from page.settings import PageSettings, address_of
from zhibiao.exits import Failed
from zhibiao.running.redis_address import find_redis


def page(settings: PageSettings) -> None:
    """Serve until stopped.

    Raises:
        Failed: the extra is not installed, or the port is taken, or the address is none of this machine.
    """
    if missing := extra.missing():
        raise Failed(f"the page needs {', '.join(missing)}: {extra.INSTALL}")
    from page.serving import PortTaken, serve

    logs.configure(settings, "page")
    try:
        serve(settings, partial(find_redis, settings))
    except PortTaken as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{address_of(settings)}: {error.strerror or error}; mend ZHIBIAO_PAGE_ADDRESS") from error
