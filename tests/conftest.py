"""What tests share: messages to send, and a real Redis-compatible server of their own, emptied before each test.

Where several processes run the tests, each has such a server: a session is one process's.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import HealthCheck, settings

from delivery.connect import connect
from schemas.events import FailedEvent, FailedFile, Failure, ReportEvent
from schemas.handover import HandOver
from schemas.ids import document_id
from schemas.report import Document, PipelineInfo, Report, SourceFile
from tests.worker_rig import WorkerRig
from zhibiao.running.embedded import EmbeddedRedis

# A job that a shell puts into the background ignores Ctrl-C, and so would every program that the tests start. With a
# handler here instead, those programs begin as on a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests read what commands say in English, whoever runs them, and as wide as where there is no terminal.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("COLUMNS", None)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# What is logged of an error is its plain traceback: to colour one takes a second.
structlog.configure(
    [
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

# It stands in the place of the pipeline as soon as it is imported, in the workers that tests start and nowhere else.
collect_ignore = ["faulty_worker.py", "other_version_worker.py"]

NOW = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
PATH = "2023年/报告.txt"
SHA256 = "ab" * 32


@pytest.fixture
def make_worker_rig(tmp_path: Path, redis_url: str) -> Iterator[Callable[..., WorkerRig]]:
    """Makes an inbox and a worker over it, which the test starts; with settings of the worker."""
    with ExitStack() as stack:

        def make(**settings: object) -> WorkerRig:
            folder = tmp_path / "rig"
            folder.mkdir()
            return stack.enter_context(WorkerRig(folder, redis_url, **settings))

        yield make


@pytest.fixture
def worker_rig(make_worker_rig: Callable[..., WorkerRig]) -> WorkerRig:
    """One with the settings that a worker has by itself."""
    return make_worker_rig()


@pytest.fixture
def handover() -> HandOver:
    """A hand-over of revision 1."""
    return HandOver(id=document_id(PATH), revision=1, path=PATH, sha256=SHA256, size_bytes=12)


@pytest.fixture
def report_event() -> Callable[..., ReportEvent]:
    """Makes the event of one revision of one report; each revision has other content."""

    def make(revision: int = 1, document: Document | None = None) -> ReportEvent:
        report = Report(
            id=document_id(PATH),
            revision=revision,
            source=SourceFile(
                name="报告.txt",
                path=PATH,
                sha256=SHA256 if revision == 1 else f"{revision:064x}",
                size_bytes=12,
                media_type="text/plain",
                encoding="utf-8",
            ),
            document=document or Document(title="湛江市2023年法治政府建设报告", region="湛江市", period="2023"),
            pipeline=PipelineInfo(version="1"),
        )
        return ReportEvent.of(report, NOW)

    return make


@pytest.fixture
def failed_event() -> FailedEvent:
    """The event of a failure of the hand-over."""
    source = FailedFile(name="报告.txt", path=PATH, sha256=SHA256, size_bytes=12)
    failure = Failure(id=document_id(PATH), revision=1, source=source, code="undecodable", message="…", stage="decode")
    return FailedEvent.of(failure, "1", NOW)


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
