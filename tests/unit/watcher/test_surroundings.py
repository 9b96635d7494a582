"""Walks, mounts, names to leave alone, waiting times, settings, health."""

import os
import tomllib
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from delivery.backoff import Backoff
from watcher.running import room
from watcher.running.alarms import Alarms
from watcher.seeing.ignored import Ignored
from watcher.seeing.inflow import Inflow
from watcher.seeing.mounts import RemoteParts, _mounts_of, has_silent_part, network_type
from watcher.seeing.preallocated import is_unfilled
from watcher.seeing.walk import Walk
from watcher.settings import WatcherSettings


def test_a_walk_finds_everything_and_follows_nothing(tmp_path: Path) -> None:
    (tmp_path / "d/e").mkdir(parents=True)
    for name in (b"a", b"d/b", b"d/e/\xc4\xea"):
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    (tmp_path / "loop").symlink_to(tmp_path)
    walk = Walk(os.fsencode(tmp_path))

    found = {path: status.st_size for path, status in walk.entries()}
    assert found == {b"a": 1, b"d/b": 3, b"d/e/\xc4\xea": 6, b"loop": len(str(tmp_path))}
    assert walk.failures == []


def test_a_walk_names_what_it_could_not_read(tmp_path: Path) -> None:
    walk = Walk(os.fsencode(tmp_path / "none"))

    assert list(walk.entries()) == []
    assert walk.failures == [f"{tmp_path / 'none'}: No such file or directory"]


MOUNTS = """\
22 1 254:0 / / rw - ext4 /dev/vda rw
30 22 0:50 / /srv/in\\040box rw - ext4 /dev/vdb rw
31 30 0:51 / /srv/in\\040box/share rw - cifs //server/share rw
32 22 0:52 / /data rw - nfs4 server:/data rw
33 22 0:53 / /data/local rw - ext4 /dev/vdc rw
34 22 0:54 / /cloud rw - fuse.rclone remote rw
"""


def test_parts_that_other_machines_write_to(tmp_path: Path) -> None:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(MOUNTS)
    remote = RemoteParts(b"/srv/in box", mountinfo)

    assert [remote.hold(path) for path in (b"a.txt", b"share/a.txt", b"shared/a.txt")] == [False, True, False]
    assert RemoteParts(b"/data/inbox", mountinfo).hold(b"a.txt")
    assert not RemoteParts(b"/data/local/inbox", mountinfo).hold(b"a.txt")


def test_the_place_that_holds_the_folder_is_no_part_below_it(tmp_path: Path) -> None:
    """Though it is a mount of its own; and where nothing says what is mounted, nothing is known."""
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(MOUNTS)

    assert _mounts_of(b"/srv/in box", mountinfo) == {b"": "ext4", b"share": "cifs"}
    assert _mounts_of(b"/data", mountinfo) == {b"": "nfs4", b"local": "ext4"}
    assert _mounts_of(b"/data", tmp_path / "none") == {b"": ""}


def test_an_overlay_is_silent_but_not_remote(tmp_path: Path) -> None:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text("22 1 0:30 / / rw - overlay overlay rw\n")

    assert has_silent_part(b"/inbox", mountinfo)
    assert not RemoteParts(b"/inbox", mountinfo).hold(b"a.txt")


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("nfs4", "nfs4"),
        ("cifs", "cifs"),
        ("fuse.sshfs", "fuse.sshfs"),
        ("ext4", None),
        ("virtiofs", None),
        ("9p", None),
    ],
)
def test_a_folder_on_another_machine_is_told_from_one_of_the_host(tmp_path: Path, kind: str, seen: str | None) -> None:
    """What Docker's own virtual machine shares is no network."""
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(f"22 1 0:30 / / rw - {kind} somewhere rw\n")

    assert network_type(b"/state", mountinfo) == seen


@pytest.mark.parametrize(
    ("root", "silent"),
    [
        (b"/home/inbox", False),
        (b"/srv/in box", True),
        (b"/srv/in box/other", False),
        (b"/data/inbox", True),
        (b"/data/local/inbox", False),
        (b"/datastore", False),
        (b"/cloud", True),
    ],
)
def test_file_systems_without_events(tmp_path: Path, root: bytes, *, silent: bool) -> None:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(MOUNTS)

    assert has_silent_part(root, mountinfo) is silent


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        (b"a.txt", None),
        ("2023年/报告.txt".encode(), None),
        ("报告".encode("gbk") + b".txt", None),
        (b"a.part", "*.part"),
        (b"A.CRDOWNLOAD", "*.crdownload"),
        ("报告.docx.baiduyun.p.downloading".encode(), "*.downloading"),
        ("年报.PDF.XLTD".encode(), "*.xltd"),
        (b"a.td.cfg", "*.td.cfg"),
        (b"outdated", None),
        (b"d/~$a.docx", "~$*"),
        (b".nfs0001", ".*"),
        (b".git/config", ".*"),
        (b"d/Thumbs.db", "thumbs.db"),
        (b"a.swp", "*.sw[opx]"),
        ("2023/#recycle/公报.txt".encode(), "#recycle"),
        (b"#Snapshot/GMT+08-2024.01.05/a.txt", "#snapshot"),
        (b"@Recycle/a.txt", "@Recycle"),
        (b"@Recently-Snapshot/GMT+08_2024/a.txt", "@Recently-Snapshot"),
        (b"@eaDir/a.txt/SYNOINDEX_MEDIA_INFO", "@eaDir"),
        (b"a.txt@SynoEAStream", "*@SynoEAStream"),
        (b"~snapshot/hourly.0/a.txt", "~snapshot"),
        (b"@GMT-2024.01.05-08.00.00/a.txt", "@GMT-*"),
        (b"$Recycle.Bin/S-1-5-21/$R0A1B2C.txt", "$RECYCLE.BIN"),
        (b"RECYCLER/S-1-5-21/Dc1.txt", "RECYCLER"),
        (b"found.000/file0000.chk", "FOUND.[0-9][0-9][0-9]"),
        (b"DfsrPrivate/Staging/a.txt", "DfsrPrivate"),
        (b".snapshot/a.txt", ".*"),
        (b".Trash-1000/files/a.txt", ".*"),
        (b".zfs/snapshot/daily/a.txt", ".*"),
        (b".@__thumb/a.jpg", ".*"),
        (b"recycle/a.txt", None),
        ("#1号文件.txt".encode(), None),
        ("@2023年/快照.txt".encode(), None),
        (b"a.bak", "*.bak"),
        (b"part", None),
        (b"a.party", None),
    ],
)
def test_names_left_alone(path: bytes, pattern: str | None) -> None:
    assert Ignored(["*.bak"]).pattern_of(path) == pattern


