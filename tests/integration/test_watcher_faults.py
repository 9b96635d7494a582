"""Intake faults 4, 11, 13 and 22, which are quick: atomic arrival, odd names, odd entries, duplicates."""

import json
import os
import socket
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import names
from schemas.paths import to_wire
from tests.storms import is_over, storm
from tests.waiting import wait_for
from tests.watcher_rig import Rig, Worker, sha256, tell
from watcher.filing.put_back import Retried, retry

pytestmark = [pytest.mark.service, pytest.mark.faults]


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig, Worker(redis_url, rig.inbox):
        yield rig


def test_04_atomic_arrival(tmp_path: Path, redis_url: str) -> None:
    """Each way in which a complete file appears at once is taken at once; its half-written name never is.

    At once: for quiet, or for the next walk, it would wait an hour.
    """
    slow = {"settle_s": 3600, "settle_unknown_s": 3600, "reconcile_s": 3600, "poll_s": 3600}
    with Rig(tmp_path, redis_url, **slow) as rig, Worker(redis_url, rig.inbox):
        _arrive(rig)


def _arrive(rig: Rig) -> None:
    rig.start()
    took_s = []
    for number in range(10):
        part = rig.write(f"inside{number}.txt.part", b"inside %d" % number)
        began = time.time()
        part.rename(rig.inbox / f"inside{number}.txt")
        rig.drop(f"outside{number}.txt", b"outside %d" % number)
        source = rig.outside / f"link{number}"
        source.write_bytes(b"link %d" % number)
        os.link(source, rig.inbox / f"link{number}.txt")
        for kind in ("inside", "outside", "link"):
            wait_for(lambda name=f"{kind}{number}.txt": rig.rows(name))  # type: ignore[misc]
            took_s.append(rig.rows(f"{kind}{number}.txt")[0].accepted_at - began)
    written = {f"{kind}{n}.txt": f"{kind} {n}".encode() for kind in ("inside", "outside", "link") for n in range(10)}
    wait_for(lambda: all(rig.is_filed(name) for name in written))
    replaced = rig.drop("inside0.txt", b"replaced")
    wait_for(lambda: not replaced.exists() and rig.is_filed("inside0.txt"))
    tell("4 atomic arrival", f"slowest of 30 had its row after {max(took_s) * 1000:.0f} ms")

    assert [row.revision for row in rig.rows("inside0.txt")] == [2, 1]
    assert [path for path, _, _ in rig.results() if path.endswith(".part")] == []
    rig.assert_invariants({**written, "inside0.txt": b"replaced"})


NAMES = {
    "gbk": "2023年法治政府建设报告.txt".encode("gbk"),
    "nfc": unicodedata.normalize("NFC", "é.txt").encode(),
    "nfd": unicodedata.normalize("NFD", "é.txt").encode(),
    "newline": b"a\nb.txt",
    "percent": b"100%41.txt",
    "dash": b"-rf.txt",
    "emoji": "📄.txt".encode(),
    "bidi": "a\u202etxt.exe".encode(),
    "escape": b"\x1b[31mred.txt",
    "longest": ("报" * 83 + ".txt").encode() + b"xx",
    "no-extension": b"report",
    "only-extension-long": b"a." + b"x" * 253,
}


@pytest.mark.parametrize("content", [b"good ", b"BAD "], ids=["processed", "quarantined"])
def test_11_names(rig: Rig, content: bytes) -> None:
    """Every name is published once, in valid UTF-8, and filed; too long ones get a shorter name."""
    rig.start()
    written = {}
    for key, name in NAMES.items():
        assert len(name) <= 255
        rig.drop(name, content + key.encode())
        written[to_wire(name)] = content + key.encode()
    wait_for(lambda: all(rig.is_filed(path) for path in written))

    events = rig.events() if content == b"good " else rig.events(names.DEFAULT.failures_stream)
    assert sorted(data["source"]["path"] for data in events) == sorted(written)
    root, suffix = (rig.processed, ".json") if content == b"good " else (rig.quarantine, ".error.json")
    filed = {path.read_bytes(): path for path in rig.files(root)}
    for path, expected in written.items():
        sidecar = json.loads(Path(f"{filed[expected]}{suffix}").read_bytes())
        assert sidecar.get("path", sidecar.get("source", {}).get("path")) == path
    rig.assert_invariants(written)
    if root == rig.quarantine:
        assert sorted(retry(rig.settings, None), key=lambda item: item.path) == [
            Retried(path) for path in sorted(written)
        ]
        wait_for(lambda: all(rig.rows(path)[0].round == 2 and rig.is_filed(path) for path in written))
        rig.assert_invariants(written)


