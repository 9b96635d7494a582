"""The watcher's ends of ``delivery``: the queue it sends to, the events it publishes, the outcomes it reads."""

from collections.abc import Sequence
from typing import Any

from delivery import attempt_log, generation, owner, relay, server
from delivery.connect import connect, names_of
from delivery.holdings import Holdings, Turn, holdings, take_from_worker, turn
from delivery.key_kinds import wrong_kinds
from delivery.owner import Other, Service
from delivery.publish import Publisher
from delivery.queue import send, task_id
from delivery.subscribe import read_event, read_outcomes, read_published
from schemas.events import FailedEvent, FileStep, Progress, ProgressEvent, ReportEvent, WithdrawnEvent
from schemas.handover import HandOver, Outcome
from schemas.names import Stream
from watcher.taking.announce import progress_event


class Broker:
    """Redis and the queue on it, for the threads of one watcher; connects when it is first used.

    What it raises is one of :data:`delivery.connect.UNREACHABLE`.
    """

    def __init__(
        self,
        url: str,
        site: str = "",
        *,
        report_ttl_s: int | None = None,
        results_maxlen: int | None = None,
        done_ttl_s: int | None = None,
    ) -> None:
        # Short, so that a server that hangs is noticed soon; with the retries it takes four times as long.
        self._redis = connect(url, site, read_timeout_s=5.0)
        self._url = url
        self._publisher = Publisher(
            self._redis,
            report_ttl_s=report_ttl_s,
            results_maxlen=results_maxlen,
            done_ttl_s=done_ttl_s,
            bell=connect(url, site, read_timeout_s=1.0, connect_timeout_s=1.0),
        )

    def send(self, handovers: Sequence[HandOver]) -> None:
        """Returns once the broker has them."""
        send(self._redis, self._url, handovers)

    def holdings(self) -> Holdings:
        """Which hand-overs wait in the queue, and which a worker has taken."""
        return holdings(self._redis)

    def turn(self) -> Turn:
        """How far the queue has come."""
        return turn(self._redis)

    def take_from_worker(self, handover: HandOver) -> None:
        """The worker that has it is dead: the queue shall not give it to another by itself."""
        take_from_worker(self._redis, task_id(handover))

    def is_alive(self, handover: HandOver) -> bool:
        """Whether a worker is at it."""
        return attempt_log.is_alive(self._redis, handover.id, handover.revision, handover.round)

    def sent(self, handovers: Sequence[HandOver]) -> None:
        """Tell listeners; may be lost."""
        for handover in handovers:
            if not self._publisher.is_heard():
                return
            step = Progress(id=handover.id, revision=handover.revision, path=handover.path, stage="queued")
            self._publisher.progress(progress_event(step))

    def failure(self, event: FailedEvent) -> str:
        """Publish once, however often it is called; gives the event's entry."""
        return self._publisher.failure(event, None).entry_id

    def report(self, event: ReportEvent, reading: bytes) -> str:
        """Publish once with its reading, however often it is called; gives the event's entry."""
        return self._publisher.report(event, None, reading).entry_id

    def withdraw(self, event: WithdrawnEvent) -> str:
        """Take a document back, once however often it is called; gives the event's entry."""
        return self._publisher.withdraw(event)

    def entry_of(self, event_id: str) -> str | None:
        """The entry of an event that has been published; None where Redis knows of none."""
        return self._publisher.entry(event_id)

    def report_of(self, document: str, revision: int) -> str | None:
        """The JSON of the report under a revision's key; None where there is none any more."""
        return self._publisher.kept(document, revision)

    def reading_of(self, document: str, revision: int) -> bytes | None:
        """The packed reading under a revision's key; None where there is none any more."""
        return self._publisher.kept_reading(document, revision)

    def with_readings(self, wanted: Sequence[tuple[str, str, int]]) -> list[tuple[str | None, bytes | None]]:
        """Events of reports with their packed readings, in one go: those of (entry, document, revision)."""
        of = names_of(self._redis)
        return read_published(
            self._redis,
            [(of.results_stream, entry, of.reading_key(document, revision)) for entry, document, revision in wanted],
        )

    def progress(self, event: ProgressEvent) -> None:
        """Tell who listens just now."""
        self._publisher.progress(event)

    def file_steps(self, steps: Sequence[FileStep]) -> None:
        """Add steps of files to their stream."""
        self._publisher.file_steps(steps)

    def outcomes(self, after: str, block_s: float) -> list[tuple[str, Outcome | None]]:
        """Outcomes after an entry of their stream, waiting for one."""
        return read_outcomes(self._redis, after, block_s, 100)

    def event(self, stream: Stream, entry_id: str) -> str | None:
        """The JSON in an entry of a stream."""
        return read_event(self._redis, names_of(self._redis).stream(stream), entry_id)

    def claim(self, service: Service, *, may_replace: bool) -> Other | None:
        """Claim the names of the site, or renew the claim; gives whose they are, None where they are ours."""
        return owner.claim(self._redis, service, may_replace=may_replace)

    def release(self, service: Service) -> None:
        """Show no sign of life any more."""
        owner.release(self._redis, service)

    def sink_signs(self, sinks: Sequence[str]) -> dict[str, str | None]:
        """The sign of life of whoever feeds each sink."""
        return relay.signs(self._redis, sinks)

    def wrong_kinds(self) -> list[str]:
        """Keys that hold what is not ours, one sentence each."""
        return wrong_kinds(self._redis)

    def facts(self) -> dict[str, Any]:
        """What the server says of itself."""
        return server.facts(self._redis)

    def generation(self) -> str | None:
        """The name of what Redis holds; None where it is empty."""
        return generation.current(self._redis)

    def begin_generation(self, name: str, instead_of: str | None) -> None:
        """Give what Redis holds a name."""
        generation.begin(self._redis, name, instead_of)

    def close(self) -> None:
        """Let go of the connections."""
        self._redis.close()
