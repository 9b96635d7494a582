"""Where a file is and why it is not done, from what lies on disk."""

import os
from pathlib import Path

import pytest

from tests.unit.watcher.conftest import Desk
from watcher.filing.put_back import Retried, retry
from watcher.health import FRESH_S, Health
from watcher.ledger.rows import GONE, State
from watcher.running.damage import FILE_NAME
from watcher.running.lock import WatcherLock
from watcher.seeing.arrivals import Readiness
from watcher.settings import WatcherSettings
from watcher.whereabouts import (
    FileStatus,
    InQuarantine,
    Overview,
    Unfinished,
    describe,
    in_quarantine,
    is_running,
    overview,
    taken_back,
)
from zhibiao.commands.status import status


def said(settings: WatcherSettings, path: Path | str, now: float = 110.0) -> FileStatus:
    return describe(settings, path, clock=lambda: now, monotonic=lambda: 50.0)


def test_a_waiting_file(settings: WatcherSettings, desk: Desk) -> None:
    path = desk.put("a.txt", b"half")
    assert said(settings, path).lines == ("the watcher is not running",)
    desk.ledger.set_waiting({"a.txt": Readiness("writer-open", since=8.0)}, [])

    assert said(settings, path) == FileStatus("a.txt", "waiting", ("writer-open 42 s",))
    assert said(settings, "a.txt").lines == ("writer-open 42 s",)


def test_a_file_on_its_way(settings: WatcherSettings, desk: Desk) -> None:
    """With what is wrong right now, if anything."""
    row = desk.accept("a.txt", b"one")
    Health(7, "active", 109.0, {"queue": "NotQueued: Redis is away"}, {}).write(settings.state)
    assert said(settings, "a.txt").lines == (
        "revision 1 accepted 10 s ago, to be handed over",
        "queue: NotQueued: Redis is away",
    )
    desk.ledger.advance(row.id, "queued", 104.0, queued_at=104.0, sends=2)
    Health(7, "active", 109.0).write(settings.state)

    assert said(settings, "a.txt").lines == ("revision 1 handed over for the 2. time 6 s ago, no outcome yet",)


def test_a_report_whose_file_was_gone(settings: WatcherSettings, desk: Desk) -> None:
    """What became of it, and where its figures lie, if they do: no file is said to lie where none does."""
    row = desk.accept("a.txt", b"one")
    desk.ledger.advance(row.id, "published", 105.0)
    (desk.inbox / "a.txt").unlink()
    desk.ledger.update(row.id, in_inbox=0, detail=GONE)
    assert said(settings, "a.txt").lines == ("revision 1 published 5 s ago", GONE)
    desk.ledger.update(row.id, folder="processed", target=b"a.txt")

    place = f"{settings.processed}/a.txt.json"
    assert said(settings, "a.txt").lines == ("revision 1 published 5 s ago", GONE, f"filed as {place}")
    assert said(settings, "a.txt").place == place


def test_a_filed_report_under_any_of_its_names(settings: WatcherSettings, desk: Desk) -> None:
    row = desk.accept("d/a.txt", b"one")
    desk.ledger.advance(row.id, "published", 105.0)
    place = settings.processed / "d" / "a.2.txt"
    place.parent.mkdir()
    (desk.inbox / "d/a.txt").rename(place)
    desk.ledger.update(row.id, in_inbox=0, folder="processed", target=b"d/a.2.txt")
    expected = FileStatus(
        "d/a.txt",
        "published",
        ("revision 1 published 5 s ago", f"filed as {place}"),
        row.document,
        1,
        str(place),
    )

    assert said(settings, "d/a.txt") == expected
    assert said(settings, desk.inbox / "d/a.txt") == expected
    assert said(settings, place) == expected


def test_a_new_content_and_the_one_before(settings: WatcherSettings, desk: Desk) -> None:
    row = desk.accept("a.txt", b"one")
    desk.ledger.advance(row.id, "queued", 101.0)
    desk.accept("a.txt", b"two")
    Health(7, "active", 109.0).write(settings.state)

    assert said(settings, "a.txt").lines == (
        "revision 2 accepted 10 s ago, to be handed over",
        "before: revision 1 queued",
    )


