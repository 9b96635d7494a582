"""What ``zhibiao up`` tells people on a terminal: a line for each report, what goes wrong, and a summary in the end."""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from delivery import connect, subscribe
from schemas import names
from schemas.events import FailedEvent, FileStep, ReportEvent
from schemas.report import Report
from schemas.visible import visible
from zhibiao import terminal, wording
from zhibiao.wording import hint_for, say

Told = ReportEvent | FailedEvent | FileStep

HEADINGS = ("time", "file", "place", "year", "figures", "warnings", "seconds")
WIDTHS = (8, 28, 12, 6, 7, 8)
LOG_POLL_S = 0.3
#: How long the end waits for lines of what has been published.
LAST_LINES_S = 5.0
_LEVELS = ("warning", "error", "critical")
#: Lines of the log that are told though nothing is wrong.
_ALSO = ("stopping", "alarm_over")
_OUT_OF_TIME = "out_of_time"
#: What Celery says of a task by its number, and the worker of its file.
_OF_CELERY = re.compile(r"Soft time limit \(")
_FORM = ("level", "logger", "timestamp", "process", "message", "exception", "stack_info")


@dataclass
class Account:
    """What has come of the files so far."""

    reports: int = 0
    figures: int = 0
    warnings: int = 0
    duplicates: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, told: Told) -> None:
        """Count one more."""
        if isinstance(told, ReportEvent):
            self.reports += 1
            self.figures += len(told.data.metrics)
            self.warnings += len(told.data.warnings)
        elif isinstance(told, FailedEvent):
            self.failures.append(f"{visible(told.subject)}: {_why(told)}")
        else:
            self.duplicates += 1

    def lines(self, spent_s: float, log: Path) -> Iterator[str]:
        """The summary: how much of each, what failed and why, and where the log is."""
        counts = {name: getattr(self, name) for name in ("reports", "figures", "warnings", "duplicates")}
        yield say("up.summary", **counts, failures=len(self.failures), time=_span(spent_s))
        if self.failures:
            yield say("up.failures")
            yield from (f"  {line}" for line in self.failures)
        yield say("up.kept", log=log)


class Telling:
    """Reads the streams and the log beside a running service, and prints lines of them until :meth:`finish`."""

    def __init__(self, url: str, site: str, log: Path, show: Callable[[str], None], *, timings: bool = False) -> None:
        self.account = Account()
        self._client = connect.connect(url, site)
        self._log, self._show, self._timings = log, show, timings
        of = connect.names_of(self._client)
        self._seen = {stream: _newest(self._client, stream) for stream in _streams(of)}
        self._files = of.files_stream
        self._began, self._began_s = datetime.now(UTC), time.monotonic()
        self._moved, self._over = threading.Condition(), threading.Event()
        self._reader = threading.Thread(target=self._tell_events, daemon=True)

    def begin(self) -> None:
        """Print the headings, and go on in threads of its own."""
        self._show(terminal.columns([say(f"heading.{name}") for name in HEADINGS], WIDTHS))
        log = self._log.open(encoding="utf-8", errors="replace")
        log.seek(0, os.SEEK_END)  # here and not in the thread, so that nothing from now on is missed
        self._reader.start()
        threading.Thread(target=self._tell_log, args=(log,), daemon=True).start()

    def finish(self) -> None:
        """Wait until what is published by now is told, and print the summary."""
        with suppress(*connect.FAULTS):
            last = {stream: subscribe.last_entry(self._client, stream) for stream in self._seen}
            with self._moved:
                self._moved.wait_for(lambda: self._has_told(last), LAST_LINES_S)
        self._over.set()
        for line in self.account.lines(time.monotonic() - self._began_s, self._log):
            self._show(line)

    def _tell_events(self) -> None:
        try:
            self._follow()
        except connect.FAULTS as error:
            # A key of another kind, a user who may not read: the service goes on all the same.
            self._show(say("up.untold", error=visible(str(error))))

    def _follow(self) -> None:
        for stream, entry_id, text in subscribe.follow(self._client, dict(self._seen)):
            with suppress(ValidationError):  # of a version that this program does not know: `tail` says so
                told = _parsed(stream, text, is_step=stream == self._files)
                if _is_news(told, self._began):
                    self.account.note(told)
                    for line in lines(told, timings=self._timings):
                        self._show(line)
            with self._moved:
                self._seen[stream] = entry_id
                self._moved.notify_all()

    def _has_told(self, last: Mapping[str, str]) -> bool:
        return not self._reader.is_alive() or all(_is_past(self._seen[stream], last[stream]) for stream in last)

    def _tell_log(self, log: IO[str]) -> None:
        with log:
            begun = ""
            while not self._over.wait(LOG_POLL_S):
                begun += log.read()
                *whole, begun = begun.split("\n")
                for line in whole:
                    if text := log_line(line):
                        self._show(text)


