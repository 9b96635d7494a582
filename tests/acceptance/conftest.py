"""Services for the acceptance tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service_rig import Home, running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One service for the tests of a module, with one worker; the parts of the demo, which has two, are begun anew."""
    with running(tmp_path_factory.mktemp("home"), ZHIBIAO_WORKERS="1") as started:
        yield started


@pytest.fixture
def fresh_home(tmp_path: Path) -> Iterator[Home]:
    """A service for one test, with one worker."""
    with running(tmp_path, ZHIBIAO_WORKERS="1") as started:
        yield started


@pytest.fixture
def near() -> Iterator[Path]:
    """A folder for temporary files whose path is short, as a socket's has to be; pytest's own is not always."""
    with tempfile.TemporaryDirectory(prefix="zb-") as folder:
        yield Path(folder)
