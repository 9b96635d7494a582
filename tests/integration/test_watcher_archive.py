"""Every published report lies in the archive, whatever Redis has let go of before it was filed."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from schemas import names
from tests.watcher_rig import Rig, Worker, sha256, wait_for
from watcher.filing.sidecars import for_lost
from watcher.restoring.mending import MENDED
from watcher.running.damage import FILE_NAME

pytestmark = pytest.mark.service

FILES = {f"d/{number}.txt": b"%d" % number for number in range(12)} | {"公报.txt": "二".encode()}


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def publish_unseen(rig: Rig, files: dict[str, bytes], let_go: Callable[[], object]) -> None:
    """Hand over, stop the watcher, publish, let something go from Redis, and start the watcher again."""
    rig.start()
    for name, content in files.items():
        rig.drop(name, content)
    wait_for(lambda: rig.counts().get("queued") == len(files))
    rig.stop()
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.redis.xlen(names.DEFAULT.outcomes_stream) == len(files))
    let_go()
    rig.start()


def trim(rig: Rig, to: int = 1) -> None:
    for stream in (names.DEFAULT.results_stream, names.DEFAULT.failures_stream):
        rig.redis.xtrim(stream, maxlen=to, approximate=False)


def expire(rig: Rig, to: int = 1) -> None:
    """What a time to live does to the keys of reports."""
    trim(rig, to)
    keys: Any = [*rig.redis.scan_iter("zhibiao:report:*"), *rig.redis.scan_iter("zhibiao:latest:*")]
    rig.redis.delete(*keys)


def archived(rig: Rig) -> dict[str, str]:
    """The digest in the report beside each file of the archive."""
    found = {}
    for file in (file for file in rig.files(rig.processed) if not file.name.startswith(".")):
        report = json.loads(file.with_name(file.name + ".json").read_bytes())
        found[str(file.relative_to(rig.processed))] = report["source"]["sha256"] if "metrics" in report else "none"
    return found


WHOLE = {name: sha256(content) for name, content in FILES.items()}


def test_a_trimmed_stream_costs_no_report(rig: Rig) -> None:
    publish_unseen(rig, FILES, lambda: trim(rig))
    with Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: all(rig.is_filed(name) for name in FILES))

    assert worker.handled == []
    assert archived(rig) == WHOLE


def test_nor_do_keys_that_are_gone(rig: Rig) -> None:
    """The files are read once more, and nothing is published a second time; what Redis then loses is all restored."""
    heard = rig.redis.pubsub(ignore_subscribe_messages=True)
    publish_unseen(rig, FILES, lambda: expire(rig))
    heard.subscribe(names.DEFAULT.results_channel)
    with Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: all(rig.is_filed(name) for name in FILES))
        assert len(worker.handled) == len(FILES) - 1
        assert rig.redis.xlen(names.DEFAULT.results_stream) == 1
        assert [message for _ in range(3) if (message := heard.get_message(timeout=0.1))] == []
    assert archived(rig) == WHOLE
    rig.redis.flushall()
    wait_for(lambda: sorted(rig.results()) == sorted((name, 1, digest) for name, digest in WHOLE.items()))
    heard.close()


def test_a_watcher_killed_while_files_are_read_once_more(rig: Rig) -> None:
    publish_unseen(rig, FILES, lambda: expire(rig))
    wait_for(lambda: rig.counts().get("queued", 0) > 0)
    for _ in range(3):
        rig.restart()
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: all(rig.is_filed(name) for name in FILES))

    assert archived(rig) == WHOLE
    assert rig.redis.xlen(names.DEFAULT.results_stream) == 1


@pytest.mark.parametrize("content", [b"new", "更正".encode()])
def test_a_file_replaced_while_it_is_read_once_more(rig: Rig, content: bytes) -> None:
    """What was published of it is lost; it was published all the same, so that set back it is news."""
    publish_unseen(rig, {"a.txt": b"one", "b.txt": b"b"}, lambda: expire(rig, 0))
    wait_for(lambda: rig.rows("a.txt")[0].round == 2 and rig.state_of("a.txt") == "queued")
    rig.drop("a.txt", content)
    wait_for(lambda: rig.rows("a.txt")[0].revision == 2)
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt") and rig.state_of("a.txt") == "published")
        wait_for(lambda: rig.rows("a.txt")[1].state == "published")
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.rows("a.txt")[0].revision == 3 and rig.is_filed("a.txt"))

    assert [(data["revision"], data["repeats"]) for data in rig.events() if data["source"]["path"] == "a.txt"][-2:] == [
        (2, None),
        (3, 1),
    ]


def test_reasons_of_failures_outlive_their_stream(rig: Rig) -> None:
    bad = {"a.txt": b"BAD", "b.txt": b"BAD too", "c.txt": "BAD 三".encode()}
    publish_unseen(rig, bad, lambda: trim(rig))
    wait_for(lambda: all(rig.is_filed(name) for name in bad))

    reasons = [json.loads((rig.quarantine / f"{name}.error.json").read_bytes()) for name in bad]
    assert [(reason["code"], reason["stage"]) for reason in reasons] == [("undecodable", "decode")] * 3
    rig.redis.flushall()
    wait_for(lambda: len(rig.events(names.DEFAULT.failures_stream)) == 3)


def test_what_an_earlier_version_left_out_is_mended(rig: Rig) -> None:
    """From the keys at the start; what has none is read again when its file comes once more."""
    rig.start()
    with Worker(rig.url, rig.inbox) as worker:
        for name, content in FILES.items():
            rig.drop(name, content)
            wait_for(lambda name=name: rig.is_filed(name))  # type: ignore[misc]
        rig.stop()
        trim(rig)
        for name in FILES:
            (rig.processed / f"{name}.json").write_bytes(for_lost(rig.rows(name)[0]))
        rig.redis.delete(names.DEFAULT.report_key(rig.rows("公报.txt")[0].document, 1))
        _forget_mark(rig)
        rig.start()
        wait_for(lambda: archived(rig) == WHOLE | {"公报.txt": "none"})
        wait_for(lambda: rig.log_lines("not_kept"))
        (rig.processed / "公报.txt").rename(rig.inbox / "公报.txt")
        wait_for(lambda: rig.is_filed("公报.txt") and rig.rows("公报.txt")[0].round == 2)

        wait_for(lambda: archived(rig) == WHOLE)

    assert len(worker.handled) == len(FILES) + 1
    assert rig.redis.xlen(names.DEFAULT.results_stream) == 1


def _forget_mark(rig: Rig) -> None:
    """As in a ledger of the version before."""
    with closing(sqlite3.connect(rig.state / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM marks WHERE name = ?", (MENDED,))
