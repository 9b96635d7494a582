"""What a complete file is taken for."""

import hashlib
import os
from pathlib import Path

import pytest

from schemas.ids import document_id
from tests.unit.watcher.conftest import Desk
from watcher.ledger.rows import LOST, FileRow


def test_a_new_file_is_revision_one(desk: Desk) -> None:
    row = desk.accept("2023/a.txt", b"one")

    assert (row.document, row.path, row.revision, row.round, row.supersedes) == (
        document_id("2023/a.txt"),
        "2023/a.txt",
        1,
        1,
        None,
    )
    assert (row.sha256, row.size_bytes, row.accepted_at) == (hashlib.sha256(b"one").hexdigest(), 3, 100.0)


def test_the_same_file_again_is_known(desk: Desk) -> None:
    row = desk.accept("a.txt", b"one")
    os.utime(desk.inbox / "a.txt", (1, 1))

    assert not desk.intake.is_known(b"a.txt", row.signature.of(os.stat(desk.inbox / "a.txt")))
    assert desk.take("a.txt").result == "known"
    assert desk.intake.is_known(b"a.txt", row.signature.of(os.stat(desk.inbox / "a.txt")))


def test_new_content_before_the_hand_over_supersedes(desk: Desk) -> None:
    first = desk.accept("a.txt", b"one")
    second = desk.accept("a.txt", b"two")

    assert (second.revision, second.supersedes) == (2, 1)
    assert [(row.state, row.in_inbox) for row in desk.ledger.find("a.txt")] == [
        ("accepted", True),
        ("superseded", False),
    ]
    assert first.id != second.id


def test_new_content_after_the_hand_over_lets_the_old_run_out(desk: Desk) -> None:
    first = desk.accept("a.txt", b"one")
    desk.ledger.advance(first.id, "queued", 101)
    desk.accept("a.txt", b"two")

    assert [(row.state, row.in_inbox) for row in desk.ledger.find("a.txt")] == [("accepted", True), ("queued", False)]


def test_content_put_back_while_it_is_on_its_way(desk: Desk) -> None:
    first = desk.accept("a.txt", b"one")
    desk.ledger.advance(first.id, "queued", 101)
    second = desk.accept("a.txt", b"two")
    taken = desk.take("a.txt", b"one")

    assert taken.result == "known"
    assert taken.row is not None
    assert taken.row.id == first.id
    assert {row.id: (row.state, row.in_inbox) for row in desk.ledger.find("a.txt")} == {
        first.id: ("queued", True),
        second.id: ("superseded", False),
    }


@pytest.mark.parametrize("state", ["accepted", "queued", "published"])
def test_the_same_content_under_another_name_is_a_duplicate(desk: Desk, state: str) -> None:
    first = desk.accept("a.txt", b"one")
    desk.ledger.advance(first.id, state, 101)  # type: ignore[arg-type]
    taken = desk.take("b.txt", b"one")

    assert taken.result == "duplicate"
    assert taken.row is not None
    assert (taken.row.revision, taken.row.duplicate_of, taken.row.announced) == (None, first.id, False)
    assert taken.row.detail == "same content as revision 1 of a.txt"


@pytest.mark.parametrize("state", ["quarantined", "vanished", "superseded"])
def test_content_that_was_not_read_is_read_in_a_new_round(desk: Desk, state: str) -> None:
    first = desk.accept("a.txt", b"one")
    desk.ledger.advance(first.id, state, 101)  # type: ignore[arg-type]
    desk.ledger.update(first.id, in_inbox=0)
    again = desk.accept("a.txt", b"one")

    assert (again.revision, again.round, again.supersedes) == (1, 2, None)


def test_content_that_failed_under_another_name_is_tried_on_its_own_account(desk: Desk) -> None:
    first = desk.accept("a.txt", b"one")
    desk.ledger.advance(first.id, "quarantined", 101)

    assert desk.accept("b.txt", b"one").round == 1


def publish(desk: Desk, name: str, content: bytes) -> FileRow:
    """A report that was handed over, published and filed."""
    row = desk.accept(name, content)
    desk.ledger.advance(row.id, "queued", 101)
    desk.ledger.advance(row.id, "published", 101, event_id=f"e{row.id}")
    desk.ledger.update(row.id, in_inbox=0, sends=1)
    return row


def standing(row: FileRow) -> tuple[int | None, int, int | None, int | None]:
    return (row.revision, row.round, row.supersedes, row.repeats)


@pytest.mark.parametrize("contents", [(b"one", b"two"), (b"56", b"565656", "已撤回".encode())])
def test_content_set_back_is_a_new_revision(desk: Desk, contents: tuple[bytes, ...]) -> None:
    """A, then B, then A: what lies there last wins, and says what it repeats. The same content again is a duplicate."""
    for content in contents:
        publish(desk, "a.txt", content)
    last = len(contents)
    again = publish(desk, "a.txt", contents[0])
    assert standing(again) == (last + 1, 2, last, 1)
    assert desk.take("a.txt", contents[0]).result == "duplicate"
    assert standing(publish(desk, "a.txt", contents[-1])) == (last + 2, 2, last + 1, last)
    assert standing(publish(desk, "a.txt", contents[0])) == (last + 3, 3, last + 2, last + 1)


