"""The ledger: forward only, all or nothing, readable by others."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest

from schemas.handover import HandOver
from tests.unit.watcher.conftest import Desk
from watcher.ledger.database import Ledger, fault_of
from watcher.ledger.rows import LOST, State
from watcher.running.damage import FILE_NAME, WAY_OUT, UnusableLedger, alarm_of, in_words
from watcher.seeing.arrivals import Readiness
from watcher.seeing.sightings import StatSignature

SIGNATURE = StatSignature(1, 2**63 + 5, 3, 4, 5)


def add(ledger: Ledger, **columns: Any) -> int:
    defaults = {
        "document": "d0c",
        "raw": b"a.txt",
        "path": "a.txt",
        "revision": 1,
        "sha256": "c0ffee",
        "size_bytes": 3,
        "signature": SIGNATURE,
        "state": "accepted",
        "accepted_at": 10.0,
        "arrived_ns": 1,
    }
    return ledger.add(**{**defaults, **columns}).id


def test_a_row_comes_back_as_it_was_added(ledger: Ledger) -> None:
    row = ledger.get(add(ledger, raw=b"\xc4\xea.txt", path="%C4%EA.txt"))

    assert row is not None
    assert (row.raw, row.path, row.signature, row.in_inbox, row.announced) == (
        b"\xc4\xea.txt",
        "%C4%EA.txt",
        SIGNATURE,
        True,
        True,
    )
    assert row.hand_over() == HandOver(id="d0c", revision=1, path="%C4%EA.txt", sha256="c0ffee", size_bytes=3)


FORWARD = {
    ("published", "replaced"),
    ("published", "withdrawn"),
    ("duplicate", "withdrawn"),
    ("accepted", "kept"),
    ("queued", "kept"),
    ("accepted", "queued"),
    ("accepted", "published"),
    ("accepted", "quarantined"),
    ("accepted", "superseded"),
    ("accepted", "vanished"),
    ("queued", "published"),
    ("queued", "quarantined"),
    ("queued", "superseded"),
    ("queued", "vanished"),
    ("superseded", "published"),
    ("superseded", "quarantined"),
    ("vanished", "published"),
    ("vanished", "quarantined"),
    ("duplicate", "quarantined"),
    ("duplicate", "superseded"),
    ("duplicate", "vanished"),
    ("ignored", "superseded"),
}


def test_states_only_move_forward(ledger: Ledger) -> None:
    moved = set()
    for number, (was, now) in enumerate((was, now) for was in get_args(State) for now in get_args(State)):
        id_ = add(ledger, state=was, raw=b"%d" % number, revision=number)
        done = ledger.advance(id_, now, 20.0)
        row = ledger.get(id_)
        assert row is not None
        assert (row.state, row.changed_at) == ((now, 20.0) if done else (was, 10.0))
        if done:
            moved.add((was, now))

    assert moved == FORWARD


def test_a_transaction_is_all_or_nothing(ledger: Ledger) -> None:
    def fail_half_way() -> None:
        with ledger.transaction():
            add(ledger)
            with ledger.transaction():
                ledger.set_mark("outcomes", "1-1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert ledger.summary() == {}
    assert ledger.mark("outcomes") is None


def test_a_path_of_the_inbox_has_one_row(ledger: Ledger) -> None:
    add(ledger)
    with pytest.raises(sqlite3.IntegrityError):
        add(ledger, revision=2)


def test_others_read_while_it_is_written(ledger: Ledger, tmp_path: Path) -> None:
    reader = Ledger.open(tmp_path / FILE_NAME, readonly=True)
    add(ledger)
    with ledger.transaction():
        add(ledger, raw=b"b.txt", revision=2)
        assert reader.summary() == {"accepted": 1}
    assert reader.summary() == {"accepted": 2}
    with pytest.raises(sqlite3.OperationalError):
        reader.set_mark("outcomes", "1-1")
    reader.close()


def test_no_ledger_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no ledger is at /"):
        Ledger.open(tmp_path / "none.sqlite", readonly=True)


def _with_random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:8192])


def _with_a_page_overwritten(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-4096:] = b"x" * 4096
    path.write_bytes(content)


def _of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE files (name TEXT)")


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm", [_with_random_bytes, _cut_off, _with_a_page_overwritten, _of_another_program, _emptied, _a_folder]
)
def test_a_ledger_that_cannot_be_used_is_named_with_the_way_out(harm: Callable[[Path], None], tmp_path: Path) -> None:
    """In one line; whoever reads it is told, and it stays as it is."""
    path = tmp_path / FILE_NAME
    whole = Ledger.open(path)
    for number in range(200):
        add(whole, document=f"d{number}", raw=b"%d.txt" % number)
    whole.close()
    assert fault_of(tmp_path) is None
    harm(path)
    fault = fault_of(tmp_path)
    if harm is _emptied:
        Ledger.open(path).close()  # nothing is lost by a beginning
        assert fault_of(tmp_path) is None

    assert fault is not None
    assert fault.startswith(f"{path} ")
    assert "\n" not in fault
    assert fault.endswith(WAY_OUT)


@pytest.mark.parametrize("harm", [_with_random_bytes, _cut_off])
def test_damage_is_told_where_a_ledger_is_read(harm: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    whole = Ledger.open(path)
    for number in range(200):
        add(whole, document=f"d{number}", raw=b"%d.txt" % number)
    whole.close()
    harm(path)

    with pytest.raises(UnusableLedger, match=r"ledger\.sqlite is damaged: .*move ledger\.sqlite"):  # noqa: SIM117
        with Ledger.beside(tmp_path) as ledger:
            ledger.summary()


@pytest.mark.parametrize(
    ("code", "text"), [(sqlite3.SQLITE_CORRUPT, "malformed"), (sqlite3.SQLITE_NOTADB, "no database")]
)
def test_an_alarm_about_damage_names_the_way_out(code: int, text: str) -> None:
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = code

    assert {alarm_of(error, name) for name in ("filing", "walk")} == {"ledger-damaged"}
    assert in_words(error) == f"the ledger is damaged: DatabaseError: {text}; {WAY_OUT}"


@pytest.mark.parametrize(("newest_first", "order"), [(True, ["c", "a", "b"]), (False, ["b", "a", "c"])])
def test_rows_are_sent_in_the_order_of_arrival(ledger: Ledger, *, newest_first: bool, order: list[str]) -> None:
    for name, arrived in (("a", 20), ("b", 10), ("c", 30)):
        add(ledger, document=name, raw=name.encode(), arrived_ns=arrived)
    add(ledger, document="later", raw=b"later", not_before=200.0)

    assert [row.document for row in ledger.to_send(10, newest_first=newest_first, now=100.0)] == order


def test_a_wait_is_over_when_the_clock_was_set_back(ledger: Ledger) -> None:
    id_ = add(ledger, not_before=5000.0, queued_at=5000.0)

    assert [row.id for row in ledger.to_send(10, newest_first=True, now=1400.0)] == [id_]
    ledger.advance(id_, "queued", 5000.0)
    assert [row.id for row in ledger.silent(60, now=1400.0)] == [id_]
    assert ledger.silent(60, now=5001.0) == []


def test_a_duplicate_is_filed_after_its_original_has_ended(ledger: Ledger) -> None:
    original = add(ledger)
    duplicate = add(ledger, raw=b"b.txt", revision=None, state="duplicate", duplicate_of=original)

    assert ledger.to_file(10, now=100.0) == []
    ledger.advance(original, "published", 20.0)
    assert {row.id for row in ledger.to_file(10, now=100.0)} == {original, duplicate}


def test_verdicts_of_waiting_files(ledger: Ledger) -> None:
    ledger.set_waiting({"a.txt": Readiness("quiet", 5.0, 2.0), "b.txt": Readiness("writer-open", 1.0)}, [])
    ledger.set_waiting({"a.txt": Readiness("writer-open", 6.0)}, ["b.txt"])

    assert ledger.waiting("a.txt") == Readiness("writer-open", 6.0)
    assert ledger.waiting("b.txt") is None
    assert ledger.summary() == {"waiting": 1}
    ledger.clear_waiting()
    assert ledger.summary() == {}


def test_what_was_read_again_is_made_again_once(ledger: Ledger) -> None:
    """A lost report whose event a newer round has is left out; one that nobody has stays, to be named."""
    ended = {"state": "published", "in_inbox": 0, "folder": "processed"}
    for number, (document, code) in enumerate((("a", LOST), ("b", LOST), ("c", None))):
        about = {"document": document, "event_id": f"e{document}", "target": b"%d" % number}
        add(ledger, raw=document.encode(), code=code, **ended, **about)
    add(ledger, document="a", raw=b"a", event_id="ea", round=2, target=b"3", **ended)

    archived = [ledger.get(id_) for id_ in ledger.archived()]
    assert [(row.document, row.round) for row in archived if row] == [("b", 1), ("c", 1), ("a", 2)]


def test_a_report_that_is_lost_is_no_original(desk: Desk) -> None:
    """The same content, dropped again, is read in a new round: nobody has its event any more."""
    row = desk.accept("a.txt", b"one")
    desk.ledger.advance(row.id, "published", 101, event_id="e1", in_inbox=0)
    assert desk.take("b.txt", b"one").result == "duplicate"
    desk.ledger.update(row.id, code=LOST)
    (desk.inbox / "b.txt").unlink()

    again = desk.accept("a.txt", b"one")
    assert (again.revision, again.round) == (1, 2)


def test_an_event_is_to_be_kept_until_it_is(ledger: Ledger) -> None:
    """And again where it was let go."""
    about = {"state": "published", "in_inbox": 0, "event_id": "e1"}
    ids = [add(ledger, raw=b"%d" % number, revision=number, **about) for number in (1, 2)]
    assert [row.id for row in ledger.to_keep(10, 1.0)] == ids
    for _ in range(2):
        ledger.keep(ids[0], b"{}")
        assert [row.id for row in ledger.to_keep(10, 1.0)] == ids[1:]
    ledger.begin_again(ids[0])
    assert [row.id for row in ledger.to_keep(10, 1.0)] == ids
