"""An upgrade in containers: workers of a former version read, and filed reports are read again by today's.

Run by ``make test-compose``, on a stack of its own.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import containers
from benchmarks.containers import ROOT, docker
from delivery.connect import connect
from schemas import names
from tests.waiting import eventually
from worker import PIPELINE_VERSION

pytestmark = pytest.mark.compose

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
FORMER = "0"
# As the image's own command, with the rules of another version as far as ids go.
FORMER_WORKER = (
    f"import sys, worker; worker.PIPELINE_VERSION = {FORMER!r}; "
    "sys.argv = 'celery --quiet --app worker.app worker --without-gossip --without-mingle'.split(); "
    "from celery.__main__ import main; main()"
)


class Stack(containers.Stack):
    """A stack whose workers can be of a former version."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.redis = connect(self.url)
        self._former = folder / "former.json"
        self._former.write_text(json.dumps({"services": {"worker": {"command": ["python", "-c", FORMER_WORKER]}}}))

    def up_with_former_workers(self) -> None:
        """Build and start it so."""
        command, self._command = self._command, [*self._command, "--file", str(self._former)]
        try:
            self.up(1)
        finally:
            self._command = command

    def events(self) -> list[dict[str, Any]]:
        """All reports of the record."""
        entries: Any = self.redis.xrange(names.DEFAULT.results_stream)
        return [json.loads(fields[names.EVENT_FIELD]) for _, fields in entries]

    def zhibiao(self, *arguments: str) -> str:
        """A command beside the watcher, as docs/operations.md says."""
        return docker("exec", self.containers("watcher")[0], "zhibiao", *arguments)

    def versions(self) -> Counter[str]:
        """Whose rules the filed reports are of."""
        files = (self.data / "processed").glob("*.txt.json")
        return Counter(json.loads(file.read_bytes())["pipeline"]["version"] for file in files)


def wait_until(condition: Callable[[], bool], within_s: float, stack: Stack) -> None:
    eventually(condition, within_s, lambda: stack.compose("logs", "--tail", "40"), pause_s=0.2)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if reason := containers.missing():
        pytest.skip(reason)
    stack = Stack(tmp_path_factory.mktemp("reprocess"))
    try:
        stack.up_with_former_workers()
        wait_until(lambda: stack.healthy("watcher", 1), 90, stack)
        yield stack
    finally:
        stack.down()


def test_an_upgrade_is_read_again_from_the_inbox_alone(stack: Stack) -> None:
    """Workers still see the inbox and nothing else; each event comes once, and no copy is left."""
    for seed in SEEDS:
        (stack.data / "inbox" / f".{seed.name}").write_bytes(seed.read_bytes())
        (stack.data / "inbox" / f".{seed.name}").rename(stack.data / "inbox" / seed.name)
    wait_until(lambda: stack.versions() == {FORMER: len(SEEDS)}, 180, stack)
    first = {event["subject"]: event for event in stack.events()}

    stack.up(2)
    wait_until(lambda: stack.healthy("worker", 2), 120, stack)
    assert f"{len(SEEDS)} to be read again" in stack.zhibiao("reprocess", "--older")
    wait_until(lambda: stack.versions() == {PIPELINE_VERSION: len(SEEDS)}, 180, stack)

    again = stack.events()[len(SEEDS) :]
    assert {event["subject"]: event["data"]["replaces"] for event in again} == {
        subject: event["id"] for subject, event in first.items()
    }
    assert len(again) == len(SEEDS)
    wait_until(lambda: not list((stack.data / "inbox").iterdir()), 60, stack)
    assert "nothing changes" in stack.zhibiao("reprocess", "--all")


def test_a_document_is_taken_back(stack: Stack) -> None:
    name = SEEDS[0].name
    stack.zhibiao("withdraw", f"/data/processed/{name}", "--why", "for the test")
    wait_until(lambda: (stack.data / "quarantine" / name).exists(), 60, stack)
    wait_until(lambda: stack.redis.xlen(names.DEFAULT.withdrawals_stream) == 1, 60, stack)
    assert not (stack.data / "processed" / f"{name}.json").exists()
