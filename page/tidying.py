"""Memory that is no longer used goes back to the system: what readers have left is let go, and the heap is trimmed.

The C library keeps what was freed for the next one who asks. After fifty readers that is ten megabytes of eighty-seven, which nobody
may need again for days.
"""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from threading import Lock
from typing import Any, Final

from anyio import to_thread

EVERY_S: Final = 30.0


@asynccontextmanager
async def tidied(steps: Sequence[Callable[[], Any]], every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Take these steps and trim the heap from time to time, in a thread, until the context is left."""
    task = asyncio.create_task(_tidy(steps, every_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy(steps: Sequence[Callable[[], Any]], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        for step in (*steps, give_back):
            await to_thread.run_sync(step)


def give_back() -> bool:
    """Trim the heap; False where the C library cannot, as on macOS and Alpine. Takes some 40 ms for 100 MB, without the interpreter's lock."""
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True


class _Holding:
    """How many threads want no cycles looked for just now."""

    def __init__(self) -> None:
        self._lock, self._count, self._was_on = Lock(), 0, True

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if not self._count:
                self._was_on = gc.isenabled()
                gc.disable()
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
                if not self._count and self._was_on:
                    gc.enable()


#: No cycles are looked for while the context is held, in any thread: a large report is hundreds of thousands of objects that all stay,
#: and going through them again and again takes half of the time that its room does.
uncollected: Final = _Holding()


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    return found
