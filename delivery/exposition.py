"""Serves a process's numbers to Prometheus: ``/metrics`` over HTTP, for watcher and worker."""

from threading import Thread
from typing import Self
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, disable_created_metrics, start_http_server

_STOP_S = 2.0

_log = structlog.get_logger("delivery.exposition")


class Exposition:
    """A server thread over a registry, from :meth:`start` to :meth:`stop`."""

    def __init__(self, server: WSGIServer, thread: Thread) -> None:
        self._server = server
        self._thread = thread

    @classmethod
    def start(cls, registry: CollectorRegistry, address: str, port: int) -> Self | None:
        """Serve from now on. None, and a line in the log, where that cannot be: measuring must not end the work."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of which nobody asks anything
        try:
            server, thread = start_http_server(port, address, registry)
        except (OSError, OverflowError) as error:
            _log.error("metrics_not_served", address=address, port=port, why=str(error))
            return None
        _log.info("metrics_served", address=address, port=port)
        return cls(server, thread)

    def stop(self) -> None:
        """End the server and free its port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_STOP_S)