def lines(told: Told, *, timings: bool = False) -> Iterator[str]:
    """What is told of one file: a line, and what would help below a failure."""
    moment = f"{told.time.astimezone():%H:%M:%S}"
    name = terminal.shortened(visible(told.path if isinstance(told, FileStep) else told.subject), WIDTHS[1])
    if isinstance(told, ReportEvent):
        yield terminal.columns([moment, name, *_facts(told.data)], WIDTHS)
        if timings:
            spent = told.data.pipeline.timings_ms.items()
            yield f"{'':9}{', '.join(f'{visible(stage)} {ms:.1f} ms' for stage, ms in spent)}"
    elif isinstance(told, FailedEvent):
        head = "up.ignored" if told.data.disposition == "ignored" else "up.failed"
        yield terminal.columns([moment, name, say(head, code=visible(told.data.code))], WIDTHS[:2])
        yield f"{'':9}{_why(told)}"
        if hint := hint_for(told.data.code):
            yield f"{'':9}→ {hint}"
    else:
        yield terminal.columns(
            [moment, name, say("up.duplicate", detail=visible(wording.told(told.detail or "")))], WIDTHS[:2]
        )


def log_line(text: str) -> str | None:
    """A line of the service's log for people; None for what is no trouble, or is told of its file by an event."""
    try:
        entry: Mapping[str, Any] = json.loads(text)
        moment = datetime.fromisoformat(entry["timestamp"]).astimezone()
        message = str(entry["message"])
    except (ValueError, TypeError, KeyError):
        return None
    if entry.get("code") == _OUT_OF_TIME and message == "attempt_failed":
        return f"{moment:%H:%M:%S} {visible(str(entry.get('process', '')))}: {_late(entry)}"
    if (entry.get("level") not in _LEVELS and message not in _ALSO) or "report" in entry or _OF_CELERY.match(message):
        return None
    facts = {name: visible(wording.told(str(value))) for name, value in entry.items() if name not in _FORM}
    return f"{moment:%H:%M:%S} {visible(str(entry.get('process', '')))}: {_sentence(message, facts)}"


def _late(entry: Mapping[str, Any]) -> str:
    """An attempt that was over the time limit: minutes in which nothing else is told of the file."""
    attempt, most, report = (visible(str(entry.get(name, "?"))) for name in ("attempt", "of", "report"))
    return say("log.out_of_time", report=report, attempt=attempt, most=most)


def _sentence(message: str, facts: Mapping[str, str]) -> str:
    with suppress(KeyError):
        return say(f"log.{message}", **facts)
    return " ".join([visible(message), *(f"{name}={value}" for name, value in facts.items())])


def _facts(report: Report) -> Iterator[str]:
    yield terminal.shortened(visible(report.document.region or "-"), WIDTHS[2])
    yield visible(report.document.period or "-")
    yield str(len(report.metrics))
    yield str(len(report.warnings))
    yield f"{sum(report.pipeline.timings_ms.values()) / 1000:.2f}"


def _why(event: FailedEvent) -> str:
    # The message begins with the file's path, which the line has already.
    return visible(wording.told(event.data.message.removeprefix(f"{event.subject}: ")))


def _streams(of: names.Names) -> tuple[str, str, str]:
    return (of.results_stream, of.failures_stream, of.files_stream)


def _newest(client: connect.Client, stream: str) -> str:
    try:
        return subscribe.last_entry(client, stream)
    except connect.FAULTS:
        return "$"  # whatever is last when it comes


def _parsed(stream: str, text: str, *, is_step: bool) -> Told:
    if is_step:
        return FileStep.model_validate_json(text)
    kind = FailedEvent if names.kind_of(stream) == "failures" else ReportEvent
    return kind.model_validate_json(text)


def _is_news(told: Told, since: datetime) -> bool:
    """Not a step that an event tells, and not an event that was only restored."""
    return told.time >= since and (not isinstance(told, FileStep) or told.state == "duplicate")


def _is_past(seen: str, last: str) -> bool:
    return seen != "$" and _order(seen) >= _order(last)


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
