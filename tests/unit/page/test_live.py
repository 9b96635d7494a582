"""Steps of files as they come, from a real stream: none twice, none missing, whatever was cut."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from redis import ConnectionError, Redis

from delivery import file_steps
from delivery.connect import connect
from page import live as live_module
from page.live import STILL_HERE, Live, Told
from page.progress import Progress
from page.rooms.events import RETRY_MS, encoded, told
from page.rooms.events import _event as event_of
from schemas import names
from schemas.events import FileStep
from tests.waiting import LONG_S, eventually

STREAM = names.DEFAULT.files_stream
AT = datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def live(redis_url: str) -> Iterator[Live]:
    live = Live(lambda: redis_url)
    yield live
    live.close()


def tell(redis: Redis, *paths: str, state: str = "queued", start: int = 1) -> list[str]:
    """Steps put into the stream; gives their entries."""
    entries = []
    for number, path in enumerate(paths, start):
        step = FileStep(
            number=number, id=f"d{path}", path=path, revision=1, state=state, time=AT + timedelta(seconds=number)
        )
        entries.append(str(redis.xadd(STREAM, {names.EVENT_FIELD: step.model_dump_json()})))
    return entries


async def take(following: AsyncIterator[Told], number: int) -> list[Told]:
    """So many that say something."""
    found: list[Told] = []
    async with asyncio.timeout(LONG_S):
        async for told in following:
            if told.entry or told.word:
                found.append(told)
            if len(found) == number:
                return found
    raise AssertionError(f"ended after {found}")


def paths(found: list[Told]) -> list[str]:
    return [told.file.path if told.file else told.word for told in found]


def test_the_last_files_are_known_from_the_beginning(live: Live, redis: Redis) -> None:
    *_, last = tell(redis, "a", "b", "c")

    entry, files = live.newest(2)

    assert (entry, [file.path for file in files]) == (last, ["c", "b"])
    assert not live.is_away


def test_what_comes_is_told_at_once(live: Live, redis: Redis) -> None:
    async def look() -> list[Told]:
        following = live.follow("")
        first = asyncio.ensure_future(take(following, 1))
        await asyncio.to_thread(eventually, lambda: live._last)
        await asyncio.to_thread(tell, redis, "new")
        return await first

    tell(redis, "old")
    assert paths(asyncio.run(look())) == ["new"]


def test_a_cut_line_goes_on_where_it_was(live: Live, redis: Redis) -> None:
    """What was missed, then what comes: each once and in order."""

    async def look(after: str) -> list[Told]:
        following = live.follow(after)
        missed = await take(following, 2)
        await asyncio.to_thread(tell, redis, "d", "e", start=4)
        return missed + await take(following, 2)

    first, *_ = tell(redis, "a", "b", "c")
    found = asyncio.run(look(first))

    assert paths(found) == ["b", "c", "d", "e"]
    assert [told.entry for told in found] == sorted({told.entry for told in found})


def test_of_what_was_missed_each_file_is_told_once_as_it_is_now(live: Live, redis: Redis) -> None:
    async def look(after: str) -> list[Told]:
        return await take(live.follow(after), 2)

    first, *_ = tell(redis, "a", "b", "c")
    tell(redis, "b", state="published", start=4)
    found = asyncio.run(look(first))

    assert [(told.file.path, told.file.state) for told in found if told.file] == [("c", "queued"), ("b", "published")]


def test_where_the_stream_was_trimmed_the_page_is_to_be_read_again(live: Live, redis: Redis) -> None:
    first, *_ = tell(redis, "a", "b", "c")
    redis.xtrim(STREAM, maxlen=1, approximate=False)

    async def look() -> list[Told]:
        return await take(live.follow(first), 1)

    assert paths(asyncio.run(look())) == ["again"]


def test_what_is_no_step_is_passed_by(live: Live, redis: Redis) -> None:
    async def look(after: str) -> list[Told]:
        return await take(live.follow(after), 1)

    (first,) = tell(redis, "a")
    redis.xadd(STREAM, {names.EVENT_FIELD: "{}"})
    redis.xadd(STREAM, {"other": "x"})
    tell(redis, "b", start=2)

    assert paths(asyncio.run(look(first))) == ["b"]


def test_without_redis_there_is_nothing_and_it_is_said() -> None:
    live = Live(lambda: None)
    try:
        assert live.newest(5) == ("", [])
        assert live.is_away
    finally:
        live.close()


def test_closing_ends_those_who_listen(live: Live, redis: Redis) -> None:
    async def look() -> list[Told]:
        found = []
        async with asyncio.timeout(LONG_S):
            async for told in live.follow("", still_here_s=0.05):
                found.append(told)
                live.close()
        return found

    assert asyncio.run(look())


def test_many_hear_the_same(live: Live, redis: Redis) -> None:
    async def look() -> list[list[str]]:
        listening = [asyncio.ensure_future(take(live.follow(first), 3)) for _ in range(20)]
        await asyncio.to_thread(tell, redis, "b", "c", "d", start=2)
        return [paths(one) for one in await asyncio.gather(*listening)]

    (first,) = tell(redis, "a")
    assert asyncio.run(look()) == [["b", "c", "d"]] * 20


def test_waiting_gives_what_comes_and_where_it_got_to(redis: Redis) -> None:
    first, second = tell(redis, "a", "b")

    assert file_steps.wait_for_steps(redis, second, 0.01) == (second, [])
    assert [step.path for _, step in file_steps.wait_for_steps(redis, first, 0.01)[1]] == ["b"]
    assert file_steps.last_steps(redis, 1)[0] == second
    assert file_steps.last_steps(redis, 5)[1][0][1].path == "a"


@pytest.mark.parametrize(
    ("data", "entry", "kind", "sent"),
    [
        ("a", "1-0", "", "id: 1-0\ndata: a\n\n"),
        ("a\nid: 9-9\ndata: b", "", "", "data: a\ndata: id: 9-9\ndata: data: b\n\n"),
        ("a\r\rb\r\nc", "", "again", "event: again\ndata: a\ndata: \ndata: b\ndata: c\n\n"),
        ("a", "1-0\ndata: x", "", "data: a\n\n"),
        ("", "", "", "data: \n\n"),
    ],
)
def test_no_text_begins_a_field_of_its_own(data: str, entry: str, kind: str, sent: str) -> None:
    assert encoded(data, entry, kind) == sent


def test_a_hostile_path_stays_in_its_line(live: Live, redis: Redis) -> None:
    path = "a\r\nid: 9-9\rdata: x\n\n\u2028<script>"
    (entry,) = tell(redis, path)
    live.newest(1)
    text = event_of(Told(entry, live.newest(1)[1][0]))

    assert text.count("\n") == 3
    assert "\r" not in text
    assert RETRY_MS >= 1000


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ConnectionError("away"), ("debug", "redis_away", {"error": "away"})),
        (ValueError("no"), ("error", "live_failed", {"exc_info": "no"})),
    ],
)
def test_what_keeps_it_from_following_is_logged_and_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, error: Exception, line: tuple[str, str, dict[str, str]]
) -> None:
    said: list[Any] = []
    twice = threading.Event()

    def note(level: str) -> Any:
        def told(message: str, **about: Any) -> None:
            said.append((level, message, {name: str(value) for name, value in about.items()}))
            if len(said) > 1:
                twice.set()

        return told

    def find() -> str:
        raise error

    monkeypatch.setattr(live_module, "_log", SimpleNamespace(debug=note("debug"), error=note("error")))
    monkeypatch.setattr(live_module, "_PAUSE_S", 0.001)
    live = Live(find)
    live.newest(5)
    assert twice.wait(LONG_S)
    live.close()

    assert said[:2] == [line, line]
    assert live.is_away


@pytest.mark.parametrize(("last", "is_away", "words"), [("", True, []), ("1-0", False, []), ("1-0", True, ["again"])])
def test_a_redis_that_is_back_may_be_another(
    live: Live, redis: Redis, monkeypatch: pytest.MonkeyPatch, last: str, *, is_away: bool, words: list[str]
) -> None:
    """What was known is forgotten; who looks on reads all again."""
    said: list[str] = []
    *_, entry = tell(redis, "b")
    live._last, live._is_away = last, is_away
    live._board.note(FileStep(number=1, id="d", path="a", revision=1, state="queued", time=AT))
    monkeypatch.setattr(live, "_tell", lambda told: said.append(told.word))
    live._load(redis)

    assert (said, live._last, live._is_away) == (words, entry, False)
    assert [file.path for file in live._board.newest(9)] == ["b"]


def test_that_redis_went_away_is_said_once(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Told] = []
    monkeypatch.setattr(live, "_tell", said.append)
    live._note_away()
    live._is_away = False
    live._note_away()
    live._note_away()

    assert said == [Told("", word="away")]
    assert live._is_away
    assert live._tried.is_set()


def test_one_who_is_too_slow_is_sent_away() -> None:
    queue: asyncio.Queue[Told | None] = asyncio.Queue(2)
    for word in ("a", "b"):
        live_module._put(queue, Told("", word=word))
    assert queue.qsize() == 2
    live_module._put(queue, Told("", word="c"))

    assert (queue.get_nowait(), queue.empty()) == (None, True)
    no_loop: Any = None
    assert live_module._Listener(no_loop).queue.maxsize == live_module._MOST_WAITING


def test_a_line_on_which_nothing_comes_is_kept_open(live: Live) -> None:
    async def look() -> list[Told]:
        listener = live_module._Listener(asyncio.get_running_loop())
        found = []
        async for one in live._coming(listener, 0.01):
            found.append(one)
            listener.queue.put_nowait(Told("2-0") if len(found) == 1 else None)
        return found

    assert asyncio.run(look()) == [STILL_HERE, Told("2-0")]


def file(**more: Any) -> Progress:
    about = {"path": "甲.txt", "id": "d", "revision": 2, "round": 1, "state": "published", "code": None, "detail": None}
    return Progress(**{**about, "time": AT, "number": 1, **more})


@pytest.mark.parametrize(
    ("about", "state", "href"),
    [
        ({}, "published", "/r/d/2"),
        ({"is_filed": True}, "filed", "/r/d/2"),
        ({"revision": None}, "published", ""),
        ({"state": "queued"}, "queued", ""),
        ({"state": "quarantined", "is_filed": True}, "quarantined", ""),
    ],
)
def test_a_step_says_where_its_report_is(about: dict[str, Any], state: str, href: str) -> None:
    said = f'{{"path": "甲.txt", "state": "{state}", "href": "{href}", "time": "{AT.isoformat()}"}}'

    assert event_of(Told("1-0", file(**about))) == f"id: 1-0\ndata: {said}\n\n"


@pytest.mark.parametrize(
    ("header", "asked", "after"),
    [(None, None, ""), ("3-1", None, "3-1"), (None, "4-0", "4-0"), ("3-1", "4-0", "3-1"), ("x", None, ""), ("1-0\nx", None, "")],
)  # fmt: skip
def test_who_comes_again_says_what_was_heard_last(header: str | None, asked: str | None, after: str) -> None:
    """In the header that browsers send, or in the address."""

    async def follow(last: str) -> AsyncIterator[Told]:
        for one in (Told("", word=f"after {last}"), Told("", word="again"), STILL_HERE):
            yield one

    async def look() -> list[str]:
        service = SimpleNamespace(live=SimpleNamespace(follow=follow))
        request: Any = SimpleNamespace(
            headers={} if header is None else {"last-event-id": header},
            query_params={} if asked is None else {"after": asked},
            app=SimpleNamespace(state=SimpleNamespace(service=service)),
        )
        answer: Any = told(request)
        assert answer.media_type == "text/event-stream"
        assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
        return [part async for part in answer.body_iterator]

    word = f"after {after}"
    heard = [f"event: {word}\ndata: {word}\n\n", "event: again\ndata: again\n\n", ": still here\n\n"]
    assert asyncio.run(look()) == ["retry: 1000\n\n", *heard]
