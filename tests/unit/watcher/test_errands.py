"""Requests that lie in the state folder, and the observer of systems without inotify: what each is told as."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from watchdog import events

from watcher.asking import errands as module
from watcher.asking.errands import ALARM, Errands
from watcher.running.alarms import Alarms
from watcher.seeing import any_observer, observe
from watcher.seeing.inflow import Inflow


class Bench:
    """Requests of these files; those of ``partly`` are not whole yet, those of ``errors`` cannot be read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = [folder / name for name in ("a", "b")]
        for file in self.files:
            file.touch()
        self.partly: set[str] = set()
        self.errors: dict[str, Exception] = {}
        self.taken: list[str] = []
        self.has_more = False
        self.alarms = Alarms(lambda: 0.0)
        monkeypatch.setattr(module.requests, "pending", lambda _: [file for file in self.files if file.exists()])
        monkeypatch.setattr(module.requests, "read", self._read)
        errand: Any = SimpleNamespace(take_up=self._take_up, work=lambda: self.has_more)
        self.errands = Errands(folder, {"reprocess": errand}, self.alarms)

    def _read(self, file: Path) -> Any:
        if error := self.errors.get(file.name):
            raise error
        return SimpleNamespace(kind="reprocess", name=file.name) if file.name != "none" else None

    def _take_up(self, request: Any) -> bool:
        self.taken.append(request.name)
        return request.name not in self.partly

    def left(self) -> list[str]:
        return [file.name for file in self.files if file.exists()]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_what_was_taken_up_whole_is_gone_and_what_was_not_is_gone_on_with(bench: Bench) -> None:
    """Sooner than a pass that has nothing left, and at once where there is more to do."""
    bench.partly = {"b"}
    assert (bench.errands.work(), bench.taken, bench.left()) == (module.GO_ON_S, ["a", "b"], ["b"])
    bench.has_more = True
    assert bench.errands.work() == 0.0
    bench.partly, bench.has_more = set(), False
    assert (bench.errands.work(), bench.left()) == (module.IDLE_S, [])
    assert module.GO_ON_S < module.IDLE_S
    assert bench.errands.work() == module.IDLE_S


def test_what_is_no_request_goes_away(bench: Bench) -> None:
    bench.files[0] = bench.files[0].rename(bench.files[0].with_name("none"))
    assert (bench.errands.work(), bench.taken, bench.left()) == (module.IDLE_S, ["b"], [])


def test_a_request_that_cannot_be_read_is_told_until_it_can(bench: Bench) -> None:
    """One that somebody has taken back meanwhile is none."""
    bench.errors = {"b": OSError(13, "Permission denied"), "a": FileNotFoundError()}
    assert bench.errands.work() == module.GO_ON_S
    who = "whoever runs the watcher must be able to read and delete it"
    assert bench.alarms.texts() == {ALARM: f"{bench.files[1]}: Permission denied; {who}"}
    bench.errors = {"b": FileNotFoundError()}
    assert bench.errands.work() == module.IDLE_S
    bench.errors = {}
    assert bench.errands.work() == module.IDLE_S
    assert bench.alarms.texts() == {}


@pytest.mark.parametrize(
    ("event", "told", "is_lost"),
    [
        (events.FileCreatedEvent("/in/d/a"), [(b"d/a", "touched")], False),
        (events.FileModifiedEvent("/in/a"), [(b"a", "touched")], False),
        (events.FileDeletedEvent("/in/a"), [(b"a", "gone")], False),
        (events.FileMovedEvent("/in/a", "/in/b"), [(b"a", "gone"), (b"b", "touched")], False),
        (events.FileMovedEvent("/elsewhere/a", "/in/b"), [(b"b", "touched")], False),
        (events.FileMovedEvent("/in/a", "/inner/b"), [(b"a", "gone")], False),
        (events.DirCreatedEvent("/in/d"), [], True),
        (events.DirMovedEvent("/elsewhere/d", "/in/d"), [], True),
        (events.DirDeletedEvent("/in/d"), [], False),
        (events.DirModifiedEvent("/in/d"), [], False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, events.FileSystemEvent) else "",
)
def test_a_folder_that_comes_is_walked_and_a_file_is_told_by_its_path(event: Any, told: Any, *, is_lost: bool) -> None:
    """Of another folder that begins alike nothing is told."""
    inflow = Inflow(9)
    any_observer._Handler(b"/in", inflow).on_any_event(event)
    assert (inflow.drain(), inflow.take_loss()) == (told, is_lost)


@pytest.mark.parametrize(
    ("is_alive", "emitters", "lives"),
    [(True, (True, True), True), (True, (True, False), False), (False, (True,), False)],
)
def test_an_observer_lives_while_all_of_its_threads_do(
    monkeypatch: pytest.MonkeyPatch, emitters: tuple[bool, ...], *, is_alive: bool, lives: bool
) -> None:
    done: list[Any] = []
    made = SimpleNamespace(
        schedule=lambda handler, folder, recursive: done.append((handler._prefix, folder, recursive)),
        start=lambda: done.append("start"), stop=lambda: done.append("stop"), join=lambda: done.append("join"),
        is_alive=lambda: is_alive, emitters=[SimpleNamespace(is_alive=lambda one=one: one) for one in emitters],
    )  # fmt: skip
    monkeypatch.setattr(any_observer, "Observer", lambda: made)
    observer = any_observer.AnyObserver(b"/in", Inflow(1))
    assert (observer.is_alive(), observer.unwatched()) == (lives, 0)
    observer.stop()
    assert done == [(b"/in/", "/in", True), "start", "stop", "join"]


@pytest.mark.parametrize(("platform", "kind"), [("linux", "InotifyObserver"), ("darwin", "AnyObserver")])
def test_each_system_has_its_observer(monkeypatch: pytest.MonkeyPatch, platform: str, kind: str) -> None:
    from watcher.seeing import inotify

    monkeypatch.setattr(observe.sys, "platform", platform)
    for module_, name in ((inotify, "InotifyObserver"), (any_observer, "AnyObserver")):
        monkeypatch.setattr(module_, name, lambda *given, name=name: (name, *given))
    inflow = Inflow(1)
    assert observe.observe(b"/in", inflow) == (kind, b"/in", inflow)
