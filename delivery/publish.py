"""Publishing, once per event whatever happens: one script in Redis checks, stores and announces in one step."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

import redis

from delivery.connect import FAULTS, connect, names_of
from delivery.settings import ATTEMPTS_TTL_S, SharedSettings
from schemas import ids, names
from schemas.events import FailedEvent, Failure, FileStep, ProgressEvent, ReportEvent, WithdrawnEvent
from schemas.handover import HandOver, Outcome, OutcomeStatus
from schemas.names import Names

_OUTCOMES_KEPT = 100_000
#: Steps of files that their stream keeps, about.
STEPS_KEPT = 100_000
_PROGRESS_PAUSE_S = 30.0
#: How long nobody is told of progress after a step that nobody heard: who begins to listen misses no more.
UNHEARD_PAUSE_S = 1.0


@dataclass(frozen=True)
class Published:
    """What stands in the stream after a call.

    ``fresh`` tells whether this call put it there. When another event was there first, ``event_id`` and ``entry_id``
    are that event's: the report, where a failure was to be published, or the other way round; or what a worker of
    another pipeline version has made of the same hand-over.
    """

    fresh: bool
    event_id: str
    entry_id: str


class Publisher:
    """Publishes events through one Redis client.

    ``report_ttl_s`` is how long a report can be had from its key, None for ever; ``results_maxlen`` about how many
    events each stream keeps, None for all; ``done_ttl_s`` how long an event is known to have been published, None for
    ever; ``attempts_ttl_s`` how long it is known what a hand-over came to. ``bell`` is the client for progress: best one that gives up quickly.

    Every method but :meth:`progress` raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away. The event
    may have been published even so; publishing it again is safe.
    """

    def __init__(
        self,
        client: redis.Redis,
        *,
        report_ttl_s: int | None = None,
        results_maxlen: int | None = None,
        done_ttl_s: int | None = None,
        attempts_ttl_s: int = ATTEMPTS_TTL_S,
        bell: redis.Redis | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._bell = bell or client
        self._report_ttl_s = report_ttl_s or 0
        self._results_maxlen = results_maxlen or 0
        self._done_ttl_s = done_ttl_s or 0
        # Never longer than the done key: an end whose event is not known to be out would be no end.
        self._ended_ttl_s = min(attempts_ttl_s, done_ttl_s or attempts_ttl_s)
        self._names = names_of(client)
        self._clock = clock
        self._silent_until_s = float("-inf")
        scripts = files("delivery")
        self._script = client.register_script(scripts.joinpath("publish_once.lua").read_text("utf-8"))
        self._withdrawing = client.register_script(scripts.joinpath("withdraw_once.lua").read_text("utf-8"))

    def report(
        self, event: ReportEvent, handover: HandOver | None = None, reading: bytes = b"", data: str = ""
    ) -> Published:
        """Publish a report, unless it has been, or unless the same hand-over has been given up before.

        ``data`` is the JSON of ``event.data``, of who has made it already.

        ``reading`` is its packed :class:`schemas.reading.Reading`, empty where nobody has that; both are kept as one. A
        hand-over that asks for it (``keep``) has them kept under their keys in either case.
        """
        failure_id = None
        if handover:
            source, version = event.data.source, event.data.pipeline.version
            failure_id = ids.failure_event_id(event.data.id, source.sha256, version, handover.round)
        return self._publish(event, failure_id, handover, reading, data or event.data.model_dump_json())

    def failure(
        self, event: FailedEvent, handover: HandOver | None = None, report_event_id: str | None = None
    ) -> Published:
        """Publish a failure, unless it has been.

        Nothing is published either when ``report_event_id`` has been: another worker has read the report after all.
        """
        return self._publish(event, report_event_id, handover)

    def withdraw(self, event: WithdrawnEvent) -> str:
        """Take a document back, once: publish that, and take the keys of its revisions away; gives the event's entry.

        Content that was published since, as a later revision, stays.
        """
        event, of = event.model_copy(update={"source": self._names.source}), self._names
        document, revisions = event.data.id, event.data.revisions
        kept = [key(document, revision) for revision in revisions for key in (of.report_key, of.reading_key)]
        taken_back = [of.done_key(event_id) for event_id in event.data.events]
        stream = of.withdrawals_stream
        keys = [of.done_key(event.id), stream, of.count_key(stream), of.latest_key(document), *kept, *taken_back]
        fields, last = (names.EVENT_FIELD, names.NUMBER_FIELD), max(revisions, default=0)
        given: list[str | int] = [event.to_json(), *fields, of.withdrawals_channel, last, len(kept)]
        return str(self._withdrawing(keys, given))

    def deliver(self, event: ReportEvent | FailedEvent) -> Published:
        """Publish an event that nobody waits for, unless it has been: what makes this a :class:`delivery.sink.Sink`."""
        return self.report(event) if isinstance(event, ReportEvent) else self.failure(event)

    def entry(self, event_id: str) -> str | None:
        """The stream entry of an event that has been published, None for one that has not."""
        return cast("str | None", self._client.get(self._names.done_key(event_id)))

    def published(self, event_id: str, handover: HandOver) -> Published | None:
        """The event of this id, if it is out; else the report that was published for the hand-over, or for the same
        content, by whichever version; None for none.

        The reading that the hand-over is to replace is none.
        """
        key = self._names.ended_key(handover.id, handover.revision)
        with self._client.pipeline(transaction=False) as pipe:
            pipe.get(self._names.done_key(event_id))
            pipe.hmget(key, "sha256", "kind", "event", "entry")
            own_entry, found = pipe.execute()
        if own_entry:
            return Published(fresh=False, event_id=event_id, entry_id=own_entry)
        digest, kind, event_id, entry_id = found
        if digest != handover.sha256 or kind != "published" or not event_id or not entry_id:
            return None
        if event_id == handover.replaces:
            return None
        return Published(fresh=False, event_id=event_id, entry_id=entry_id)

    def kept(self, document: str, revision: int) -> str | None:
        """The JSON of the report under a revision's key, None where there is none any more."""
        return cast("str | None", self._client.get(self._names.report_key(document, revision)))

    def kept_reading(self, document: str, revision: int) -> bytes | None:
        """The packed reading under a revision's key, None where there is none any more."""
        key = self._names.reading_key(document, revision)
        found = self._client.execute_command("GET", key, NEVER_DECODE=True)  # type: ignore[no-untyped-call]
        return cast("bytes | None", found)

    def outcome(self, outcome: Outcome) -> None:
        """Tell the watcher how a hand-over ended, without an event."""
        self._client.xadd(
            self._names.outcomes_stream,
            {names.EVENT_FIELD: outcome.model_dump_json()},
            maxlen=_OUTCOMES_KEPT,
        )

    def file_steps(self, steps: Sequence[FileStep]) -> None:
        """Add steps of files to their stream, in order; those of a call that fails may be there in part."""
        with self._client.pipeline(transaction=False) as pipe:
            for step in steps:
                fields = {names.EVENT_FIELD: step.model_dump_json()}
                pipe.xadd(self._names.files_stream, fields, maxlen=STEPS_KEPT)  # type: ignore[arg-type]
            pipe.execute()

    def progress(self, event: ProgressEvent) -> None:
        """Ring the progress channel, if Redis is there; when it is not, leave it in peace for half a minute."""
        if not self.is_heard():
            return
        try:
            signed = event.model_copy(update={"source": self._names.source})
            if not self._bell.publish(self._names.progress_channel, signed.to_json()):
                self._silent_until_s = self._clock() + UNHEARD_PAUSE_S
        except FAULTS:
            self._silent_until_s = self._clock() + _PROGRESS_PAUSE_S

    def is_heard(self) -> bool:
        """Whether :meth:`progress` would tell anybody, as far as is known; to be asked before an event is made for it."""
        return self._clock() >= self._silent_until_s

    def _publish(
        self,
        event: ReportEvent | FailedEvent,
        rival_id: str | None,
        handover: HandOver | None,
        reading: bytes = b"",
        report: str = "",
    ) -> Published:
        event = event.model_copy(update={"source": self._names.source})
        # Beside the JSON of what is given: they may be many megabytes, and would be escaped and parsed for nothing.
        given = json.dumps(self._given(event, rival_id, handover), ensure_ascii=False)
        text = event.around(report) if isinstance(event, ReportEvent) else event.to_json()
        arguments: list[str | bytes] = [text, report, reading, given]
        fresh, entry_id, event_id = self._script(_keys(self._names, event, rival_id, handover), arguments)
        return Published(bool(fresh), event_id, entry_id)

    def _given(
        self, event: ReportEvent | FailedEvent, rival_id: str | None, handover: HandOver | None
    ) -> dict[str, object]:
        if isinstance(event, ReportEvent):
            channels, revision = event.channels(self._names), event.data.revision
            outcome, rival_outcome = _outcome(handover, event.id, "published"), _outcome(handover, rival_id, "failed")
        else:
            channels, revision = (self._names.failures_channel,), 0
            outcome = _outcome(handover, event.id, "failed", event.data)
            rival_outcome = _outcome(handover, rival_id, "published")
        return {
            "field": names.EVENT_FIELD,
            "number_field": names.NUMBER_FIELD,
            "most_entries": str(self._results_maxlen),
            "report_ttl_s": str(self._report_ttl_s),
            "done_ttl_s": str(self._done_ttl_s),
            "ended_ttl_s": str(self._ended_ttl_s),
            "revision": str(revision),
            "id": event.id,
            "rival_id": rival_id or "",
            "replaces": (handover.replaces if handover else None) or "",
            "kind": "published" if isinstance(event, ReportEvent) else "failed",
            "sha256": handover.sha256 if handover else "",
            "round": str(handover.round) if handover else "",
            "keep_report": isinstance(event, ReportEvent) and handover is not None and handover.keep,
            "outcome": outcome,
            "rival_outcome": rival_outcome,
            "published_outcome": _outcome(handover, None, "published"),
            "failed_outcome": _outcome(handover, None, "failed"),
            "most_outcomes": str(_OUTCOMES_KEPT),
            "no_key": self._names.no_key,
            "channels": [*channels],
        }


