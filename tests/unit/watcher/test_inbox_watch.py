"""Who keeps an observer on the inbox, and when it begins anew."""

import os
from pathlib import Path

import pytest

from watcher.running.alarms import Alarms
from watcher.seeing import inbox_watch
from watcher.seeing.inbox_watch import REARM_AFTER_S, InboxWatch
from watcher.seeing.inflow import Inflow


class Watching:
    """An inbox whose observers are told of, and can be made to fail."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inbox, self.begun, self.stopped = folder / "inbox", 0, 0
        self.lives, self.unwatched_folders, self.fails = True, 0, False
        self.inbox.mkdir()
        self.alarms = Alarms(lambda: 0.0)
        monkeypatch.setattr(inbox_watch, "observe", self.observe)
        self.watch = InboxWatch(os.fsencode(self.inbox), Inflow(1), self.alarms)

    def observe(self, root: bytes, _inflow: Inflow) -> "Watching":
        if self.fails:
            raise OSError(28, "No space left on device")
        assert root == os.fsencode(self.inbox)
        self.begun += 1
        self.lives = True
        return self

    def is_alive(self) -> bool:
        return self.lives

    def unwatched(self) -> int:
        return self.unwatched_folders

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watching:
    return Watching(tmp_path, monkeypatch)


def test_one_observer_is_kept_while_it_lives(watching: Watching) -> None:
    watch = watching.watch
    assert (watch.is_available, watch.misses_events(), watch.unwatched()) == (False, True, 0)
    assert [watch.keep(1.0), watch.keep(2.0)] == [True, False]
    assert (watch.is_available, watch.misses_events(), watch.unwatched()) == (True, False, 0)
    watching.unwatched_folders = 3
    assert (watch.misses_events(), watch.unwatched()) == (True, 3)
    watching.lives = False
    assert [watch.keep(3.0), watch.keep(4.0)] == [True, False]
    assert (watching.begun, watching.stopped) == (2, 1)
    watch.stop()
    watch.stop()
    assert (watching.stopped, watching.alarms.texts()) == (2, {})


def test_an_inbox_that_is_gone_is_told_until_it_is_there_and_begun_with_anew(watching: Watching) -> None:
    """Another folder under its name, too."""
    watch = watching.watch
    assert watch.keep(1.0)
    watching.inbox.rename(watching.inbox.with_name("elsewhere"))
    assert not watch.keep(2.0)
    assert (watch.is_available, watching.stopped) == (False, 1)
    assert watching.alarms.texts() == {"inbox-unavailable": f"{watching.inbox}: No such file or directory"}
    watching.inbox.mkdir()
    assert watch.keep(3.0)
    watching.inbox.rename(watching.inbox.with_name("once more"))
    watching.inbox.mkdir()
    assert watch.keep(4.0)
    assert (watching.begun, watching.stopped, watching.alarms.texts()) == (3, 2, {})


def test_an_inbox_that_cannot_be_observed_is_walked_and_tried_again_later(watching: Watching) -> None:
    watching.fails = True
    watch = watching.watch
    assert watch.keep(1.0)
    assert watching.alarms.texts() == {"no-events": "polling instead: No space left on device"}
    watching.fails = False
    assert not watch.keep(1.0 + REARM_AFTER_S - 0.5)
    assert (watching.begun, watch.misses_events()) == (0, True)
    assert not watch.keep(1.0 + REARM_AFTER_S)
    assert (watching.begun, watch.misses_events(), watching.alarms.texts()) == (1, False, {})
    assert REARM_AFTER_S == 30.0
