"""Filing, with events that a test makes up and an inbox of real files."""

import json
import os

import pytest

from tests.unit.watcher.conftest import Cabinet
from watcher.filing import file_away, sidecars
from watcher.filing.file_away import GONE_AGAIN_S, GONE_LOOKS
from watcher.filing.moving import Held, Replaced
from watcher.ledger.rows import LOST
from watcher.seeing.below_root import RootUnavailable


def test_a_published_report_lies_beside_its_figures(cabinet: Cabinet) -> None:
    row = cabinet.ended("2023/a.txt", b"one")
    cabinet.filing.file(row)

    assert cabinet.tree() == {"processed/2023/a.txt": "one", "processed/2023/a.txt.json": {"id": "d0c", "metrics": []}}
    assert not (cabinet.desk.inbox / "2023/a.txt").exists()
    assert (cabinet.row(row.id).in_inbox, cabinet.row(row.id).target) == (False, b"2023/a.txt")


def test_a_failed_report_lies_beside_the_reason(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one", "quarantined", "2-2")
    cabinet.filing.file(row)

    assert cabinet.tree() == {
        "quarantine/a.txt": "one",
        "quarantine/a.txt.error.json": {
            "code": "undecodable",
            "message": "a.txt: byte 0",
            "stage": "decode",
            "place": None,
            "attempts": 3,
            "trace": None,
            "id": row.document,
            "revision": 1,
            "round": 1,
            "path": "a.txt",
            "sha256": row.sha256,
            "size_bytes": 3,
            "event_id": "e1",
        },
    }
    assert (cabinet.row(row.id).code, cabinet.row(row.id).detail) == ("undecodable", "byte 0")


@pytest.mark.parametrize(("name", "content"), [("a.txt", b"one"), ("2023/公报.txt", "二".encode())])
def test_a_trimmed_event_is_made_good_by_the_reports_key(cabinet: Cabinet, name: str, content: bytes) -> None:
    row, report = cabinet.trimmed(name, content)
    cabinet.reports[row.document, 1] = report
    cabinet.filing.file(row)

    assert cabinet.tree()[f"processed/{name}.json"] == json.loads(report)
    assert cabinet.row(row.id).code is None


@pytest.mark.parametrize("has_another", [False, True], ids=["no key", "a key with another reading"])
def test_a_report_that_is_nowhere_is_read_once_more(cabinet: Cabinet, *, has_another: bool) -> None:
    """Its event stands, so the hand-over asks for the report alone, with attempts of its own."""
    row, report = cabinet.trimmed("a.txt", b"one")
    if has_another:
        cabinet.reports[row.document, 1] = report.replace('"version":"1"', '"version":"2"')
    cabinet.filing.file(row)

    again = cabinet.row(row.id)
    assert (again.state, again.round, again.event_id, again.entry_id) == ("accepted", 2, row.event_id, "9-9")
    assert again.hand_over().keep
    assert cabinet.tree() == {}
    cabinet.read(again, report)
    cabinet.filing.file(cabinet.row(row.id))
    assert cabinet.tree() == {"processed/a.txt": "one", "processed/a.txt.json": json.loads(report)}
    assert (cabinet.row(row.id).code, cabinet.row(row.id).hand_over().keep) == (None, False)


def test_a_report_that_cannot_be_had_any_more_leaves_its_ids(cabinet: Cabinet) -> None:
    """Read once more in vain: the file is filed, the loss is marked, and nobody asks again and again."""
    row, _ = cabinet.trimmed("a.txt", b"one")
    cabinet.filing.file(row)
    cabinet.read(cabinet.row(row.id), None)
    cabinet.filing.file(cabinet.row(row.id))

    sidecar = cabinet.tree()["processed/a.txt.json"]
    assert (sidecar["event_id"], sidecar["entry_id"], sidecar["sha256"]) == (row.event_id, "9-9", row.sha256)
    assert (cabinet.row(row.id).code, cabinet.row(row.id).in_inbox) == (LOST, False)


@pytest.mark.parametrize("is_queued", [False, True])
def test_what_is_read_once_more_and_replaced_was_published_all_the_same(cabinet: Cabinet, *, is_queued: bool) -> None:
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.filing.file(row)
    if is_queued:
        cabinet.desk.ledger.advance(row.id, "queued", 102)
    second = cabinet.desk.accept("a.txt", b"two")
    assert cabinet.desk.ledger.to_keep(10, 1e9) == ([] if is_queued else [cabinet.row(row.id)])
    cabinet.desk.ledger.advance(row.id, "superseded", 103)

    left = cabinet.row(row.id)
    assert (left.state, left.in_inbox, left.event_id, second.revision) == ("published", False, row.event_id, 2)
    cabinet.reports[row.document, 1] = report
    [unkept] = cabinet.desk.ledger.to_keep(10, 1e9)
    cabinet.filing.keep(unkept)
    assert json.loads(cabinet.desk.ledger.kept(row.id) or b"") == json.loads(report)


@pytest.mark.parametrize("stays", [False, True], ids=["put back", "copied"])
def test_the_file_of_a_lost_report_dropped_again_is_read_again(cabinet: Cabinet, *, stays: bool) -> None:
    """Put back, it has its old place again; either way what is made again from the archive is the new JSON."""
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.filing.file(row)
    (cabinet.processed / "a.txt.json").write_text('{"entry_id": "9-9", "event_id": "e1"}')
    if stays:
        duplicate = cabinet.desk.take("a.txt", b"one").row
        assert duplicate is not None
        cabinet.filing.file(duplicate)
        assert cabinet.noticed == [b"a.txt"]
    else:
        cabinet.desk.ledger.update(row.id, code=LOST)
        (cabinet.processed / "a.txt").unlink()

    again = cabinet.desk.accept("a.txt", b"one")
    assert (again.revision, again.round, again.hand_over().keep) == (1, 2, True)
    cabinet.read(again, report, row.event_id)
    cabinet.filing.file(cabinet.row(again.id))
    place = "processed/a.2.txt" if stays else "processed/a.txt"
    assert cabinet.tree()[f"{place}.json"] == json.loads(report)
    assert cabinet.desk.ledger.archived() == [again.id]


def test_a_copy_of_what_was_taken_out_of_the_archive_is_a_duplicate(cabinet: Cabinet) -> None:
    """File and JSON: whoever empties the archive does not want everything read again."""
    row, report = cabinet.trimmed("a.txt", b"one")
    cabinet.reports[row.document, 1] = report
    cabinet.filing.file(row)
    (cabinet.processed / "a.txt").unlink()
    (cabinet.processed / "a.txt.json").unlink()
    duplicate = cabinet.desk.take("a.txt", b"one").row
    assert duplicate is not None
    cabinet.filing.file(duplicate)

    assert cabinet.tree()["processed/a.txt.json"]["duplicate_of"]["revision"] == 1


def test_a_failure_whose_event_is_trimmed_has_its_reason_from_the_outcome(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one", "quarantined", "9-9")
    cabinet.entries["e1"] = "9-9"
    reason = sidecars.for_quarantined(row, {"code": "damaged_file", "message": "页面缺失", "stage": "decode"})
    cabinet.desk.ledger.keep(row.id, reason)
    cabinet.filing.file(row)

    assert cabinet.tree()["quarantine/a.txt.error.json"] == json.loads(reason)


def test_what_is_in_the_archive_stays(cabinet: Cabinet) -> None:
    """Neither a file nor a sidecar of another is overwritten."""
    (cabinet.processed / "a.txt").write_text("of somebody else")
    (cabinet.processed / "a.2.txt.json").write_text("{}")
    cabinet.filing.file(cabinet.ended("a.txt", b"one"))

    assert cabinet.tree() == {
        "processed/a.txt": "of somebody else",
        "processed/a.2.txt.json": {},
        "processed/a.3.txt": "one",
        "processed/a.3.txt.json": {"id": "d0c", "metrics": []},
    }


def test_a_file_replaced_before_it_is_filed_stays_and_is_looked_at(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one")
    cabinet.desk.put("a.txt", b"two")
    cabinet.filing.file(row)

    assert cabinet.tree() == {}
    assert (cabinet.desk.inbox / "a.txt").read_bytes() == b"two"
    assert cabinet.noticed == [b"a.txt"]
    assert cabinet.row(row.id).in_inbox is False


def test_new_times_are_no_replacement(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one")
    os.utime(cabinet.desk.inbox / "a.txt", (1, 1))
    cabinet.filing.file(row)

    assert cabinet.tree()["processed/a.txt"] == "one"


def test_no_descriptor_is_left_open(cabinet: Cabinet) -> None:
    """Whatever comes of a file: filed, looked into because its times are new, replaced, or gone."""
    rows = [cabinet.ended(name, name.encode()) for name in ("filed.txt", "touched.txt", "replaced.txt", "gone.txt")]
    os.utime(cabinet.desk.inbox / "touched.txt", (1, 1))
    cabinet.desk.put("replaced.txt", b"something else")
    (cabinet.desk.inbox / "gone.txt").unlink()
    before = os.listdir("/proc/self/fd")
    for row in rows:
        cabinet.filing.file(row)

    assert os.listdir("/proc/self/fd") == before
    assert sorted(name for name in cabinet.tree() if name.endswith(".txt")) == [
        "processed/filed.txt",
        "processed/touched.txt",
    ]


def test_a_file_that_is_gone_is_believed_to_be_gone_only_slowly(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one")
    (cabinet.desk.inbox / "a.txt").unlink()
    for look in range(1, GONE_LOOKS):
        cabinet.filing.file(cabinet.row(row.id))
        assert (cabinet.row(row.id).tries, cabinet.row(row.id).not_before) == (look, cabinet.desk.now + GONE_AGAIN_S)
        assert cabinet.row(row.id).in_inbox
    cabinet.filing.file(cabinet.row(row.id))

    assert (cabinet.row(row.id).in_inbox, cabinet.row(row.id).state) == (False, "published")


def test_nothing_is_concluded_while_the_inbox_is_away(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one")
    cabinet.desk.inbox.rename(cabinet.desk.inbox.with_name("away"))
    with pytest.raises(RootUnavailable):
        cabinet.filing.file(row)

    assert cabinet.row(row.id) == row


@pytest.mark.parametrize(("ended", "place"), [("published", "processed/b.txt"), ("quarantined", "quarantine/b.txt")])
def test_a_duplicate_goes_where_its_original_went(cabinet: Cabinet, ended: str, place: str) -> None:
    original = cabinet.desk.accept("a.txt", b"one")
    duplicate = cabinet.desk.take("b.txt", b"one").row
    cabinet.desk.ledger.advance(original.id, ended, 101, event_id="e1")  # type: ignore[arg-type]
    assert duplicate is not None
    cabinet.filing.file(duplicate)

    tree = cabinet.tree()
    assert tree[place] == "one"
    sidecar = tree[f"{place}.json" if ended == "published" else f"{place}.error.json"]
    assert sidecar["duplicate_of"] == {"id": original.document, "revision": 1, "path": "a.txt", "event_id": "e1"}
    assert cabinet.row(duplicate.id).state == ("duplicate" if ended == "published" else "quarantined")


def test_a_duplicate_of_what_was_never_read_is_looked_at_anew(cabinet: Cabinet) -> None:
    original = cabinet.desk.accept("a.txt", b"one")
    duplicate = cabinet.desk.take("b.txt", b"one").row
    cabinet.desk.ledger.advance(original.id, "vanished", 101, in_inbox=0)
    assert duplicate is not None
    cabinet.filing.file(duplicate)

    assert cabinet.noticed == [b"b.txt"]
    assert (cabinet.row(duplicate.id).state, cabinet.row(duplicate.id).in_inbox) == ("superseded", False)
    assert cabinet.desk.take("b.txt").result == "accepted"


def test_a_place_is_free_again_when_its_file_was_taken_back(cabinet: Cabinet) -> None:
    """As by a retry: the second failure lies where the first did."""
    first = cabinet.ended("a.txt", b"one", "quarantined", "2-2")
    cabinet.filing.file(first)
    (cabinet.quarantine / "a.txt").rename(cabinet.desk.inbox / "a.txt")
    (cabinet.quarantine / "a.txt.error.json").unlink()
    second = cabinet.desk.take("a.txt").row
    assert second is not None
    cabinet.desk.ledger.advance(second.id, "quarantined", 101, entry_id="2-2")
    cabinet.filing.file(cabinet.row(second.id))

    assert sorted(cabinet.tree()) == ["quarantine/a.txt", "quarantine/a.txt.error.json"]
    assert (cabinet.row(first.id).target, cabinet.row(second.id).target) == (None, b"a.txt")


def test_a_report_whose_event_is_lost_is_read_again(cabinet: Cabinet) -> None:
    """Redis knows nothing of it any more; the file stays, and its row is where it was before it was handed over."""
    row = cabinet.ended("a.txt", b"one", entry_id="9-9")
    cabinet.entries.clear()
    cabinet.filing.file(row)

    again = cabinet.row(row.id)
    assert (again.state, again.event_id, again.entry_id, again.in_inbox) == ("accepted", None, None, True)
    assert cabinet.tree() == {}


def test_an_event_is_found_where_it_was_published_again(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one", entry_id="0-9")
    cabinet.filing.file(row)

    assert cabinet.tree() == {"processed/a.txt": "one", "processed/a.txt.json": {"id": "d0c", "metrics": []}}


def test_a_failure_is_kept_when_a_retry_takes_it_out_of_the_quarantine(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one", "quarantined", "2-2")
    cabinet.filing.file(row)

    assert json.loads(cabinet.desk.ledger.kept(row.id) or b"") == cabinet.tree()["quarantine/a.txt.error.json"]
    assert cabinet.desk.ledger.archived() == [row.id]


def test_a_report_is_kept_whose_file_was_replaced_before_it_was_filed(cabinet: Cabinet) -> None:
    """Nothing of it will lie in the archive, and it was published all the same."""
    row = cabinet.ended("a.txt", b"one")
    cabinet.desk.put("a.txt", b"two")
    cabinet.filing.file(row)
    assert cabinet.desk.ledger.archived() == []
    [unkept] = cabinet.desk.ledger.to_keep(10, 1e9)
    cabinet.filing.keep(unkept)

    assert json.loads(cabinet.desk.ledger.kept(row.id) or b"") == {"id": "d0c", "metrics": []}
    assert cabinet.desk.ledger.archived() == [row.id]
    assert cabinet.desk.ledger.to_keep(10, 1e9) == []


def test_what_nobody_has_any_more_is_not_looked_for_again_and_again(cabinet: Cabinet) -> None:
    row = cabinet.ended("a.txt", b"one", entry_id="9-9")
    cabinet.desk.ledger.update(row.id, in_inbox=0)
    cabinet.entries.clear()
    [unkept] = cabinet.desk.ledger.to_keep(10, 1e9)
    cabinet.filing.keep(unkept)

    assert cabinet.desk.ledger.to_keep(10, 1e9) == []


def test_another_event_in_the_entrys_place_is_not_taken_for_the_report(cabinet: Cabinet) -> None:
    """As after the failover to a server that had not had the last events yet."""
    row = cabinet.ended("a.txt", b"one")
    cabinet.desk.ledger.update(row.id, event_id="e2")
    cabinet.filing.file(cabinet.row(row.id))

    assert cabinet.row(row.id).state == "accepted"
    assert cabinet.tree() == {}


def test_what_is_lost_meanwhile_is_told_together_with_the_filing(cabinet: Cabinet) -> None:
    """Whoever restores hears the generation that the file's event was read from, inside the same transaction."""
    cabinet.filing.file(cabinet.ended("a.txt", b"one"))

    assert cabinet.filed == [("g1", True)]


def test_a_wait_does_not_wipe_out_why_a_file_was_refused(cabinet: Cabinet) -> None:
    """Its reason is published, and lies beside it, as it was; while it waits, too."""
    row = cabinet.desk.take("empty.txt", b"").row
    assert row is not None
    cabinet.desk.ledger.update(row.id, announced=1, event_id="e1")
    (cabinet.desk.inbox / "empty.txt").rename(cabinet.desk.inbox / "away")
    cabinet.filing.file(cabinet.row(row.id))
    assert cabinet.row(row.id).tries == 1
    (cabinet.desk.inbox / "away").rename(cabinet.desk.inbox / "empty.txt")
    cabinet.filing.file(cabinet.row(row.id))

    said = cabinet.tree()["quarantine/empty.txt.error.json"]
    assert said["message"] == f"empty.txt: stage intake: {row.detail}"
    assert cabinet.row(row.id).detail == row.detail


@pytest.mark.parametrize(("error", "is_there"), [(Held(), True), (Replaced(), False)])
def test_what_a_writer_has_open_waits_and_what_it_has_replaced_is_let_go(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, error: Exception, *, is_there: bool
) -> None:
    """Seen only as it is moved: what was laid beside its place is taken away again, and the file is looked at anew."""

    def refuse(*_: object) -> None:
        raise error

    row = cabinet.ended("a.txt", b"one")
    monkeypatch.setattr(file_away, "move", refuse)
    cabinet.filing.file(row)
    now = cabinet.row(row.id)

    assert cabinet.tree() == {}
    assert (now.in_inbox, now.folder is not None) == (is_there, is_there)
    said = "a writer has it open" if is_there else "replaced in the inbox before it was filed"
    assert said in (now.detail or "")
    assert now.not_before == (cabinet.desk.now + file_away.WRITER_AGAIN_S if is_there else row.not_before)
    assert cabinet.noticed == ([] if is_there else [b"a.txt"])
