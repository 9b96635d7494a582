"""The stream of steps: its end, what comes after an entry, and what was lost in between."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import fakeredis
import pytest
import redis

from delivery import file_steps
from schemas import names
from schemas.events import FileStep
from tests.conftest import NOW

STREAM = names.DEFAULT.files_stream


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


def step(number: int) -> FileStep:
    return FileStep(number=number, id="d", path="a.txt", state="queued", time=NOW)


def put(client: redis.Redis, *numbers: int) -> None:
    for number in numbers:
        client.xadd(STREAM, {names.EVENT_FIELD: step(number).model_dump_json()}, id=f"{number}-0")


def numbers_of(found: tuple[str, list[file_steps.Entry]]) -> tuple[str, list[tuple[str, int]]]:
    last, steps = found
    return last, [(entry, one.number) for entry, one in steps]


AFTER: dict[str, Callable[..., tuple[str, list[file_steps.Entry]]]] = {
    "at once": file_steps.steps_after,
    "waiting": lambda client, after, count=1000: file_steps.wait_for_steps(client, after, 0.001, count),
}


def test_the_last_ones_are_told_with_the_end_of_the_stream(client: redis.Redis) -> None:
    assert file_steps.last_steps(client, 2) == ("0-0", [])
    put(client, 1, 2, 3)
    assert file_steps.last_steps(client, 1) == ("3-0", [("3-0", step(3))])
    assert numbers_of(file_steps.last_steps(client, 2)) == ("3-0", [("2-0", 2), ("3-0", 3)])
    assert numbers_of(file_steps.last_steps(client, 9)) == ("3-0", [("1-0", 1), ("2-0", 2), ("3-0", 3)])


@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
def test_what_comes_after_an_entry_is_told_up_to_what_was_looked_at(client: redis.Redis, after: Any) -> None:
    """What is no step is passed by, and not looked at again."""
    assert after(client, "0-0") == ("0-0", [])
    put(client, 1, 2, 3)
    for fields in ({"other": "x"}, {names.EVENT_FIELD: "{}"}):
        client.xadd(STREAM, cast("Any", fields))
    last = client.xrevrange(STREAM, count=1)[0][0]

    assert numbers_of(after(client, "1-0")) == (last, [("2-0", 2), ("3-0", 3)])
    assert numbers_of(after(client, "0-0", count=1)) == ("1-0", [("1-0", 1)])
    assert after(client, "3-0") == (last, [])
    assert after(client, last) == (last, [])


def test_a_wait_is_as_long_as_was_asked() -> None:
    """In milliseconds, whatever form the answer has."""
    asked: list[Any] = []
    entries = [("5-0", {names.EVENT_FIELD: step(5).model_dump_json()})]
    for reply, last in ((None, "1-0"), ({STREAM: entries}, "5-0"), ([(STREAM, entries)], "5-0")):

        class Answering:
            def xread(self, *arguments: Any, reply: Any = reply, **options: Any) -> Any:
                asked.append((*arguments, options))
                return reply

        found = file_steps.wait_for_steps(cast("redis.Redis", Answering()), "1-0", 2.5)
        assert numbers_of(found) == (last, [("5-0", 5)] if reply else [])
    assert asked == [({STREAM: "1-0"}, {"count": 1000, "block": 2500})] * 3


@pytest.mark.parametrize(
    ("known", "is_gone"),
    [("0-0", False), ("0", False), ("2-0", True), ("2-9", True), ("3-0", False), ("3", False), ("9-0", False)],
)
def test_steps_may_be_missing_where_the_stream_begins_after_what_is_known(
    client: redis.Redis, known: str, *, is_gone: bool
) -> None:
    assert file_steps.is_gone(client, known) is (known not in ("0-0", "0"))
    put(client, 3, 4)
    assert file_steps.is_gone(client, known) is is_gone
