"""Only what was handed over is read, and only below the inbox."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from schemas.handover import HandOver
from schemas.paths import to_wire
from worker.errors import BadReport, Unavailable
from worker.source import Changed, Missing, read_source

CONTENT = "报告".encode()


def handover_of(path: str | bytes, content: bytes = CONTENT) -> HandOver:
    digest = hashlib.sha256(content).hexdigest()
    return HandOver(id="d", revision=1, path=to_wire(path), sha256=digest, size_bytes=len(content))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    (inbox / "2023").mkdir(parents=True)
    (inbox / "2023" / "a.txt").write_bytes(CONTENT)
    (tmp_path / "secret.txt").write_bytes(CONTENT)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_bytes(CONTENT)
    return inbox


def test_the_bytes_handed_over(inbox: Path) -> None:
    """From a sub-folder, and under a name that is not UTF-8."""
    assert read_source(inbox, handover_of("2023/a.txt"), 100) == CONTENT
    name = "年报.txt".encode("gbk")
    (inbox / os.fsdecode(name)).write_bytes(CONTENT)
    assert read_source(inbox, handover_of(name), 100) == CONTENT


@pytest.mark.parametrize(
    "path", ["gone.txt", "gone/a.txt", "../secret.txt", "2023/../../secret.txt", "/etc/passwd", "", "2023//a.txt", "."]
)
def test_nothing_there_or_not_below_the_inbox(inbox: Path, path: str) -> None:
    """Whoever can write to the queue cannot read outside of the inbox."""
    with pytest.raises(Missing):
        read_source(inbox, handover_of(path), 100)


def test_a_slash_hidden_in_an_escape_leads_nowhere(inbox: Path) -> None:
    """The path is taken apart after it is decoded."""
    sneaky = handover_of("x").model_copy(update={"path": "..%2Fsecret.txt"})
    with pytest.raises(Missing):
        read_source(inbox, sneaky, 100)
    with pytest.raises(Missing):
        read_source(inbox, sneaky.model_copy(update={"path": "2023/a.txt%00"}), 100)


@pytest.mark.parametrize("kind", ["content", "link", "linked folder", "pipe", "socket", "folder", "file as folder"])
def test_something_else_is_there_now(inbox: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is: it is not read as the report, and nobody waits for it."""
    path = "2023/b.txt"
    target = inbox / path
    match kind:
        case "content":
            target.write_bytes(b"other")
        case "link":
            target.symlink_to(inbox.parent / "secret.txt")
        case "linked folder":
            path = "link/a.txt"
            (inbox / "link").symlink_to(inbox.parent / "other")
        case "pipe":
            os.mkfifo(target)
        case "socket":
            monkeypatch.chdir(target.parent)
            with socket.socket(socket.AF_UNIX) as server:
                server.bind("b.txt")
        case "folder":
            target.mkdir()
        case "file as folder":
            path = "2023/a.txt/b.txt"
    with pytest.raises(Changed):
        read_source(inbox, handover_of(path), 100)


def test_a_file_beyond_the_limit_is_not_read(inbox: Path) -> None:
    """It may have grown since it was handed over."""
    with pytest.raises(BadReport) as caught:
        read_source(inbox, handover_of("2023/a.txt"), 5)
    assert caught.value.code == "too_large"
    assert str(caught.value) == "stage open: the file has 6 bytes, the limit is 5 (ZHIBIAO_MAX_FILE_BYTES)"
    assert read_source(inbox, handover_of("2023/a.txt"), 6) == CONTENT


def test_an_inbox_that_is_not_there_is_a_passing_trouble(tmp_path: Path) -> None:
    """A share that is not mounted says nothing about a report."""
    with pytest.raises(Unavailable, match=r"a\.txt cannot be read for now: No such file or directory"):
        read_source(tmp_path / "inbox", handover_of("a.txt"), 100)


def test_no_descriptor_is_left_open(inbox: Path) -> None:
    """Whatever happens."""
    (inbox / "folder").mkdir()
    before = os.listdir("/proc/self/fd")
    for path, most in (("2023/a.txt", 100), ("2023/a.txt", 1), ("gone", 100), ("folder", 100), ("2023/gone/x", 100)):
        try:
            read_source(inbox, handover_of(path), most)
        except (Missing, Changed, BadReport):
            continue
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize("place", [".zhibiao-again/7", "2023/copy"])
def test_a_copy_is_read_in_the_place_of_the_file(inbox: Path, place: str) -> None:
    """And only where it is the same, and below the inbox."""
    wanted = handover_of("gone.txt").model_copy(update={"place": place})
    copy = inbox / place
    copy.parent.mkdir(exist_ok=True)
    with pytest.raises(Missing):
        read_source(inbox, wanted, 100)
    copy.write_bytes(CONTENT)
    assert read_source(inbox, wanted, 100) == CONTENT
    copy.write_bytes(b"other")
    with pytest.raises(Changed):
        read_source(inbox, wanted, 100)
    with pytest.raises(Missing):
        read_source(inbox, wanted.model_copy(update={"place": "../secret.txt"}), 100)
