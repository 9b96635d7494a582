"""The store behind a real record: killed at any time it has every event once, as a rebuild from the archive has."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from delivery.connect import connect
from delivery.publish import Publisher
from schemas.events import ReportEvent
from store.rebuild import rebuild
from tests import forks
from tests.unit.store.made import WHEN, failed, metric, report
from tests.waiting import wait_for
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service

REPORTS, KILLS = 120, 6


class Keeping:
    """A process that keeps the store of a folder, started and killed at will."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.file = folder / "state" / "store.sqlite"
        known = {"ZHIBIAO_REDIS_URL": url, "ZHIBIAO_STATE": str(folder / "state")}
        self.environ = {**os.environ, **known, "ZHIBIAO_PROCESSED": str(folder / "processed")}
        self.processes: list[forks.Program] = []

    def start(self) -> forks.Program:
        with self.log(len(self.processes)).open("wb") as log:
            command = [sys.executable, "-m", "store"]
            self.processes.append(forks.popen(command, env=self.environ, stdout=log, stderr=log))
        return self.processes[-1]

    def asked(self, statement: str) -> list[tuple[Any, ...]]:
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as database:
            try:
                return database.execute(statement).fetchall()
            except sqlite3.OperationalError:  # its tables are not there yet
                return []

    def readings(self) -> int:
        return len(self.asked("SELECT 1 FROM readings"))

    def follows(self, reports: int) -> bool:
        """Whether it has so many, each from the record: until then a process may only be about to open what it built."""
        times = self.asked("SELECT DISTINCT read_at FROM readings")
        return self.readings() == reports and times == [(WHEN.isoformat(),)]

    def log(self, number: int) -> Path:
        """Of one process: what an earlier one wrote before it was killed says nothing of the one that runs."""
        return self.folder / f"store-{number}.log"

    def is_relaying(self) -> bool:
        """Whether the last that was started came to follow the record, and so ends well when it is asked to.

        An earlier one may have been killed before it did: it has its reports from the archive until then.
        """
        return '"relaying"' in self.log(len(self.processes) - 1).read_text()

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def keeping(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Keeping]:
    (tmp_path / "processed").mkdir()
    found = Keeping(tmp_path, server.url)
    yield found
    found.end()


