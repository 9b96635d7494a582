"""The service as the page's rooms ask it: what is looked at, how often, and what stands for what cannot be had."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis

from page import service as module
from page.service import Fresh, Service
from page.settings import PageSettings
from store.views import NoStore
from watcher.running.damage import UnusableLedger


@pytest.fixture
def settings(tmp_path: Path) -> PageSettings:
    folders = {name: tmp_path / name for name in ("inbox", "processed", "quarantine", "state")}
    return PageSettings.model_validate({"redis_url": "redis://h:1/0", "site": "gz", "max_file_bytes": 7, **folders})


def failing(error: Exception | None, found: Any) -> Any:
    def call(*_: object, **__: object) -> Any:
        if error:
            raise error
        return found

    return call


def test_a_look_holds_for_a_second_and_a_failure_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    now, looks = [50.0], [0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def look() -> int:
        looks[0] += 1
        if looks[0] == 1:
            raise OSError("odd")
        return looks[0]

    fresh = Fresh(look)
    with pytest.raises(OSError, match="odd"):
        fresh()
    assert [fresh() for now[0] in (50.0, 51.0, 51.1, 51.2)] == [2, 2, 3, 3]
    fresh.forget()
    assert fresh() == 4
    longer = Fresh(look, 5.0)
    assert [longer() for now[0] in (60.0, 65.0, 65.1)] == [5, 5, 6]


def test_each_room_s_look_is_kept_under_its_name(settings: PageSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: 50.0))
    service = Service(settings)
    assert [service.fresh(name, lambda n=name: n) for name in ("a", "b", "a")] == ["a", "b", "a"]  # type: ignore[misc]
    assert service.fresh("a", lambda: "other") == "a"


@pytest.mark.parametrize(
    ("error", "overview", "failures"),
    [
        (None, "found", ("some", 3)),
        (FileNotFoundError("no ledger"), None, ([], 0)),
        (UnusableLedger("it is damaged"), {"ledger": "it is damaged"}, ([], 0)),
    ],
)
def test_a_ledger_that_cannot_be_asked_is_what_is_wrong(
    settings: PageSettings, monkeypatch: pytest.MonkeyPatch, error: Exception | None, overview: Any, failures: Any
) -> None:
    """And where there is none, no service has ever run."""
    asked: list[Any] = []
    monkeypatch.setattr(
        module.whereabouts, "overview", lambda *a, **o: asked.append((a, o)) or failing(error, "found")()
    )
    monkeypatch.setattr(
        module.whereabouts, "in_quarantine", lambda *a: asked.append(a) or failing(error, ("some", 3))()
    )
    monkeypatch.setattr(module.whereabouts, "taken_back", lambda *_: failing(error, ("some", 3))())
    service = Service(settings)
    assert service.taken_back() == failures
    found = service.overview()

    assert (getattr(found, "alarms", found), service.failures()) == (overview, failures)
    assert asked == [((service.watching,), {"limit": 20}), (service.watching, 50)]
    if isinstance(overview, dict):
        assert found is not None
        assert (found.counts, found.watcher) == ({}, "not known")


@pytest.mark.parametrize(
    ("url", "answer", "has_redis"),
    [
        ("redis://h/0", True, True),
        ("redis://h/0", False, False),
        ("redis://h/0", redis.ConnectionError("away"), False),
        ("redis://h/0", redis.ResponseError("NOPERM"), False),
        (None, True, False),
    ],
)
def test_redis_is_there_where_it_answers(
    settings: PageSettings, monkeypatch: pytest.MonkeyPatch, url: str | None, answer: Any, *, has_redis: bool
) -> None:
    asked: list[Any] = []

    class Client:
        def __enter__(self) -> "Client":
            return self

        def __exit__(self, *_: object) -> None:
            asked.append("closed")

        def ping(self) -> Any:
            return failing(answer if isinstance(answer, Exception) else None, answer)()

    monkeypatch.setattr(module, "connect_briefly", lambda url, site: asked.append((url, site)) or Client())
    assert Service(settings, lambda: url).has_redis() is has_redis
    assert asked == ([("redis://h/0", "gz"), "closed"] if url else [])


@pytest.mark.parametrize("is_there", [True, False])
def test_a_store_is_there_where_it_opens(
    settings: PageSettings, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """And is closed again."""
    asked: list[Any] = []
    opened = SimpleNamespace(close=lambda: asked.append("closed"))
    error = None if is_there else NoStore("none")
    monkeypatch.setattr(module, "Views", lambda file: asked.append(file) or failing(error, opened)())
    assert Service(settings).has_store() is is_there
    assert asked == [settings.state / "store.sqlite", *(["closed"] if is_there else [])]


def test_the_page_looks_where_its_settings_say(settings: PageSettings) -> None:
    """At the Redis that is named, and over the watcher's folders with what these settings share."""
    service = Service(settings)
    assert service.find_redis() == "redis://h:1/0"
    assert Service(settings.model_copy(update={"redis_url": None})).find_redis() is None
    assert (service.watching.inbox, service.watching.site, service.watching.max_file_bytes) == (settings.inbox, "gz", 7)
    assert service.watching.state == settings.state
