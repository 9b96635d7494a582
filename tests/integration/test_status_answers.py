"""`zhibiao status` beside a real watcher: where is a file, and why is it not done?"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from delivery import attempt_log as attempts
from schemas.handover import HandOver
from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Rig]:
    with Rig(tmp_path / "home", server.url) as rig:
        rig.start()
        yield rig


def status(rig: Rig, *arguments: str) -> str:
    command = [sys.executable, "-m", "zhibiao", "status", *arguments]
    done = forks.run(command, env=rig.environ(), cwd=rig.folder, timeout=LONG_S)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(rig: Rig, name: str) -> str:
    """What it would say of a file, without a program started for each look."""
    return "\n".join(rig.describe(name).lines)


def as_json(rig: Rig) -> dict[str, Any]:
    return dict(json.loads(status(rig, "--json")))


@pytest.mark.faults
def test_an_open_writer(rig: Rig) -> None:
    with (rig.inbox / "a.txt").open("wb") as writer:
        writer.write(b"half")
        writer.flush()
        wait_for(lambda: "writer-open" in told(rig, "a.txt"), what="seen as open")

        assert re.fullmatch(r"a\.txt: waiting\n  writer-open \d+ s\n", status(rig, "a.txt"))
        assert re.fullmatch(r"writer-open \d+ s", as_json(rig)["unfinished"][0]["why"])


@pytest.mark.faults
def test_a_quiet_time(tmp_path: Path, server: EmbeddedRedis) -> None:
    with Rig(tmp_path / "home", server.url, settle_s=60.0) as rig:
        rig.start()
        rig.write("a.txt", b"whole")
        wait_for(lambda: "quiet" in told(rig, "a.txt"), what="seen as quiet")

        assert re.fullmatch(r"a\.txt: waiting\n  quiet \d+\.\d of 60 s\n", status(rig, "a.txt"))


@pytest.mark.faults
def test_a_pattern(rig: Rig) -> None:
    rig.write("~$a.docx", b"junk")

    assert status(rig, "~$a.docx") == "~$a.docx: ignored\n  ignored: pattern ~$*\n"


@pytest.mark.faults
def test_redis_is_down(rig: Rig, server: EmbeddedRedis) -> None:
    """Which attempt comes next, when, and why the last one came to nothing."""
    server.stop()
    rig.drop("a.txt", b"whole")
    wait_for(lambda: "queue: attempt " in status(rig, "a.txt"), what="told as an attempt")

    lines = status(rig, "a.txt").splitlines()

    assert lines[0] == "a.txt: accepted"
    assert re.fullmatch(r"  revision 1 accepted \d+ s ago, to be handed over", lines[1])
    [queue] = [line for line in lines if line.startswith("  queue: ")]
    assert re.fullmatch(r"  queue: attempt \d+ in \d s: ConnectionError: .*", queue)


def test_attempts_of_workers(rig: Rig) -> None:
    rig.drop("a.txt", b"whole")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    with rig.ledger() as ledger:
        handover: HandOver = ledger.find("a.txt")[0].hand_over()
    number = attempts.begin(rig.redis, handover, "one")
    attempts.note(rig.redis, handover, "one", number, attempts.Ending("MemoryError at worker.pipeline:read:40\nmore"))

    assert status(rig, "a.txt").splitlines()[2] == "  attempt 2 of 3 is next: MemoryError at worker.pipeline:read:40"
    attempts.begin(rig.redis, handover, "two")
    assert status(rig, "a.txt").splitlines()[2] == "  attempt 2 of 3 was begun"

    attempts.heartbeat(rig.redis, handover, 60)
    assert status(rig, "a.txt").splitlines()[2] == "  being read, attempt 2 of 3"
    attempts.note(rig.redis, handover, "one", number, attempts.Ending("over the time limit", attempts.OUT_OF_TIME))
    assert status(rig, "a.txt").splitlines()[2] == "  being read, attempt 2 of 2"


def test_a_failure_tells_its_code(rig: Rig) -> None:
    """The ledger has it, so that the answer does not hang on Redis or on the file beside the original."""
    rig.drop("a.txt", b"BAD")
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt"))

    assert (rig.rows("a.txt")[0].code, rig.rows("a.txt")[0].detail) == ("undecodable", "made to fail")
    assert re.search(r"\n  quarantined \(undecodable\) \d+ s ago: made to fail\n", status(rig, "a.txt"))


def test_without_a_file_those_that_are_not_done_are_listed(rig: Rig) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        rig.drop(name, name.encode())
    rig.drop("bad\x1b[31m.txt", b"x")
    wait_for(lambda: rig.counts() == {"queued": 4})

    said = status(rig, "--limit", "3")

    assert re.search(r"\nnot done:\n  a\.txt: revision 1 handed over \d+ s ago, no outcome yet\n", said)
    assert said.endswith("  and 1 more; --limit shows them\n")
    assert [file["path"] for file in as_json(rig)["unfinished"]] == ["a.txt", "b.txt", "c.txt", "bad%1B[31m.txt"]
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: all(map(rig.is_filed, ("a.txt", "b.txt", "c.txt", "bad%1B[31m.txt"))))
        assert as_json(rig)["unfinished"] == []
    assert "not done" not in status(rig)
