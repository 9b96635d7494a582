"""Publishing, once per event whatever happens: one script in Redis checks, stores and announces in one step."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

import redis

from delivery.connect import UNREACHABLE
from schemas import ids, names
from schemas.events import FailedEvent, Failure, ProgressEvent, ReportEvent
from schemas.handover import HandOver, Outcome, OutcomeStatus

_OUTCOMES_KEPT = 100_000
_PROGRESS_PAUSE_S = 30.0
_NO_KEY = names.PREFIX + "none"  # stands in where an event has no such key; nothing is ever stored under it


@dataclass(frozen=True)
class Published:
    """What stands in the stream after a call.

    ``fresh`` tells whether this call put it there. When a contradicting event was there first (the report, where a
    failure was to be published, or the other way round), ``event_id`` and ``entry_id`` are that event's.
    """

    fresh: bool
    event_id: str
    entry_id: str


class Publisher:
    """Publishes events through one Redis client.

    ``report_ttl_s`` is how long a report can be had from its key, None for ever; ``results_maxlen`` about how many
    events each stream keeps, None for all. ``bell`` is the client for progress: best one that gives up quickly.

    Every method but :meth:`progress` raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away. The event
    may have been published even so; publishing it again is safe.
    """

    def __init__(
        self,
        client: redis.Redis,
        *,
        report_ttl_s: int | None = None,
        results_maxlen: int | None = None,
        bell: redis.Redis | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._bell = bell or client
        self._report_ttl_s = report_ttl_s or 0
        self._results_maxlen = results_maxlen or 0
        self._clock = clock
        self._silent_until_s = float("-inf")
        self._script = client.register_script(files("delivery").joinpath("publish_once.lua").read_text("utf-8"))

    def report(self, event: ReportEvent, handover: HandOver | None = None) -> Published:
        """Publish a report, unless it has been, or unless the same hand-over has been given up before.

        A hand-over that asks for it (``keep``) has the report kept under its key in either case.
        """
        report = event.data
        failure_id = None
        if handover:
            failure_id = ids.failure_event_id(report.id, report.source.sha256, report.pipeline.version, handover.round)
        return self._publish(
            names.RESULTS_STREAM,
            event.channels(),
            (event.id, "published"),
            (failure_id, "failed"),
            event.to_json(),
            handover,
            report=report.model_dump_json(),
            document=report.id,
            revision=report.revision,
            keep=handover is not None and handover.keep,
        )

    def failure(
        self, event: FailedEvent, handover: HandOver | None = None, report_event_id: str | None = None
    ) -> Published:
        """Publish a failure, unless it has been.

        Nothing is published either when ``report_event_id`` has been: another worker has read the report after all.
        """
        return self._publish(
            names.FAILURES_STREAM,
            (names.FAILURES_CHANNEL,),
            (event.id, "failed"),
            (report_event_id, "published"),
            event.to_json(),
            handover,
            failure=event.data,
        )

    def entry(self, event_id: str) -> str | None:
        """The stream entry of an event that has been published, None for one that has not."""
        return cast("str | None", self._client.get(names.done_key(event_id)))

    def kept(self, document: str, revision: int) -> str | None:
        """The JSON of the report under a revision's key, None where there is none any more."""
        return cast("str | None", self._client.get(names.report_key(document, revision)))

    def outcome(self, outcome: Outcome) -> None:
        """Tell the watcher how a hand-over ended, without an event."""
        self._client.xadd(
            names.OUTCOMES_STREAM,
            {names.EVENT_FIELD: outcome.model_dump_json()},
            maxlen=_OUTCOMES_KEPT,
            approximate=True,
        )

    def progress(self, event: ProgressEvent) -> None:
        """Ring the progress channel, if Redis is there; when it is not, leave it in peace for half a minute."""
        if self._clock() < self._silent_until_s:
            return
        try:
            self._bell.publish(names.PROGRESS_CHANNEL, event.to_json())
        except UNREACHABLE:
            self._silent_until_s = self._clock() + _PROGRESS_PAUSE_S

    def _publish(
        self,
        stream: str,
        channels: Sequence[str],
        event: tuple[str, OutcomeStatus],
        rival: tuple[str | None, OutcomeStatus],
        event_json: str,
        handover: HandOver | None,
        *,
        report: str = "",
        document: str | None = None,
        revision: int = 0,
        keep: bool = False,
        failure: Failure | None = None,
    ) -> Published:
        keys = [
            names.done_key(event[0]),
            names.done_key(rival[0]) if rival[0] else _NO_KEY,
            stream,
            names.OUTCOMES_STREAM,
            names.report_key(document, revision) if document else _NO_KEY,
            names.latest_key(document) if document else _NO_KEY,
            names.count_key(stream),
        ]
        given = {
            "field": names.EVENT_FIELD,
            "number_field": names.NUMBER_FIELD,
            "most_entries": str(self._results_maxlen),
            "report_ttl_s": str(self._report_ttl_s),
            "revision": str(revision),
            "keep_report": keep,
            "outcome": _outcome(handover, *event, failure),
            "rival_outcome": _outcome(handover, *rival),
            "most_outcomes": str(_OUTCOMES_KEPT),
            "channels": [*channels],
        }
        # The event and the report go beside it: they may be many megabytes, and would be escaped and parsed for nothing.
        arguments = [event_json, report, json.dumps(given, ensure_ascii=False)]
        fresh, entry_id, is_rival = self._script(keys, arguments)
        return Published(bool(fresh), (rival[0] or "") if is_rival else event[0], entry_id)


def _outcome(
    handover: HandOver | None, event_id: str | None, status: OutcomeStatus, failure: Failure | None = None
) -> str:
    if not handover or not event_id:
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
