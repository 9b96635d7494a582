"""The observers on real folders: what they report, what they cannot watch, and when they are gone."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_for
from watcher.seeing.any_observer import AnyObserver
from watcher.seeing.inflow import Inflow
from watcher.seeing.inotify import InotifyObserver
from watcher.seeing.observe import observe


@pytest.fixture
def inflow() -> Inflow:
    return Inflow(1000)


@pytest.fixture
def watched(tmp_path: Path, inflow: Inflow) -> Iterator[InotifyObserver]:
    observer = InotifyObserver(os.fsencode(tmp_path), inflow)
    yield observer
    observer.stop()


def collected(inflow: Inflow, is_enough: Callable[[list[Any]], bool]) -> list[Any]:
    events: list[Any] = []

    def more() -> bool:
        events.extend(inflow.drain())
        return is_enough(events)

    wait_for(more, what="enough events")
    return events


def test_a_written_file(tmp_path: Path, inflow: Inflow, watched: InotifyObserver) -> None:
    (tmp_path / "a").write_bytes(b"1")

    assert collected(inflow, lambda events: len(events) == 3) == [
        (b"a", "created"),
        (b"a", "modified"),
        (b"a", "closed"),
    ]


def test_ways_in_and_out(tmp_path: Path, inflow: Inflow, watched: InotifyObserver) -> None:
    outside = tmp_path.with_name(tmp_path.name + "-outside")
    outside.write_bytes(b"1")
    outside.rename(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "b").chmod(0o600)
    (tmp_path / "b").unlink()

    assert collected(inflow, lambda events: len(events) == 5) == [
        (b"a", "renamed"),
        (b"a", "gone"),
        (b"b", "renamed"),
        (b"b", "touched"),
        (b"b", "gone"),
    ]


def test_a_tree_moved_in_and_renamed(tmp_path: Path, inflow: Inflow, watched: InotifyObserver) -> None:
    """Its files are reported where they are, then and later."""
    outside = tmp_path.with_name(tmp_path.name + "-outside")
    (outside / "e").mkdir(parents=True)
    (outside / "e" / "a").write_bytes(b"1")
    outside.rename(tmp_path / "d")
    assert collected(inflow, lambda events: len(events) == 1) == [(b"d/e/a", "renamed")]
    (tmp_path / "d").rename(tmp_path / "f")
    assert collected(inflow, lambda events: len(events) == 1) == [(b"f/e/a", "renamed")]
    (tmp_path / "f/e/b").touch()

    assert collected(inflow, lambda events: len(events) >= 1)[0] == (b"f/e/b", "created")
    assert watched.unwatched() == 0


def test_a_folder_made_again_is_watched_again(tmp_path: Path, inflow: Inflow, watched: InotifyObserver) -> None:
    for _ in range(3):
        (tmp_path / "d").mkdir()
        (tmp_path / "d/a").touch()
        collected(inflow, lambda events: (b"d/a", "gone") not in events and bool(events))
        shutil.rmtree(tmp_path / "d")
        collected(inflow, lambda events: (b"d/a", "gone") in events)

    assert watched.is_alive()


@pytest.mark.parametrize("way", ["deleted", "moved"])
def test_the_observer_notices_that_its_root_is_gone(tmp_path: Path, inflow: Inflow, way: str) -> None:
    root = tmp_path / "inbox"
    root.mkdir()
    observer = observe(os.fsencode(root), inflow)
    assert observer.is_alive()
    if way == "deleted":
        root.rmdir()
    else:
        root.rename(tmp_path / "elsewhere")
    wait_for(lambda: not observer.is_alive())
    observer.stop()


def test_folders_over_the_limit_are_counted(tmp_path: Path, inflow: Inflow, monkeypatch: pytest.MonkeyPatch) -> None:
    """As at fs.inotify.max_user_watches: the rest is watched, and the walk has to do for these."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    real = InotifyObserver._open

    def limited(self: InotifyObserver) -> Any:
        fd = real(self)
        add = fd.add_callback
        left = [2]

        def add_callback(*args: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "inotify watch limit reached")
            return add(*args)

        fd.add_callback = add_callback  # type: ignore[method-assign]
        return fd

    monkeypatch.setattr(InotifyObserver, "_open", limited)
    observer = InotifyObserver(os.fsencode(tmp_path), inflow)

    assert observer.unwatched() == 2
    assert observer.is_alive()
    observer.stop()


def test_a_root_that_cannot_be_watched_is_an_error(tmp_path: Path, inflow: Inflow) -> None:
    with pytest.raises(OSError, match="No such file"):
        observe(os.fsencode(tmp_path / "none"), inflow)


def test_any_observer_reports_touches(tmp_path: Path, inflow: Inflow) -> None:
    """What other systems get: no more than that something happened."""
    observer = AnyObserver(os.fsencode(tmp_path), inflow)
    assert observer.is_alive()
    events: list[Any] = []

    def touched() -> bool:
        (tmp_path / "a").write_bytes(b"1")  # again and again: the observer may not have begun yet
        events.extend(inflow.drain())
        return bool(events)

    wait_for(touched)
    assert set(events) == {(b"a", "touched")}
    (tmp_path / "d").mkdir()
    wait_for(inflow.take_loss)
    observer.stop()
    assert not observer.is_alive()
