"""Where reports are on their way, as their events tell it."""

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from schemas.events import FailedEvent, ProgressEvent, ReportEvent
from schemas.report import Report
from schemas.visible import visible
from zhibiao.wording import say

Event = ReportEvent | FailedEvent | ProgressEvent


@dataclass
class Row:
    """One file: the stage that it was last seen in, and what became of it."""

    stage: str = "dropped"
    spent_ms: float = 0.0
    report: Report | None = None
    failure: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether its result or failure has arrived."""
        return self.report is not None or self.failure is not None


class Board:
    """A row for each file that was dropped; events about other files make rows of their own."""

    def __init__(self, paths: list[str]) -> None:
        self.rows = {path: Row() for path in paths}

    @property
    def waiting(self) -> list[str]:
        """The files whose end has not been seen."""
        return [path for path, row in self.rows.items() if not row.is_done]

    @property
    def reports(self) -> list[Report]:
        """The results so far, in the order of the rows."""
        return [row.report for row in self.rows.values() if row.report is not None]

    @property
    def failures(self) -> dict[str, str]:
        """Why files could not be read."""
        return {path: row.failure for path, row in self.rows.items() if row.failure is not None}

    def note(self, event: Event) -> str | None:
        """Take an event in; gives it as one line for people, None for the start of a stage."""
        row = self.rows.setdefault(event.subject, Row())
        name = visible(event.subject)
        if isinstance(event, ReportEvent):
            row.report = event.data
            return f"{name}: {say('board.received', summary=summary(event.data))}"
        if isinstance(event, FailedEvent):
            row.failure = event.data.message
            return f"{name}: {say('board.failed', why=visible(event.data.message))}"
        step = event.data
        row.stage = step.stage
        # The last step tells how long the whole took.
        row.spent_ms = step.elapsed_ms or 0.0 if step.stage == "published" else row.spent_ms + (step.elapsed_ms or 0.0)
        if step.state == "started":
            return None
        spent = "" if step.elapsed_ms is None else f" in {step.elapsed_ms:.1f} ms"
        return f"{name}: {visible(step.stage)}{spent}"

    def table(self) -> Table:
        """All rows as they stand."""
        table = Table(box=None, pad_edge=False)
        for name in ("file", "stage", "work", "result"):
            table.add_column(say(f"heading.{name}"))
        for path, row in self.rows.items():
            spent = f"{row.spent_ms:.0f} ms" if row.spent_ms else ""
            table.add_row(Text(visible(path)), Text(visible(row.stage)), Text(spent), _end(row))
        return table


def summary(report: Report) -> str:
    """What a report is about, in few words."""
    document = report.document
    facts = [document.region, document.period, say("board.figures", count=len(report.metrics))]
    return visible(", ".join(fact for fact in facts if fact))


def found(reports: list[Report]) -> Table:
    """What was found, a line for each report."""
    table = Table(title=say("board.found"), title_justify="left")
    for name in ("title", "place", "year"):
        table.add_column(say(f"heading.{name}"))
    table.add_column(say("heading.figures"), justify="right")
    for report in reports:
        document = report.document
        facts = (document.title or report.source.name, document.region or "-", document.period or "-")
        table.add_row(*(Text(visible(fact)) for fact in facts), str(len(report.metrics)))
    return table


def _end(row: Row) -> Text:
    if row.report is not None:
        return Text(summary(row.report), style="green")
    return Text(visible(row.failure), style="red") if row.failure is not None else Text("…")
