"""Tells the stream of files how far each has come: what the ledger has written down, in portions, once Redis takes it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from delivery.publish import STEPS_KEPT
from schemas.events import FileStep
from watcher.ledger.database import Ledger
from watcher.ledger.rows import Step

BATCH = 500

log = structlog.get_logger("watcher")


class Stream(Protocol):
    """The way to the stream; a call may raise what the caller takes for "Redis is away"."""

    def file_steps(self, steps: Sequence[FileStep]) -> None:
        """Add steps of files to their stream."""


def tell(ledger: Ledger, stream: Stream) -> int:
    """Tell the next steps; gives how many. Told again after a crash in between, with the same numbers.

    While the stream takes none, the ledger keeps no more of them than the stream would.

    Raises:
        Exception: whatever the stream raises; nothing is lost by it.
    """
    steps = ledger.steps(BATCH)
    if not steps:
        return 0
    try:
        stream.file_steps([told for step in steps if (told := _sound(step))])
    except Exception:
        ledger.forget_steps(0, STEPS_KEPT)
        raise
    ledger.forget_steps(steps[-1].number, STEPS_KEPT)
    return len(steps)


def _sound(step: Step) -> FileStep | None:
    """The message about a step; None for a row that makes none, which shall not hold up the others."""
    try:
        return file_step(step)
    except (ValueError, OverflowError) as error:
        log.error("step_skipped", report=step.row.path, id=step.row.document, state=step.state, why=str(error))
        return None


def file_step(step: Step) -> FileStep:
    """The message about a step; the reason is the row's, while it stands where the step led."""
    row = step.row
    is_there = step.state == row.state
    return FileStep(
        number=step.number,
        id=row.document,
        path=row.path,
        revision=row.revision,
        round=row.round,
        state=step.state,
        code=row.code if is_there else None,
        detail=row.folder if step.state == "filed" else row.detail if is_there else None,
        time=datetime.fromtimestamp(step.at, UTC),
    )
