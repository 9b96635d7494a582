"""Documents are taken back: once, whatever dies, and for those who know only reports and failures nothing breaks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from delivery.connect import connect
from delivery.publish import another_redis
from delivery.relay import Relay
from exports.folder import Archive
from schemas import names
from schemas.events import FailedEvent, ReportEvent, WithdrawnEvent
from store.views import Views
from store.writing import Store
from tests.dying_watcher import dying
from tests.integration.test_reprocess import ask, events, is_all, left, read_all
from tests.watcher_rig import Rig, Worker, wait_for
from watcher.asking import requests
from worker.settings import WorkerSettings
from zhibiao.commands.replay import replay
from zhibiao.commands.withdraw import withdraw
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service

FILES = {"2023/报告.txt": b"one", "b.txt": b"two", "c/通报.html": "三".encode()}
STREAM = names.DEFAULT.withdrawals_stream


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def is_withdrawn(rig: Rig, times: int = 1) -> bool:
    """Whether all that was asked for is done."""
    with rig.ledger() as ledger:
        moved = not ledger.to_take_out(10, 1e12)
    return not requests.pending(rig.state) and moved and rig.redis.xlen(STREAM) == times


def keys(rig: Rig) -> set[str]:
    """Documents that have a key."""
    found: Any = [*rig.redis.scan_iter("zhibiao:re[pa]*:*:*"), *rig.redis.scan_iter("zhibiao:latest:*")]
    return {key.split(":")[2] for key in found}


def documents(rig: Rig) -> dict[str, str]:
    return {event["subject"]: event["data"]["id"] for event in events(rig)}


def test_a_document_is_taken_back_everywhere(rig: Rig, tmp_path: Path) -> None:
    """Keys, archive, exports, store; the record has one event more, in a stream of its own."""
    rig.start()
    read_all(rig, FILES)
    rig.drop("b.txt", b"newer")
    with Worker(rig.url, rig.inbox, version="1"):
        wait_for(lambda: rig.is_filed("b.txt") and len(events(rig)) == 4)
    before = {stream: rig.redis.xrange(stream) for stream in ("zhibiao:results", "zhibiao:failures")}
    heard = rig.redis.pubsub(ignore_subscribe_messages=True)
    heard.subscribe(names.DEFAULT.withdrawals_channel)
    withdraw(rig.settings, [str(rig.processed / "b.txt")], "更正", as_json=True)
    wait_for(lambda: is_withdrawn(rig))

    [event] = events(rig, STREAM)
    data = WithdrawnEvent.model_validate(event).data
    taken = [one["id"] for one in events(rig) if one["subject"] == "b.txt"]
    assert (data.path, data.revisions, data.events, data.why) == ("b.txt", (1, 2), tuple(taken), "更正")
    assert wait_for(lambda: heard.get_message(timeout=1)) >= 0
    assert {stream: rig.redis.xrange(stream) for stream in before} == before
    assert data.id not in keys(rig)
    assert len(keys(rig)) == 2
    assert {report.source.path for _, report in Archive(rig.processed).reports()} == FILES.keys() - {"b.txt"}
    left_over = sorted(path.name for path in rig.quarantine.rglob("*") if path.is_file())
    assert left_over == sorted(
        f"{name}{end}" for name in ("b.txt", "b.2.txt") for end in ("", ".json", ".error.json", ".reading.gz")
    )
    found = rig.describe("b.txt")
    assert (found.state, found.place) == ("withdrawn", str(rig.quarantine / "b.2.txt"))
    store = Store(tmp_path / "store.sqlite")
    for one in events(rig):
        store.deliver(ReportEvent.model_validate(one))
    store.withdraw(WithdrawnEvent.model_validate(event))
    store.close()
    views = Views(tmp_path / "store.sqlite")
    assert {row["path"] for row in views.documents()} == FILES.keys() - {"b.txt"}
    views.close()


def test_dropped_again_or_put_back_it_is_the_next_revision(rig: Rig) -> None:
    rig.start()
    read_all(rig, FILES)
    for times in (1, 2):
        withdraw(rig.settings, ["b.txt"], None, as_json=True)
        wait_for(lambda times=times: is_withdrawn(rig, times))  # type: ignore[misc]
        with Worker(rig.url, rig.inbox, version="1"):
            rig.drop("b.txt", FILES["b.txt"])
            wait_for(lambda: rig.is_filed("b.txt") and rig.state_of("b.txt") == "published")
    told = [event for event in events(rig) if event["subject"] == "b.txt"]
    assert [event["data"]["revision"] for event in told] == [1, 2, 3]
    assert len({event["id"] for event in told}) == 3
    assert rig.redis.get(names.DEFAULT.latest_key(told[0]["data"]["id"])) == "3"
    assert len(keys(rig)) == 3


def test_what_redis_lost_stays_taken_back(rig: Rig) -> None:
    rig.start()
    read_all(rig, FILES)
    withdraw(rig.settings, ["b.txt"], "更正", as_json=True)
    wait_for(lambda: is_withdrawn(rig))
    [event] = events(rig, STREAM)
    rig.redis.flushall()
    wait_for(lambda: events(rig, STREAM) == [event] and len(events(rig)) == 2)
    rig.until_walked()
    assert {one["subject"] for one in events(rig)} == FILES.keys() - {"b.txt"}
    assert events(rig, STREAM) == [event]
    assert len(keys(rig)) == 2


def test_replay_does_not_ring_for_what_was_taken_back(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    rig.start()
    read_all(rig, FILES)
    withdraw(rig.settings, ["b.txt"], None, as_json=True)
    wait_for(lambda: is_withdrawn(rig))
    capsys.readouterr()
    replay(rig.settings, WorkerSettings(_env_file=None), "0-0", print_only=False, as_json=True)  # type: ignore[call-arg]
    assert json.loads(capsys.readouterr().out)["sent"] == 2


def test_what_is_read_again_meanwhile_is_taken_back_with_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.start()
    read_all(rig, FILES)
    ask(rig, monkeypatch)
    wait_for(lambda: rig.counts().get("queued") == 3)
    withdraw(rig.settings, ["b.txt"], None, as_json=True)
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: left(rig) == 0 and is_withdrawn(rig))
        wait_for(lambda: is_all(rig, "2"))
    [event] = events(rig, STREAM)
    assert event["data"]["events"] == [one["id"] for one in events(rig) if one["subject"] == "b.txt"]
    assert len(event["data"]["events"]) == 2
    assert documents(rig)["b.txt"] not in keys(rig)


def test_only_what_was_filed_can_be_taken_back(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    rig.start()
    read_all(rig, FILES | {"bad.txt": b"BAD"})
    for name in ("bad.txt", "e.txt", str(rig.quarantine / "bad.txt")):
        with pytest.raises(click.exceptions.Exit):
            withdraw(rig.settings, [name], None, as_json=True)
        assert json.loads(capsys.readouterr().out)["files"][0]["verdict"] == "unknown"
    assert requests.pending(rig.state) == []


class Old:
    """A sink that knows reports and failures alone."""

    def __init__(self) -> None:
        self.got: list[ReportEvent | FailedEvent] = []

    def deliver(self, event: ReportEvent | FailedEvent) -> None:
        assert isinstance(event, (ReportEvent, FailedEvent))
        self.got.append(event)


def test_sinks_hear_of_it_where_they_can(rig: Rig, server: EmbeddedRedis) -> None:
    """Another Redis takes it back as well; one that knows nothing of it goes on."""
    rig.start()
    read_all(rig, FILES)
    withdraw(rig.settings, ["b.txt"], None, as_json=True)
    wait_for(lambda: is_withdrawn(rig))
    old = Old()
    with connect(rig.url) as client, connect(server.url) as other:
        for name, sink in (("old", old), ("other", another_redis(server.url))):
            relay = Relay(client, name, sink)
            while relay.round(0.1):
                pass
        assert len(old.got) == 3
        assert other.xlen(STREAM) == 1
        found = {key.split(":")[2] for key in other.scan_iter("zhibiao:report:*")}
    assert found == {*documents(rig).values()} - {documents(rig)["b.txt"]}


STEPS = {
    "before it is written down": ("watcher.ledger.database", "Ledger", "withdraw", "before"),
    "while it is written down": ("watcher.ledger.database", "Ledger", "withdraw", "after"),
    "before the request is taken away": ("pathlib", "Path", "unlink", "before"),
    "before it is told": ("watcher.sending.broker", "Broker", "withdraw", "before"),
    "after it is told": ("watcher.sending.broker", "Broker", "withdraw", "after"),
    "before the reason": ("watcher.asking.withdrawing", "", "write_file", "before"),
    "after the reason": ("watcher.asking.withdrawing", "", "write_file", "after"),
    "after the first move": ("watcher.asking.withdrawing", "", "move", "after"),
}
#: Where most is half done; the others are for make test-faults.
OFTEN = {"after it is told", "after the first move"}


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=[] if step in OFTEN else [pytest.mark.faults]) for step in STEPS]
)
def test_killed_at_a_step_it_is_finished_by_the_next_start(rig: Rig, step: str) -> None:
    """kill -9 at any point: told once, all in one place."""
    rig.start()
    read_all(rig, FILES)
    rig.stop()
    withdraw(rig.settings, ["b.txt"], "更正", as_json=True)
    process = rig.start(wait=False, command=dying(*STEPS[step]))
    wait_for(lambda: process.poll() is not None)
    assert process.returncode == -9
    rig.start()
    wait_for(lambda: is_withdrawn(rig))
    rig.until_walked()
    assert rig.redis.xlen(STREAM) == 1
    assert sorted(path.name for path in rig.quarantine.iterdir()) == [
        "b.txt",
        "b.txt.error.json",
        "b.txt.json",
        "b.txt.reading.gz",
    ]
    assert {report.source.path for _, report in Archive(rig.processed).reports()} == FILES.keys() - {"b.txt"}
    assert len(keys(rig)) == 2
