"""The page served: its port, and the server over it."""

import errno
import gc
import socket
import time
from collections.abc import Callable
from types import FrameType

import structlog
import uvicorn

from page.app import make
from page.live import FindRedis
from page.service import Service
from page.settings import PageSettings, address_of

_PORT_AGAIN_S = 5.0
#: How long a reader's open line may hold up the end.
_GRACE_S = 3
_log = structlog.get_logger("page")


class PortTaken(Exception):
    """Another program has the port; says which setting names another one."""


class _Server(uvicorn.Server):
    """Tells those who listen to steps that it is about to end; else their lines would hold it up."""

    def __init__(self, config: uvicorn.Config, closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._closing()
        super().handle_exit(sig, frame)


def serve(settings: PageSettings, find_redis: FindRedis | None = None, *, waits: bool = False) -> None:
    """Serve until a signal says stop; ``waits`` for a port that is taken, after saying so once.

    Raises:
        PortTaken: it is, and it does not wait.
        OSError: the address is none of this machine.
    """
    listening = _bound(settings, waits=waits)
    app = make(settings, find_redis)
    service: Service = app.state.service
    service.inbox.sweep()
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=_GRACE_S,
        h11_max_incomplete_event_size=64_000,
    )
    _log.info("serving", address=address_of(settings))
    gc.freeze()  # what was imported stays; it need not be looked through again and again
    with listening:
        _Server(config, service.live.close).run(sockets=[listening])


def _bound(settings: PageSettings, *, waits: bool) -> socket.socket:
    has_said = False
    while True:
        try:
            return _bind(settings.page_address, settings.page_port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            taken = PortTaken(
                f"port {settings.page_port} of {settings.page_address} is taken by another program; "
                "ZHIBIAO_PAGE_PORT names another one"
            )
            if not waits:
                raise taken from error
        if not has_said:
            _log.error("port_taken", what=str(taken), then="it is tried again until it is free")
            has_said = True
        time.sleep(_PORT_AGAIN_S)


def _bind(address: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(512)
    except OSError:
        listening.close()
        raise
    return listening
