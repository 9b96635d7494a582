"""What a complete file is taken for."""

import hashlib
import os
from pathlib import Path

import pytest

from schemas.ids import document_id
from tests.unit.watcher.conftest import Desk


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


def test_published_content_in_turn_is_a_duplicate_of_its_first_revision(desk: Desk) -> None:
    """A, then B, then A: each content is published once per document."""
    for content in (b"one", b"two"):
        row = desk.accept("a.txt", content)
        desk.ledger.advance(row.id, "published", 101)
        desk.ledger.update(row.id, in_inbox=0)
    taken = desk.take("a.txt", b"one")

    assert taken.result == "duplicate"
    assert taken.row is not None
    assert taken.row.detail == "same content as revision 1 of a.txt"


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
