"""What the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhibiao.running.embedded import EmbeddedRedis


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server of the test's own, which it may stop and whose settings it may change."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server
