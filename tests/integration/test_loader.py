"""examples/load.py: its tables hold each reading once, whatever is killed, and show the figures that hold."""

import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from delivery.connect import connect
from delivery.publish import Publisher
from schemas import names
from schemas.events import ReportEvent, Withdrawal, WithdrawnEvent, utc_now
from schemas.handover import HandOver
from schemas.metric import Metric, MetricSource
from schemas.report import PipelineInfo
from tests import forks
from tests.service_rig import ROOT
from tests.waiting import wait_for
from tests.watcher_rig import report_event
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) + [
    Path(found) for found in [shutil.which("pg_ctl")] if found
]


@dataclass
class Loading:
    """A database, and the loaders that were started on it."""

    folder: Path
    url: str
    database: str
    query: Callable[[str], list[tuple[Any, ...]]]
    processes: list[forks.Program] = field(default_factory=list)

    def start(self, *arguments: str) -> forks.Program:
        environ = {**os.environ, "ZHIBIAO_REDIS_URL": self.url, "DATABASE_URL": self.database, "LEFT_AFTER_MS": "500"}
        command = [sys.executable, str(ROOT / "examples" / "load.py"), *arguments]
        with (self.folder / "out").open("ab") as out, (self.folder / "err").open("ab") as err:
            process = forks.popen(command, cwd=self.folder, env=environ, stdout=out, stderr=err)
        self.processes.append(process)
        return process

    def said(self, file: str) -> str:
        return (self.folder / file).read_text("utf-8")

    def current(self) -> list[tuple[Any, ...]]:
        """Path, revision, value of each figure that holds."""
        return self.query("SELECT path, revision, value FROM current_figures ORDER BY path, number")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes a database for a test: a server of the module's own on a socket, run by a user that is not root, as it demands."""
    psycopg = pytest.importorskip("psycopg")
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zb-pg"))
    if user:
        shutil.chown(folder, user)
    control = [str(POSTGRES[-1]), "-D", str(folder / "data"), "-s", "-w"]
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    quiet = {"user": user, "stdout": subprocess.DEVNULL, "cwd": folder, "timeout": 180}
    try:
        subprocess.run([*control, "-o", "-A trust -U reader", "init"], check=True, **quiet)  # type: ignore[call-overload]
        subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, **quiet)  # type: ignore[call-overload]
        numbers = itertools.count()

        def make() -> str:
            name = f"of{next(numbers)}"
            with psycopg.connect(f"postgresql:///postgres?host={folder}&user=reader", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return f"postgresql:///{name}?host={folder}&user=reader"

        yield make
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.skipif(not POSTGRES, reason="there is no PostgreSQL"))]
)
def loading(request: pytest.FixtureRequest, tmp_path: Path, server: EmbeddedRedis) -> Iterator[Loading]:
    if request.param == "sqlite":
        database = str(tmp_path / "figures.sqlite")
        rig = Loading(tmp_path, server.url, database, lambda sql: _asked(sqlite3, database, sql))
        yield from _ended(rig)
    else:
        database = request.getfixturevalue("postgres")()
        import psycopg

        rig = Loading(tmp_path, server.url, database, lambda sql: _asked(psycopg, database, sql))
        yield from _ended(rig)


def _ended(rig: Loading) -> Iterator[Loading]:
    yield rig
    for process in rig.processes:
        process.kill()
        process.wait()