@pytest.mark.parametrize("content", [b"one", "二・一".encode()])
def test_content_of_another_document_replaces_ones_own(desk: Desk, content: bytes) -> None:
    """It was never published for this one, so it repeats nothing; set back, this one's own does."""
    publish(desk, "x1.txt", content)
    publish(desk, "x2.txt", b"own")

    assert standing(publish(desk, "x2.txt", content)) == (2, 1, 1, None)
    assert desk.take("x2.txt", content).result == "duplicate"
    assert standing(publish(desk, "x2.txt", b"own")) == (3, 2, 2, 1)
    first_arrival = desk.take("x3.txt", content)
    assert first_arrival.result == "duplicate"


@pytest.mark.parametrize("sends", [0, 1])
def test_put_back_before_the_other_was_read(desk: Desk, sends: int) -> None:
    """What nobody was given is forgotten; what a worker has may come out yet, so the last content goes behind it."""
    first = publish(desk, "a.txt", b"one")
    second = desk.accept("a.txt", b"two")
    desk.ledger.update(second.id, sends=sends)
    if sends:
        desk.ledger.advance(second.id, "queued", 102)
    taken = desk.take("a.txt", b"one")

    assert taken.row is not None
    if sends:
        assert (taken.result, standing(taken.row)) == ("accepted", (3, 2, 2, 1))
    else:
        assert (taken.result, taken.row.duplicate_of) == ("duplicate", first.id)


def test_content_that_failed_and_was_replaced_comes_back_as_a_new_revision(desk: Desk) -> None:
    """Its rounds go on, so that another failure has an id of its own; published it was not."""
    failed = desk.accept("a.txt", b"one")
    desk.ledger.advance(failed.id, "quarantined", 101)
    desk.ledger.update(failed.id, in_inbox=0, sends=1)
    publish(desk, "a.txt", b"two")

    assert standing(publish(desk, "a.txt", b"one")) == (3, 2, 2, None)


def test_a_failure_behind_a_published_revision_is_retried_as_it_is(desk: Desk) -> None:
    publish(desk, "a.txt", b"one")
    failed = desk.accept("a.txt", b"two")
    desk.ledger.advance(failed.id, "quarantined", 101)
    desk.ledger.update(failed.id, in_inbox=0)

    assert standing(desk.accept("a.txt", b"two")) == (2, 2, 1, None)


def test_content_whose_report_is_lost_is_read_again_and_kept(desk: Desk) -> None:
    lost = publish(desk, "a.txt", b"one")
    desk.ledger.update(lost.id, code=LOST)
    again = desk.accept("a.txt", b"one")

    assert standing(again) == (1, 2, None, None)
    assert again.hand_over().keep


def test_refusals_are_counted_in_rounds(desk: Desk) -> None:
    for round_ in (1, 2):
        taken = desk.take("a.txt", b"x" * 1001)
        assert taken.result == "refused"
        assert taken.row is not None
        assert (taken.row.code, taken.row.round, taken.row.sha256) == ("too_large", round_, None)
        assert taken.row.detail == "the file has 1001 bytes, the limit is 1000 (ZHIBIAO_MAX_FILE_BYTES)"


def test_an_empty_file_is_refused_once(desk: Desk) -> None:
    taken = desk.take("a.txt", b"")
    assert (taken.result, taken.row and taken.row.code) == ("refused", "empty")
    assert desk.take("a.txt").result == "known"


def test_odd_entries_are_ignored_once(desk: Desk) -> None:
    (desk.inbox / "link").symlink_to("/etc/passwd")
    status = os.lstat(desk.inbox / "link")
    taken = desk.intake.ignore(b"link", status)

    assert taken.result == "ignored"
    assert taken.row is not None
    assert (taken.row.state, taken.row.code, taken.row.announced) == ("ignored", "symlink", False)
    assert desk.intake.ignore(b"link", status).result == "known"


def test_a_file_in_the_place_of_an_odd_entry_is_taken(desk: Desk) -> None:
    (desk.inbox / "a.txt").symlink_to("/etc/passwd")
    desk.intake.ignore(b"a.txt", os.lstat(desk.inbox / "a.txt"))
    desk.accept("a.txt", b"one")

    assert [row.state for row in desk.ledger.find("a.txt")] == ["accepted", "superseded"]


@pytest.mark.parametrize("kind", ["symlink", "fifo", "folder"])
def test_a_file_that_became_something_else_is_not_read(desk: Desk, kind: str) -> None:
    path = desk.inbox / "a.txt"
    {"symlink": lambda: path.symlink_to("/etc/passwd"), "fifo": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()

    assert desk.take("a.txt").result == "changed"
    assert desk.ledger.find("a.txt") == []


def test_a_folder_that_became_a_link_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_bytes(b"secret")
    (desk.inbox / "d").symlink_to(outside)

    assert desk.take("d/a.txt").result in ("gone", "changed")
    assert desk.ledger.find("d/a.txt") == []


@pytest.mark.parametrize("path", [b"../a.txt", b"/etc/passwd", b"a//b", b"./a", b""])
def test_paths_do_not_leave_the_inbox(desk: Desk, path: bytes) -> None:
    with pytest.raises(ValueError, match="is not a path below a folder"):
        desk.intake.take(path)


def test_a_file_that_is_gone(desk: Desk) -> None:
    assert desk.take("a.txt").result == "gone"
