"""Whom a container's program runs as; needs root, and no Docker."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AS_OWNER = ROOT / "docker" / "as-owner"
WHO = ["sh", "-c", "id -u; id -g; id -G; grep NoNewPrivs /proc/self/status | cut -f2"]

pytestmark = pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("setpriv") or not shutil.which("unshare"), reason="needs root and util-linux"
)


def runs_as(folder: Path, *before: str) -> list[str]:
    """User, group, groups, and whether it may gain rights no more; ``before`` starts the script."""
    command = [*before, "sh", str(AS_OWNER), *WHO]
    environ = {**os.environ, "OWNER_OF": str(folder)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60).stdout.split()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_uid == 0 and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o011)
    return tmp_path


@pytest.mark.parametrize(
    ("owner", "expected"), [((4321, 8765), ["4321", "8765"]), ((1000, 50), ["1000", "50"]), ((0, 0), ["1000", "1000"])]
)
def test_it_is_the_folders_owner_and_never_root(folder: Path, owner: tuple[int, int], expected: list[str]) -> None:
    """With that group and no other, and without a way back."""
    os.chown(folder, *owner)

    assert runs_as(folder) == [*expected, expected[1], "1"]


def test_a_user_that_was_given_stays(folder: Path) -> None:
    os.chown(folder, 4321, 4321)

    assert runs_as(folder, "setpriv", "--reuid=77", "--regid=78", "--clear-groups")[:2] == ["77", "78"]


def test_root_that_is_an_ordinary_user_outside_stays(folder: Path) -> None:
    """As in rootless Docker: the folders are root's here, and that user's there."""
    os.chown(folder, 4321, 4321)
    rootless = ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups", "unshare", "--map-root-user"]

    assert runs_as(folder, *rootless)[:2] == ["0", "0"]
