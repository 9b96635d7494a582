"""Tests in several processes: what each says arrives, and a process that ends takes nothing with it unsaid."""

import os
import sys
from pathlib import Path

from tests.forks import ROOT, run
from tests.waiting import LONG_S

TESTS = """
import os
import pytest

@pytest.fixture(scope="session", autouse=True)
def ending():
    yield
    with open(os.environ["ENDED"], "a") as file:
        file.write("x")

@pytest.mark.parametrize("number", range(100))
def test_numbers(number, tmp_path):
    assert number != 70

def test_skipped():
    pytest.skip("why")
"""

DYING = """
import os

def test_dies():
    os._exit(3)

def test_behind_it():
    pass
"""


def test_what_the_processes_say_is_told_once(tmp_path: Path) -> None:
    said, code = _said(tmp_path, test_a=TESTS)
    assert "1 failed, 99 passed, 1 skipped" in said
    assert "FAILED test_a.py::test_numbers[70] - assert 70 != 70" in said
    assert code == 1
    # A process that came too late for any group has made nothing that it would end.
    assert (tmp_path / "ended").read_text() in ("x", "xx")


def test_a_process_that_dies_fails_its_test_and_those_that_nobody_ran(tmp_path: Path) -> None:
    said, code = _said(tmp_path, test_a=DYING)
    assert "FAILED test_a.py::test_dies - a process of the tests ended with 768" in said
    assert "1 tests were not run, one of them test_a.py::test_behind_it" in said
    assert code == 1


def _said(folder: Path, **modules: str) -> tuple[str, int]:
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "pytest.ini").touch()
    options = ["-p", "tests.processes", "--forks", "2", "-p", "no:cacheprovider"]
    environ = {**os.environ, "ENDED": str(folder / "ended"), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    ended = run([sys.executable, "-m", "pytest", *options], cwd=folder, env=environ, timeout=LONG_S)
    return ended.stdout + ended.stderr, ended.returncode