@pytest.mark.parametrize(
    ("name", "state", "line"),
    [
        ("~$a.docx", "ignored", "ignored: pattern ~$*"),
        ("never.txt", "unknown", "never.txt"),
        ("d", "unknown", "a folder; name a file in it"),
    ],
)
def test_files_without_a_row(settings: WatcherSettings, desk: Desk, name: str, state: str, line: str) -> None:
    desk.put("~$a.docx", b"junk")
    desk.put("d/a.txt", b"one")
    found = said(settings, name)

    assert found.state == state
    assert found.lines == (
        (f"not in {settings.inbox}, and the ledger has never seen it",) if name == "never.txt" else (line,)
    )


def test_an_ignored_entry_and_a_refused_file(settings: WatcherSettings, desk: Desk) -> None:
    (desk.inbox / "link").symlink_to("/etc/passwd")
    desk.intake.ignore(b"link", os.lstat(desk.inbox / "link"))
    desk.take("big.txt", b"x" * 1001)

    assert said(settings, "link").lines == (
        "ignored (symlink) 10 s ago: a symbolic link is not followed, it may lead out of the inbox;"
        " put the file itself there",
    )
    assert said(settings, "big.txt").lines == (
        "quarantined (too_large) 10 s ago: the file has 1001 bytes, the limit is 1000 (ZHIBIAO_MAX_FILE_BYTES)",
        "not filed away yet",
    )


def test_a_wire_path_names_a_file_whose_name_is_not_utf8(settings: WatcherSettings, desk: Desk) -> None:
    name = "年.txt".encode("gbk")
    (desk.inbox / os.fsdecode(name)).write_bytes(b"one")
    desk.intake.take(name)

    assert said(settings, "%C4%EA.txt").state == "accepted"
    assert said(settings, os.fsdecode(name)).state == "accepted"


def test_a_path_elsewhere_is_refused(settings: WatcherSettings) -> None:
    with pytest.raises(ValueError, match="/etc/passwd is not below"):
        said(settings, "/etc/passwd")
    with pytest.raises(ValueError, match="is not a path below a folder"):
        said(settings, "../../etc/passwd")


def test_the_overview(settings: WatcherSettings, desk: Desk) -> None:
    desk.accept("a.txt", b"one")
    a = Unfinished("a.txt", "accepted", "revision 1 accepted 10 s ago, to be handed over")
    assert overview(settings, lambda: 110.0) == Overview({"accepted": 1}, {}, "not running", (a,))
    Health(7, "active", 109.0, {"queue": "away"}).write(settings.state)

    assert overview(settings, lambda: 110.0) == Overview({"accepted": 1}, {"queue": "away"}, "active, process 7", (a,))


def test_what_is_not_done(settings: WatcherSettings, desk: Desk) -> None:
    """First what waits, then what was taken, then the number of those left out; what is done is not there."""
    filed, unfiled, stuck, queued = (desk.accept(f"{name}.txt", name.encode()) for name in "abcd")
    for row in (filed, unfiled, stuck):
        desk.ledger.advance(row.id, "published", 105.0)
    desk.ledger.update(filed.id, in_inbox=0)
    desk.ledger.update(stuck.id, tries=2, not_before=140.0, detail="not archived: No space left on device")
    desk.ledger.advance(queued.id, "queued", 104.0, queued_at=104.0, sends=1)
    desk.ledger.set_waiting({"e.txt": Readiness("quiet", since=48.8, needs_s=2.0)}, [])

    found = overview(settings, lambda: 110.0, lambda: 50.0, limit=3)

    assert found.unfinished == (
        Unfinished("e.txt", "waiting", "quiet 1.2 of 2 s"),
        Unfinished("b.txt", "published", "published, not filed away yet"),
        Unfinished("c.txt", "published", "published, attempt 3 in 30 s: not archived: No space left on device"),
    )
    assert found.more == 1


def test_a_retry_needs_a_free_place_in_the_inbox(settings: WatcherSettings, desk: Desk) -> None:
    """Where there is none, file and reason stay in quarantine."""
    row = desk.accept("a.txt", b"one")
    desk.ledger.advance(row.id, "quarantined", 101.0)
    (desk.inbox / "a.txt").rename(settings.quarantine / "a.txt")
    (settings.quarantine / "a.txt.error.json").write_text("{}")
    desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target=b"a.txt")
    desk.put("a.txt", b"new")

    problem = "the inbox holds a file of this name; move it away first"
    assert retry(settings, [settings.quarantine / "a.txt"]) == [Retried("a.txt", problem)]
    assert sorted(path.name for path in settings.quarantine.iterdir()) == ["a.txt", "a.txt.error.json"]
    (desk.inbox / "a.txt").unlink()
    assert retry(settings, ["a.txt"]) == [Retried("a.txt")]
    assert (desk.inbox / "a.txt").read_bytes() == b"one"
    assert list(settings.quarantine.iterdir()) == []
    assert retry(settings, None) == []