def test_every_pattern_has_a_reason_and_a_source() -> None:
    table = tomllib.loads((files("watcher.seeing") / "data" / "ignored.toml").read_text(encoding="utf-8"))

    assert [entry["glob"] for entry in table["pattern"] if not (entry["why"] and entry["source"])] == []


def test_waits_grow_to_the_cap() -> None:
    assert [Backoff(1, 10).wait_s(failures, jitter=0) for failures in range(1, 7)] == [1, 2, 4, 8, 10, 10]
    assert all(5 <= Backoff(1, 10).wait_s(9) <= 10 for _ in range(100))


@pytest.mark.parametrize("name", ["processed", "quarantine", "state"])
def test_archives_inside_the_inbox_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} is .*, inside the inbox"):
        WatcherSettings(inbox=tmp_path, **{name: tmp_path / "d"}, _env_file=None)  # type: ignore[arg-type]


def test_a_full_inflow_asks_for_a_walk() -> None:
    inflow = Inflow(2)
    for path in (b"a", b"a", b"b", b"c", b"d"):
        inflow.put(path, "modified")

    assert inflow.drain() == [(b"a", "modified"), (b"b", "modified")]
    assert (inflow.take_loss(), inflow.take_loss()) == (True, False)


def test_each_alarm_is_logged_as_it_begins_and_as_it_ends() -> None:
    """With its name and text, and how long it was; what is set again, or was never set, says nothing."""
    times = iter([100.0, 160.25])
    alarms = Alarms(lambda: next(times))
    with capture_logs() as logged:
        alarms.set("disk", "full")
        alarms.set("disk", "still full")
        alarms.clear("disk")
        alarms.clear("queue")

    assert logged == [
        {"event": "alarm", "log_level": "warning", "alarm": "disk", "text": "full"},
        {"event": "alarm_over", "log_level": "info", "alarm": "disk", "after_s": 60.2},
    ]


def test_alarms_begin_and_end() -> None:
    alarms = Alarms(lambda: 0.0)
    alarms.set("disk", "full")
    alarms.set("disk", "still full")
    assert alarms.texts() == {"disk": "still full"}
    alarms.clear("disk")
    alarms.clear("disk")
    assert alarms.texts() == {}


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"\0", True),
        (b"\0" * 100_000, True),
        ("上半年".encode() * 1000 + b"\0" * 5000, True),
        (b"\0" * 5000 + "下半年".encode() * 1000, True),
        ("全年完成投资18亿元。\n".encode("utf-16-le"), False),
        ("全年".encode() * 3000 + b"\0" * 512, False),
        (b"PK\x05\x06" + b"\0" * 18, False),
        (b"", False),
    ],
    ids=["one", "many", "first half filled", "second half filled", "UTF-16", "padded", "empty ZIP", "empty"],
)
def test_a_size_without_content_is_seen(content: bytes, *, verdict: bool, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(content)
    with (tmp_path / "a").open("rb") as file:
        assert is_unfilled(file.fileno()) is verdict


def test_reserved_space_is_no_content(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 1_000_000)
    with (tmp_path / "a").open("rb") as file:
        assert is_unfilled(file.fileno())


@pytest.mark.parametrize(
    ("blocks", "files", "left", "said"),
    [
        (1999, 99, 99, ["999500 bytes free"]),
        (2000, 99, 16, []),
        (2000, 99, 15, ["room for 15 more files, though 1 MB are free (inodes)"]),
        (2000, 0, 0, []),
        (1, 99, 0, ["500 bytes free"]),
    ],
)
def test_a_full_disk_is_told_of_once_by_the_first_folder_on_it(
    blocks: int, files: int, left: int, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system that has no number of files has room for them."""
    folders = [tmp_path / "none", tmp_path / "a", tmp_path / "b"]
    for folder in folders[1:]:
        folder.mkdir()
    found = SimpleNamespace(f_bavail=blocks, f_frsize=500, f_files=files, f_favail=left)
    monkeypatch.setattr(room.os, "statvfs", lambda _: found)

    assert room.full(folders) == [
        f"{tmp_path / 'a'}: {what}; nothing is filed away until there is room again" for what in said
    ]
