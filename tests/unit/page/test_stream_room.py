"""The stream room, over a real Redis."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis import Redis
from starlette.testclient import TestClient

from delivery.connect import connect
from page.app import make
from page.rooms import stream as room
from schemas import names
from schemas.events import FailedEvent, ReportEvent
from tests.unit.page.conftest import HERE, settings_over

RESULTS, FAILURES = names.DEFAULT.results_stream, names.DEFAULT.failures_stream


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def client(tmp_path: Path, redis_url: str) -> Iterator[TestClient]:
    app = make(settings_over(tmp_path), lambda: redis_url)
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield client


def test_events_and_groups_are_shown(
    client: TestClient, redis: Redis, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    event = report_event()
    for _ in range(3):
        redis.xadd(RESULTS, {names.EVENT_FIELD: event.to_json()})
    redis.xadd(FAILURES, {names.EVENT_FIELD: failed_event.to_json()})
    redis.xgroup_create(RESULTS, "mine", "0")
    redis.xreadgroup("mine", "me", {RESULTS: ">"}, count=1)

    page = client.get("/stream").text
    row = re.search(r"<tr><td class=\"mono\">mine</td>.*?</tr>", page, re.DOTALL)

    assert row
    assert re.findall(r">(\d+)<", row[0]) == ["2", "1", "1"]  # still to take, taken, consumers
    assert page.count(f'href="/r/{event.data.id}/1"') == 3
    assert "undecodable" in page
    assert "共 3 条" in page


def test_commands_can_be_copied_as_they_are(client: TestClient, redis_url: str) -> None:
    page = client.get("/stream").text
    commands = [html.unescape(one) for one in re.findall(r"<code tabindex=\"0\">(.*?)</code>", page)]

    assert len(commands) == 4
    assert f"XREADGROUP GROUP mine me COUNT 10 BLOCK 5000 STREAMS {RESULTS} '>'" in commands[1]
    assert all(redis_url.removeprefix("unix://") in command for command in commands)


def test_a_password_is_not_shown() -> None:
    commands = room._commands("rediss://user:secret@redis.example:6379/0", RESULTS, names.DEFAULT)

    assert [command for _, command in commands if "secret" in command] == []


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "x", "subject": "a", "time": "never", "data": {}}',
        '{"data": null}',
    ],
)
def test_what_is_no_event_of_ours_is_left_out(client: TestClient, redis: Redis, data: str) -> None:
    redis.xadd(RESULTS, {names.EVENT_FIELD: data})
    redis.xadd(RESULTS, {"other": "x"})

    page = client.get("/stream")

    assert page.status_code == 200
    assert "还没有事件" in page.text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202egroup", '"><img src=x>'])
def test_hostile_names_of_groups_are_text(client: TestClient, redis: Redis, name: str) -> None:
    redis.xgroup_create(RESULTS, name, "0", mkstream=True)

    page = client.get("/stream").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_a_line_says_what_an_event_says_of_itself(
    report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """A report leads to its page and tells how many figures it has; a failure leads nowhere and tells its code."""
    event = report_event(3)
    said, failed = event.to_json(), failed_event.to_json()

    assert room._event("1-1", said) == room.Event(
        "1-1", event.type, event.subject, event.time, len(said), figures=0, href=f"/r/{event.data.id}/3"
    )
    assert room._event("1-2", failed) == room.Event(
        "1-2", failed_event.type, failed_event.subject, failed_event.time, len(failed), code="undecodable"
    )


def test_what_is_copied_names_the_server_its_stream_and_its_channel() -> None:
    """A socket by its path as it is written on disk, another server by its address."""
    gz = names.Names("gz")
    for url, where in (("unix:///srv/a%20b/s", "-s '/srv/a b/s'"), ("redis://u:p@h:1/2", "-u 'redis://u:***@h:1/2'")):
        commands = dict(room._commands(url, gz.results_stream, gz))

        assert commands == {
            "stream.make_group": f"redis-cli {where} XGROUP CREATE zhibiao.gz:results mine 0 MKSTREAM",
            "stream.read_group": f"redis-cli {where} XREADGROUP GROUP mine me COUNT 10 BLOCK 5000 STREAMS zhibiao.gz:results '>'",
            "stream.acknowledge": f"redis-cli {where} XACK zhibiao.gz:results mine ID",
            "stream.subscribe": f"redis-cli {where} SUBSCRIBE {gz.results_channel}",
        }


def test_somebody_else_s_key_of_that_name_is_no_stream(client: TestClient, redis: Redis) -> None:
    redis.set(RESULTS, "x")

    assert "连不上 Redis" in client.get("/stream").text


def test_without_redis_the_room_says_so(client_over: Callable[..., TestClient]) -> None:
    assert "连不上 Redis" in client_over().get("/stream").text


def test_a_look_is_shared_for_a_second(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many readers ask; how long they take to is not looked at."""
    monkeypatch.setattr("page.service.time", SimpleNamespace(monotonic=lambda: 7.0))
    looks: list[int] = []
    monkeypatch.setattr(room, "_look", lambda _service: (looks.append(1), ([], ()))[1])
    service = client.app.state.service  # type: ignore[attr-defined]

    for _ in range(5):
        client.get("/stream")
    assert len(looks) == 1
    service._looks["streams"].forget()
    client.get("/stream")

    assert len(looks) == 2
