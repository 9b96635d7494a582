"""One attempt at one hand-over: read the file, run the pipeline, publish what came of it."""

import secrets
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import structlog
from billiard.exceptions import SoftTimeLimitExceeded

from delivery import attempt_log
from delivery.attempt_log import Ending
from delivery.backoff import Backoff
from delivery.connect import FAULTS, Client
from delivery.publish import Published, Publisher
from delivery.settings import ATTEMPTS_TTL_S
from schemas.events import FailedEvent, FailedFile, Failure, ReportEvent
from schemas.handover import HandOver, Outcome, OutcomeStatus
from schemas.report import Report
from worker import PIPELINE_VERSION, time_limit
from worker.draft import MOST_EVENT_BYTES
from worker.errors import OUT_OF_MEMORY, OUT_OF_TIME, BadReport, Exhausted, IngestError, Unavailable
from worker.pipeline import read
from worker.report_writer import Origin
from worker.source import Changed, Missing, read_source
from worker.steps import Steps
from worker.telemetry import WorkerTelemetry
from worker.tools import Tools

#: Of a packed reading, which Redis holds once; counted apart from its event.
MOST_READING_BYTES = 64_000_000
_FRAMES = 7
_OF_TIME_LIMIT = ("billiard.", "worker.time_limit:")
_UNTOLD = Ending("its process died without a word, and its worker with it: killed, or the machine was stopped")
_PATIENCE_S = 60.0
_MOST_OWED = 1000
_PAUSES = Backoff(first_s=0.25, cap_s=5.0)

_log = structlog.get_logger("worker")
_T = TypeVar("_T")


class Again(Exception):
    """The attempt came to nothing and has been counted; another may do better."""


class _Read(NamedTuple):
    """A report, the same as JSON, and its packed reading."""

    report: Report
    text: str
    packed: bytes


