"""Hands the record on to a sink: ``python -m delivery.relay 1`` for the first of ``ZHIBIAO_SINKS``.

A process of its own for each sink, behind the streams: whatever a sink does, Redis has the report already. How far it
has come is kept by Redis, beside the streams themselves, in a group of consumers with one member. An entry is
acknowledged when the sink has it, and none is taken while one before it is not: so each event comes at least once, in
the order of its stream.
"""

import faulthandler
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NoReturn, TypeVar, cast

import redis
import structlog
from pydantic import ValidationError

from delivery import logs
from delivery.backoff import Backoff
from delivery.connect import FAULTS, connect, names_of, redacted
from delivery.settings import SharedSettings, SinkSettings, complaints
from delivery.sink import Event, Grouping, Sink, UnknownSink, Withdrawing, factory_of, name_of
from delivery.subscribe import begins_after, counted, number_at
from schemas import names
from schemas.events import FailedEvent, ReportEvent, WithdrawnEvent

#: A sink that takes longer for one event hangs: its process ends, and is started again.
LIMIT_S = 60.0
#: The sign of life outlives a delivery that hangs and the start after it.
SIGN_S = LIMIT_S + 45.0
_ME = "relay"
_KINDS: Final[Mapping[names.Stream, type[ReportEvent] | type[FailedEvent] | type[WithdrawnEvent]]] = {
    "results": ReportEvent,
    "failures": FailedEvent,
    "withdrawals": WithdrawnEvent,
}
#: Entries of a round.
AT_ONCE = 10
_BLOCK_S = 1.0
_SINK_PAUSES = Backoff(first_s=0.5, cap_s=30.0)
_REDIS_PAUSES = Backoff(first_s=0.2, cap_s=5.0)
_TICK_S = 0.25
_SAID_CHARS = 1000
_SAY_AGAIN_S = 1.0

_log = structlog.get_logger("delivery.relay")
_Settings = TypeVar("_Settings", bound=SharedSettings)
_Entry = tuple[str, str, dict[str, str]]


class NotDelivered(Exception):
    """The sink has not kept an event."""


