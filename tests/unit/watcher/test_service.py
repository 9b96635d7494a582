"""The watcher as a whole, as far as it goes without Redis."""

import sqlite3
from pathlib import Path

import pytest

from watcher.health import read_own
from watcher.ledger.database import Ledger
from watcher.running.inbox_claim import ALARM, InboxClaim
from watcher.running.lock import WatcherLock
from watcher.service import Watcher
from watcher.settings import WatcherSettings


def watcher_over(folder: Path) -> Watcher:
    places = {name: folder / name for name in ("inbox", "processed", "quarantine", "state")}
    for place in places.values():
        place.mkdir()
    return Watcher(WatcherSettings(redis_url="redis://127.0.0.1:1", **places, _env_file=None))


@pytest.mark.parametrize("fault", ["database is locked", "disk I/O error"])
def test_a_ledger_that_fails_at_the_start_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """And not the parts that the watcher did not come to have."""

    def fail(_ledger: Ledger) -> None:
        raise sqlite3.OperationalError(fault)

    monkeypatch.setattr(Ledger, "clear_waiting", fail)
    watcher = watcher_over(tmp_path)

    with pytest.raises(sqlite3.OperationalError, match=fault):
        watcher.run()


@pytest.mark.parametrize(("is_first", "alarms"), [(True, {ALARM: "taken"}), (False, {})])
def test_only_who_is_kept_from_the_inbox_by_another_service_says_that_something_is_amiss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alarms: dict[str, str], *, is_first: bool
) -> None:
    """The second watcher of one service waits for the first, which is well."""
    told = []

    def wait(_timeout_s: float) -> bool:
        told.append(read_own(tmp_path / "state"))
        watcher.stop()
        return True

    monkeypatch.setattr(InboxClaim, "take", lambda _: False)
    monkeypatch.setattr(InboxClaim, "in_words", lambda _: "taken")
    monkeypatch.setattr(WatcherLock, "take", lambda _: is_first)
    watcher = watcher_over(tmp_path)
    monkeypatch.setattr(watcher._stopping, "wait", wait)
    watcher.run()

    assert [(health.role, health.alarms) for health in told if health] == [("standby", alarms)]
    assert read_own(tmp_path / "state") is None
