"""The sign of life that container checks look for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker import health


@pytest.fixture
def alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "alive"
    monkeypatch.setenv("ZHIBIAO_WORKER_HEALTH", str(path))
    return path


def test_a_fresh_file_is_well_and_an_old_one_is_not(alive: Path) -> None:
    """Known within half a minute."""
    assert health.problem(100.0) == f"{alive} is not there: no worker runs here, or it has no broker"
    alive.touch()
    os.utime(alive, (100, 100))
    assert health.problem(124.0) is None
    why = "it hangs, or takes nothing of its queue"
    assert health.problem(126.0) == f"no sign of life for 26 s, of at most 25: {why}"
    assert health.problem(76.0) is None
    assert health.problem(70.0) == f"the last sign of life is 30 s from now by this clock: {why}"
    (metric,) = health.HealthMetric(lambda: 126.0).collect()
    assert [sample.value for sample in metric.samples] == [0]


def test_the_probe_is_a_command(alive: Path) -> None:
    """It says what is wrong, with status 1."""
    probe = [sys.executable, "-m", "worker.health"]
    gone = subprocess.run(probe, capture_output=True, text=True, check=False)
    assert (gone.returncode, gone.stderr) == (1, f"{alive} is not there: no worker runs here, or it has no broker\n")
    alive.touch()
    assert subprocess.run(probe, check=False).returncode == 0
