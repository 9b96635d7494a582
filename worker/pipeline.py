"""The way from a file's bytes to a report, on one screen. No disk, no clock of its own, no queue, no log."""

from collections.abc import Callable
from typing import NamedTuple

from schemas.reading import Reading
from schemas.report import Report
from worker.draft import MOST_EVENT_BYTES, Clock, Draft
from worker.reading_writer import reading_of
from worker.report_writer import Origin, report_of
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.decode import decode
from worker.stages.extract import extract
from worker.stages.link import link
from worker.stages.rate import rate
from worker.stages.recognise import recognise
from worker.stages.relate import relate
from worker.stages.structure import structure
from worker.tools import Tools

Stage = Callable[[Draft, Tools], Draft]

STAGES: tuple[tuple[str, Stage], ...] = (
    ("decode", decode),  # bytes -> text of the file, by what they are
    ("clean", clean),  # repair damage, take boilerplate away
    ("convert", convert),  # simplified script
    ("structure", structure),  # headings, document data
    ("extract", extract),  # figures, each field with its why
    ("relate", relate),  # how they hang together
    ("link", link),  # which canonical indicators they are
    ("recognise", recognise),  # is it a report at all
    ("rate", rate),  # how sure each is
)


class Result(NamedTuple):
    """A report, and how it was read."""

    report: Report
    reading: Reading


def read_report(
    data: bytes,
    origin: Origin,
    tools: Tools,
    clock: Clock,
    on_stage: Callable[[str, float | None], None] | None = None,
    most_event_bytes: int = MOST_EVENT_BYTES,
) -> Report:
    """Read one file; arguments and errors are those of :func:`read`."""
    return report_of(*_read(data, origin, tools, clock, on_stage, most_event_bytes))


def read(
    data: bytes,
    origin: Origin,
    tools: Tools,
    clock: Clock,
    on_stage: Callable[[str, float | None], None] | None = None,
    most_event_bytes: int = MOST_EVENT_BYTES,
) -> Result:
    """Read one file, and write down how.

    ``clock`` gives seconds; ``on_stage(name, None)`` is called when a stage starts, ``on_stage(name, elapsed_s)``
    when it is done. A report that cannot become an event of ``most_event_bytes`` is refused before its figures are read.

    Raises:
        BadReport: the bytes can never be read as a report; says why and where.
    """
    draft, origin, timings = _read(data, origin, tools, clock, on_stage, most_event_bytes)
    return Result(report_of(draft, origin, timings), reading_of(draft, origin))


def _read(
    data: bytes,
    origin: Origin,
    tools: Tools,
    clock: Clock,
    on_stage: Callable[[str, float | None], None] | None,
    most_event_bytes: int,
) -> tuple[Draft, Origin, dict[str, float]]:
    draft = Draft(data, origin.name, most_event_bytes)
    timings: dict[str, float] = {}
    for name, stage in STAGES:
        started = clock()
        if on_stage:
            on_stage(name, None)
        draft = stage(draft, tools)
        elapsed = clock() - started
        timings[name] = round(elapsed * 1000, 3)
        if on_stage:
            on_stage(name, elapsed)
    return draft, origin, timings


def read_draft(data: bytes, name: str, tools: Tools) -> Draft:
    """All that the stages find out about a file: more than the report tells, each field's rule and words included.

    Raises:
        BadReport: as :func:`read` does.
    """
    draft = Draft(data, name)
    for _, stage in STAGES:
        draft = stage(draft, tools)
    return draft
