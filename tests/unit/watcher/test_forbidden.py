"""What a file's failure says where the kernel forbids it."""

import errno
import os
from pathlib import Path

import pytest

from watcher.seeing.forbidden import User, what_forbids

DENIED = PermissionError(errno.EACCES, "Permission denied")
ME, GROUP = os.getuid(), os.getgid()
SOMEONE = User(ME + 1, ())


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "甲 乙").mkdir()
    (tmp_path / "甲 乙" / "a.txt").write_bytes(b"one")
    tmp_path.chmod(0o755)
    return tmp_path


def said(inbox: Path, user: User, *, moving: bool) -> str:
    return what_forbids(DENIED, [(bytes(inbox), "甲 乙/a.txt".encode())], user, moving=moving)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "moving", "what", "mode", "verb", "right"),
    [
        (0o755, 0o600, False, "甲 乙/a.txt", "600", "read", "r"),
        (0o755, 0o640, True, "甲 乙", "755", "move files out of or into", "rwx"),
        (0o700, 0o644, False, "甲 乙", "700", "look into", "rx"),
        (0o770, 0o644, True, "甲 乙", "770", "look into", "rx"),
        (0o757, 0o200, True, "甲 乙/a.txt", "200", "read", "r"),
    ],
)
def test_whose_it_is_and_what_to_do(
    inbox: Path,
    folder_mode: int,
    file_mode: int,
    *,
    moving: bool,
    what: str,
    mode: str,
    verb: str,
    right: str,
) -> None:
    """Of what lies in the way, the outermost."""
    (inbox / "甲 乙" / "a.txt").chmod(file_mode)
    (inbox / "甲 乙").chmod(folder_mode)

    assert said(inbox, SOMEONE, moving=moving) == (
        f"Permission denied: {inbox}/{what} belongs to user {ME} (mode {mode}), and this service, user {ME + 1}, may not "
        f"{verb} it; chown it to {ME + 1}, or chmod a+{right} it"
    )


@pytest.mark.parametrize("user", [User(0, ()), User(ME, ()), User(ME + 1, (GROUP,))])
def test_where_the_modes_forbid_nothing_the_error_stands_alone(inbox: Path, user: User) -> None:
    """An access list, a read-only mount or a security module may forbid more than can be seen."""
    (inbox / "甲 乙").chmod(0o775)

    assert said(inbox, user, moving=True) == "Permission denied"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_other_errors_are_nobodys_fault(inbox: Path, number: int) -> None:
    error = OSError(number, os.strerror(number))

    assert what_forbids(error, [(bytes(inbox), b"a/b.txt")], SOMEONE) == os.strerror(number)


def test_the_archives_folder_may_be_the_one_in_the_way(inbox: Path, tmp_path: Path) -> None:
    """Where all is well on the inbox's side."""
    (inbox / "甲 乙").chmod(0o757)
    archive = tmp_path / "processed"
    archive.mkdir(mode=0o755)
    places = [(bytes(inbox), "甲 乙/a.txt".encode()), (bytes(archive), b"a.txt")]

    assert what_forbids(DENIED, places, SOMEONE, moving=True).startswith(
        f"Permission denied: {archive} belongs to user {ME}"
    )