def test_13_odd_entries(rig: Rig) -> None:
    """No hang, nothing from outside in any result; each is listed as ignored or lies in quarantine."""
    secret = rig.outside / "secret"
    secret.write_bytes(b"outside content")
    os.mkfifo(rig.inbox / "fifo.txt")
    (rig.inbox / "link.txt").symlink_to(secret)
    (rig.inbox / "passwd.txt").symlink_to("/etc/passwd")
    (rig.inbox / "dangling.txt").symlink_to("nowhere")
    (rig.inbox / "loop.txt").symlink_to("loop.txt")
    (rig.inbox / "linked-folder").symlink_to(rig.outside)
    (rig.inbox / "a.txt").mkdir()
    (rig.inbox / "empty.txt").touch()
    with (rig.inbox / "sparse.txt").open("wb") as file:
        file.truncate(2**31)
    for junk in ("~$a.docx", ".nfs0001", ".DS_Store", "Thumbs.db", "x.crdownload", ".git/config"):
        rig.write(junk, b"junk")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(rig.inbox, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket.txt")
        os.close(here)
        rig.start()
        rig.drop("a.txt/good.txt", b"good")
        expected = {"fifo.txt": "fifo", "socket.txt": "socket"} | {
            f"{name}": "symlink" for name in ("link.txt", "passwd.txt", "dangling.txt", "loop.txt", "linked-folder")
        }
        wait_for(lambda: all(rig.state_of(name) == "ignored" for name in expected))
        wait_for(lambda: rig.is_filed("empty.txt") and rig.is_filed("sparse.txt") and rig.is_filed("a.txt/good.txt"))

    assert {name: rig.rows(name)[0].code for name in expected} == expected
    assert rig.rows("empty.txt")[0].code == "empty"
    assert rig.rows("sparse.txt")[0].code == "too_large"
    assert (rig.quarantine / "sparse.txt").stat().st_size == 2**31
    reason = json.loads((rig.quarantine / "sparse.txt.error.json").read_text("utf-8"))
    assert (reason["code"], reason["stage"]) == ("too_large", "intake")
    assert reason["message"] == (
        "sparse.txt: stage intake: the file has 2147483648 bytes, the limit is 100000000 (ZHIBIAO_MAX_FILE_BYTES)"
    )
    failures = [
        (data["source"]["path"], data["code"], data["disposition"])
        for data in rig.events(names.DEFAULT.failures_stream)
    ]
    assert sorted(failures) == sorted(
        [(name, code, "ignored") for name, code in expected.items()]
        + [("empty.txt", "empty", "quarantined"), ("sparse.txt", "too_large", "quarantined")]
    )
    assert rig.results() == [("a.txt/good.txt", 1, sha256(b"good"))]
    assert sorted(path.name for path in rig.files(rig.inbox)) == sorted(
        ["~$a.docx", ".nfs0001", ".DS_Store", "Thumbs.db", "x.crdownload", "config"]
    )
    assert rig.describe("~$a.docx").lines == ("ignored: pattern ~$*",)
    assert rig.describe("passwd.txt").lines[0].startswith("ignored (symlink) ")
    rig.restart()
    rig.until_walked()
    assert len(rig.events(names.DEFAULT.failures_stream)) == len(failures)


def test_22_content_replaced_while_it_settles(tmp_path: Path, redis_url: str) -> None:
    with Rig(tmp_path, redis_url, settle_s=4) as rig, Worker(redis_url, rig.inbox):
        rig.start()
        path = rig.write("a.txt", b"one")
        wait_for(lambda: rig.describe("a.txt").lines[0].startswith("quiet"))
        path.write_bytes(b"two!")
        wait_for(lambda: rig.is_filed("a.txt"))

        assert rig.results() == [("a.txt", 1, sha256(b"two!"))]
        rig.assert_invariants({"a.txt": b"two!"})


def test_22_touched_is_not_changed(tmp_path: Path, redis_url: str) -> None:
    """New times, mode or links on the same bytes make no revision."""
    with Rig(tmp_path, redis_url) as rig:
        rig.start()
        path = rig.drop("a.txt", b"one")
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        os.utime(path, (1, 1))
        path.chmod(0o600)
        os.link(path, rig.outside / "link")
        rig.until_walked()
        with Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.is_filed("a.txt"))

        assert len(rig.rows("a.txt")) == 1
        rig.assert_invariants({"a.txt": b"one"})


def test_22_an_inode_is_used_again_for_another_file(rig: Rig) -> None:
    """A new file with the inode of one that was read is a new file."""
    rig.start()
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.is_filed("a.txt"))
    inode = (rig.processed / "a.txt").stat().st_ino
    (rig.processed / "a.txt").rename(rig.outside / "moved")
    with (rig.outside / "moved").open("r+b") as file:
        file.write(b"two")
    (rig.outside / "moved").rename(rig.inbox / "b.txt")
    wait_for(lambda: rig.is_filed("b.txt"))

    assert (rig.processed / "b.txt").stat().st_ino == inode
    assert rig.results() == [("a.txt", 1, sha256(b"one")), ("b.txt", 1, sha256(b"two"))]


def test_22_renamed_inside_the_inbox_on_its_way(tmp_path: Path, redis_url: str) -> None:
    """The first name vanishes; the content is published under the name that it has now."""
    with Rig(tmp_path, redis_url) as rig:
        rig.start()
        path = rig.drop("a.txt", b"one")
        wait_for(lambda: rig.state_of("a.txt") == "queued")
        path.rename(rig.inbox / "b.txt")
        wait_for(lambda: rig.state_of("b.txt") == "duplicate")
        with Worker(redis_url, rig.inbox):
            wait_for(lambda: rig.state_of("a.txt") == "vanished")
            wait_for(lambda: rig.state_of("b.txt") == "published" and rig.is_filed("b.txt"))

        assert rig.results() == [("b.txt", 1, sha256(b"one"))]
        rig.assert_invariants({"b.txt": b"one"})


@pytest.mark.parametrize("way", ["renamed", "both"])
def test_26_names_written_faster_than_they_are_read(rig: Rig, way: str) -> None:
    """The watcher lives, and what stands there at the end is read."""
    rig.start()
    stormed = storm(rig, way, 1000, 2.0)
    wait_for(lambda: is_over(rig, stormed), what="the last content, filed")

    rig.assert_invariants(stormed.last)
    tell(f"26: three names {way} for 2 s", f"{stormed.next / 2:.0f} a second, the last content of each read")
