"""What the demo and tail make of events."""

import io
import math
import shlex
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from rich.console import Console
from rich.text import Text
from structlog.testing import capture_logs

from schemas import names
from schemas.events import FailedEvent, FailedFile, Failure, Progress, ProgressEvent, ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Report, ReportWarning, SourceFile
from zhibiao.board import Board, found, summary
from zhibiao.commands import demo, extract
from zhibiao.commands import tail as command
from zhibiao.commands.tail import Wanted, _events, line
from zhibiao.exits import Failed
from zhibiao.running.presence import Presence
from zhibiao.settings import ServiceSettings
from zhibiao.terminal import lines_of
from zhibiao.wording import say

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


def test_a_board_shows_what_has_become_of_each_file() -> None:
    """Where it is, how long that took, and its end; a file that nobody dropped has a row, too."""
    board = Board(["a.txt", "b.txt", "c\x1b.txt"])
    for event in (_step("clean", elapsed_ms=3.4), _step("extract", elapsed_ms=4.4)):
        board.note(event)
    before = lines_of(board.table(), 100)
    for end in (_step("published", elapsed_ms=12.0), _report(), _failure()):
        board.note(end)
    after = lines_of(board.table(), 100)

    assert [line.split() for line in before] == [
        ["file", "stage", "work", "result"],
        ["a.txt", "extract", "8", "ms", "…"], ["b.txt", "dropped", "…"], ["c\\x1b.txt", "dropped", "…"],
    ]  # fmt: skip
    assert after[1].split() == ["a.txt", "published", "12", "ms", "湛江市,", "2023,", "2", "figures"]
    assert after[2].split() == ["b.txt", "dropped", "byte", "0xFF", "at", "512"]
    heads, named, unnamed = (
        lines_of(found(reports), 100) for reports in ([], board.reports, [_report(title=None).data])
    )
    assert [word.strip() for word in heads[2].split("┃")[1:-1]] == ["title", "place", "year", "figures"]
    assert [[word.strip() for word in lines[4].split("│")[1:-1]] for lines in (named, unnamed)] == [
        ["湛江市2023年法治政府建设报告", "湛江市", "2023", "2"], ["a.txt", "湛江市", "2023", "2"],
    ]  # fmt: skip
    assert summary(_report().data) == "湛江市, 2023, 2 figures"
    ends = [cell for cell in board.table().columns[3].cells if isinstance(cell, Text)]
    assert [cell.style for cell in ends] == ["green", "red", ""]
    assert [column.justify for column in found(board.reports).columns] == ["left", "left", "left", "right"]


@pytest.mark.parametrize(
    ("wanted", "report", "failure"),
    [
        (Wanted(), True, False),
        (Wanted(failures=True), True, True),
        (Wanted(region="湛江市"), True, False),
        (Wanted(region="吴川市"), False, False),
        (Wanted(period="2023"), True, False),
        (Wanted(period="2024", failures=True), False, True),
        (Wanted(region="湛江市", period="2024"), False, False),
    ],
)
def test_tail_takes_what_is_wanted_and_says_what_it_cannot_read(wanted: Wanted, *, report: bool, failure: bool) -> None:
    """One entry that is no event ends nothing."""
    entries = [
        (names.DEFAULT.results_stream, "1-1", "{}"),
        (names.DEFAULT.results_stream, "1-2", _report().to_json()),
        (names.DEFAULT.failures_stream, "1-3", _failure().to_json()),
    ]
    with capture_logs() as logs:
        taken = [*_events(iter(entries), wanted)]

    assert [(text, type(event)) for text, event in taken] == [
        *([(entries[1][2], ReportEvent)] if report else []), *([(entries[2][2], FailedEvent)] if failure else []),
    ]  # fmt: skip
    assert [(line["event"], line["stream"], line["entry"]) for line in logs] == [
        ("unreadable_event", names.DEFAULT.results_stream, "1-1")
    ]
    of = names.Names("gz")
    assert wanted.streams(of) == ((of.results_stream, of.failures_stream) if wanted.failures else (of.results_stream,))


