"""The demo without its service: what it starts, waits for, shows and leaves behind."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from schemas import names
from schemas.events import FailedEvent, Progress, ProgressEvent, ReportEvent
from schemas.report import Document
from tests.conftest import NOW
from zhibiao import terminal
from zhibiao.board import Board
from zhibiao.commands import demo as module
from zhibiao.exits import Failed


class Stage:
    """A demo whose service, Redis and events are made up; the steps that it took are in ``steps``."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.steps = folder, list[Any]()
        self.seeds = folder / "seeds"
        self.seeds.mkdir()
        self.home = folder / "home"
        self.events: SimpleQueue[Any] = SimpleQueue()
        self.service: Any = SimpleNamespace(check=lambda: None, tail=lambda: "its log", stop=lambda: self._do("stop"))

        def make(prefix: str) -> str:
            self._do(prefix)
            (self.home / "inbox").mkdir(parents=True)
            return str(self.home)

        monkeypatch.setattr(module, "SEEDS", (folder / "none", self.seeds))
        monkeypatch.setattr(module.tempfile, "mkdtemp", make)
        monkeypatch.setattr(module.logs, "configure", lambda settings, name: self._do((settings.log_level, name)))
        monkeypatch.setattr(module, "Service", lambda home, port: self._do((home, port)) or self.service)
        monkeypatch.setattr(module.embedded, "running_url", lambda state: self._do(state) or "unix:///r.sock")
        monkeypatch.setattr(module, "_events", lambda url: self._do(url) or self.events)
        monkeypatch.setattr(module, "_free_port", lambda: 8123)
        monkeypatch.setattr(module.extra, "missing", lambda: ())
        monkeypatch.setattr(module, "_stay", lambda *_, **__: self._do("stay"))

    def _do(self, step: Any) -> None:
        self.steps.append(step)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


def ended(event: Any, name: str) -> Any:
    return event.model_copy(update={"subject": name})


def test_without_reports_nothing_is_begun(stage: Stage) -> None:
    with pytest.raises(Failed, match=rf"^{stage.folder}/none, {stage.seeds}: no reports to show"):
        module.demo(9, stay=False)
    assert stage.steps == []


@pytest.mark.parametrize(("stay", "is_terminal"), [(True, False), (False, True), (None, False), (None, True)])
def test_a_demo_drops_shows_and_says_what_is_next(
    stage: Stage,
    report_event: Callable[..., ReportEvent],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    stay: bool | None,
    is_terminal: bool,
) -> None:
    """It stays where it was told to, or where somebody looks; then its files are kept, else they are gone."""
    for name in ("b.txt", "a.txt", "c.md"):
        (stage.seeds / name).write_text("报告")
    for name in ("a.txt", "b.txt"):
        stage.events.put(ended(report_event(), name))
    monkeypatch.setattr(module.sys.stdout, "isatty", lambda: is_terminal)
    module.demo(1e6, stay=stay)
    stays = is_terminal if stay is None else stay
    out, err = capsys.readouterr()

    assert stage.steps == [
        ("ERROR", "demo"), "zhibiao-demo-", (stage.home, 8123), stage.home / "state", "unix:///r.sock",
        *(["stay"] if stays else []), "stop",
    ]  # fmt: skip
    assert err.splitlines()[0] == "look at it in a browser: http://127.0.0.1:8123/"
    assert [line.split(":")[0] for line in err.splitlines()[1:3]] == ["a.txt", "b.txt"]
    assert ("zhibiao tail --json" in out) is stays
    assert ("What to try next" in out, "zhibiao up" in out) == (True, True)
    assert stage.home.exists() is stays
    assert (f"the files are kept in {stage.home}" in err) is stays
    if stays:
        assert sorted(path.name for path in (stage.home / "inbox").iterdir()) == ["a.txt", "b.txt"]


