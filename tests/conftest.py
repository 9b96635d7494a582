"""What tests share: a real Redis-compatible server of their own, emptied before each test."""

from collections.abc import Iterator

import pytest
import redis

from delivery.connect import connect
from zhibiao.embedded import EmbeddedRedis


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A server for the whole session. A test that stops or floods it starts one of its own instead."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    """URL of the session's server, which holds nothing."""
    with connect(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client of the session's server, which holds nothing."""
    with connect(redis_url) as client:
        yield client