@dataclass(frozen=True)
class Attempts:
    """What attempts need: the way to Redis, the inbox, the tools, the clocks (seconds; and the time of day)."""

    client: Client
    publisher: Publisher
    tools: Tools
    inbox: Path
    most_bytes: int
    most_attempts: int
    now: Callable[[], datetime]
    clock: Callable[[], float] = field(default=time.perf_counter)
    pause: Callable[[float], None] = field(default=time.sleep)
    most_event_bytes: int = MOST_EVENT_BYTES
    metrics: WorkerTelemetry = field(default_factory=WorkerTelemetry)
    attempts_ttl_s: int = ATTEMPTS_TTL_S
    # Attempts that shall not count, and that Redis could not be told of yet.
    owed: deque[tuple[HandOver, str]] = field(default_factory=partial(deque, maxlen=_MOST_OWED))

    def attempt(self, handover: HandOver) -> None:
        """Read and publish.

        Raises:
            Again: something unforeseen failed; the attempt has been counted.
            Unavailable: the file cannot be read for now; the attempt does not count.
            Exception: one of ``delivery.connect.FAULTS``; nothing is decided, and the attempt does not count.
        """
        self._pay_back()
        if not handover.keep and (published := self._redis(lambda: self._published(handover))):
            self._tell(handover, "published", published.event_id, published.entry_id)
            self.metrics.suppressed()
            _log.info("already_published", report=handover.path, id=handover.id, revision=handover.revision)
            return
        token = secrets.token_hex(8)
        try:
            self._count_and_read(handover, token)
        except FAULTS:
            # The work was done, or may be done again: what is missing is Redis.
            self.owed.append((handover, token))
            raise

    def _published(self, handover: HandOver) -> Published | None:
        """The event that is out for it; of another version, where that has been at the same hand-over."""
        return self.publisher.published(handover.report_event_id(PIPELINE_VERSION), handover)

    def _count_and_read(self, handover: HandOver, token: str) -> None:
        number = self._redis(lambda: attempt_log.begin(self.client, handover, token, self.attempts_ttl_s))
        if (begun := self._spent(handover, number - 1)) is not None:
            self._take_back(handover, token)
            self._give_up(handover, begun)
            return
        if number == 1 and handover.queued_at:
            self.metrics.waited((self.now() - handover.queued_at).total_seconds())
        started = self.clock()
        try:
            found = self._read(handover)
        except (Missing, Changed) as error:
            status: OutcomeStatus = "missing" if isinstance(error, Missing) else "changed"
            self._take_back(handover, token)
            self._tell(handover, status)
            self.metrics.ended(status)
            _log.info(status, report=handover.path, id=handover.id, why=str(error))
        except BadReport as error:
            self._fail(handover, error, number, _trace(error))
        except Unavailable as error:
            self._take_back(handover, token)
            self.metrics.attempt_failed(error)
            Steps(self.publisher, handover, self.now).finished("retry", detail=str(error))
            raise
        except Exception as error:
            most = self._note(handover, error, token, number)
            raise Again(f"{type(error).__name__}, attempt {number} of {most}") from error
        else:
            self._publish(handover, found, number, self.clock() - started)

    def _read(self, handover: HandOver) -> _Read:
        data = read_source(self.inbox, handover, self.most_bytes)
        origin = Origin(
            id=handover.id,
            name=_name(handover),
            path=handover.path,
            sha256=handover.sha256,
            revision=handover.revision,
            supersedes=handover.supersedes,
            repeats=handover.repeats,
            replaces=handover.replaces,
        )
        with time_limit.kept():
            on_stage = Steps(self.publisher, handover, self.now).stage
            report, reading = read(data, origin, self.tools, self.clock, on_stage, self.most_event_bytes)
            packed = reading.packed()
        text = report.model_dump_json()
        if (size := len(text.encode())) > self.most_event_bytes:
            seen = f"{len(report.metrics)} figures make an event of {size} bytes"
            advice = f"at most {self.most_event_bytes} are allowed, split the file"
            raise BadReport("too_large", "publish", f"{seen}; {advice}")
        if len(packed) > MOST_READING_BYTES:
            seen = f"its text and how it was read make {len(packed)} bytes"
            raise BadReport("too_large", "publish", f"{seen}; at most {MOST_READING_BYTES} are allowed, split the file")
        return _Read(report, text, packed)

    def _publish(self, handover: HandOver, found: _Read, number: int, took_s: float) -> None:
        report = found.report
        event = ReportEvent.of(report, self.now())
        published = self._redis(lambda: self.publisher.report(event, handover, found.packed, found.text))
        self.metrics.read(report, fresh=published.fresh)
        Steps(self.publisher, handover, self.now).finished("published", took_s)
        _log.info(
            "read" if published.fresh else "read_again",
            report=handover.path,
            id=handover.id,
            revision=handover.revision,
            event_id=published.event_id,
            size_bytes=report.source.size_bytes,
            media_type=report.source.media_type,
            metrics=len(report.metrics),
            sections=len(report.sections),
            repairs=sum(repair.count for repair in report.repairs),
            warnings=len(report.warnings),
            attempt=number,
            took_ms=round(took_s * 1000, 1),
            **{f"{stage}_ms": ms for stage, ms in report.pipeline.timings_ms.items()},
        )

    def _spent(self, handover: HandOver, before: int) -> int | None:
        """How often it was begun in vain, where the ``before`` attempts are all that it gets; None where one is left."""
        if before >= self.most_attempts:
            return self.most_attempts
        if before < attempt_log.most(OUT_OF_TIME, self.most_attempts):
            return None
        last, earlier = (self._ending(handover, number) for number in (before, before - 1))
        # Of two that were killed over the hard limit only the last is known: the note of a death has no second place.
        alike = last is not None and OUT_OF_TIME == last.code == (earlier or last).code
        return before if alike else None

    def _ending(self, handover: HandOver, number: int) -> Ending | None:
        return self._redis(lambda: attempt_log.ending(self.client, handover, number))

    def _give_up(self, handover: HandOver, begun: int) -> None:
        last = self._ending(handover, begun) or _UNTOLD
        ending, *trace = last.text.split("\n")
        error = BadReport(
            last.code or "too_many_attempts",
            "attempt",
            f"begun {begun} times without a result; the last time: {ending}{self._others(trace)}. "
            "`zhibiao retry` tries again once the cause is mended",
        )
        self._fail(handover, error, begun, tuple(trace))

    def _others(self, trace: list[str]) -> str:
        """Who else may have killed a process that could not tell: readers of others crash in it as ours do."""
        readers = ", ".join(map(str, self.tools.readers))
        return f" (in use here: {readers})" if readers and not trace else ""

    def _fail(self, handover: HandOver, error: IngestError, number: int, trace: tuple[str, ...]) -> None:
        failure = Failure(
            id=handover.id,
            revision=handover.revision,
            round=handover.round,
            source=FailedFile(
                name=_name(handover), path=handover.path, sha256=handover.sha256, size_bytes=handover.size_bytes
            ),
            code=error.code,
            message=f"{handover.path}: {error}",
            stage=error.stage,
            place=error.place,
            attempts=number,
            trace=trace,
            disposition="kept" if handover.replaces else "quarantined",
        )
        event = FailedEvent.of(failure, PIPELINE_VERSION, self.now())
        report_event_id = handover.report_event_id(PIPELINE_VERSION)
        self._redis(lambda: self.publisher.failure(event, handover, report_event_id))
        self.metrics.ended("failed")
        Steps(self.publisher, handover, self.now).finished("failed", detail=error.code)
        _log.warning(
            "failed", report=handover.path, id=handover.id, code=error.code, attempt=number, why=failure.message
        )

    def _note(self, handover: HandOver, error: Exception, token: str, number: int) -> int:
        """Say how attempt ``number`` ended; gives how many there are in all."""
        self.metrics.attempt_failed(error)
        trace = _trace(error)
        ending = _ending(error, trace)
        most = attempt_log.most(ending.code, self.most_attempts)
        noted = ending._replace(text="\n".join((ending.text, *trace)))
        self._redis(lambda: attempt_log.note(self.client, handover, token, number, noted))
        Steps(self.publisher, handover, self.now).finished("retry", detail=ending.text)
        _log.error(
            "attempt_failed",
            report=handover.path,
            id=handover.id,
            attempt=number,
            of=most,
            ending=ending.text,
            code=ending.code,
            exc_info=error,
        )
        return most

    def _pay_back(self) -> None:
        with suppress(*FAULTS):
            while self.owed:
                attempt_log.take_back(self.client, *self.owed[0])
                self.owed.popleft()

    def _take_back(self, handover: HandOver, token: str) -> None:
        self._redis(lambda: attempt_log.take_back(self.client, handover, token))

    def _tell(
        self, handover: HandOver, status: OutcomeStatus, event_id: str | None = None, entry_id: str | None = None
    ) -> None:
        outcome = Outcome(
            id=handover.id,
            revision=handover.revision,
            round=handover.round,
            sha256=handover.sha256,
            status=status,
            event_id=event_id,
            entry_id=entry_id,
        )
        self._redis(lambda: self.publisher.outcome(outcome))

    def _redis(self, call: Callable[[], _T]) -> _T:
        """Call until Redis does it, for a minute at most: the work is done, and only the publishing is missing."""
        give_up_at, failures = self.clock() + _PATIENCE_S, 0
        while True:
            try:
                return call()
            except FAULTS as error:
                if self.clock() >= give_up_at:
                    raise
                failures += 1
                pause_s = _PAUSES.wait_s(failures, jitter=0)
                _log.warning("redis_away", error=f"{type(error).__name__}: {error}", pause_s=pause_s)
                self._say(error)
            self.pause(pause_s)

    def _say(self, error: Exception) -> None:
        with suppress(*FAULTS):
            attempt_log.trouble(self.client, f"{type(error).__name__}: {error}")