class Relay:
    """Feeds the sink called ``name`` from the streams of one Redis."""

    def __init__(
        self,
        client: redis.Redis,
        name: str,
        sink: Sink,
        limit_s: float = LIMIT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._clock = clock
        self._name = name
        self._names = names_of(client)
        self._kinds = {self._names.stream(kind): event for kind, event in _KINDS.items()}
        self._group = self._names.sink_group(name)
        self._sink = sink
        self._limit_s = limit_s
        self._is_behind = True  # something may have been taken and not finished
        self._numbers: dict[str, int | None] = {}
        self._missed = ""
        self._said: tuple[str, float] = ("", float("-inf"))

    def round(self, block_s: float = _BLOCK_S) -> int:
        """Deliver what was taken and not finished, else what is new; gives how many entries there were.

        Raises:
            NotDelivered: the sink failed; the next round begins with the same event.
            Exception: one of ``delivery.connect.FAULTS``, of Redis; the same holds.
        """
        try:
            taken = self._take("0") if self._is_behind else []
            again = bool(taken)
            taken = taken or self._take(">", block_s)
            if not taken:
                self.say("")
            if len(taken) > 1 and not again and isinstance(self._sink, Grouping):
                self._pass_on_together(taken, self._sink)
            else:
                for entry in taken:
                    self._pass_on(*entry, again=again)
        except Exception:
            self._is_behind = True
            raise
        self._is_behind = again
        return len(taken)

    def forget(self) -> None:
        """Forget how far the sink has come, so that everything comes again."""
        for stream in self._kinds:
            with suppress(redis.ResponseError):  # there is no such stream, and so no group
                self._client.xgroup_destroy(stream, self._group)

    def say(self, trouble: str) -> None:
        """Leave a sign of life for the watcher, with what is wrong; empty where all is well. The same again only now and then."""
        text, now_s = "; ".join(filter(None, (trouble, self._missed))), self._clock()
        said, at_s = self._said
        if text != said or now_s - at_s >= _SAY_AGAIN_S:
            self._client.set(self._names.sink_key(self._name), text[:_SAID_CHARS], px=int(SIGN_S * 1000))
            self._said = text, now_s

    def _take(self, after: str, block_s: float = 0.0) -> list[_Entry]:
        try:
            return self._read(after, block_s)
        except redis.ResponseError as error:
            if not str(error).startswith(("NOGROUP", "UNBLOCKED")):
                raise
        self._join()
        return self._read(after, block_s)

    def _read(self, after: str, block_s: float) -> list[_Entry]:
        if not self._numbers:
            self._numbers = {stream: self._number_before(stream) for stream in self._kinds}
        wanted: Any = dict.fromkeys(self._kinds, after)
        block_ms = int(block_s * 1000) or None
        reply: Any = self._client.xreadgroup(self._group, _ME, wanted, count=AT_ONCE, block=block_ms)
        streams = reply.items() if isinstance(reply, dict) else reply or ()
        # RESP3 has a list around the entries of each stream.
        return [
            (stream, entry_id, fields or {})
            for stream, lists in streams
            for entry_id, fields in (lists[0] if isinstance(reply, dict) and lists else lists)
        ]

    def _join(self) -> None:
        """Make the groups, from the beginning of the record: also after Redis has lost them, and all comes again."""
        for stream in self._kinds:
            with suppress(redis.ResponseError):  # BUSYGROUP: it is there; any other is seen when it is read
                self._client.xgroup_create(stream, self._group, id="0", mkstream=True)
        self._numbers = dict.fromkeys(self._kinds)

    def _number_before(self, stream: str) -> int | None:
        """The number of the last entry that was taken; None where it is not known."""
        found: Any = self._client.xinfo_groups(stream) if self._client.exists(stream) else []
        last = next((str(group["last-delivered-id"]) for group in found if group["name"] == self._group), "0-0")
        number = number_at(self._client, stream, last) if last != "0-0" else None
        if last != "0-0" and number is None and begins_after(self._client, stream, last):
            self._miss(stream, "some")
        return number

    def _pass_on(self, stream: str, entry_id: str, fields: dict[str, str], *, again: bool) -> None:
        if not again:
            self._count(stream, fields)
        if again and not fields:
            self._miss(stream, "1")
        if event := self._event(stream, entry_id, fields):
            # A sink that hangs ends this process, so that the trouble is told before it is met a second time.
            self.say(f"{event.subject}: was taken before, and not finished" if again else "")
            self._deliver(event)
        self._client.xack(stream, self._group, entry_id)

    def _pass_on_together(self, taken: Sequence[_Entry], sink: Grouping) -> None:
        """Some that are new; where one of them fails, each comes again by itself."""
        self.say("")
        subject = ""
        try:
            with sink.together():
                for stream, entry_id, fields in taken:
                    self._count(stream, fields)
                    if event := self._event(stream, entry_id, fields):
                        subject = event.subject
                        self._deliver(event)
                faulthandler.dump_traceback_later(self._limit_s, exit=True)
        except NotDelivered:
            raise
        except Exception as error:
            raise _not_delivered(f"{subject} and those before it", error) from error
        finally:
            faulthandler.cancel_dump_traceback_later()
        for stream in dict.fromkeys(stream for stream, _, _ in taken):
            self._client.xack(stream, self._group, *(entry_id for of, entry_id, _ in taken if of == stream))

    def _event(self, stream: str, entry_id: str, fields: dict[str, str]) -> Event | WithdrawnEvent | None:
        """The event of an entry; None where it was trimmed, or where somebody else's entry holds none."""
        if names.EVENT_FIELD not in fields:
            return None
        try:
            return self._kinds[stream].model_validate_json(fields[names.EVENT_FIELD])
        except ValidationError as error:
            _log.error("odd_event", stream=stream, entry=entry_id, why=f"{error.error_count()} fields are wrong")
            return None

    def _count(self, stream: str, fields: dict[str, str]) -> None:
        before, number = self._numbers[stream], counted(fields)
        if before is not None and number > before + 1:
            self._miss(stream, str(number - before - 1))
        self._numbers[stream] = number or None

    def _miss(self, stream: str, how_many: str) -> None:
        self._missed = (
            f"{how_many} events of {stream} were trimmed before this sink had them; their JSON is in the archive"
        )
        _log.error("gap", sink=self._name, stream=stream, missing=how_many)

    def _deliver(self, event: Event | WithdrawnEvent) -> None:
        faulthandler.dump_traceback_later(self._limit_s, exit=True)
        try:
            if not isinstance(event, WithdrawnEvent):
                self._sink.deliver(event)
            elif isinstance(self._sink, Withdrawing):
                self._sink.withdraw(event)
        except Exception as error:
            raise _not_delivered(event.subject, error) from error
        finally:
            faulthandler.cancel_dump_traceback_later()


def _not_delivered(what: str, error: Exception) -> NotDelivered:
    return NotDelivered(f"{what}: {type(error).__name__}: {redacted(str(error))}")


def signs(client: redis.Redis, sinks: Sequence[str]) -> dict[str, str | None]:
    """The sign of life of whoever feeds each sink, by its name: what is wrong, empty where all is well, None for none."""
    with client.pipeline(transaction=False) as pipe:
        for sink in sinks:
            pipe.get(names_of(client).sink_key(sink))
        return dict(zip(sinks, cast("list[str | None]", pipe.execute()), strict=True))


class _Stopping:
    """Set by a signal; a delivery that has begun is finished first."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self, _number: int, _frame: object) -> None:
        self.is_set = True

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.is_set and (left := end - time.monotonic()) > 0:
            time.sleep(min(_TICK_S, left))


def run(relay: Relay, stopping: _Stopping, hold_s: float = 0.0) -> None:
    """Deliver until stopped; after a round that had room left, wait so long for there to be more at once."""
    failures = 0
    while not stopping.is_set:
        try:
            if 0 < relay.round() < AT_ONCE:
                stopping.wait(hold_s)
            failures = 0
        except NotDelivered as error:
            failures += 1
            wait_s = _SINK_PAUSES.wait_s(failures)
            _log.error(
                "not_delivered", why=str(error), attempt=failures, pause_s=round(wait_s, 1), exc_info=error.__cause__
            )
            with suppress(*FAULTS):
                relay.say(f"attempt {failures + 1} in {wait_s:.0f} s: {error}")
            stopping.wait(wait_s)
        except FAULTS as error:
            failures += 1
            _log.warning("redis_away", error=str(error))
            stopping.wait(_REDIS_PAUSES.wait_s(failures))


def _complaints(settings: SinkSettings, place: str) -> Iterator[str]:
    urls = settings.sink_urls()
    if settings.redis_url is None:
        yield "ZHIBIAO_REDIS_URL is not set; that of the Redis that has the record would be right"
    if not place.isdecimal() or not 1 <= int(place) <= len(urls):
        yield f"ZHIBIAO_SINKS has {len(urls)}, {place!r} was asked for; a number from 1 would be right"


def main(place: str = "1") -> None:
    """Run the relay of one sink.

    Raises:
        SystemExit: a setting cannot be used; with the reason and status 2 where that is known.
    """
    settings = settings_of(SinkSettings)
    for complaint in _complaints(settings, place):
        refuse(complaint)
    logs.configure(settings, "relay")
    record = settings.redis_url.get_secret_value() if settings.redis_url else ""
    url = settings.sink_urls()[int(place) - 1]
    try:
        factory = factory_of(url, with_plugins=settings.plugins)
    except UnknownSink as error:
        refuse(str(error))
    serve(record, settings.site, url, name_of(url), _Opening(factory, url))


def settings_of(kind: type[_Settings]) -> _Settings:
    """Settings from the environment and ``.env``.

    Raises:
        SystemExit: one cannot be used; says which, and status 2.
    """
    try:
        return kind()
    except ValidationError as error:
        refuse(complaints(kind, error))


def serve(
    record: str,
    site: str,
    shown: str,
    name: str,
    sink: Sink,
    anew: Callable[[], None] | None = None,
    hold_s: float = 0.0,
) -> None:
    """Feed a sink from a site's record in the Redis at ``record`` until a signal says stop.

    ``shown`` is what the log calls it, ``name`` what Redis does. With ``anew`` the record comes from its beginning on, and it is
    called when that is settled. ``hold_s`` is of :func:`run`.
    """
    stopping = _Stopping()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopping)
    with connect(record, site) as client:
        _log.info("relaying", sink=redacted(shown), name=name)
        relay = Relay(client, name, sink)
        while anew and not stopping.is_set:
            try:
                relay.forget()
                anew()
                break
            except FAULTS as error:
                _log.warning("redis_away", error=str(error))
                stopping.wait(_REDIS_PAUSES.wait_s(1))
        run(relay, stopping, hold_s)


class _Opening:
    """Opens the sink with its first event: one that cannot be opened is an alarm like any other of its failures."""

    def __init__(self, factory: Any, url: str) -> None:
        self._factory = factory
        self._url = url
        self._sink: Sink | None = None

    def deliver(self, event: Event) -> object:
        return self._opened().deliver(event)

    def withdraw(self, event: WithdrawnEvent) -> object:
        sink = self._opened()
        return sink.withdraw(event) if isinstance(sink, Withdrawing) else None

    def _opened(self) -> Sink:
        if self._sink is None:
            self._sink = self._factory()(self._url)
        return self._sink


def refuse(why: str) -> NoReturn:
    """Say on standard error why the process cannot begin, and end it with status 2.

    Raises:
        SystemExit: always.
    """
    print(f"relay: {why}", file=sys.stderr)  # noqa: T201 - nothing is set up yet that could log it
    raise SystemExit(2)


if __name__ == "__main__":
    main(*sys.argv[1:2])
