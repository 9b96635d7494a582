"""A real watcher before outcomes and rows of its ledger that it cannot do anything with."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schemas import names
from tests.waiting import wait_for
from tests.watcher_rig import Rig, Worker
from watcher.sending.outcomes import CURSOR

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


ODD_OUTCOMES: dict[str, dict[bytes, bytes]] = {
    "no field": {b"other": b"{}"},
    "no text": {b"data": b"\xff\xfe\x00"},
    "too deep": {b"data": b"[" * 100_000},
    "a huge revision": {
        b"data": b'{"id": "d", "revision": 1%s, "round": 1, "sha256": "", "status": "missing"}' % (b"0" * 40)
    },
    "a long number": {
        b"data": b'{"id": "d", "revision": 1, "round": 1%s, "sha256": "", "status": "failed"}' % (b"0" * 5000)
    },
    "an odd place": {
        b"data": b'{"id": "d", "revision": 1, "round": 1, "sha256": "", "status": "published"}',
        b"entry": b"x",
    },
    "half a character": {b"data": b'{"id": "\\ud800", "revision": 1, "round": 1, "sha256": "", "status": "missing"}'},
}


def test_odd_outcomes_stop_none_behind_them(rig: Rig) -> None:
    """Each leaves one line; the next outcome is written down."""
    with Worker(rig.url, rig.inbox):
        rig.start()
        for number, (kind, fields) in enumerate(ODD_OUTCOMES.items()):
            rig.redis.xadd(names.DEFAULT.outcomes_stream, dict(fields))
            rig.drop(f"{number}.txt", kind.encode())
            _wait_until_filed(rig, f"{number}.txt")
        last = rig.redis.xadd(names.DEFAULT.outcomes_stream, {"other": "last"})
        wait_for(lambda: _cursor(rig) == last, what="the last one passed by")
        rig.stop()
        rig.start()
        rig.drop("last.txt", b"last")
        _wait_until_filed(rig, "last.txt")
    assert len(rig.log_lines("odd_outcome")) == len(ODD_OUTCOMES) + 1
    assert rig.log_lines("redis_lost_data") == []


ODD_ROWS = {
    "an odd place": "UPDATE files SET entry_id = 'garbage'",
    "a place beyond all": "UPDATE files SET entry_id = '99999999999999999999999-1'",
    "a lost original": "UPDATE files SET state = 'duplicate', duplicate_of = 77, revision = NULL",
}


@pytest.mark.parametrize("change", ODD_ROWS.values(), ids=ODD_ROWS)
def test_an_odd_row_stops_none_behind_it(rig: Rig, change: str) -> None:
    """Put back with a wait and an alarm, also at the next start."""
    rig.start()
    rig.drop("odd.txt", b"odd")
    wait_for(lambda: rig.state_of("odd.txt") == "queued", what="odd.txt in the queue")
    rig.stop()
    with closing(sqlite3.connect(rig.folder / "state" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE files SET state = 'published', event_id = 'e0', announced = 1")
        ledger.execute(change)
    with Worker(rig.url, rig.inbox):
        for number in (1, 2):
            rig.start()
            rig.drop(f"{number}.txt", b"good %d" % number)
            _wait_until_filed(rig, f"{number}.txt")
            rig.stop()
    assert (rig.inbox / "odd.txt").read_bytes() == b"odd"


def _wait_until_filed(rig: Rig, name: str) -> None:
    wait_for(lambda: rig.is_filed(name), what=f"{name} filed")


def _cursor(rig: Rig) -> str | None:
    with rig.ledger() as ledger:
        return ledger.mark(CURSOR)
