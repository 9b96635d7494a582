"""What the demo and tail make of events."""

import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.events import FailedEvent, FailedFile, Failure, Progress, ProgressEvent, ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Report, SourceFile
from zhibiao.board import Board
from zhibiao.commands import demo
from zhibiao.commands.tail import Wanted, line

NOW = datetime(2026, 11, 24, 8, 5, 9, tzinfo=UTC)


def _report(title: str | None = "湛江市2023年法治政府建设报告", path: str = "a.txt") -> ReportEvent:
    source = SourceFile(name=path, path=path, sha256="00", size_bytes=1, media_type="text/plain", encoding="utf-8")
    metric = Metric(
        indicator="案件", value="12", unit="件", sentence="", source=MetricSource(start=0, end=1, quote="1")
    )
    report = Report(
        id="d0c",
        source=source,
        document=Document(title=title, region="湛江市", period="2023"),
        metrics=(metric, metric),
        pipeline=PipelineInfo(version="1"),
    )
    return ReportEvent.of(report, NOW)


def _failure(message: str = "byte 0xFF at 512") -> FailedEvent:
    failure = Failure(
        id="d0c", source=FailedFile(name="b.txt", path="b.txt"), code="undecodable", message=message, stage="decode"
    )
    return FailedEvent.of(failure, "1", NOW)


def _step(stage: str, state: str = "finished", elapsed_ms: float | None = None) -> ProgressEvent:
    step = Progress.model_validate(
        {"id": "d0c", "path": "a.txt", "stage": stage, "state": state, "elapsed_ms": elapsed_ms}
    )
    return ProgressEvent(id="p", subject="a.txt", time=NOW, data=step)


def test_a_board_waits_until_every_file_has_ended() -> None:
    """A result and a failure are both an end; steps are none."""
    board = Board(["a.txt", "b.txt"])

    lines = [board.note(event) for event in (_step("queued"), _step("clean", "started"), _step("clean", "finished", 3))]
    assert lines == ["a.txt: queued", None, "a.txt: clean in 3.0 ms"]
    assert board.waiting == ["a.txt", "b.txt"]

    assert board.note(_report()) == "a.txt: result received, 湛江市, 2023, 2 figures"
    assert board.note(_failure()) == "b.txt: failed: byte 0xFF at 512"
    assert board.waiting == []
    assert board.failures == {"b.txt": "byte 0xFF at 512"}


def test_the_work_of_a_report_is_the_sum_of_its_stages_until_the_whole_is_known() -> None:
    """The last step tells the whole, queue and disk included."""
    board = Board(["a.txt"])
    for event in (_step("decode", elapsed_ms=2), _step("clean", elapsed_ms=3)):
        board.note(event)
    assert board.rows["a.txt"].spent_ms == 5

    board.note(_step("published", elapsed_ms=9))
    assert board.rows["a.txt"].spent_ms == 9


@pytest.mark.parametrize(
    ("wanted", "report", "failure"),
    [
        (Wanted(), True, False),
        (Wanted(failures=True), True, True),
        (Wanted(region="湛江市"), True, False),
        (Wanted(region="湛江"), False, False),
        (Wanted(region="湛江市", period="2022"), False, False),
        (Wanted(failures=True, period="2022"), False, True),
    ],
)
def test_tail_takes_what_was_asked_for(wanted: Wanted, *, report: bool, failure: bool) -> None:
    """Regions and periods match as a whole; failures have neither."""
    assert (wanted.takes(_report()), wanted.takes(_failure())) == (report, failure)


def test_a_line_for_people_holds_no_control_characters_and_keeps_to_its_width() -> None:
    """Whatever a title or a message says; the file's name is there, shortened in its middle."""
    long = _report(path="2023/" + "很长的文件名" * 9 + ".txt")

    assert (
        line(_report("标题\x1b[31m\n二"))[9:]
        == r"湛江市         2023   2       a.txt                    标题\x1b[31m\x0a二"
    )
    assert (
        line(_failure("坏\u202e"))[9:]
        == r"failed         -      -       b.txt                    undecodable: 坏\u202e"
    )
    assert line(_report(), 72)[9:] == "湛江市         2023   2       a.txt                    湛江市2…"
    assert line(long)[9:] == "湛江市         2023   2       2023/很长的…的文件名.txt 湛江市2023年法治政府建设报告"


@pytest.mark.parametrize("url", ["unix:///home/王 小明/state/redis/redis.sock", "redis://127.0.0.1:6380/0"])
def test_what_the_demo_invites_to_is_there_for_whoever_has_a_wheel(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands, and no file of the project."""
    demo._invite(tmp_path, url, 8480)

    said = capsys.readouterr().out
    assert f"ZHIBIAO_REDIS_URL={shlex.quote(url)} zhibiao tail --json" in said
    assert "examples/" not in said
    assert str(tmp_path / "inbox") in said
