"""The step of docker-compose.yml that makes the folders, run as it stands there; needs root, and no Docker."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
(SCRIPT,) = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["folders"]["command"]
FOLDERS = ("inbox", "processed", "quarantine", "state", "sinks")

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root gives folders to others")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data, beside the project's file; both root's."""
    (tmp_path / "data").mkdir()
    (tmp_path / "project").touch()
    return tmp_path / "data"


def make(data: Path, uid: str = "", gid: str = "") -> subprocess.CompletedProcess[str]:
    script = SCRIPT.replace("$$", "$").replace("/data", str(data)).replace("/project", str(data.parent / "project"))
    environ = {**os.environ, "WANTED_UID": uid, "WANTED_GID": gid, "DATA": "./data"}
    return subprocess.run(
        ["sh", "-euc", script], cwd=data, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def owners(data: Path) -> set[tuple[int, int]]:
    return {((data / name).stat().st_uid, (data / name).stat().st_gid) for name in FOLDERS}


def test_they_belong_to_whom_the_project_belongs_to(data: Path) -> None:
    """The data's folder as well, which Docker has just made; that of root is user 1000's."""
    os.chown(data.parent / "project", 4321, 8765)

    assert make(data).stdout == "the folders below ./data belong to user 4321:8765\n"
    assert owners(data) == {(4321, 8765)}
    assert data.stat().st_uid == 4321


def test_a_project_of_root_is_run_as_the_images_user(data: Path) -> None:
    """And a user 0 that is asked for is none."""
    assert make(data, "0", "0").returncode == 0
    assert owners(data) == {(1000, 1000)}


@pytest.mark.parametrize(("uid", "gid", "expected"), [("77", "78", (77, 78)), ("77", "", (77, 77))])
def test_who_is_named_has_them(data: Path, uid: str, gid: str, expected: tuple[int, int]) -> None:
    os.chown(data.parent / "project", 4321, 4321)

    assert make(data, uid, gid).returncode == 0
    assert owners(data) == {expected}


def test_what_exists_decides_and_a_second_time_changes_nothing(data: Path) -> None:
    """As after an upgrade from a version that ran as user 1000 always."""
    os.chown(data.parent / "project", 4321, 4321)
    (data / "inbox").mkdir()
    os.chown(data / "inbox", 1000, 1000)
    for _ in range(2):
        assert make(data).returncode == 0
        assert owners(data) == {(1000, 1000)}
    assert data.stat().st_uid == 0, "others may have put things there"


def test_folders_of_several_users_are_told_with_what_to_do(data: Path) -> None:
    for name, owner in (("inbox", 4321), ("state", 77)):
        (data / name).mkdir()
        os.chown(data / name, owner, owner)

    done = make(data)

    assert (done.returncode, done.stderr) == (
        1,
        "state belongs to user 77, the parts run as 4321: sudo chown -R 4321:4321 ./data/state, "
        "or put ZHIBIAO_UID=77 into .env if all folders are to be that user's\n",
    )
