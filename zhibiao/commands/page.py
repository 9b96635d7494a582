"""``zhibiao page``: the page alone, over a service that runs here, or over what one has left."""

from functools import partial

from delivery import logs
from page import extra
from page.settings import PageSettings, address_of
from zhibiao.exits import Failed
from zhibiao.running.redis_address import find_redis
from zhibiao.wording import fault, say


def page(settings: PageSettings) -> None:
    """Serve until stopped.

    Raises:
        Failed: the extra is not installed, or the port is taken, or the address is none of this machine.
    """
    if missing := extra.missing():
        raise Failed(say("why_not.no_page", missing=", ".join(missing), install=extra.INSTALL))
    from page.serving import PortTaken, serve

    logs.configure(settings, "page")
    try:
        serve(settings, partial(find_redis, settings))
    except PortTaken as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(say("why_not.no_address", address=address_of(settings), error=fault(error))) from error
