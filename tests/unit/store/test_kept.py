"""A store that is damaged or taken away under its process is left to a new one, whatever is written when that is met."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from store.__main__ import Kept
from store.writing import Store
from tests.unit.store.made import event, failed, metric

WRITES: dict[str, Callable[[Kept], None]] = {
    "a report": lambda kept: kept.deliver(event(metric("行政复议"), path="b.txt")),
    "a failure": lambda kept: kept.deliver(failed()),
    "that it follows": lambda kept: kept.note_following(),
}


def overwritten(file: Path) -> None:
    """All pages but the first, which says which tables there are."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as content:
        content.seek(4096)
        content.write(b"\xff" * (file.stat().st_size - 4096))


@pytest.mark.parametrize("harm", [overwritten, Path.unlink])
@pytest.mark.parametrize("write", WRITES)
def test_its_process_ends_and_leaves_nothing_in_its_place(
    tmp_path: Path, write: str, harm: Callable[[Path], None]
) -> None:
    file = tmp_path / "store.sqlite"
    store = Store(file)
    store.deliver(event(metric("调解纠纷")))
    harm(file)

    with capture_logs() as logs, pytest.raises(SystemExit) as ended:
        WRITES[write](Kept(store))

    assert ended.value.code == 1
    [line] = logs
    assert (line["event"], line["log_level"], str(file) in line["why"]) == ("gone", "error", True)
    assert not file.exists()
    with closing(sqlite3.connect(file)) as another:  # whoever makes a new one is not kept from it
        another.execute("CREATE TABLE new (at)")


def test_one_that_is_whole_goes_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    assert not store.follows

    for write in WRITES.values():
        write(Kept(store))

    assert store.follows
    store.close()


@pytest.mark.parametrize("harm", [None, sqlite3.OperationalError("database or disk is full"), ValueError("another")])
def test_what_is_put_in_together_is_in_or_not(tmp_path: Path, harm: Exception | None) -> None:
    store = Store(tmp_path / "store.sqlite")
    kept = Kept(store)
    with suppress(sqlite3.OperationalError, ValueError), kept.together():
        kept.deliver(event(metric("调解纠纷"), path="b.txt"))
        kept.deliver(failed())
        if harm:
            raise harm
    kept.deliver(event(metric("行政复议"), path="c.txt"))
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as database:
        paths = [path for (path,) in database.execute("SELECT path FROM readings UNION ALL SELECT path FROM failures")]
    assert paths == (["c.txt"] if harm else ["b.txt", "c.txt", "bad.txt"])
    store.close()


def test_the_process_ends_where_a_store_is_taken_away_before_it_writes_together(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    kept = Kept(store)
    (tmp_path / "store.sqlite").unlink()
    with pytest.raises(SystemExit), kept.together():
        kept.deliver(event(metric("调解纠纷"), path="b.txt"))


def test_what_comes_after_others_together_is_looked_at_again(tmp_path: Path) -> None:
    """Nothing is written into a store that was taken away meanwhile."""
    store = Store(tmp_path / "store.sqlite")
    kept = Kept(store)
    with kept.together():
        kept.deliver(event(metric("调解纠纷")))
    (tmp_path / "store.sqlite").unlink()
    with pytest.raises(SystemExit):
        kept.deliver(event(metric("行政复议"), path="b.txt"))
