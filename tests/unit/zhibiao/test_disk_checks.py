"""What the doctor makes of folders and the disks that they lie on."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from watcher.risks import Risk
from watcher.settings import WatcherSettings
from zhibiao.checks import disk
from zhibiao.checks.check import Check

SETTINGS = WatcherSettings(_env_file=None)  # type: ignore[call-arg]


def test_a_working_inbox_passes_and_stays_clean(tmp_path: Path) -> None:
    """Watch, lease and rename work in a temporary folder, and nothing is left behind."""
    inbox, processed = tmp_path / "inbox", tmp_path / "processed"
    inbox.mkdir()
    processed.mkdir()

    checks = [
        disk.canary(inbox),
        disk.lease(SETTINGS.model_copy(update={"inbox": inbox}), None),
        disk.move(inbox, processed, "processed"),
    ]

    assert [(check.name, check.level) for check in checks] == [
        ("canary", "ok"),
        ("lease", "ok"),
        ("move to processed", "ok"),
    ]
    assert [*inbox.iterdir(), *processed.iterdir()] == []


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    """The reason is the system's own."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    check = disk.move(inbox, tmp_path / "nowhere", "processed")

    assert (check.level, check.seen) == ("warn", "not possible: No such file or directory")
    assert [*inbox.iterdir()] == []


@pytest.fixture
def whole(tmp_path: Path) -> WatcherSettings:
    """Settings whose folders are all there."""
    folders = {name: tmp_path / name for name in ("inbox", "processed", "quarantine", "state")}
    for folder in folders.values():
        folder.mkdir()
    return WatcherSettings(_env_file=None, **folders)  # type: ignore[call-arg, arg-type]


def levels(settings: WatcherSettings) -> dict[str, str]:
    return {check.name: check.level for check in disk.look(settings)}


def test_folders_that_are_there_are_looked_at_one_by_one(
    whole: WatcherSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, and its disk once for all that lie on it; what was accepted is a warning, and an inbox of others ends it."""
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=5e9))
    monkeypatch.setattr(disk, "has_silent_part", lambda _: False)
    found = [*disk.look(whole)]

    names = ["folders", "room", "state", "file system", "lease", "canary", "move to processed", "move to quarantine"]
    assert [(check.name, check.level) for check in found] == [(name, "ok") for name in names]
    assert found[0].seen == ", ".join(
        f"{name} {getattr(whole, name)}" for name in ("inbox", "processed", "quarantine", "state")
    )
    assert found[1].seen == f"5.0 GB free at {whole.state}"
    risk = Risk("read-only-inbox", "the inbox", "not ours", "files stay", "another")
    monkeypatch.setattr(disk.risks, "of_folders", lambda _: [risk])
    assert [*levels(whole)] == ["folders", "room", "state", "file system", "inbox"]
    assert levels(whole)["inbox"] == "fail"
    assert levels(whole.model_copy(update={"accept_risks": ("read-only-inbox",)}))["inbox"] == "warn"
    monkeypatch.setattr(
        disk.risks,
        "of_folders",
        lambda _: [Risk("remote-state", "a", "nfs", "b", "c"), Risk("short-quiet-time", "a", "1", "b", "c")],
    )
    assert {name: levels(whole)[name] for name in ("state", "lease")} == {"state": "fail", "lease": "fail"}


def test_folders_that_are_missing_are_told_and_the_rest_is_left(
    whole: WatcherSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning where the service will make them; a failure where it cannot, or where another thing lies there."""
    whole.quarantine.rmdir()
    missing = {check.name: check for check in disk.look(whole)}
    assert (missing["folders"].level, missing["folders"].seen) == (
        "warn",
        f"not there yet: quarantine ({whole.quarantine})",
    )
    assert [*missing] == ["folders", "room"]

    monkeypatch.setattr(disk.folders, "unmakable", lambda folder: folder == whole.quarantine)
    refused = {check.name: check for check in disk.look(whole)}
    assert refused["folders"].level == "fail"
    assert str(whole.quarantine) in refused["folders"].seen
    whole.processed.rmdir()
    whole.processed.write_text("")
    assert [check.level for check in disk.look(whole) if check.name == "folders"] == ["fail", "fail"]


@pytest.mark.parametrize(
    ("free", "level"),
    [(99_999_999, "fail"), (100_000_000, "warn"), (999_999_999, "warn"), (1_000_000_000, "ok")],
)
def test_a_disk_needs_room(free: int, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert disk.room(tmp_path) == Check(
        "room", level, f"{free / 1e9:.1f} GB free at {tmp_path}", disk.room(tmp_path).advice
    )
    assert bool(disk.room(tmp_path).advice) is (level != "ok")


def test_a_ledger_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is one."""
    assert disk.ledger(tmp_path) is None
    (tmp_path / "ledger.sqlite").touch()
    monkeypatch.setattr(disk, "FILE_NAME", "ledger.sqlite")
    for fault, told in ((None, ("ok", None)), ("page 3 is damaged; restore it", ("fail", "restore it"))):
        monkeypatch.setattr(disk, "fault_of", lambda _, fault=fault: fault)
        found = disk.ledger(tmp_path)
        assert found
        assert (found.level, found.advice) == told
    assert found.seen == "page 3 is damaged"
    monkeypatch.setattr(disk, "fault_of", lambda _: "page 3 is damaged")
    found = disk.ledger(tmp_path)
    assert found
    assert found.advice


def test_what_the_inbox_cannot_tell_is_a_warning(whole: WatcherSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No events, no leases, no watch, or none that says a word: files are found all the same, later."""
    monkeypatch.setattr(disk, "has_silent_part", lambda _: True)
    monkeypatch.setattr(disk.risks, "has_leases", lambda _: False)
    monkeypatch.setattr(disk, "CANARY_WAIT_S", 0.0)
    found = {
        check.name: check
        for check in (disk.file_system(whole.inbox), disk.lease(whole, None), disk.canary(whole.inbox))
    }
    assert {name: check.level for name, check in found.items()} == {
        "file system": "warn",
        "lease": "warn",
        "canary": "warn",
    }
    assert f"{whole.settle_unknown_s:g} s" in found["lease"].advice

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "observe", refused)
    unwatched = disk.canary(whole.inbox)
    assert (unwatched.level, "No space left on device" in unwatched.seen) == ("warn", True)
    assert unwatched.advice != found["canary"].advice
    (whole.inbox / "a" / "b").mkdir(parents=True)
    assert disk.count_folders(whole.inbox) == 3
    assert disk.count_folders(whole.inbox / "none") == 1
