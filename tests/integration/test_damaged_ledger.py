"""A service over a ledger that is damaged: one line, an exit status, and a watcher that lives where it was running."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from watcher.running.damage import FILE_NAME, WAY_OUT

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def _no_database(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096])


@pytest.mark.parametrize("harm", [_no_database, _half])
def test_a_damaged_ledger_is_refused_and_its_loss_survived(rig: Rig, harm: Callable[[Path], None]) -> None:
    ledger = rig.state / FILE_NAME
    with Worker(rig.url, rig.inbox):
        rig.start()
        rig.drop("before.txt", b"before")
        wait_for(lambda: rig.is_filed("before.txt"), what="filed")
        rig.stop()
        harm(ledger)
        process = rig.start(wait=False)

        assert process.wait(LONG_S) == 2
        (refused,) = rig.log_lines("refused")
        assert refused["why"].startswith(f"{ledger} is damaged: ")
        assert refused["why"].endswith(WAY_OUT)
        assert "Traceback" not in rig.log.read_text(encoding="utf-8")
        for command in (["up"], ["status"], ["retry", "--all"]):
            code, said = _zhibiao(rig, *command)
            assert (code, said) == (1, f"zhibiao: {refused['why']}\n")
        code, said = _zhibiao(rig, "doctor")
        assert code == 1
        assert "FAIL" in said
        assert "ledger" in said

        # The way out, as it is named.
        for file in rig.state.glob(f"{FILE_NAME}*"):
            file.rename(rig.outside / file.name)
        rig.drop("after.txt", b"after")
        rig.start()
        wait_for(lambda: rig.is_filed("after.txt"), what="filed")
    assert sorted(path for path, _, _ in rig.results()) == ["after.txt", "before.txt"]
    assert (rig.processed / "before.txt").read_bytes() == b"before"


def _zhibiao(rig: Rig, *command: str) -> tuple[int, str]:
    argv = [sys.executable, "-m", "zhibiao", *command]
    done = forks.run(argv, env=rig.environ() | {"COLUMNS": "1000"}, cwd=rig.folder, timeout=LONG_S)
    return done.returncode, done.stdout + done.stderr
