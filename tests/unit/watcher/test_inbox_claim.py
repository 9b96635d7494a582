"""One service at a time for one inbox of a machine, told by the kernel."""

import os
import sys
from pathlib import Path

import pytest

from watcher.running import inbox_claim
from watcher.running.inbox_claim import InboxClaim

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that go with their process")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_a_second_service_gets_it_when_the_first_lets_go(inbox: Path, tmp_path: Path) -> None:
    """Under another path of the folder, too; it is told who has it."""
    (tmp_path / "link").symlink_to(inbox)
    first, second = InboxClaim(inbox, Path("/srv/one")), InboxClaim(tmp_path / "link", Path("/srv/two"))
    assert first.take()
    assert first.take()
    assert first.refusal() is None
    assert not second.take()
    told = (
        f"inbox {tmp_path / 'link'}: is watched by the service over /srv/one, which runs: both would read every file; "
        "stop one of them, or name another folder with ZHIBIAO_INBOX"
    )
    assert (second.refusal(), second.in_words()) == (told, told)

    first.release()
    assert second.refusal() is None
    assert second.take()
    assert "is watched by the service over" in str(first.refusal())
    second.release()


def test_it_goes_with_its_process(inbox: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in another process
        os.write(writer, b"y" if InboxClaim(inbox, tmp_path / "one").take() else b"n")
        os.read(0, 1)
        os._exit(0)
    assert os.read(reader, 1) == b"y"
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)

    other = InboxClaim(inbox, tmp_path / "two")
    assert other.refusal() is None
    assert other.take()
    other.release()


def test_one_over_the_same_state_folder_is_no_other(inbox: Path, tmp_path: Path) -> None:
    """It only has to wait, as for one that is just ending."""
    first, again = InboxClaim(inbox, tmp_path / "one"), InboxClaim(inbox, tmp_path / "one")
    assert first.take()
    assert again.refusal() is None
    assert not again.take()
    assert "over another state folder" in again.in_words()
    first.release()


def test_other_inboxes_are_no_matter(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    first, other = InboxClaim(inbox, tmp_path / "one"), InboxClaim(tmp_path / "else", tmp_path / "two")
    assert first.take()
    assert other.refusal() is None
    assert other.take()
    first.release()
    other.release()


@pytest.mark.parametrize(
    ("state", "shown"), [("x" * 200, "..." + "x" * 20), ("甲 乙\n", "甲?乙?"), ("\udcff甲", "\ufffd甲")]
)
def test_a_state_folder_is_told_by_its_end(state: str, shown: str, inbox: Path) -> None:
    """A name has little room, and stands on one line."""
    first, second = InboxClaim(inbox, Path("/srv") / state), InboxClaim(inbox, Path("/srv/two"))
    assert first.take()
    assert shown in str(second.refusal())
    assert first.refusal() is None
    first.release()


def test_where_there_are_no_such_names_nothing_is_claimed(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = InboxClaim(tmp_path / "none", tmp_path / "one")
    assert (gone.take(), gone.refusal()) == (True, None)
    monkeypatch.setattr(inbox_claim.sys, "platform", "darwin")
    first, second = InboxClaim(inbox, tmp_path / "one"), InboxClaim(inbox, tmp_path / "two")
    assert first.take()
    assert second.take()
    assert second.refusal() is None
