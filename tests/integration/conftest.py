"""What the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker_rig import WorkerRig
from zhibiao.running.embedded import EmbeddedRedis


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server of the test's own, which it may stop and whose settings it may change."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


def _staffed(folder: Path, *, faulty: bool) -> Iterator[WorkerRig]:
    (folder / "rig").mkdir()
    with EmbeddedRedis(folder / "redis") as server, WorkerRig(folder / "rig", server.url, faulty=faulty) as rig:
        rig.start()
        yield rig


@pytest.fixture(scope="module")
def sound_staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerRig]:
    """One worker and its server for the tests of a module that leave them as they were: each start takes seconds."""
    yield from _staffed(tmp_path_factory.mktemp("sound"), faulty=False)


@pytest.fixture(scope="module")
def faulty_staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerRig]:
    """The same with faults that a report can ask for."""
    yield from _staffed(tmp_path_factory.mktemp("faulty"), faulty=True)


@pytest.fixture
def staffed(sound_staff: WorkerRig) -> WorkerRig:
    """A worker that runs, over an empty inbox and server."""
    sound_staff.forget()
    return sound_staff


@pytest.fixture
def faulty(faulty_staff: WorkerRig) -> WorkerRig:
    """A faulty worker that runs, over an empty inbox and server."""
    faulty_staff.forget()
    return faulty_staff
