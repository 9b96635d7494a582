"""Filed reports are read again by other rules: the new reading holds everywhere, and each event comes once."""

import gzip
import json
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from delivery.connect import connect
from delivery.publish import Publisher
from exports.folder import Archive
from schemas import names
from schemas.events import ReportEvent
from store.rebuild import rebuild
from store.views import Views
from store.writing import Store
from tests.watcher_rig import Rig, Worker, wait_for
from tests.worker_rig import WorkerRig
from watcher.ledger.rows import AGAIN
from watcher.whereabouts import overview
from worker import PIPELINE_VERSION
from zhibiao.commands import reprocess as command
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = {"2023/报告.txt": b"one", "b.txt": b"two", "c/d/通报.html": "三".encode()}


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def read_all(rig: Rig, files: dict[str, bytes], version: str = "1") -> None:
    """Drop files, and have them read by the rules of a version."""
    with Worker(rig.url, rig.inbox, version=version):
        for name, content in files.items():
            rig.drop(name, content)
        wait_for(lambda: all(rig.is_filed(name) for name in files))


def ask(rig: Rig, monkeypatch: pytest.MonkeyPatch, *files: str, version: str = "2", everything: bool = False) -> None:
    """``zhibiao reprocess`` as an installation with the rules of a version runs it."""
    monkeypatch.setattr(command, "PIPELINE_VERSION", version)
    command.reprocess(rig.settings, files, everything=everything, as_json=True)


def left(rig: Rig) -> int:
    return overview(rig.settings).rereading


def versions(rig: Rig) -> dict[str, tuple[str, str]]:
    """By path, whose rules the report and the reading beside a file are of."""
    found = {}
    for file in (file for file in rig.files(rig.processed) if file.name[0] != "."):
        report = json.loads(file.with_name(file.name + ".json").read_bytes())
        reading = json.loads(gzip.decompress(file.with_name(file.name + ".reading.gz").read_bytes()))
        found[str(file.relative_to(rig.processed))] = (report["pipeline"]["version"], reading["pipeline_version"])
    return found


def events(rig: Rig, stream: str = names.DEFAULT.results_stream) -> list[dict[str, Any]]:
    entries: Any = rig.redis.xrange(stream)
    return [json.loads(fields["data"]) for _, fields in entries]


def is_all(rig: Rig, version: str) -> bool:
    return left(rig) == 0 and set(versions(rig).values()) == {(version, version)}


def assert_holds_everywhere(rig: Rig, folder: Path, version: str = "2") -> None:
    """Archive, keys, export and store have the reading of a version, and the record has each event once."""
    assert versions(rig) == dict.fromkeys(versions(rig), (version, version))
    told = events(rig)
    assert Counter(Counter(event["id"] for event in told).values()).keys() == {1}
    newest = {event["data"]["id"]: event for event in sorted(told, key=lambda event: event["data"]["revision"])}
    for document, event in newest.items():
        data = event["data"]
        assert data["pipeline"]["version"] == version
        revision = rig.redis.get(names.DEFAULT.latest_key(document))
        assert revision == str(data["revision"])
        assert json.loads(rig.redis.get(names.DEFAULT.report_key(document, revision)) or "") == data
        with connect(rig.url) as client:
            packed = Publisher(client).kept_reading(document, data["revision"]) or b""
        assert json.loads(gzip.decompress(packed))["pipeline_version"] == version
    exported = [report for _, report in Archive(rig.processed).reports()]
    assert {report.id: report.pipeline.version for report in exported} == dict.fromkeys(newest, version)

    store = Store(folder / "record.sqlite")
    for event in told:
        store.deliver(ReportEvent.model_validate(event))
    store.close()
    rebuild(folder / "rebuilt.sqlite", rig.processed)
    for name in ("record.sqlite", "rebuilt.sqlite"):
        views = Views(folder / name)
        holding = {row["id"]: row["pipeline_version"] for row in views.documents()}
        views.close()
        assert holding == dict.fromkeys(newest, version), name