def publish(server: EmbeddedRedis, folder: Path, numbers: range) -> None:
    """Publish reports as a worker does, and file their JSON as the watcher does."""
    with connect(server.url) as client:
        for number in numbers:
            figures = [metric(f"事项{number}之{index}", str(number + index)) for index in range(5)]
            revision = 1 + (number >= REPORTS // 2)
            made = report(*figures, path=f"{number % (REPORTS // 2)}.txt", revision=revision, sha=str(revision))
            Publisher(client).report(ReportEvent.of(made, WHEN))
            (folder / "processed" / f"{number}.json").write_text(made.model_dump_json(), "utf-8")


ROWS = (
    "SELECT event_id, number, figures.is_newest, readings.is_newest, indicator, value, base, text, searched FROM figures"
    " JOIN sentences USING (sentence) JOIN readings ON readings.reading = figures.reading ORDER BY event_id, number"
)
COUNTS = "SELECT field, value, figures FROM counts ORDER BY field, value"


def test_killed_again_and_again_it_equals_a_rebuild(tmp_path: Path, server: EmbeddedRedis, keeping: Keeping) -> None:
    """Row for row, older revisions and counts among them; readers see no error meanwhile."""
    step = REPORTS // KILLS
    for kill in range(KILLS):
        process = keeping.start()
        publish(server, tmp_path, range(kill * step, (kill + 1) * step))
        wait_for(lambda least=kill * step: keeping.readings() > least)  # type: ignore[misc]
        process.kill()
        process.wait()
    last = keeping.start()
    wait_for(lambda: keeping.readings() == REPORTS and keeping.is_relaying())
    last.terminate()
    assert last.wait(60) == 0

    again = tmp_path / "again.sqlite"
    assert rebuild(again, tmp_path / "processed")[0] == REPORTS
    rebuilt = Keeping(tmp_path, server.url)
    rebuilt.file = again
    assert keeping.asked(ROWS) == rebuilt.asked(ROWS)
    assert keeping.asked(COUNTS) == rebuilt.asked(COUNTS)
    assert len(keeping.asked(ROWS)) == REPORTS * 5


def test_redis_that_lost_everything_and_was_restored_changes_nothing(
    tmp_path: Path, server: EmbeddedRedis, keeping: Keeping
) -> None:
    """The same events come again, with new entries; a failure is kept, too."""
    keeping.start()
    publish(server, tmp_path, range(10))
    with connect(server.url) as client:
        Publisher(client).failure(failed())
    wait_for(lambda: keeping.readings() == 10 and bool(keeping.asked("SELECT 1 FROM failures")))
    before = keeping.asked(ROWS)

    with connect(server.url) as client:
        client.flushall()
    publish(server, tmp_path, range(12))

    wait_for(lambda: keeping.readings() == 12)
    assert [row for row in keeping.asked(ROWS) if row in set(before)] == before


def test_a_store_that_was_taken_away_is_built_from_the_archive_and_the_record(
    tmp_path: Path, server: EmbeddedRedis, keeping: Keeping
) -> None:
    """What the stream no longer has lies in the processed folder."""
    process = keeping.start()
    publish(server, tmp_path, range(6))
    wait_for(lambda: keeping.readings() == 6)
    process.terminate()
    process.wait()
    with connect(server.url) as client:
        client.xtrim("zhibiao:results", maxlen=1, approximate=False)
    keeping.file.unlink()

    keeping.start()
    publish(server, tmp_path, range(6, 8))

    wait_for(lambda: keeping.readings() == 8)


def test_a_store_that_is_taken_away_under_its_process_is_built_anew(
    tmp_path: Path, server: EmbeddedRedis, keeping: Keeping
) -> None:
    """With its lock and all; the process ends at the next event, and the one after it has everything, failures among it."""
    first = keeping.start()
    publish(server, tmp_path, range(3))
    with connect(server.url) as client:
        Publisher(client).failure(failed())
    wait_for(lambda: keeping.follows(3))
    for name in keeping.file.parent.glob("store.sqlite*"):
        name.unlink()

    publish(server, tmp_path, range(3, 5))
    assert first.wait(60) == 1
    keeping.start()

    wait_for(lambda: keeping.readings() == 5 and bool(keeping.asked("SELECT 1 FROM failures")))


def test_a_store_that_is_damaged_under_its_process_is_built_anew(
    tmp_path: Path, server: EmbeddedRedis, keeping: Keeping
) -> None:
    """Its pages were overwritten; what was acknowledged is there again."""
    first = keeping.start()
    publish(server, tmp_path, range(20))
    wait_for(lambda: keeping.follows(20))
    with closing(sqlite3.connect(keeping.file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with keeping.file.open("r+b") as content:
        content.seek(4096)
        content.write(b"\xff" * (keeping.file.stat().st_size - 4096))

    publish(server, tmp_path, range(20, 24))
    assert first.wait(60) == 1
    keeping.start()

    wait_for(lambda: keeping.readings() == 24)


def test_a_rebuild_by_hand_loses_no_failure(tmp_path: Path, server: EmbeddedRedis, keeping: Keeping) -> None:
    """They are in the record alone, which comes from its beginning on."""
    process = keeping.start()
    publish(server, tmp_path, range(3))
    with connect(server.url) as client:
        Publisher(client).failure(failed())
    wait_for(lambda: keeping.readings() == 3 and bool(keeping.asked("SELECT 1 FROM failures")))
    process.terminate()
    process.wait()

    rebuild(keeping.file, tmp_path / "processed")
    assert keeping.asked("SELECT 1 FROM failures") == []
    keeping.start()

    wait_for(lambda: bool(keeping.asked("SELECT 1 FROM failures")))
    assert keeping.asked("SELECT DISTINCT read_at FROM readings") == [(WHEN.isoformat(),)]
