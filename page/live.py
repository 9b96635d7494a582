"""What happens to files, as it happens: one thread follows the stream for all who look on."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from delivery import file_steps
from delivery.connect import FAULTS, Client, connect_briefly
from delivery.file_steps import Entry
from page.progress import Board, Progress
from schemas.events import FileStep

#: Gives the URL of the service's Redis; None while there is none.
FindRedis = Callable[[], str | None]

_LOADED_STEPS = 4000
_BLOCK_S = 1.0
_PAUSE_S = 1.0
_READY_S = 0.1
_MOST_WAITING = 2000
_log = structlog.get_logger("page")


@dataclass(frozen=True, slots=True)
class Told:
    """A file after a step, by the entry that the step stands in; else a word about the stream: ``again`` or ``away``."""

    entry: str
    file: Progress | None = None
    word: str = ""


@dataclass(eq=False)
class _Listener:
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[Told | None]" = field(default_factory=lambda: asyncio.Queue(_MOST_WAITING))


#: Nothing has come for a while; the line is kept open.
STILL_HERE: Final = Told("")


class Live:
    """Follows the stream from the first look on, until :meth:`close`."""

    def __init__(self, find_redis: FindRedis, site: str = "") -> None:
        self._find_redis = find_redis
        self._site = site
        self._board = Board()
        self._last = ""
        self._lock = threading.Lock()
        self._listeners: set[_Listener] = set()
        self._thread: threading.Thread | None = None
        self._tried = threading.Event()
        self._closing = threading.Event()
        self._is_away = True

    @property
    def is_away(self) -> bool:
        """Whether Redis did not answer the last time."""
        self._begin()
        return self._is_away

    def newest(self, limit: int) -> tuple[str, list[Progress]]:
        """The last entry that was seen, empty for none, and the files that moved last; the first look waits a moment."""
        self._begin()
        self._tried.wait(3.0)
        with self._lock:
            return self._last, self._board.newest(limit)

    async def follow(self, after: str, still_here_s: float = 15.0) -> AsyncIterator[Told]:
        """All steps after an entry, those that were missed first; ``""``: from now on.

        Ends when this is closed, or when the listener is too slow: it is to come again with the last entry it has.
        """
        self._begin()
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
        try:
            waited_s = 0.0
            while not self._last and not self._closing.is_set():
                await asyncio.sleep(_READY_S)
                waited_s += _READY_S
                if waited_s >= still_here_s:
                    waited_s = 0.0
                    yield STILL_HERE
            for told in await asyncio.to_thread(self._missed, after):
                after = told.entry or after
                yield told
            async for told in self._coming(listener, still_here_s):
                if told.word:
                    after = ""  # all is read again, and what comes then may be counted anew
                if not told.entry or not after or _order(told.entry) > _order(after):
                    after = told.entry or after
                    yield told
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def close(self) -> None:
        """End for all who listen, and the thread with its next look."""
        self._closing.set()
        with self._lock:
            for listener in self._listeners:
                _send(listener, None)

    async def _coming(self, listener: _Listener, still_here_s: float) -> AsyncIterator[Told]:
        while not self._closing.is_set():
            try:
                told = await asyncio.wait_for(listener.queue.get(), still_here_s)
            except TimeoutError:
                yield STILL_HERE
                continue
            if told is None:
                return
            yield told

    def _missed(self, after: str) -> list[Told]:
        """What came after an entry, read once more from the stream; the word ``again`` where that is not whole."""
        url = self._find_redis()
        if not after or url is None:
            return []
        found: list[Entry] = []
        try:
            with connect_briefly(url, site=self._site) as client:
                while not file_steps.is_gone(client, after) and len(found) < _LOADED_STEPS:
                    after, steps = file_steps.steps_after(client, after)
                    if not steps:
                        return self._as_they_are(found)
                    found += steps
        except FAULTS:
            pass
        return [Told("", word="again")]

    def _as_they_are(self, steps: list[Entry]) -> list[Told]:
        """Each file once, by its last entry, in order."""
        board, entries = Board(), dict[str, str]()
        for entry, step in steps:
            board.note(step)
            entries.pop(step.path, None)
            entries[step.path] = entry
        with self._lock:
            return [Told(entry, self._board.get(path) or board.get(path)) for path, entry in entries.items()]

    # The thread

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                url = self._find_redis()
                if url:
                    self._follow(url)
                else:
                    self._note_away()
            except FAULTS as error:
                self._note_away()
                _log.debug("redis_away", error=str(error))
            except Exception as error:  # whatever it is, those who look on shall see what comes afterwards
                self._note_away()
                _log.error("live_failed", exc_info=error)
            self._closing.wait(_PAUSE_S)

    def _follow(self, url: str) -> None:
        with connect_briefly(url, timeout_s=_BLOCK_S + 4.0, site=self._site) as client:
            self._load(client)
            while not self._closing.is_set():
                last, steps = file_steps.wait_for_steps(client, self._last, _BLOCK_S)
                for entry, step in steps:
                    self._take(entry, step)
                self._last = last

    def _load(self, client: Client) -> None:
        """The last steps, for a board of its own: Redis may have been another one before."""
        last, steps = file_steps.last_steps(client, _LOADED_STEPS)
        before, is_back = self._last, self._is_away
        with self._lock:
            self._board.clear()
            for _entry, step in steps:
                self._board.note(step)
            self._last, self._is_away = last, False
        self._tried.set()
        if before and is_back:
            self._tell(Told("", word="again"))

    def _take(self, entry: str, step: FileStep) -> None:
        with self._lock:
            file = self._board.note(step)
        self._tell(Told(entry, file))

    def _note_away(self) -> None:
        was_away, self._is_away = self._is_away, True
        self._tried.set()
        if not was_away:
            self._tell(Told("", word="away"))

    def _tell(self, told: Told) -> None:
        with self._lock:
            for listener in self._listeners:
                _send(listener, told)


def _send(listener: _Listener, told: Told | None) -> None:
    with suppress(RuntimeError):  # its loop has been closed in the meantime
        listener.loop.call_soon_threadsafe(_put, listener.queue, told)


def _put(queue: "asyncio.Queue[Told | None]", told: Told | None) -> None:
    """One who is so slow that nothing more fits in is sent away, and comes back for the rest."""
    try:
        queue.put_nowait(told)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _order(entry: str) -> tuple[int, int]:
    milliseconds, _, sequence = entry.partition("-")
    return int(milliseconds), int(sequence or 0)
