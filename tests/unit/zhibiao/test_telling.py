"""What `zhibiao up` tells people on a terminal."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from delivery import connect
from delivery.publish import Publisher
from schemas.events import FailedEvent, FailedFile, Failure, FileStep, ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Report, ReportWarning, SourceFile
from tests.waiting import eventually
from zhibiao.commands.telling import Account, Telling, lines, log_line
from zhibiao.wording import speak

NOW = datetime(2026, 11, 24, 8, 5, 9, tzinfo=UTC)
AT = f"{NOW.astimezone():%H:%M:%S}"


def report(path: str = "2023/报告.txt", figures: int = 2, when: datetime = NOW) -> ReportEvent:
    metric = Metric(
        indicator="案件", value="12", unit="件", sentence="", source=MetricSource(start=0, end=1, quote="1")
    )
    return ReportEvent.of(
        Report(
            id="d0c",
            source=SourceFile(
                name=path, path=path, sha256="00", size_bytes=1, media_type="text/plain", encoding="utf-8"
            ),
            document=Document(title="年报", region="新疆维吾尔自治区", period="2023"),
            metrics=(metric,) * figures,
            warnings=(ReportWarning(code="torn_number", message="4O"),),
            pipeline=PipelineInfo(version="1", timings_ms={"decode": 20.0, "extract": 230.04}),
        ),
        when,
    )


def failure(code: str, disposition: str = "quarantined") -> FailedEvent:
    failed = Failure.model_validate(
        {
            "id": "d0c",
            "source": FailedFile(name="b.pdf", path="b.pdf"),
            "code": code,
            "message": "b.pdf: stage decode: 3 pages\x1b[2J without text",
            "stage": "decode",
            "disposition": disposition,
        }
    )
    return FailedEvent.of(failed, "1", NOW)


def step(state: str) -> FileStep:
    return FileStep(number=1, id="d0c", path="c.txt", state=state, detail="same content as a.txt", time=NOW)


def test_a_report_is_one_line_of_eighty_columns_at_most() -> None:
    """Name, place, year, figures, warnings and seconds; the times of the stages on demand, below."""
    assert [*lines(report())] == [f"{AT} 2023/报告.txt                新疆…自治区  2023   2       1        0.25"]
    assert [*lines(report(), timings=True)][1:] == ["         decode 20.0 ms, extract 230.0 ms"]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            failure("needs_ocr"),
            [
                f"{AT} b.pdf                        failed (needs_ocr)",
                "         stage decode: 3 pages\\x1b[2J without text",
                "         → it is a scan: give it a text layer with a program for OCR, then drop it in again",
            ],
        ),
        (
            failure("something_new"),
            [
                f"{AT} b.pdf                        failed (something_new)",
                "         stage decode: 3 pages\\x1b[2J without text",
            ],
        ),
        (
            failure("symlink", "ignored"),
            [
                f"{AT} b.pdf                        left in the inbox (symlink)",
                "         stage decode: 3 pages\\x1b[2J without text",
                "         → put the file itself there",
            ],
        ),
        (
            step("duplicate"),
            [f"{AT} c.txt                        has been read before, nothing new: same content as a.txt"],
        ),
    ],
)
def test_what_gave_no_report_is_told_with_what_would_help(event: FailedEvent | FileStep, told: list[str]) -> None:
    """A hint where there is one for the code, and no character of the message acts on the terminal."""
    assert [*lines(event)] == told


def test_the_summary_counts_all_and_names_what_failed() -> None:
    account = Account()
    for event in (report(), report(figures=3), failure("needs_ocr"), step("duplicate")):
        account.note(event)

    assert [*account.lines(3725.9, Path("/state/service.log"))] == [
        "2 reports with 5 figures and 2 warnings; 1 failed, 1 read before; 1:02:05",
        "failed:",
        "  b.pdf: stage decode: 3 pages\\x1b[2J without text",
        "the log is /state/service.log",
    ]


def logged(level: str, message: str, **facts: object) -> str:
    return json.dumps({"level": level, "message": message, "process": "watcher", "timestamp": NOW.isoformat(), **facts})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (logged("warning", "alarm", alarm="queue", text="Redis\n is away"), "alarm queue: Redis\\x0a is away"),
        (
            logged("error", "died", part="worker1", status=-9, deaths=2, pause_s=0.5),
            "worker1 died (status -9) and is started again in 0.5 s",
        ),
        (logged("error", "of a kind that is new", why="x"), "of a kind that is new why=x"),
        (logged("warning", "died", part="worker1"), "died part=worker1"),
        (
            logged("info", "stopping", grace_s=30),
            "stopping: reports at work may finish within 30 s; Ctrl-C again cuts them short",
        ),
        (logged("info", "accepted"), None),
        (logged("error", "failed", report="a.txt"), None),
        (logged("warning", "Soft time limit (120s) exceeded for zhibiao.read_report[d0c-1-1]"), None),
        (
            logged("error", "attempt_failed", report="a.txt", attempt=1, of=3, code="out_of_time", ending="x at a:b:1"),
            "a.txt: attempt 1 of 3 took too long and was broken off",
        ),
        (logged("error", "attempt_failed", report="a.txt", attempt=1, of=3, code="", ending="KeyError at a:b:1"), None),
        ("Traceback (most recent call last):", None),
        ("[1]", None),
    ],
)
def test_trouble_in_the_log_is_told_and_nothing_else(text: str, told: str | None) -> None:
    """What is of one file is left to its event; a line that is none of ours is passed by."""
    assert log_line(text) == (told and f"{AT} watcher: {told}")


def test_everything_is_told_in_the_language_that_was_chosen() -> None:
    speak("zh")
    try:
        assert [*lines(failure("encrypted"))][::2] == [
            f"{AT} b.pdf                        未能读取（encrypted）",
            "         → 请保存一份不带密码的副本",
        ]
    finally:
        speak("en")


def test_a_telling_tells_what_is_published_until_it_is_finished(redis_url: str, tmp_path: Path) -> None:
    """Events since it began and trouble in the log, not what was restored; the summary has the last of them."""
    log, told = tmp_path / "service.log", list[str]()
    log.write_text(logged("error", "of before") + "\n", "utf-8")
    with connect.connect(redis_url) as client:
        publish = Publisher(client)
        telling = Telling(redis_url, "", log, told.append)
        telling.begin()
        with log.open("a", encoding="utf-8") as more:
            more.write(logged("error", "seen")[:20])
            more.flush()
            more.write(logged("error", "seen")[20:] + "\n")
        eventually(lambda: any("seen" in line for line in told))
        now = datetime.now(UTC) + timedelta(seconds=1)
        publish.file_steps([step("queued"), step("duplicate").model_copy(update={"time": now})])
        for event in (report("new.txt", when=now), report("restored.txt")):
            client.xadd(connect.names_of(client).results_stream, {"data": event.to_json()})
        telling.finish()

    assert told[0].split() == ["time", "file", "place", "year", "figures", "warnings", "seconds"]
    assert [line for line in told if "of before" in line or "restored" in line or "queued" in line] == []
    assert sorted(line.split()[1] for line in told[2:4]) == ["c.txt", "new.txt"]
    assert told[4].startswith("1 reports with 2 figures and 1 warnings; 0 failed, 1 read before; ")


def test_a_stream_that_cannot_be_read_stops_the_telling_and_nothing_else(redis_url: str, tmp_path: Path) -> None:
    """A key of another kind stands for what a Redis may refuse; the summary does not wait for what never comes."""
    log, told = tmp_path / "service.log", list[str]()
    log.touch()
    with connect.connect(redis_url) as client:
        client.set(connect.names_of(client).results_stream, "somebody else's")
    telling = Telling(redis_url, "", log, told.append)
    telling.begin()
    eventually(lambda: len(told) > 1)
    telling.finish()

    assert told[1].startswith("results cannot be shown here, the service goes on all the same: WRONGTYPE")
    assert told[2].startswith("0 reports with 0 figures")


@pytest.mark.parametrize(
    ("is_reading", "seen", "has_told"), [(True, "5-0", True), (True, "4-9", False), (False, "4-9", True)]
)
def test_all_is_told_once_the_last_entry_was_seen_or_nobody_reads_any_more(
    seen: str, *, is_reading: bool, has_told: bool
) -> None:
    of = SimpleNamespace(_reader=SimpleNamespace(is_alive=lambda: is_reading), _seen={"a": seen, "b": "9-0"})

    assert Telling._has_told(of, {"a": "5-0"}) is has_told  # type: ignore[arg-type]