def test_a_report_that_could_not_be_read_fails_the_demo_and_leaves_its_files(
    stage: Stage, failed_event: FailedEvent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where the page is not installed, none is spoken of."""
    monkeypatch.setattr(module.extra, "missing", lambda: ("starlette",))
    (stage.seeds / "a.txt").write_text("报告")
    stage.events.put(ended(failed_event, "a.txt"))
    with pytest.raises(Failed, match=r"^a\.txt: …$"):
        module.demo(1e6, stay=True)
    assert (stage.home, None) in stage.steps
    assert "browser" not in capsys.readouterr().err
    assert stage.home.exists()


def test_ctrl_c_leaves_nothing_behind(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    (stage.seeds / "a.txt").write_text("报告")

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_watch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        module.demo(1e6, stay=True)
    assert stage.steps[-1] == "stop"
    assert not stage.home.exists()


def test_redis_is_waited_for_until_it_answers_or_the_time_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([None, None, "redis://h/0", None])
    slept: list[float] = []
    monkeypatch.setattr(module.embedded, "running_url", lambda _: next(answers))
    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=slept.append, monotonic=lambda: 5.0))
    assert module._wait_for_redis(stage.home, stage.service, 5.0) == "redis://h/0"
    assert slept == [0.1, 0.1]
    with pytest.raises(Failed, match="Redis did not start in time; its log"):
        module._wait_for_redis(stage.home, stage.service, 4.9)


@pytest.mark.parametrize(("port", "page"), [(8123, {"ZHIBIAO_PAGE_PORT": "8123"}), (None, {})])
def test_the_service_is_begun_in_a_folder_and_with_settings_of_its_own(
    port: int | None, page: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setenv("ZHIBIAO_SITE", "mine")
    monkeypatch.setenv("OTHER", "kept")
    monkeypatch.setattr(module.subprocess, "Popen", lambda command, **options: given.append((command, options)))
    service = module.Service(tmp_path, port)

    [(command, options)] = given
    assert command == [sys.executable, "-P", "-m", "zhibiao", "up"]
    environ = options.pop("env")
    assert environ["OTHER"] == "kept"
    assert {name: value for name, value in environ.items() if name.startswith("ZHIBIAO_")} == {
        "ZHIBIAO_WORKERS": "2", "ZHIBIAO_LOG_FORMAT": "json", "ZHIBIAO_PAGE": str(port is not None), **page,
    }  # fmt: skip
    assert options.pop("stdout") is options.pop("stderr")
    assert options == {"cwd": tmp_path, "stdin": subprocess.DEVNULL, "start_new_session": True}
    assert service.log == tmp_path / "service.log"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_service_that_does_not_end_is_killed(*, is_late: bool) -> None:
    done: list[Any] = []

    def wait(timeout: float | None = None) -> None:
        done.append(("wait", timeout))
        if is_late and timeout is not None:
            raise subprocess.TimeoutExpired("up", timeout)

    service = object.__new__(module.Service)
    service._process = SimpleNamespace(  # type: ignore[assignment]
        terminate=lambda: done.append("terminate"), kill=lambda: done.append("kill"), wait=wait, poll=lambda: None
    )
    service.check()
    service.stop()
    assert done == ["terminate", ("wait", 60.0), *(["kill", ("wait", None)] if is_late else [])]


def test_progress_and_ends_come_in_one_queue(
    report_event: Callable[..., ReportEvent], failed_event: FailedEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the beginning of their streams."""
    step = ProgressEvent(id="p", subject="a.txt", time=NOW, data=Progress(id="d", path="a.txt", stage="clean"))
    asked: list[Any] = []
    of = names.DEFAULT

    def listen(client: Any, channels: list[str]) -> Iterator[tuple[str, str]]:
        asked.append((client, channels))
        yield channels[0], step.to_json()

    def follow(client: Any, streams: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        asked.append((client, streams))
        yield of.results_stream, "1-1", report_event().to_json()
        yield of.failures_stream, "1-2", failed_event.to_json()

    monkeypatch.setattr(module.subscribe, "listen", listen)
    monkeypatch.setattr(module.subscribe, "follow", follow)
    monkeypatch.setattr(module.connect, "connect", lambda url: url)
    monkeypatch.setattr(
        module, "Thread", lambda target, daemon: SimpleNamespace(start=lambda: target() if daemon else None)
    )
    received = module._events("redis://h/0")
    assert [received.get_nowait() for _ in range(3)] == [step, report_event(), failed_event]
    assert asked == [
        ("redis://h/0", [of.progress_channel]),
        ("redis://h/0", {of.results_stream: "0", of.failures_stream: "0"}),
    ]


@pytest.mark.parametrize(
    ("is_terminal", "verbose", "lines"),
    [
        (False, False, ["a.txt: end"]),
        (False, True, ["a.txt: clean", "a.txt: end"]),
        (True, False, []),
        (True, True, []),
    ],
)
def test_steps_are_a_table_that_changes_where_somebody_looks(
    report_event: Callable[..., ReportEvent],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lines: list[str],
    *,
    is_terminal: bool,
    verbose: bool,
) -> None:
    """Elsewhere a line for what has ended, and for each step where it is asked for."""
    step = ProgressEvent(id="p", subject="a.txt", time=NOW, data=Progress(id="d", path="a.txt", stage="clean"))
    shown: list[int] = []
    board = Board(["a.txt"])

    @contextmanager
    def live(table: Any, *, console: Any, refresh_per_second: int) -> Iterator[Any]:
        shown.append(table.row_count * refresh_per_second)
        assert console.is_terminal
        yield SimpleNamespace(update=lambda table: shown.append(table.row_count))

    monkeypatch.setattr(module, "Live", live)
    monkeypatch.setattr(terminal, "err", lambda: SimpleNamespace(is_terminal=is_terminal))
    with module._progress(board, verbose=verbose) as show:
        board.rows["b.txt"] = board.rows["a.txt"]
        show(step, "a.txt: clean")
        show(report_event(), "a.txt: end")
    assert shown == ([10, 2, 2] if is_terminal else [])
    assert capsys.readouterr().err.splitlines() == lines


@pytest.mark.parametrize("is_there", [False, True])
def test_what_is_next_begins_with_the_commands_of_the_checkout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, is_there: bool
) -> None:
    """Where the shell does not find them; what each does stands in a column."""
    monkeypatch.setattr(module.shutil, "which", lambda name: "/bin/it" if is_there and name == "zhibiao" else None)
    monkeypatch.setattr(module.sys, "prefix", "/a b/.venv")
    module._say_what_is_next()
    head, *lines = capsys.readouterr().out.strip().splitlines()
    activate = "source '/a b/.venv/bin/activate'"
    commands = [*([] if is_there else [activate]), *(command for _, command in module.NEXT)]
    assert head == "What to try next, on reports of your own:"
    assert [line[2:].split("  ")[0].rstrip() for line in lines] == commands
    widest = max(map(len, commands))
    says = [line[2 + widest + 2 :].strip() for line in lines]
    assert [line[: 2 + widest + 2].strip() for line in lines] == commands
    assert says[-1] == "the service: whatever is dropped into inbox/ is read"
    assert (says[0] == "once in this terminal") is not is_there


def test_who_stays_sees_what_comes_until_ctrl_c(
    report_event: Callable[..., ReportEvent], capsys: pytest.CaptureFixture[str]
) -> None:
    events: SimpleQueue[Any] = SimpleQueue()
    events.put(ended(report_event(), "mine.txt"))
    looks = iter([None, None])

    def check() -> None:
        if next(looks, KeyboardInterrupt):
            raise KeyboardInterrupt

    module._stay(Board([]), events, SimpleNamespace(check=check), verbose=False)  # type: ignore[arg-type]
    assert capsys.readouterr().err.startswith("mine.txt: result received")


def test_a_port_for_the_page_is_a_free_one() -> None:
    assert 1024 <= module._free_port() < 65_536


def test_two_of_the_reports_are_shown_with_six_figures_each(
    report_event: Callable[..., ReportEvent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under their titles, or the names of their files; all of them are in the list before."""
    reports = [
        report_event().data.model_copy(update={"document": Document(title=title)}) for title in ("甲", None, "丙")
    ]
    listed: list[Any] = []
    monkeypatch.setattr(module.terminal, "show", listed.append)
    monkeypatch.setattr(module, "found", lambda reports: f"{len(reports)} reports")
    monkeypatch.setattr(module, "figures", lambda report, most, width: (report.document.title, most, width))
    monkeypatch.setattr(module.terminal, "width", lambda: 80)
    monkeypatch.setattr(module.terminal, "lines_of", lambda table, width: [f"{table} {width}"])
    module._show(SimpleNamespace(reports=reports))  # type: ignore[arg-type]

    assert listed == ["3 reports"]
    name = reports[1].source.name
    assert capsys.readouterr().out == f"\n甲\n('甲', 6, 80) 80\n\n{name}\n(None, 6, 80) 80\n"