def another_redis(url: str) -> Publisher:
    """The sink ``redis://``, ``rediss://`` or ``unix://``: the same streams, channels and keys in another Redis.

    The same also with ``ZHIBIAO_SITE``: the names there are those of the site here.
    """
    return Publisher(connect(url, SharedSettings().site))


def _keys(names: Names, event: ReportEvent | FailedEvent, rival_id: str | None, handover: HandOver | None) -> list[str]:
    """The keys of the script, in its order."""
    report = event.data if isinstance(event, ReportEvent) else None
    stream = names.results_stream if report else names.failures_stream
    return [
        names.done_key(event.id),
        names.done_key(rival_id) if rival_id else names.no_key,
        stream,
        names.outcomes_stream,
        names.report_key(report.id, report.revision) if report else names.no_key,
        names.reading_key(report.id, report.revision) if report else names.no_key,
        names.latest_key(report.id) if report else names.no_key,
        names.count_key(stream),
        names.ended_key(handover.id, handover.revision) if handover else names.no_key,
        names.done_key(report.replaces) if report and report.replaces else names.no_key,
    ]


def _outcome(
    handover: HandOver | None, event_id: str | None, status: OutcomeStatus, failure: Failure | None = None
) -> str:
    if not handover:
        return ""
    return Outcome(
        id=handover.id,
        revision=handover.revision,
        round=handover.round,
        sha256=handover.sha256,
        status=status,
        event_id=event_id,
        failure=failure,
    ).model_dump_json()
