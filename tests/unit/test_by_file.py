"""Tests that are handed out by file are the same tests, and fail as they do by themselves."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.by_file import TOGETHER, dealt

ROOT = Path(__file__).parents[2]
FAILING = """
import pytest

@pytest.fixture(scope="module")
def seen():
    return []

@pytest.mark.parametrize("number", [1, 2, 3])
def test_once(number, seen):
    seen.append(number)
    assert len(seen) < 3
"""
OTHERS = """
import pytest

@pytest.fixture
def torn():
    yield
    assert False

def test_torn(torn):
    pass

@pytest.mark.skip
def test_skipped():
    pass
"""
SLOW = """
import pytest

@pytest.mark.slow
def test_slow():
    assert False
"""


def test_what_fails_in_a_file_is_told_of_its_test(tmp_path: Path) -> None:
    """One that fails behind those that share a fixture, one that ends badly, one skipped, no module at
    all; and files between them of which nothing is asked for."""
    tmp_path.joinpath("conftest.py").write_text("pytest_plugins = ['tests.by_file']\n", encoding="utf-8")
    sources = {"a/failing": FAILING, "a/slow": SLOW, "b/missing": "import no_such_module\n", "b/others": OTHERS + SLOW}
    for name, source in sources.items():
        file = tmp_path / name.replace("/", "/test_")
        file.parent.mkdir(exist_ok=True)
        file.with_suffix(".py").write_text(source, encoding="utf-8")
    plugins = ("cacheprovider", "anyio", "hypothesispytest", "timeout")
    command = [sys.executable, "-m", "pytest", *(f"-pno:{name}" for name in plugins), "-q", "-n1", "--by-file"]
    command += ["--rootdir=.", "-omarkers=slow: takes long", "-oconsole_output_style=classic", "-mnot slow"]
    command += ["a", "b/test_missing.py", "b/test_others.py"]

    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        command, cwd=tmp_path, env={**environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    told = run.stdout.splitlines()
    assert [line.split(" - ")[0] for line in told if line.startswith(("FAILED", "ERROR "))] == [
        "FAILED a/test_failing.py::test_once[3]",
        "ERROR b/test_missing.py",
        "ERROR b/test_others.py::test_torn",
    ]
    assert told[-1].startswith("1 failed, 3 passed, 1 skipped, 2 errors in ")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED


def named(name: str) -> Any:
    mark = TOGETHER if name.startswith("tests/page/") else None
    return SimpleNamespace(nodeid=name, get_closest_marker=lambda asked: mark if asked == mark else None)


@pytest.mark.parametrize("processes", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("number", [1, 4, 30])
def test_no_file_is_lost_and_what_takes_long_is_first(number: int, processes: int) -> None:
    folders = {"schemas": number, "tests/integration": number, "tests/page": 2, "tests/unit": 3 * number}
    files = [named(f"{folder}/test_{one}.py") for folder, many in folders.items() for one in range(many)]

    order = dealt(files, processes)

    assert sorted(file.nodeid for file in order) == sorted(file.nodeid for file in files)
    assert [file.nodeid for file in order[:2]] == ["tests/page/test_0.py", "tests/page/test_1.py"]
    assert order[2].nodeid == "tests/integration/test_0.py"


def test_each_process_has_as_many_files_and_some_have_none_that_take_long() -> None:
    files = [named(f"tests/{'integration' if one < 6 else 'unit'}/test_{one:02}.py") for one in range(22)]

    order = [int(file.nodeid[-5:-3]) for file in dealt(files, 5)]

    assert order == [0, 4, 6, 7, 1, 5, 8, 9, 2, 10, 11, 12, 3, *range(13, 22)]