def _name(handover: HandOver) -> str:
    return handover.path.rpartition("/")[2]


def _ending(error: Exception, trace: tuple[str, ...]) -> Ending:
    # The class and the places say what is wrong; the message of an unforeseen error may quote anything.
    notes: tuple[str, ...] = tuple(getattr(error, "__notes__", ()))
    if isinstance(error, SoftTimeLimitExceeded):
        # Where the clock ran out is chance, and stands in the trace.
        return Ending(", ".join(("over the soft time limit (ZHIBIAO_SOFT_TIME_LIMIT_S)", *notes)), OUT_OF_TIME)
    seen = ", ".join((f"{type(error).__name__} at {trace[-1]}", *notes))
    if isinstance(error, MemoryError):
        return Ending(f"{seen}, over the limit on memory (ZHIBIAO_MAX_CHILD_ADDRESS_SPACE_BYTES)", OUT_OF_MEMORY)
    if isinstance(error, Exhausted):
        return Ending(str(error), error.code if error.code in (OUT_OF_TIME, OUT_OF_MEMORY) else "")
    return Ending(seen)


def _trace(error: BaseException) -> tuple[str, ...]:
    """The last frames of an error as ``module:function:line``: no values, and no paths of the machine."""
    frames = traceback.walk_tb(error.__traceback__)
    named = [f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}:{line}" for frame, line in frames]
    named += getattr(error, "frames", ())  # of the process of its own that the file was read in
    # Without the handlers that raise for a time limit: the place that was interrupted is what tells.
    return tuple(name for name in named if not name.startswith(_OF_TIME_LIMIT))[-_FRAMES:]
