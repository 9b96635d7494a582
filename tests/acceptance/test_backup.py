"""The backup of docs/running.md, carried out as it stands there while the service runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.service_rig import ROOT, Home, running
from tests.waiting import LONG_S, eventually

pytestmark = pytest.mark.service

PAGE = (ROOT / "docs" / "running.md").read_text("utf-8").partition("## Backup")[2].partition("\n## ")[0]
BACKUP, RESTORE = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


@pytest.mark.faults
def test_what_was_backed_up_is_there_again_with_its_events(
    fresh_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Elsewhere, over a Redis that knows of nothing; what was filed after the copy of the ledger is read once more."""
    if not shutil.which("sqlite3"):
        pytest.skip("no sqlite3 on PATH")
    for number, seed in enumerate(SEEDS[:2]):
        fresh_home.rename_in(seed, f"县/{number}.txt")
    eventually(lambda: len(list(fresh_home.processed.rglob("*.txt.json"))) == 2)
    before = {event["id"]: event["data"]["metrics"] for event in fresh_home.events()}
    (fresh_home.state / "reviews.jsonl").write_text("", "utf-8")

    _run(BACKUP, fresh_home.folder)
    fresh_home.stop()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.move(fresh_home.folder / "backup", elsewhere)
    copy, start = RESTORE.splitlines()
    _run(copy, elsewhere)
    shutil.rmtree(elsewhere / "backup")
    assert start == "zhibiao up"
    assert (elsewhere / "state" / "reviews.jsonl").exists()

    with running(elsewhere, ZHIBIAO_WORKERS="1") as home:
        eventually(lambda: len(home.events()) == len(before))
        assert {event["id"]: event["data"]["metrics"] for event in home.events()} == before
        home.rename_in(SEEDS[0], "县/0.txt")
        eventually(lambda: not (home.inbox / "县" / "0.txt").exists())
        home.rename_in(SEEDS[2], "new.txt")
        home.event_of("new.txt")
        assert len(home.events()) == len(before) + 1


def _run(commands: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=folder, capture_output=True, text=True, timeout=LONG_S, check=False
    )
    assert done.returncode == 0, done.stderr