@pytest.mark.parametrize(("from_id", "after"), [(None, "$"), ("5-0", "4-18446744073709551615"), ("5-3", "5-2")])
@pytest.mark.parametrize(("as_json", "is_terminal"), [(True, False), (False, False), (False, True)])
def test_tail_prints_so_many_from_there_on(
    from_id: str | None,
    after: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    *,
    as_json: bool,
    is_terminal: bool,
) -> None:
    """With a head for people, who are told that it waits for what is new; programs get the event as it was."""
    complaints = io.StringIO()
    console = Console(file=complaints, force_terminal=is_terminal, width=200)
    monkeypatch.setattr(command.terminal, "err", lambda: console)
    followed: list[dict[str, str]] = []
    text = _report().to_json()

    def follow(_client: object, streams: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        followed.append(streams)
        yield from [(names.DEFAULT.results_stream, "1-2", text)] * 5

    at_once: list[bool] = []

    def printed(said: str, *, flush: bool = False) -> None:
        at_once.append(flush)
        sys.stdout.write(f"{said}\n")

    monkeypatch.setattr(command, "print", printed, raising=False)
    monkeypatch.setattr(command.logs, "configure", lambda *_: None)
    monkeypatch.setattr(command, "look", lambda *_: Presence(Path("/"), None, "redis://h/0", answers=True))
    monkeypatch.setattr(command, "connected", lambda *_: nullcontext(redis.Redis()))
    monkeypatch.setattr(command, "Thread", lambda **_: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr(command.subscribe, "follow", follow)
    command.tail(ServiceSettings(_env_file=None), Wanted(), from_id, 2, as_json=as_json)
    out, err = capfd.readouterr().out, complaints.getvalue()

    assert followed == [{names.DEFAULT.results_stream: after}]
    assert at_once == ([] if as_json else [True] * 3)
    assert "no watcher runs over /" in err
    assert (say("tail.waiting") in err) is (is_terminal and from_id is None)
    lines = out.splitlines()
    if as_json:
        assert lines == [text] * 2
    else:
        assert lines[0].split() == ["time", "place", "year", "figures", "file", "title"]
        assert lines[1:] == [line(_report(), None)] * 2


def test_the_demo_drops_whole_files_and_waits_for_their_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says each step, and which are late; a service that has ended is no longer waited for."""
    (tmp_path / "inbox").mkdir()
    seed = tmp_path / "a.txt"
    seed.write_text("报告")
    demo._drop([seed], tmp_path)
    assert [path.read_text() for path in (tmp_path / "inbox").iterdir()] == ["报告"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "inbox"]

    events: SimpleQueue[Any] = SimpleQueue()
    service: Any = SimpleNamespace(check=lambda: None, tail=lambda: "its log")
    board = Board(["a.txt"])
    for event in (_step("clean", "started"), _report()):
        events.put(event)
    demo._watch(board, events, service, math.inf, verbose=False)
    assert capsys.readouterr().err == "a.txt: result received, 湛江市, 2023, 2 figures\n"
    with pytest.raises(Failed, match=r"b\.txt") as late:
        demo._watch(Board(["b.txt"]), events, service, -math.inf, verbose=False)
    assert "its log" in str(late.value)

    ended = object.__new__(demo.Service)
    ended.log = tmp_path / "service.log"
    ended.log.write_text("".join(f"line {number}\n" for number in range(20)))
    ended._process = SimpleNamespace(poll=lambda: 3, returncode=3)  # type: ignore[assignment]
    with pytest.raises(Failed) as died:
        ended.check()
    assert "3" in str(died.value)
    assert str(died.value).count("\n  line ") == 12
    assert str(died.value).endswith("line 19")
    demo._show(board)
    demo._invite(tmp_path, "redis://:p@h/0", 8480)
    told = capsys.readouterr().out
    for said in (
        "湛江市2023年法治政府建设报告",
        "http://127.0.0.1:8480/",
        str(tmp_path / "inbox"),
        "ZHIBIAO_REDIS_URL=redis://:p@h/0 zhibiao tail --json",
    ):
        assert said in told


@pytest.mark.parametrize(("most", "limit"), [(109, 2), (110, 9)])
def test_a_table_of_figures_marks_what_is_to_be_looked_at(most: int, limit: int) -> None:
    """Words from 110 columns on, and numbers to the right; a figure under 80 % is yellow, one of no confidence is not; one without a name fades."""
    read = _report().data
    made = [read.metrics[0].model_copy(update=more) for more in (
        {"confidence": 0.8, "value": "3", "value_high": "5", "qualifier": "over"}, {"confidence": 0.79}, {"confidence": None},
        {"confidence": 0.0, "indicator": ""},
    )]  # fmt: skip
    table = extract.figures(read.model_copy(update={"metrics": tuple(made)}), limit, most)

    assert str(table.title) == ("2 of 4 figures" if limit == 2 else "4 figures")
    assert [column.justify for column in table.columns] == [
        "right", "left", "right", "left", "left", "left", "right", *(["left"] if most == 110 else []),
    ]  # fmt: skip
    assert [row.style for row in table.rows] == ["", "yellow", "", "dim"][:limit]
    shown = [[str(cell) for cell in column.cells] for column in table.columns]
    assert shown[0] == ["1", "2", "3", "4"][:limit]
    assert ("(no name: cannot be used)" in shown[1]) is (limit > 3)
    assert (shown[2][0], shown[6]) == ("≥3–5", ["80%", "79%", "", "0%"][:limit])
    facts = extract.facts(read)
    assert [cell.style for cell in facts.columns[0].cells if isinstance(cell, Text)] == ["bold"] * 3


@pytest.mark.parametrize("is_low", [False, True])
def test_what_is_printed_of_a_report_ends_with_what_a_reader_should_know(
    monkeypatch: pytest.MonkeyPatch, *, is_low: bool
) -> None:
    """Its figures below an empty line, how many are to be looked at below another, its warnings last, a line for each place with its words."""
    printed: list[list[str]] = []
    monkeypatch.setattr(extract.terminal, "page", printed.append)
    read = _report().data
    metrics = tuple(one.model_copy(update={"confidence": 0.5 if is_low else 0.9}) for one in read.metrics)
    said = {"code": "torn_number", "message": "a number\x1b is torn"}
    places = ({}, {"start": 2, "end": 8}, {"start": 5, "end": 6, "code": "decode_damage"}, {"start": 30})
    warnings = tuple(ReportWarning(**{**said, **place}) for place in places)
    extract.print_tables(read.model_copy(update={"metrics": metrics, "warnings": warnings}), "一。\n二三\x1b四五。")

    [lines] = printed
    figures = lines.index("2 figures")
    low = ["", "2 of them are less than 80 % sure: look at these first"] if is_low else []
    assert lines[figures - 1] == ""
    told = r"warning: torn_number: a number\x1b is torn"
    assert lines[figures + 4 :] == [*low, told, rf"{told} — “二三\x1b四五” (and decode_damage)", told]
