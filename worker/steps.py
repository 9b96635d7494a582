"""A report's steps on the progress channel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from delivery.publish import Publisher
from schemas.events import Progress, ProgressEvent
from schemas.handover import HandOver


@dataclass(frozen=True)
class Steps:
    """Tells of one hand-over's steps; never fails, and is silent while Redis is away and while nobody listens."""

    publisher: Publisher
    handover: HandOver
    now: Callable[[], datetime]

    def stage(self, stage: str, elapsed_s: float | None) -> None:
        """A stage of the pipeline has started (``elapsed_s`` is None) or finished."""
        if not self.publisher.is_heard():
            return
        if elapsed_s is None:
            self._send(Progress(stage=stage, state="started", **self._about()))
        else:
            self.finished(stage, elapsed_s)

    def finished(self, stage: str, elapsed_s: float | None = None, detail: str | None = None) -> None:
        """A step is over."""
        if not self.publisher.is_heard():
            return
        elapsed_ms = None if elapsed_s is None else round(elapsed_s * 1000, 3)
        self._send(Progress(stage=stage, elapsed_ms=elapsed_ms, detail=detail, **self._about()))

    def _about(self) -> dict[str, object]:
        return {"id": self.handover.id, "revision": self.handover.revision, "path": self.handover.path}

    def _send(self, step: Progress) -> None:
        now = self.now()
        # Progress is not kept and may repeat, so its id needs no more than to be its own.
        event_id = f"{step.id}-{step.revision}-{self.handover.round}-{step.stage}-{step.state}-{now.timestamp():.6f}"
        self.publisher.progress(ProgressEvent(id=event_id, subject=step.path, time=now, data=step))
