"""Which parts a service has, and what each is told."""

from pathlib import Path

import pytest

from page import extra
from zhibiao.commands import page as command
from zhibiao.exits import Failed
from zhibiao.running import supervisor
from zhibiao.running.supervisor import parts_of
from zhibiao.settings import ServiceSettings

TOKEN = "t" * 40


def parts(monkeypatch: pytest.MonkeyPatch, **settings: object) -> dict[str, dict[str, str]]:
    """The parts by name, with their environment."""
    monkeypatch.setenv("ZHIBIAO_PAGE_TOKEN", TOKEN)
    made = parts_of(ServiceSettings(_env_file=None, workers=1, **settings), "redis://localhost/0")  # type: ignore[arg-type]
    return {part.name: dict(part._environ) for part in made}


def test_a_service_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(parts(monkeypatch)) == ["watcher", "worker1", "store", "page"]
    assert list(parts(monkeypatch, page=False, store=False)) == ["watcher", "worker1"]


def test_the_token_is_the_page_s_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads strangers' documents has no use for it."""
    found = parts(monkeypatch)

    assert [name for name, environ in found.items() if TOKEN in environ.values()] == ["page"]


def test_without_the_extra_there_is_none_and_the_command_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extra, "missing", lambda: ("starlette", "uvicorn"))

    assert "page" not in parts(monkeypatch)
    with pytest.raises(Failed, match=r"starlette, uvicorn: pip install 'zhibiao\[page\]'"):
        command.page(command.PageSettings(_env_file=None, state=tmp_path))


def test_the_page_is_stopped_after_what_it_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the relays and the store, when watcher and workers have ended."""
    stopped: list[list[str]] = []
    made = parts_of(ServiceSettings(_env_file=None, workers=1), "redis://localhost/0")
    service = supervisor.Supervisor(ServiceSettings(_env_file=None), None, made, supervisor.SimpleQueue())
    monkeypatch.setattr(service, "_wait_for", lambda stage, _deadline: stopped.append([part.name for part in stage]))

    service._drain()

    assert stopped == [["watcher"], ["worker1"], ["store", "page"]]
