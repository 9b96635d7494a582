"""A server that refuses even the library's own PING is one that cannot be used now, and no mistake of ours."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from delivery.connect import Client, Refused, connect_briefly


class _Refusing(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            words = [self.rfile.readline() + self.rfile.readline() for _ in range(int(line[1:]))]
            name = words[0].split()[-1].upper()
            answers = {b"PING": self.server.answer, b"HELLO": b"%1\r\n+proto\r\n:3\r\n"}  # type: ignore[attr-defined]
            self.wfile.write(answers.get(name, b"+OK\r\n"))


@pytest.fixture(
    params=[
        "MISCONF Errors writing to the AOF file: No space left on device",
        "NOREPLICAS Not enough good replicas to write.",
    ]
)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Refusing) as server:
        server.daemon_threads = True
        server.answer = f"-{request.param}\r\n".encode()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.ping(),
        lambda client: client.get("key"),
        lambda client: client.pipeline().set("key", "1").execute(),
        lambda client: client.pubsub().subscribe("channel"),
    ],
    ids=["ping", "get", "pipeline", "subscribe"],
)
def test_a_refused_ping_is_a_refusal(url: str, ask: Callable[[Client], Any]) -> None:
    with pytest.raises(Refused, match=r"MISCONF|NOREPLICAS"):
        ask(connect_briefly(url))
