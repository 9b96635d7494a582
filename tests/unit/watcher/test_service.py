"""The watcher as a whole, as far as it goes without Redis."""

import sqlite3
from pathlib import Path

import pytest

from watcher.ledger.database import Ledger
from watcher.service import Watcher
from watcher.settings import WatcherSettings


@pytest.mark.parametrize("fault", ["database is locked", "disk I/O error"])
def test_a_ledger_that_fails_at_the_start_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """And not the parts that the watcher did not come to have."""

    def fail(_ledger: Ledger) -> None:
        raise sqlite3.OperationalError(fault)

    places = {name: tmp_path / name for name in ("inbox", "processed", "quarantine", "state")}
    for place in places.values():
        place.mkdir()
    monkeypatch.setattr(Ledger, "clear_waiting", fail)
    watcher = Watcher(WatcherSettings(redis_url="redis://127.0.0.1:1", **places, _env_file=None))

    with pytest.raises(sqlite3.OperationalError, match=fault):
        watcher.run()