def _asked(module: Any, database: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows; none before the tables are there."""
    try:
        with closing(module.connect(database)) as connection:
            return list(connection.execute(sql).fetchall())
    except (module.OperationalError, module.ProgrammingError):
        return []


def event(name: str, *values: str, revision: int = 1, version: str = "1") -> ReportEvent:
    """A report with a figure for each value; its content differs from that of other revisions."""
    handover = HandOver(id=name, revision=revision, path=name, sha256=f"{revision:064x}", size_bytes=1)
    metrics = tuple(
        Metric(
            indicator="办结\0案件",
            value=value,
            unit="件",
            sentence="",
            source=MetricSource(start=0, end=1, quote=value),
        )
        for value in values
    )
    changed = {"metrics": metrics, "pipeline": PipelineInfo(version=version)}
    return ReportEvent.of(report_event(handover).data.model_copy(update=changed), utc_now())


def publish(server: EmbeddedRedis, *events: ReportEvent) -> None:
    with connect(server.url) as client:
        for one in events:
            Publisher(client).report(one)


def test_the_newest_revision_holds_and_the_others_are_kept(loading: Loading, server: EmbeddedRedis) -> None:
    """Also where it comes before an older one; of one revision the reading of a newer version."""
    loading.start()
    publish(server, event("a", "11", "2/3"), event("a", "12", revision=3), event("b", "5"))
    publish(server, event("a", "404", revision=2), event("b", "6", version="2"))

    wait_for(lambda: loading.said("out").count("\tnew") == 5)

    assert loading.current() == [("a", 3, "12"), ("b", 1, "6")]
    kept = "SELECT r.document, r.revision, f.value, f.amount FROM figures f JOIN readings r ON r.event = f.event"
    assert sorted((*row[:3], row[3] and int(row[3])) for row in loading.query(kept)) == [
        *[("a", 1, "11", 11), ("a", 1, "2/3", None), ("a", 2, "404", 404), ("a", 3, "12", 12)],
        *[("b", 1, "5", 5), ("b", 1, "6", 6)],
    ]


def test_what_comes_again_changes_nothing(loading: Loading, server: EmbeddedRedis) -> None:
    """Redis was emptied, and an older reading restored after the newer: it does not hold again."""
    published = [event("a", "11"), event("a", "12", version="2")]
    loading.start()
    publish(server, *published)
    wait_for(lambda: loading.said("out").count("\tnew") == 2)
    with connect(server.url) as client:
        client.flushall()
    publish(server, *reversed(published))

    wait_for(lambda: loading.said("out").count("\tknown") == 2)

    assert loading.current() == [("a", 1, "12")]
    assert len(loading.query("SELECT * FROM figures")) == 2


@pytest.mark.parametrize("is_first", [True, False], ids=["before its report", "after it"])
def test_what_was_taken_back_holds_no_more(loading: Loading, server: EmbeddedRedis, *, is_first: bool) -> None:
    """In whichever order the two streams are read; a later revision holds."""
    first, again, other = event("a", "11"), event("a", "12", version="2"), event("b", "5")
    taken = Withdrawal(id=first.data.id, path="a", revisions=(1,), events=(first.id, again.id), why="更正")
    publish(server, first, again, other)
    if not is_first:
        loading.start()
        wait_for(lambda: loading.current() == [("a", 1, "12"), ("b", 1, "5")])
    with connect(server.url) as client:
        Publisher(client).withdraw(WithdrawnEvent.of(taken, utc_now()))
    if is_first:
        loading.start()
    wait_for(lambda: "\twithdrawn" in loading.said("out") and loading.said("out").count("\tnew") == 3)
    assert loading.current() == [("b", 1, "5")]
    publish(server, event("a", "13", revision=2))
    wait_for(lambda: loading.current() == [("a", 2, "13"), ("b", 1, "5")])


def test_loaders_that_are_killed_leave_each_reading_once_and_whole(loading: Loading, server: EmbeddedRedis) -> None:
    """Two at a time, killed at whatever they are at; the figures of a reading come together or not at all."""
    values = [str(number) for number in range(40)]
    expected = [(f"r{number:03}", 1, value) for number in range(120) for value in values]
    publish(server, *(event(f"r{number:03}", *values) for number in range(120)))
    for begun in range(6):
        victims = [loading.start("one"), loading.start("two")]
        wait_for(lambda begun=begun: loading.said("out").count("\tnew") >= 15 * begun + 7)  # type: ignore[misc]
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
            victim.wait()
        counts = dict(loading.query("SELECT event, count(*) FROM figures GROUP BY event"))
        assert set(counts.values()) == {len(values)}
        assert counts.keys() == {event_id for (event_id,) in loading.query("SELECT event FROM readings")}
    loading.start("three")

    wait_for(lambda: loading.current() == expected)
    with connect(server.url) as client:
        wait_for(lambda: client.xpending(names.DEFAULT.results_stream, "loader")["pending"] == 0)


def test_a_database_that_cannot_be_opened_is_waited_for(tmp_path: Path, server: EmbeddedRedis) -> None:
    """Its disk is not mounted yet, say. What was taken meanwhile is not lost."""
    database = tmp_path / "disk" / "figures.sqlite"
    rig = Loading(tmp_path, server.url, str(database), lambda sql: _asked(sqlite3, str(database), sql))
    publish(server, event("a", "1"))
    loader = rig.start()
    try:
        wait_for(lambda: "waiting for the database: unable to open" in rig.said("err"))
        database.parent.mkdir()
        wait_for(lambda: rig.current() == [("a", 1, "1")])
        assert loader.poll() is None
    finally:
        loader.kill()
        loader.wait()
