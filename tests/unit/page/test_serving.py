"""The page's port."""

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from page import __main__ as process
from page import extra, serving
from page.serving import PortTaken, serve
from page.settings import PageSettings
from tests.unit.page.conftest import settings_over


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    """A port that another program has."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def test_a_taken_port_is_said_with_what_would_help(taken: socket.socket, tmp_path: Path) -> None:
    port = taken.getsockname()[1]

    with pytest.raises(PortTaken, match=rf"port {port} of 127.0.0.1 is taken .*ZHIBIAO_PAGE_PORT"):
        serve(settings_over(tmp_path, page_port=port))


def test_as_a_part_of_a_service_it_waits_for_the_port(
    taken: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said once, and served as soon as it is free."""
    looked = threading.Event()
    monkeypatch.setattr(serving, "_PORT_AGAIN_S", 0.01)
    said: list[Any] = []
    monkeypatch.setattr(serving._log, "error", lambda message, **more: (said.append((message, more)), looked.set()))
    settings = settings_over(tmp_path, page_port=taken.getsockname()[1])
    found: list[socket.socket] = []
    waiting = threading.Thread(target=lambda: found.append(serving._bound(settings, waits=True)))

    waiting.start()
    assert looked.wait(60)
    taken.close()
    waiting.join(60)

    [(message, more)] = said
    assert (message, more["then"]) == ("port_taken", "it is tried again until it is free")
    assert f"port {settings.page_port} of 127.0.0.1 is taken by another program" in more["what"]
    with found[0]:
        assert found[0].getsockname()[1] == settings.page_port


def test_an_address_of_another_machine_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="assign"):
        serve(settings_over(tmp_path, page_address="192.0.2.1", page_token="t" * 40))


def test_how_it_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In our own log, without telling what serves, by no word of whoever asks, and with an end to waiting."""
    served: list[serving._Server] = []
    monkeypatch.setattr(serving._Server, "run", lambda self, sockets: served.append(self))
    monkeypatch.setattr(serving, "_bound", lambda *_, waits: nullcontext())
    frozen: list[int] = []
    monkeypatch.setattr(serving.gc, "freeze", lambda: frozen.append(1))
    with capture_logs() as lines:
        serve(settings_over(tmp_path, page_port=8123))
    config = served[0].config

    assert frozen == [1]
    assert lines == [{"event": "serving", "log_level": "info", "address": "http://127.0.0.1:8123/"}]

    assert (config.log_config, config.log_level, config.access_log) == (None, "warning", False)
    assert (config.server_header, config.proxy_headers, config.lifespan, config.ws) == (False, False, "on", "none")
    assert (config.timeout_graceful_shutdown, config.h11_max_incomplete_event_size) == (3, 64_000)


def test_the_live_pages_are_closed_before_it_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would keep it waiting."""
    done: list[str] = []
    monkeypatch.setattr(serving.uvicorn.Server, "handle_exit", lambda *_: done.append("stopped"))
    server = serving._Server(serving.uvicorn.Config(lambda: None), lambda: done.append("closed"))

    server.handle_exit(2, None)

    assert done == ["closed", "stopped"]


def test_what_a_process_left_half_written_is_swept_before_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_over(tmp_path)
    left = settings.inbox / ".zhibiao-page-1.part"
    left.touch()
    os.utime(left, (1, 1))
    monkeypatch.setattr(serving._Server, "run", lambda *_, **__: None)
    monkeypatch.setattr(serving, "_bound", lambda *_, waits: nullcontext())
    monkeypatch.setattr(serving.gc, "freeze", lambda: None)
    serve(settings)

    assert not left.exists()


def test_a_part_of_a_service_logs_as_one_and_waits_for_its_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A setting that cannot be used ends it with 2, and is named."""
    done: list[Any] = []
    monkeypatch.setattr(process.logs, "configure", lambda settings, name: done.append((settings.page_port, name)))
    monkeypatch.setattr(process, "serve", lambda settings, *, waits: done.append((settings.page_port, waits)))
    monkeypatch.setenv("ZHIBIAO_PAGE_PORT", "8123")
    process.main()
    assert done == [(8123, "page"), (8123, True)]

    monkeypatch.setenv("ZHIBIAO_PAGE_PORT", "0")
    with pytest.raises(SystemExit) as ended:
        process.main()
    assert ended.value.code == 2
    assert re.match(r"page: .*ZHIBIAO_PAGE_PORT", capsys.readouterr().err, re.DOTALL)
    assert len(done) == 2


@pytest.mark.parametrize("wrong", [{"page_token": "t" * 31}, {"page_port": 0}, {"page_port": 65_536}])
def test_settings_that_cannot_be_used_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PageSettings(_env_file=None, **wrong)
    plain = PageSettings(_env_file=None)
    assert (plain.page_address, plain.page_port, plain.page_token, plain.page_hosts) == ("127.0.0.1", 8480, None, "")


@pytest.mark.parametrize("gone", ["starlette", "uvicorn", "jinja2", "python_multipart", ""])
def test_what_the_page_needs_is_looked_for(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == gone else object())

    assert extra.missing() == ((gone,) if gone else ())
