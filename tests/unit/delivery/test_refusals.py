"""A server that refuses even the library's own PING is one that cannot be used now, and no mistake of ours."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from delivery.connect import Refused, connect_briefly


class _Refusing(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            words = [self.rfile.readline() + self.rfile.readline() for _ in range(int(line[1:]))]
            is_ping = b"PING" in words[0].upper()
            self.wfile.write(self.server.answer if is_ping else b"+OK\r\n")  # type: ignore[attr-defined]


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


@pytest.mark.parametrize("command", ["PING", "GET"])
def test_a_refused_ping_is_a_refusal(url: str, command: str) -> None:
    client = connect_briefly(url)
    with pytest.raises(Refused, match=r"MISCONF|NOREPLICAS"):
        client.execute_command(command, *(["key"] if command == "GET" else []))
