"""A report whose file is renamed or deleted while a worker has it: what is published lies in the archive."""

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.folder import Archive
from schemas.handover import HandOver
from tests.watcher_rig import Rig, Worker, sha256, wait_for
from watcher.ledger.rows import GONE

pytestmark = pytest.mark.service

CONTENTS = [b"one", "全年财政收入".encode()]


def watcher(patch: str = "") -> list[str]:
    """The watcher's command: it believes soon that a file is gone, as none lies on a mount that may come back."""
    program = """
        import os, runpy, signal
        import watcher.filing.file_away as module

        module.GONE_AGAIN_S = 0.05
        write_file, mark_filed = module.write_file, module.Filing._mark_filed

        def die():
            os.kill(os.getpid(), signal.SIGKILL)
    """
    run = 'runpy.run_module("watcher", run_name="__main__")\n'
    return [sys.executable, "-c", textwrap.dedent(program) + textwrap.dedent(patch) + run]


#: Each dies at one of the steps in which the report of ``a.txt`` is filed, and at none of another file.
DEATHS = {
    "before its JSON": """
        def fatal(place, temporary, content):
            if place.path == b"a.txt.json":
                die()
            write_file(place, temporary, content)

        module.write_file = fatal
    """,
    "after its JSON": """
        def fatal(place, temporary, content):
            write_file(place, temporary, content)
            if place.path == b"a.txt.json":
                die()

        module.write_file = fatal
    """,
    "before its row": """
        def fatal(self, one):
            if one.row.raw == b"a.txt":
                die()
            mark_filed(self, one)

        module.Filing._mark_filed = fatal
    """,
}


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def renaming(rig: Rig) -> Worker:
    """A worker that has read ``a.txt`` when that is renamed, and publishes when the new name has been seen."""
    worker = Worker(rig.url, rig.inbox)

    def rename(_handover: HandOver) -> bool:
        (rig.inbox / "a.txt").rename(rig.inbox / "b.txt")
        wait_for(lambda: rig.state_of("b.txt") == "duplicate")
        return False

    worker.refuses = rename
    return worker


def assert_whole(rig: Rig, content: bytes) -> None:
    """One event, and the archive has its report, its reading, and the file under its new name."""
    assert rig.results() == [("a.txt", 1, sha256(content))]
    names = sorted(path.name for path in rig.processed.iterdir())
    assert names == ["a.txt.json", "a.txt.reading.gz", "b.txt", "b.txt.json"]
    [(file, report)] = Archive(rig.processed).reports()
    assert (file.name, report.source.sha256) == ("a.txt.json", sha256(content))
    told = json.loads((rig.processed / "b.txt.json").read_bytes())["duplicate_of"]
    assert (told["id"], told["path"]) == (report.id, "a.txt")
    said = rig.describe("a.txt")
    assert said.lines[1:] == (GONE, f"filed as {rig.processed}/a.txt.json")
    rig.assert_invariants({"b.txt": content})


@pytest.mark.parametrize("content", CONTENTS)
def test_renamed_while_it_is_read(rig: Rig, content: bytes) -> None:
    """Redis, emptied, has it back from the archive."""
    rig.start(command=watcher())
    rig.drop("a.txt", content)
    with renaming(rig):
        wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))
    assert_whole(rig, content)
    before = rig.events()
    rig.redis.flushall()
    wait_for(lambda: rig.events() == before)


@pytest.mark.parametrize("death", DEATHS)
def test_and_the_watcher_killed_while_its_report_is_filed(rig: Rig, death: str) -> None:
    dying = rig.start(command=watcher(DEATHS[death]))
    rig.drop("a.txt", CONTENTS[0])
    with renaming(rig):
        wait_for(lambda: dying.poll() is not None, what="its death")
    rig.start(command=watcher())
    wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))

    assert_whole(rig, CONTENTS[0])


def test_renamed_while_no_watcher_runs(rig: Rig) -> None:
    """It finds the new name when it starts, and that the report is out."""
    rig.start(command=watcher())
    path = rig.drop("a.txt", CONTENTS[0])
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    rig.kill()
    worker = Worker(rig.url, rig.inbox)
    with worker:
        wait_for(lambda: rig.events())
    path.rename(rig.inbox / "b.txt")
    rig.start(command=watcher())
    wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))

    assert_whole(rig, CONTENTS[0])


def test_deleted_while_it_is_read(rig: Rig) -> None:
    """There is no file to keep; what was published of it is filed."""
    rig.start(command=watcher())
    path = rig.drop("a.txt", CONTENTS[0])
    worker = Worker(rig.url, rig.inbox)
    worker.refuses = lambda _handover: path.unlink() is not None
    with worker:
        wait_for(lambda: rig.is_filed("a.txt"))

    assert sorted(path.name for path in rig.processed.iterdir()) == ["a.txt.json", "a.txt.reading.gz"]
    assert rig.results() == [("a.txt", 1, sha256(CONTENTS[0]))]
