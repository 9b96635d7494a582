"""One attempt at one hand-over: read the file, run the pipeline, publish what came of it."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import redis
import structlog
from billiard.exceptions import SoftTimeLimitExceeded

from delivery import attempts
from delivery.connect import UNREACHABLE
from delivery.publish import Publisher
from schemas import ids
from schemas.events import FailedEvent, FailedFile, Failure, Progress, ProgressEvent, ReportEvent
from schemas.handover import HandOver, Outcome, OutcomeStatus
from schemas.report import Report
from worker import PIPELINE_VERSION
from worker.errors import BadReport, IngestError
from worker.pipeline import Origin, read_report
from worker.source import Changed, Missing, read_source
from worker.tools import Tools

_FRAMES = 6
_KILLED = "its process was killed, or ended without a word"

_log = structlog.get_logger("worker")


class Again(Exception):
    """The attempt came to nothing, and another may do better; the argument says why."""


@dataclass(frozen=True)
class Reader:
    """What attempts need: the way to Redis, the inbox, the tools, the clocks (seconds; and the time of day)."""

    client: redis.Redis
    publisher: Publisher
    tools: Tools
    inbox: Path
    most_bytes: int
    most_attempts: int
    now: Callable[[], datetime]
    clock: Callable[[], float] = field(default=time.perf_counter)

    def attempt(self, handover: HandOver) -> None:
        """Read and publish.

        Raises:
            Again: something failed that may pass; the attempt has been counted.
            redis.RedisError: one of ``delivery.connect.UNREACHABLE``; nothing is decided.
        """
        started = self.clock()
        event_id = ids.report_event_id(handover.id, handover.sha256, PIPELINE_VERSION)
        if (entry_id := self.publisher.entry(event_id)) is not None:
            self._tell(handover, "published", event_id, entry_id)
            _log.info("already_published", report=handover.path, id=handover.id, revision=handover.revision)
            return
        number = attempts.begin(self.client, handover)
        if number > self.most_attempts:
            self._give_up(handover)
            return
        try:
            report = self._read(handover)
        except (Missing, Changed) as error:
            attempts.take_back(self.client, handover)
            status: OutcomeStatus = "missing" if isinstance(error, Missing) else "changed"
            self._tell(handover, status)
            _log.info(status, report=handover.path, id=handover.id, why=str(error))
        except BadReport as error:
            self._fail(handover, error, number, _trace(error))
        except UNREACHABLE:
            attempts.take_back(self.client, handover)
            raise
        except (Exception, SoftTimeLimitExceeded) as error:
            self._note(handover, error, number)
            raise Again(f"{type(error).__name__}: {error}") from error
        else:
            self._publish(handover, report, number, self.clock() - started)

    def _read(self, handover: HandOver) -> Report:
        data = read_source(self.inbox, handover, self.most_bytes)
        origin = Origin(
            handover.id,
            handover.path.rpartition("/")[2],
            handover.path,
            handover.sha256,
            handover.revision,
            handover.supersedes,
        )

        def on_stage(stage: str, elapsed_s: float | None) -> None:
            self._progress(handover, stage, elapsed_s)

        return read_report(data, origin, self.tools, self.clock, on_stage)

    def _publish(self, handover: HandOver, report: Report, number: int, took_s: float) -> None:
        published = self.publisher.report(ReportEvent.of(report, self.now()), handover)
        self._progress(handover, "published", took_s)
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

    def _give_up(self, handover: HandOver) -> None:
        attempts.take_back(self.client, handover)
        last = attempts.take_note(self.client, handover) or _KILLED
        error = BadReport(
            "too_many_attempts",
            "attempt",
            f"begun {self.most_attempts} times without an end; the last time: {last}. "
            "`zhibiao retry` tries again once the cause is mended",
        )
        self._fail(handover, error, self.most_attempts, ())

    def _fail(self, handover: HandOver, error: IngestError, number: int, trace: tuple[str, ...]) -> None:
        failure = Failure(
            id=handover.id,
            revision=handover.revision,
            round=handover.round,
            source=FailedFile(
                name=handover.path.rpartition("/")[2],
                path=handover.path,
                sha256=handover.sha256,
                size_bytes=handover.size_bytes,
            ),
            code=error.code,
            message=f"{handover.path}: {error}",
            stage=error.stage,
            place=error.place,
            attempts=number,
            trace=trace,
        )
        event = FailedEvent.of(failure, PIPELINE_VERSION, self.now())
        report_event_id = ids.report_event_id(handover.id, handover.sha256, PIPELINE_VERSION)
        self.publisher.failure(event, handover, report_event_id)
        self._progress(handover, "failed", None, error.code)
        _log.warning(
            "failed", report=handover.path, id=handover.id, code=error.code, attempt=number, why=failure.message
        )

    def _note(self, handover: HandOver, error: BaseException, number: int) -> None:
        # The class and the place say what is wrong; the message of an unforeseen error may quote anything.
        where = _trace(error)
        ending = f"{type(error).__name__} at {where[-1]}" if where else type(error).__name__
        attempts.note(self.client, handover, ending)
        self._progress(handover, "retry", None, ending)
        _log.error(
            "attempt_failed",
            report=handover.path,
            id=handover.id,
            attempt=number,
            of=self.most_attempts,
            ending=ending,
            exc_info=error,
        )

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
        self.publisher.outcome(outcome)

    def _progress(self, handover: HandOver, stage: str, elapsed_s: float | None, detail: str | None = None) -> None:
        started = elapsed_s is None and stage not in ("failed", "retry")
        progress = Progress(
            id=handover.id,
            revision=handover.revision,
            path=handover.path,
            stage=stage,
            state="started" if started else "finished",
            elapsed_ms=None if elapsed_s is None else round(elapsed_s * 1000, 3),
            detail=detail,
        )
        now = self.now()
        event_id = f"{handover.id}-{handover.revision}-{handover.round}-{stage}-{progress.state}-{now.timestamp():.6f}"
        self.publisher.progress(ProgressEvent(id=event_id, subject=handover.path, time=now, data=progress))


def _trace(error: BaseException) -> tuple[str, ...]:
    """The last frames of an error as ``module:function:line``: no values, and no paths of the machine."""
    frames = traceback.walk_tb(error.__traceback__)
    named = [f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}:{line}" for frame, line in frames]
    return tuple(named[-_FRAMES:])