@pytest.mark.parametrize("newer", [b"two", "更正".encode()])
@pytest.mark.parametrize("state", ["queued", "published", "quarantined"])
def test_a_retry_does_not_bring_back_what_was_replaced(
    settings: WatcherSettings, desk: Desk, state: State, newer: bytes
) -> None:
    """What comes into the inbox last wins, so the older failure stays where it is; the newer one may be tried again."""
    for number, content in enumerate((b"one", newer), start=1):
        row = desk.accept("a.txt", content)
        desk.ledger.advance(row.id, "quarantined" if number == 1 else state, 101.0)
        (desk.inbox / "a.txt").rename(settings.quarantine / f"a.{number}.txt")
        desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target=b"a.%d.txt" % number)

    kept_back = Retried(
        "a.txt", "revision 2 has replaced it since; to read it all the same, drop it under another name"
    )
    assert retry(settings, [settings.quarantine / "a.1.txt"]) == [kept_back]
    assert (settings.quarantine / "a.1.txt").exists()
    if state == "quarantined":
        assert retry(settings, None) == [kept_back, Retried("a.txt")]
        assert (desk.inbox / "a.txt").read_bytes() == newer


def _room(*, free_bytes: int = 10**9, free_files: int = 10**6, files: int = 10**7) -> os.statvfs_result:
    block = 4096
    return os.statvfs_result(
        (block, block, 10**9, free_bytes // block, free_bytes // block, files, free_files, free_files, 0, 255)
    )


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (_room(free_bytes=0), ["0 bytes free"]),
        (_room(free_bytes=200_000), ["196608 bytes free"]),
        (_room(free_files=3), ["room for 3 more files, though 1000 MB are free (inodes)"]),
        (_room(free_files=0, files=0), []),
        (_room(), []),
    ],
    ids=["no byte", "a few", "no inodes", "inodes as needed", "room"],
)
def test_the_overview_begins_with_a_full_disk(
    left: os.statvfs_result,
    said: list[str],
    settings: WatcherSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once for all folders that lie on it; a watcher that cannot write its sign of life is not told to be dead."""
    monkeypatch.setattr(os, "statvfs", lambda _folder: left)
    found = overview(settings, lambda: 110.0)

    lines = [f"{settings.inbox}: {what}; nothing is filed away until there is room again" for what in said]
    assert list(found.full) == lines
    assert found.watcher == ("no sign of life, but none can be written to a full disk" if said else "not running")
    status(settings, None, 20, as_json=False)
    first = capsys.readouterr().out.split("\n")[0]
    assert first.startswith("full" if said else "service")


@pytest.mark.parametrize(
    ("age_s", "said"),
    [
        (1.0, None),
        (86_400.0, "last sign of life 86400 s ago"),
        (-86_400.0, "last sign of life 86400 s from now"),
    ],
)
def test_a_watcher_of_another_clock_runs(settings: WatcherSettings, desk: Desk, age_s: float, said: str | None) -> None:
    """And it is said that the clocks may differ, beside what it warns of itself; as it would be where it hangs."""
    desk.accept("a.txt", b"one")
    lock = WatcherLock(settings.state)
    assert lock.take()
    Health(os.getpid(), "active", 110.0 - age_s, {"queue": "away"}).write(settings.state)

    found = overview(settings, lambda: 110.0)

    silent = (
        {"silent": f"{said} by this clock, though the watcher runs: it hangs, or its clock is another"} if said else {}
    )
    assert (found.watcher, found.alarms) == (f"active, process {os.getpid()}", {"queue": "away", **silent})
    assert is_running(settings, lambda: 110.0)
    assert "the watcher is not running" not in describe(settings, "a.txt", clock=lambda: 110.0).lines
    Health(os.getpid(), "active", 110.0, {}, {"filing": 100.0}).write(settings.state)
    assert overview(settings, lambda: 110.0).alarms == {"stuck": "stuck: filing"}
    lock.release()
    assert overview(settings, lambda: 110.0 + 2 * FRESH_S).watcher == "not running"


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("never", "no ledger is at {}: no service has run over this folder yet"),
        ("active", "{} is gone, though a watcher is active over this folder: it was moved or deleted under it"),
        ("ended", "{} is gone, though a service has run over this folder: it was moved or deleted. Put it back"),
    ],
)
@pytest.mark.parametrize("file", [None, "a.txt"])
def test_a_ledger_that_is_gone_is_said_to_be_gone(tmp_path: Path, seen: str, said: str, file: str | None) -> None:
    """Not that no service has run: it may be running just now."""
    state = tmp_path / "other"
    state.mkdir()
    folders = {name: tmp_path / name for name in ("inbox", "processed", "quarantine")}
    settings = WatcherSettings(state=state, _env_file=None, **folders)  # type: ignore[call-arg, arg-type]
    lock = WatcherLock(state) if seen != "never" else None
    if lock and seen == "active":
        assert lock.take()
    if lock and seen == "ended":
        lock.release()
    with pytest.raises(FileNotFoundError) as gone:
        overview(settings) if file is None else describe(settings, folders["inbox"] / file)
    assert str(gone.value).startswith(said.format(state / FILE_NAME))
    assert "\n" not in str(gone.value)
    if lock and seen == "active":
        lock.release()


def test_what_lies_in_quarantine_the_last_first(settings: WatcherSettings, desk: Desk) -> None:
    """What was taken out of it by hand is no longer there, whatever the ledger remembers."""
    for number, name in enumerate(("a.txt", "d/b.txt", "c.txt")):
        row = desk.accept(name, name.encode())
        desk.ledger.advance(row.id, "quarantined", 101.0 + number, code="empty", detail=f"{name} is empty")
        (settings.quarantine / name).parent.mkdir(exist_ok=True)
        (desk.inbox / name).rename(settings.quarantine / name)
        desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target=name.encode())
    (settings.quarantine / "c.txt").unlink()

    assert in_quarantine(settings) == (
        [
            InQuarantine("d/b.txt", 102.0, "empty", "d/b.txt is empty"),
            InQuarantine("a.txt", 101.0, "empty", "a.txt is empty"),
        ],
        0,
    )
    assert in_quarantine(settings, limit=1) == ([], 2)
    assert overview(settings).counts == {"quarantined": 2}


def test_what_was_taken_back_is_listed_apart_from_what_failed(settings: WatcherSettings, desk: Desk) -> None:
    """One line for a document, however many revisions it had."""
    for number, (name, state) in enumerate((("a.txt", "withdrawn"), ("b.txt", "quarantined"), ("a.txt", "withdrawn"))):
        row = desk.accept(name, b"%d" % number)
        filed = f"{number}.txt"
        desk.ledger.advance(row.id, "quarantined" if state == "quarantined" else "published", 101.0)
        (desk.inbox / name).rename(settings.quarantine / filed)
        if state == "withdrawn":
            desk.ledger.advance(row.id, "withdrawn", 102.0 + number, code="withdrawn", detail=f"why {number}")
        desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target=filed.encode())

    assert taken_back(settings) == ([InQuarantine("a.txt", 104.0, "withdrawn", "why 2")], 0)
    assert [one.path for one in in_quarantine(settings)[0]] == ["b.txt"]


def test_a_file_that_failed_again_and_again_is_one_in_quarantine(settings: WatcherSettings, desk: Desk) -> None:
    """And none once it was put back, though the ledger remembers each time; one on its way there counts."""
    for number in (1, 2):
        row = desk.accept("a.txt", b"one")
        desk.ledger.advance(row.id, "quarantined", 100.0 + number)
        if number == 1:
            assert overview(settings).counts == {"quarantined": 1}
        (desk.inbox / "a.txt").rename(settings.quarantine / "a.txt")
        former = desk.ledger.by_target("quarantine", b"a.txt")
        if former:
            desk.ledger.update(former.id, folder=None, target=None)
        desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target=b"a.txt")
        assert overview(settings).counts == {"quarantined": 1}
        assert desk.ledger.summary() == {"quarantined": number}
        assert retry(settings, ["a.txt"]) == [Retried("a.txt")]
        assert overview(settings).counts == {}
