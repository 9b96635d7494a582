"""Disks that change under a running service: full below Redis alone, read-only in mid-run, and one that does not tell case apart."""

import json
import os
from pathlib import Path

import pytest

from schemas import names
from tests.disks import exfat, full, mounted, read_only
from tests.watcher_rig import Rig, Worker, tell, wait_for
from watcher.filing.places import SUFFIX
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = [pytest.mark.faults, pytest.mark.service]


def test_the_disk_below_redis_alone_is_full(tmp_path: Path) -> None:
    """Nothing is handed over, the alarm names the cause, and all goes on by itself with new space; each once."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with (
        mounted("-t", "tmpfs", "-o", "size=6M", "tmpfs", disk),
        EmbeddedRedis(disk / "redis") as server,
        Rig(tmp_path / "rig", server.url) as rig,
        Worker(server.url, rig.inbox),
    ):
        rig.start()
        rig.drop("before.txt", b"before")
        wait_for(lambda: rig.is_filed("before.txt"))
        written = {f"{n}.txt": b"%d" % n * 1000 for n in range(20)}
        with full(disk):
            for name, content in written.items():
                rig.drop(name, content)
            wait_for(lambda: any("No space left on device" in text for text in rig.health().alarms.values()))
            wait_for(lambda: len([name for name in written if rig.rows(name)]) == len(written))
            said = next(name for name, text in rig.health().alarms.items() if "No space left on device" in text)
            filed = sum(rig.is_filed(name) for name in written)
        took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
        wait_for(lambda: rig.health().alarms == {})
        tell(
            "15 disk below Redis full, 20 files come",
            f"{filed} filed, alarm `{said}`; all filed {took_s:.1f} s after there was space, each once",
        )
        rig.assert_invariants({**written, "before.txt": b"before"})


@pytest.mark.parametrize("which", ["inbox", "processed", "quarantine"])
def test_a_folder_turns_read_only_while_running(tmp_path: Path, redis_url: str, which: str) -> None:
    """Published all the same, with an alarm that names cause and folder; filed by itself later, without another event."""
    with Rig(tmp_path, redis_url) as rig, Worker(redis_url, rig.inbox) as worker:
        disk, place = tmp_path / "disk", tmp_path / which
        disk.mkdir()
        place.mkdir(exist_ok=True)
        with mounted("--bind", disk, place):
            rig.start()
            rig.write("before.txt", b"before")
            wait_for(lambda: rig.is_filed("before.txt"))
            written = {"a.txt": b"BAD" if which == "quarantine" else b"good", "b.txt": b"good, too"}
            if which == "inbox":
                (disk / "a.txt").write_bytes(written["a.txt"])
            with read_only(place):
                # An inbox that is read-only here may be filled from elsewhere.
                folder = disk if which == "inbox" else rig.inbox
                for name, content in written.items():
                    (folder / name).write_bytes(content)
                wait_for(lambda: "not-filed" in rig.health().alarms)
                said = rig.health().alarms["not-filed"]
                wait_for(lambda: len(worker.handled) == 3)
            took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
            wait_for(lambda: rig.health().alarms == {})
            tell(f"14 {which} turns read-only while running", f"`{said}`; filed {took_s:.1f} s after it was writable")

            assert "Read-only file system" in said
            assert len(worker.handled) == 3
            rig.assert_invariants({**written, "before.txt": b"before"})
            rig.stop()


PAIRS = [("a.txt", "A.txt"), ("年报b.txt", "年报B.txt"), ("D/x.txt", "d/x.txt"), ("é.txt", "É.txt")]


def test_an_archive_that_does_not_tell_case_apart(tmp_path: Path, redis_url: str) -> None:
    """Names that are one there, filed at one moment: each file has its own bytes and its own report beside it."""
    written = {name: name.encode() * 3 for pair in PAIRS for name in pair}
    with exfat(tmp_path) as disk:
        places = {"processed": disk / "processed", "quarantine": disk / "quarantine"}
        with Rig(tmp_path / "rig", redis_url, **places) as rig:
            rig.start()
            for name, content in written.items():
                rig.drop(name, content)
            wait_for(lambda: rig.counts().get("queued", 0) == len(written))
            with Worker(redis_url, rig.inbox):
                wait_for(lambda: all(rig.is_filed(name) for name in written))
            rig.assert_invariants(written)
            for name, content in written.items():
                target = rig.processed / os.fsdecode(rig.rows(name)[0].target or b"")
                beside = json.loads(Path(f"{target}{SUFFIX['processed'].decode()}").read_text("utf-8"))
                assert (target.read_bytes(), beside["source"]["path"]) == (content, name)
            rig.stop()
    tell(
        "disk that does not tell case apart, as archive",
        f"{len(written)} files of {len(PAIRS)} names, each with its own report",
    )


def test_an_inbox_that_does_not_tell_case_apart(tmp_path: Path, redis_url: str) -> None:
    """One after the other are two documents; under both names at once it is one file, whose last content comes out."""
    with exfat(tmp_path) as disk, Rig(tmp_path / "rig", redis_url) as rig:
        rig.inbox.rmdir()
        inbox = disk / "inbox"
        inbox.mkdir()
        rig.inbox, rig.settings = inbox, rig.settings.model_copy(update={"inbox": inbox})
        rig.start()
        with Worker(redis_url, inbox):
            rig.write("a.txt", b"one")
            wait_for(lambda: rig.is_filed("a.txt"))
            rig.write("A.txt", b"two")
            wait_for(lambda: rig.is_filed("A.txt"))
        rig.write("b.txt", b"first")
        wait_for(lambda: rig.state_of("b.txt") == "queued")
        rig.write("B.TXT", b"last")
        # What FUSE remembers of a file goes by its name, for a second.
        wait_for(lambda: (inbox / "b.txt").stat().st_size == len(b"last"))
        with Worker(redis_url, inbox):
            wait_for(lambda: rig.files(inbox) == [])
            wait_for(lambda: not {"accepted", "queued", "waiting"} & rig.counts().keys())
        published = [event["source"]["sha256"] for event in rig.events(names.DEFAULT.results_stream)]
        kept = {path.read_bytes() for path in rig.files(rig.processed)}
        tell("disk that does not tell case apart, as inbox", f"{len(published)} events; rows by state: {rig.counts()}")

        assert {b"one", b"two", b"last"} <= kept
        assert len(published) == len(set(published)) == 3
        rig.stop()
