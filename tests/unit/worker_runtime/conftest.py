"""Attempts of one test, with a pipeline that is told what to raise."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fakeredis
import pytest

from delivery.publish import Publisher
from schemas.events import utc_now
from tests.unit.worker_runtime.made import CONTENT, Clock, Pipeline
from worker import attempts as attempt
from worker.attempts import Attempts


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    pipeline = Pipeline()
    monkeypatch.setattr(attempt, "read", pipeline)
    return pipeline


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Attempts]:
    (tmp_path / "a.txt").write_bytes(CONTENT)
    clock = Clock()
    with fakeredis.FakeRedis(decode_responses=True) as client:
        tools: Any = SimpleNamespace(readers=())  # the stand-in needs no more
        yield Attempts(client, Publisher(client), tools, tmp_path, 100, 3, utc_now, clock, clock.pause)
