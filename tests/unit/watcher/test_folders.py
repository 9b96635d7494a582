"""The four folders."""

from pathlib import Path

import pytest

from delivery.settings import SharedSettings
from watcher import folders


def _settings(home: Path, **other: Path) -> SharedSettings:
    places = {name: home / name for name in ("inbox", "processed", "quarantine", "state")}
    return SharedSettings(**{**places, **other})


def test_missing_folders_are_made(tmp_path: Path) -> None:
    """All four, with the folders above them; a second time nothing is wrong either."""
    settings = _settings(tmp_path / "deep" / "home")

    assert folders.make(settings) == []
    assert folders.make(settings) == []
    assert sorted(path.name for path in (tmp_path / "deep" / "home").iterdir()) == [
        "inbox",
        "processed",
        "quarantine",
        "state",
    ]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    """The reason names the folder and the setting."""
    (tmp_path / "inbox").write_text("", "utf-8")

    assert folders.make(_settings(tmp_path)) == [
        f"inbox {tmp_path}/inbox: cannot be made: File exists; name another with ZHIBIAO_INBOX"
    ]


@pytest.mark.parametrize("name", ["processed", "quarantine", "state"])
def test_nothing_may_lie_in_the_inbox(tmp_path: Path, name: str) -> None:
    """What is filed there would be read again, for ever; a link into it is no different."""
    (tmp_path / "inbox" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "inbox" / "deep")

    problems = folders.make(_settings(tmp_path, **{name: tmp_path / "link"}))

    assert problems == [
        f"{name} {tmp_path}/link: lies in the inbox, so that what is put there would be read again; "
        f"name another with ZHIBIAO_{name.upper()}"
    ]


def test_the_inbox_may_not_lie_in_the_archive(tmp_path: Path) -> None:
    """Nor may both ends be one folder."""
    message = "inbox, processed and quarantine: none may lie in another; name other folders"

    assert folders.make(_settings(tmp_path, processed=tmp_path)) == [message]
    assert folders.make(_settings(tmp_path, quarantine=tmp_path / "processed")) == [message]


def test_a_missing_folder_below_one_that_may_not_be_written_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest folder that exists decides; one that is there need not be made."""
    asked = []

    def access(path: Path, _mode: int) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(folders.os, "access", access)

    assert folders.unmakable(tmp_path / "deep" / "inbox")
    assert not folders.unmakable(tmp_path)
    assert asked == [tmp_path]
