"""A report whose event nobody could carry is refused, not published."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import fakeredis
import pytest

from delivery.publish import Publisher
from schemas import names
from schemas.events import FailedEvent, utc_now
from schemas.handover import HandOver
from worker import attempts as attempt
from worker.attempts import Attempts
from worker.tools import load_tools

CONTENT = "2023年，全市共办结行政复议案件1234件。".encode()


def given(folder: Path, client: Any) -> tuple[Attempts, HandOver]:
    (folder / "a.txt").write_bytes(CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    handover = HandOver(id="d", revision=1, path="a.txt", sha256=digest, size_bytes=len(CONTENT))
    return Attempts(client, Publisher(client), load_tools(), folder, 1000, 3, utc_now), handover


@pytest.mark.parametrize(
    ("spare_bytes", "stream"), [(0, names.DEFAULT.results_stream), (-1, names.DEFAULT.failures_stream)]
)
def test_the_limit_is_the_last_size_that_is_published(
    spare_bytes: int, stream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte more, and it is a failure that says how large it would be and how large it may be."""
    with fakeredis.FakeRedis(decode_responses=True) as client:
        reader, handover = given(tmp_path, client)
        # Timings differ from run to run; without them the size is known.
        original = attempt.read
        monkeypatch.setattr(attempt, "read", lambda data, origin, tools, *_: original(data, origin, tools, lambda: 0.0))
        size = len(reader._read(handover)[0].model_dump_json().encode())

        replace(reader, most_event_bytes=size + spare_bytes).attempt(handover)

        assert [client.xlen(name) for name in (stream,)] == [1]
        if stream == names.DEFAULT.failures_stream:
            event = FailedEvent.model_validate_json(client.xrange(stream)[0][1]["data"])
            assert event.data.code == "too_large"
            assert f"an event of {size} bytes; at most {size - 1} are allowed" in event.data.message


@pytest.mark.parametrize(
    ("spare_bytes", "stream"), [(0, names.DEFAULT.results_stream), (-1, names.DEFAULT.failures_stream)]
)
def test_a_reading_has_a_limit_of_its_own(
    spare_bytes: int, stream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no part of the event, and neither goes without the other."""
    with fakeredis.FakeRedis(decode_responses=True) as client:
        reader, handover = given(tmp_path, client)
        size = len(reader._read(handover).packed)
        monkeypatch.setattr(attempt, "MOST_READING_BYTES", size + spare_bytes)

        reader.attempt(handover)

        assert client.xlen(stream) == 1
        kept = reader.publisher.kept_reading("d", 1)
        assert (kept is None) == (stream == names.DEFAULT.failures_stream)
        if kept is None:
            event = FailedEvent.model_validate_json(client.xrange(stream)[0][1]["data"])
            assert event.data.code == "too_large"
            assert f"make {size} bytes; at most {size - 1} are allowed" in event.data.message
