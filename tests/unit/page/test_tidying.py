"""What readers have left is let go, and the heap is trimmed."""

import asyncio
import ctypes
import gc
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from page import shelf, tidying
from page.report.room import Room
from page.shelf import LEFT_S, MOST_FIGURES, Shelf
from tests.unit.page.made_large import made


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def room(path: str, figures: int) -> tuple[Room, str]:
    report, reading = made(path, figures)
    return Room(report, reading), shelf.event_id_of(report)


def test_no_cycles_are_looked_for_while_one_thread_wants_none() -> None:
    """The last to leave puts it back as it was, whatever went wrong."""
    with suppress(KeyError), tidying.uncollected():
        with tidying.uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()

    gc.disable()
    try:
        with tidying.uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_rooms_are_let_go_by_number() -> None:
    kept = Shelf(most=2)
    held = [room(f"{number}.txt", 3) for number in range(3)]

    for one, _ in held:
        kept.put(one)

    assert [kept.get(event) for _, event in held] == [None, held[1][0], held[2][0]]


def test_one_large_room_is_kept_and_no_second_beside_it() -> None:
    """The last stays, whatever its size, for its reader asks for it again and again."""
    kept = Shelf(most=4)
    small, large = room("small.txt", 3), room("large.txt", MOST_FIGURES + 1)

    kept.put(large[0])
    assert kept.get(large[1]) is large[0]

    kept.put(small[0])
    assert (kept.get(large[1]), kept.get(small[1])) == (None, small[0])

    kept.put(large[0])
    assert (kept.get(small[1]), kept.get(large[1])) == (small[0], large[0])


def test_what_nobody_looks_at_is_let_go() -> None:
    clock = Clock()
    kept = Shelf(most=4, clock=clock)
    left, asked = room("left.txt", 3), room("asked.txt", 4)
    kept.put(left[0])
    kept.put(asked[0])
    clock.now = LEFT_S - 1
    kept.get(asked[1])

    clock.now = LEFT_S
    kept.tidy()

    assert (kept.get(left[1]), kept.get(asked[1])) == (None, asked[0])


def test_steps_are_taken_again_and_again_until_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is let go first is given back then."""
    said: list[str] = []
    monkeypatch.setattr(tidying, "give_back", lambda: said.append("give back"))

    async def run() -> None:
        async with tidying.tidied([lambda: said.append("step")], every_s=0):
            while len(said) < 6:
                await asyncio.sleep(0)
        count = len(said)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(said) == count

    asyncio.run(run())
    assert said[:4] == ["step", "give back", "step", "give back"]


@pytest.mark.parametrize("library", [SimpleNamespace(), OSError("no such library")])
def test_a_library_that_cannot_trim_is_left_alone(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_name: None) -> Any:
        if isinstance(library, OSError):
            raise library
        return library

    monkeypatch.setattr(ctypes, "CDLL", found)
    tidying._trim.cache_clear()
    try:
        assert tidying.give_back() is False
    finally:
        tidying._trim.cache_clear()


def test_one_that_can_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tidying, "_trim", lambda: asked.append)

    assert tidying.give_back() is True
    assert asked == [0]
