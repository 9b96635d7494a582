"""A watcher that is killed while filed reports are read again: the next one finishes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dying_watcher import dying
from tests.integration.test_reprocess import FILES, ask, assert_holds_everywhere, events, is_all, read_all, versions
from tests.watcher_rig import Rig, Worker, wait_for
from watcher.ledger.rows import AGAIN

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


STEPS = {
    "before the rows": ("watcher.ledger.database", "Ledger", "add_rereading", "before"),
    "with the first row": ("watcher.ledger.database", "Ledger", "add_rereading", "after"),
    "before the request is taken away": ("pathlib", "Path", "unlink", "before"),
    "before a copy": ("watcher.asking.copies", "Copies", "lay_out", "before"),
    "in a copy": ("watcher.filing.moving", "", "_pump", "after"),
    "after a copy": ("watcher.asking.copies", "Copies", "lay_out", "after"),
    "after the hand-over": ("watcher.sending.broker", "Broker", "send", "after"),
    "before the outcome": ("watcher.sending.outcomes", "Outcomes", "record", "before"),
    "after the outcome": ("watcher.sending.outcomes", "Outcomes", "record", "after"),
    "before it holds": ("watcher.ledger.database", "Ledger", "let_hold", "before"),
    "while it comes to hold": ("watcher.ledger.database", "Ledger", "keep", "after"),
    "once it holds": ("watcher.ledger.database", "Ledger", "let_hold", "after"),
    "before the archive": ("watcher.filing.file_away", "", "write_file", "before"),
    "between reading and report": ("watcher.filing.file_away", "", "write_file", "after"),
    "before its mark": ("watcher.ledger.database", "Ledger", "put_in_place", "before"),
    "after its mark": ("watcher.ledger.database", "Ledger", "put_in_place", "after"),
    "before a copy is taken away": ("watcher.asking.copies", "", "remove", "before"),
}


@pytest.mark.faults
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_is_finished_by_the_next_start(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """kill -9 at any point: afterwards either the old reading or the new one, then the new one, each event once."""
    rig.start()
    read_all(rig, FILES)
    rig.stop()
    ask(rig, monkeypatch)
    process = rig.start(wait=False, command=dying(*STEPS[step]))
    with Worker(rig.url, rig.inbox, version="2") as worker:
        wait_for(lambda: process.poll() is not None)
        assert process.returncode == -9
        halves = {pair for pair in versions(rig).values() if len({*pair}) > 1}
        assert not halves or (step == "between reading and report" and halves == {("1", "2")})
        rig.start()
        wait_for(lambda: is_all(rig, "2"))
        wait_for(lambda: not (rig.inbox / AGAIN).exists())
        rig.until_walked()
    assert worker.handled
    assert len(events(rig)) == 2 * len(FILES)
    assert_holds_everywhere(rig, tmp_path)
    rig.assert_invariants(FILES)
    assert rig.counts() == {"published": 3, "replaced": 3}
    assert not [*rig.inbox.rglob("*.part")]