def test_the_new_reading_holds_everywhere(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a service: the same document and revision, a new event that names the one it replaces."""
    rig.start()
    read_all(rig, FILES)
    before = {event["subject"]: event for event in events(rig)}
    ask(rig, monkeypatch)
    wait_for(lambda: left(rig) == len(FILES))
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: is_all(rig, "2"))

    assert_holds_everywhere(rig, tmp_path)
    again = events(rig)[len(FILES) :]
    assert {event["subject"] for event in again} == FILES.keys()
    for event in again:
        first = before[event["subject"]]
        assert event["data"]["replaces"] == first["id"] != event["id"]
        assert first["data"]["replaces"] is None
        assert [event["data"][name] for name in ("id", "revision", "supersedes")] == [
            first["data"][name] for name in ("id", "revision", "supersedes")
        ]
    wait_for(lambda: not (rig.inbox / AGAIN).exists(), what="no copy is left")
    rig.assert_invariants(FILES)
    steps = [step for step in events(rig, names.DEFAULT.files_stream) if step["path"] == "b.txt"]
    assert [(step["state"], step["round"]) for step in steps if step["state"] != "queued"] == [
        ("accepted", 1),
        ("published", 1),
        ("filed", 1),
        ("accepted", 2),
        ("published", 2),
        ("replaced", 1),
        ("filed", 2),
    ]
    assert rig.counts() == {"published": 3, "replaced": 3}
    assert rig.describe("b.txt").place == str(rig.processed / "b.txt")


def test_without_a_service_it_is_done_when_one_starts(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.start()
    read_all(rig, FILES)
    rig.stop()
    ask(rig, monkeypatch, "b.txt")
    assert json.loads(capsys.readouterr().out)["service"] is False
    assert left(rig) == 1
    rig.start()
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: left(rig) == 0 and versions(rig)["b.txt"] == ("2", "2"))
    assert Counter(versions(rig).values()) == {("1", "1"): 2, ("2", "2"): 1}


@pytest.mark.parametrize(("version", "verdict"), [("1", "unchanged"), ("0", "newer"), ("2-dev", "other")])
def test_nothing_is_asked_for_where_nothing_changes(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: str, verdict: str
) -> None:
    rig.start()
    read_all(rig, FILES)
    ask(rig, monkeypatch, version=version)
    assert json.loads(capsys.readouterr().out)["counts"] == {verdict: 3}
    assert left(rig) == 0


def test_a_name_that_is_none_is_told(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.start()
    read_all(rig, FILES | {"bad.txt": b"BAD", "bad/公报.txt": b"BAD 2"})
    for name in ("e.txt", str(rig.processed / "f.txt"), "bad.txt", str(rig.quarantine / "bad/公报.txt")):
        with pytest.raises(click.exceptions.Exit):
            ask(rig, monkeypatch, name)
        assert json.loads(capsys.readouterr().out)["counts"] == {"unknown": 1}
    ask(rig, monkeypatch, str(rig.processed / "b.txt"), "2023/报告.txt")
    assert json.loads(capsys.readouterr().out)["counts"] == {"asked": 2}


def test_a_reading_that_fails_leaves_the_earlier_one(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its failure is told, the file stays where it is, and a loss of Redis changes nothing of that."""
    rig.start()
    read_all(rig, FILES)
    worker = Worker(rig.url, rig.inbox, version="2")
    worker.refuses = lambda handover: handover.path == "b.txt"
    ask(rig, monkeypatch)
    with worker:
        wait_for(lambda: left(rig) == 0 and Counter(versions(rig).values())["2", "2"] == 2)

    [failure] = rig.events(names.DEFAULT.failures_stream)
    assert (failure["source"]["path"], failure["disposition"], failure["round"]) == ("b.txt", "kept", 2)
    assert versions(rig)["b.txt"] == ("1", "1")
    found = rig.describe("b.txt")
    assert (found.state, found.place) == ("published", str(rig.processed / "b.txt"))
    assert "undecodable" in "".join(found.lines)
    told = sorted(event["id"] for event in events(rig) if event["data"]["pipeline"]["version"] == "2")
    held = sorted([*told, next(event["id"] for event in events(rig) if event["subject"] == "b.txt")])
    rig.redis.flushall()
    wait_for(lambda: sorted(event["id"] for event in events(rig)) == held)
    wait_for(lambda: rig.events(names.DEFAULT.failures_stream) == [failure])


@pytest.mark.faults
def test_what_redis_lost_comes_back_as_it_was_read_last(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.start()
    read_all(rig, FILES)
    ask(rig, monkeypatch)
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: is_all(rig, "2"))
    ids = sorted(event["id"] for event in events(rig)[len(FILES) :])
    rig.redis.flushall()
    wait_for(lambda: sorted(event["id"] for event in events(rig)) == ids)
    rig.until_walked()
    assert sorted(event["id"] for event in events(rig)) == ids
    assert_holds_everywhere(rig, tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("moment", ["queued", "read", "published"])
def test_redis_lost_everything_while_reports_are_read_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whichever comes back first, the new reading is what holds."""
    rig.start()
    read_all(rig, FILES)
    worker = Worker(rig.url, rig.inbox, version="2")
    if moment == "read":
        worker.may_read.clear()
    if moment == "published":
        rig.stop()
    ask(rig, monkeypatch)
    if moment == "published":
        rig.start(command=[sys.executable, "-c", DEAF])
    wait_for(lambda: rig.counts().get("queued") == 3)
    if moment == "queued":
        rig.redis.flushall()
    with worker:
        if moment == "read":
            wait_for(lambda: worker.handled)
            rig.redis.flushall()
            worker.may_read.set()
        if moment == "published":
            wait_for(lambda: len(events(rig)) == 6)
            rig.kill()
            rig.redis.flushall()
            rig.start()
        wait_for(lambda: is_all(rig, "2"))
        rig.until_walked()
    assert_holds_everywhere(rig, tmp_path)


#: A watcher that hears of no outcome.
DEAF = textwrap.dedent("""
    import runpy
    from watcher.sending.broker import Broker
    Broker.outcomes = lambda self, after, block_s: __import__("time").sleep(block_s) or []
    runpy.run_module("watcher", run_name="__main__")
""")


def test_the_same_file_dropped_again_is_a_duplicate_before_and_after(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.start()
    read_all(rig, FILES)
    ask(rig, monkeypatch)
    wait_for(lambda: left(rig) == 3)
    rig.drop("b.txt", FILES["b.txt"])
    wait_for(lambda: any(row.state == "duplicate" for row in rig.rows("b.txt")))
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: left(rig) == 0 and len(events(rig)) == 6)
        wait_for(lambda: not (rig.inbox / "b.txt").exists())
        rig.drop("c/d/通报.html", FILES["c/d/通报.html"])
        wait_for(lambda: not (rig.inbox / "c/d/通报.html").exists())
        rig.until_walked()
    assert len(events(rig)) == 6
    assert [row.state for row in rig.rows("b.txt")] == ["duplicate", "published", "replaced"]
    copy = json.loads((rig.processed / "b.2.txt.json").read_bytes())["duplicate_of"]
    assert copy["event_id"] in {event["id"] for event in events(rig)}


def test_other_content_that_comes_meanwhile_is_the_next_revision(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.start()
    read_all(rig, FILES)
    ask(rig, monkeypatch)
    wait_for(lambda: left(rig) == 3)
    rig.drop("b.txt", b"new")
    wait_for(lambda: len(rig.rows("b.txt")) == 3)
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: left(rig) == 0 and rig.is_filed("b.txt"))
        wait_for(lambda: is_all(rig, "2"))
    assert_holds_everywhere(rig, tmp_path)
    assert rig.redis.get(names.DEFAULT.latest_key(rig.rows("b.txt")[0].document)) == "2"


@pytest.mark.faults
def test_a_file_that_was_taken_out_or_changed_is_left_alone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.start()
    read_all(rig, FILES)
    rig.stop()
    ask(rig, monkeypatch)
    (rig.processed / "b.txt").unlink()
    (rig.processed / "2023/报告.txt").write_bytes(b"ten")
    rig.start()
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: left(rig) == 0)
        wait_for(lambda: versions(rig)["c/d/通报.html"] == ("2", "2"))
    assert rig.counts() == {"published": 3, "replaced": 1, "superseded": 1, "vanished": 1}
    assert rig.describe("2023/报告.txt").state == rig.describe("b.txt").state == "published"


@pytest.mark.faults
def test_workers_of_the_former_version_change_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for before the workers were replaced: it is over, and can be asked for again."""
    rig.start()
    read_all(rig, FILES)
    with Worker(rig.url, rig.inbox, version="1"):
        ask(rig, monkeypatch)
        wait_for(lambda: rig.counts().get("superseded") == 3)
    assert len(events(rig)) == 3
    ask(rig, monkeypatch)
    with Worker(rig.url, rig.inbox, version="2"):
        wait_for(lambda: is_all(rig, "2"))


@pytest.mark.faults
def test_again_and_again(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the one before; the last one holds."""
    rig.start()
    read_all(rig, FILES)
    for version in ("2", "3"):
        ask(rig, monkeypatch, version=version)
        with Worker(rig.url, rig.inbox, version=version):
            wait_for(lambda version=version: is_all(rig, version))  # type: ignore[misc]
    chain = [event for event in events(rig) if event["subject"] == "b.txt"]
    assert [event["data"]["replaces"] for event in chain] == [None, chain[0]["id"], chain[1]["id"]]
    assert_holds_everywhere(rig, tmp_path, "3")


def test_real_workers_of_two_versions(tmp_path: Path, server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by the rules of one, and again by those of the next, by the real pipeline; the same figures come out."""
    seeds = sorted(SEEDS.glob("*.txt"))[:2]
    (tmp_path / "worker").mkdir()
    with Rig(tmp_path, server.url) as rig, WorkerRig(tmp_path / "worker", server.url, inbox=rig.inbox) as staff:
        rig.start()
        former = staff.start()
        for seed in seeds:
            rig.drop(f"种子/{seed.name}", seed.read_bytes())
        wait_for(lambda: all(rig.is_filed(f"种子/{seed.name}") for seed in seeds))
        before = versions(rig)
        former.stop()
        staff.app, staff.popen = "tests.other_version_worker", subprocess.Popen  # anew: it changes what is imported
        staff.start(OTHER_VERSION="1000")
        ask(rig, monkeypatch, version="1000")
        wait_for(lambda: is_all(rig, "1000"))
        wait_for(lambda: not (rig.inbox / AGAIN).exists())
        told = events(rig)
        assert_holds_everywhere(rig, tmp_path, "1000")
    assert {*before.values()} == {(PIPELINE_VERSION, PIPELINE_VERSION)}
    assert len(told) == 2 * len(seeds)
    first, again = ({event["subject"]: event["data"] for event in part} for part in (told[:2], told[2:]))
    for path, data in again.items():
        assert data["metrics"] == first[path]["metrics"] != []
        assert data["replaces"] in {event["id"] for event in told[:2]}
