"""``make demo``: a service of its own in a fresh folder, the seeds dropped in, and what was found in them.

On a terminal it goes on until Ctrl-C; elsewhere it ends by itself, with 0 when every report has arrived.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from rich.cells import cell_len
from rich.live import Live

from delivery import connect, logs, subscribe
from delivery.settings import SharedSettings
from page import extra
from schemas import names
from schemas.events import ProgressEvent
from schemas.visible import visible
from zhibiao import terminal
from zhibiao.board import Board, Event, found
from zhibiao.commands.extract import figures
from zhibiao.commands.tail import parse
from zhibiao.commands.up import subscribe_command
from zhibiao.exits import Failed
from zhibiao.running import embedded
from zhibiao.wording import say

_Shows = Callable[[Event, str], None]

#: Where the reports lie in an installed wheel, and where in a checkout.
SEEDS = (Path(__file__).parents[1] / "seeds", Path(__file__).parents[2] / "seeds")
WORKERS = 2
STOP_LIMIT_S = 60.0
SAMPLE_REPORTS = 2
SAMPLE_FIGURES = 6
TICK_S = 0.1
#: What one does next, with reports of one's own.
NEXT = (
    ("extract", "zhibiao extract report.pdf --table"),
    ("export", "zhibiao export reports/ -o figures.xlsx"),
    ("panel", "zhibiao panel work_report reports/ -o panel.xlsx"),
    ("up", "zhibiao up"),
)


def demo(limit_s: float, *, stay: bool | None, verbose: bool = False) -> None:
    """Run the demo; ``stay`` None means to stay on a terminal. ``verbose``: where there is none, tell each stage of each report.

    Raises:
        Failed: a report did not arrive, or the service died.
    """
    seeds = next((found for folder in SEEDS if (found := sorted(folder.glob("*.txt")))), [])
    if not seeds:
        raise Failed(say("demo.no_seeds", folder=", ".join(map(str, SEEDS))))
    logs.configure(SharedSettings(log_level="ERROR"), "demo")  # that Redis goes away at the end is no news
    stay = sys.stdout.isatty() if stay is None else stay
    deadline_s = time.monotonic() + limit_s
    home = Path(tempfile.mkdtemp(prefix="zhibiao-demo-"))
    board = Board([seed.name for seed in seeds])
    port = None if extra.missing() else _free_port()
    with _removed_at_ctrl_c(home), _service(home, port) as service:
        url = _wait_for_redis(home, service, deadline_s)
        if port:
            print(say("demo.browser", url=_address(port)), file=sys.stderr)
        events = _events(url)
        _drop(seeds, home)
        _watch(board, events, service, deadline_s, verbose=verbose)
        _show(board)
        _say_what_is_next()
        if stay:
            _invite(home, url, port)
            _stay(board, events, service, verbose=verbose)
    if board.failures:
        raise Failed("; ".join(f"{path}: {reason}" for path, reason in board.failures.items()))
    if stay:
        print(say("demo.kept", home=home), file=sys.stderr)
    else:
        shutil.rmtree(home)


class Service:
    """``zhibiao up`` in a folder of its own, its log in a file, its page on a port of its own."""

    def __init__(self, home: Path, port: int | None) -> None:
        self.log = home / "service.log"
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        environ |= {
            "ZHIBIAO_WORKERS": str(WORKERS),
            "ZHIBIAO_LOG_FORMAT": "json",
            "ZHIBIAO_PAGE": str(port is not None),
        }
        environ |= {"ZHIBIAO_PAGE_PORT": str(port)} if port else {}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "zhibiao", "up"],
                cwd=home,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise what it died of.

        Raises:
            Failed: it has ended.
        """
        if self._process.poll() is not None:
            raise Failed(say("demo.ended", status=self._process.returncode, log=self.tail()))

    def tail(self) -> str:
        """Where its log is, and how it ends."""
        lines = self.log.read_text("utf-8", "replace").splitlines()[-12:]
        return "\n  ".join([say("demo.log_end", log=self.log), *lines])

    def stop(self) -> None:
        """Let it finish and end."""
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def _removed_at_ctrl_c(home: Path) -> Iterator[None]:
    # After a failure the folder stays: the log in it tells more.
    try:
        yield
    except KeyboardInterrupt:
        shutil.rmtree(home)
        raise


@contextmanager
def _service(home: Path, port: int | None) -> Iterator[Service]:
    service = Service(home, port)
    try:
        yield service
    finally:
        service.stop()


def _wait_for_redis(home: Path, service: Service, deadline_s: float) -> str:
    while not (url := embedded.running_url(home / "state")):
        service.check()
        if time.monotonic() > deadline_s:
            raise Failed(say("demo.no_redis", log=service.tail()))
        time.sleep(TICK_S)
    return url


def _events(url: str) -> "SimpleQueue[Event]":
    """Progress as it is told, results and failures from their streams, so that none is missed."""
    received: SimpleQueue[Event] = SimpleQueue()

    def hear_progress() -> None:
        for _channel, text in subscribe.listen(connect.connect(url), [names.DEFAULT.progress_channel]):
            received.put(ProgressEvent.model_validate_json(text))

    def hear_ends() -> None:
        streams = dict.fromkeys((names.DEFAULT.results_stream, names.DEFAULT.failures_stream), "0")
        for stream, _entry_id, text in subscribe.follow(connect.connect(url), streams):
            received.put(parse(stream, text))

    for hear in (hear_progress, hear_ends):
        Thread(target=hear, daemon=True).start()
    return received


def _drop(seeds: list[Path], home: Path) -> None:
    """Put the reports into the inbox as programs should: written elsewhere, then renamed in, whole at once."""
    for seed in seeds:
        elsewhere = home / f"{seed.name}.part"
        shutil.copyfile(seed, elsewhere)
        elsewhere.rename(home / "inbox" / seed.name)


def _watch(board: Board, events: "SimpleQueue[Event]", service: Service, deadline_s: float, *, verbose: bool) -> None:
    with _progress(board, verbose=verbose) as show:
        while board.waiting:
            service.check()
            if time.monotonic() > deadline_s:
                raise Failed(say("demo.late", files=", ".join(board.waiting), log=service.tail()))
            _take(board, events, show)


def _take(board: Board, events: "SimpleQueue[Event]", show: _Shows) -> None:
    try:
        event = events.get(timeout=TICK_S)
    except Empty:
        return
    if line := board.note(event):
        show(event, line)


@contextmanager
def _progress(board: Board, *, verbose: bool) -> Iterator[_Shows]:
    """A way to show a step: a table that changes in place on a terminal, elsewhere a line for each end, or for every step."""
    console = terminal.err()
    if not console.is_terminal:
        yield _lines(verbose=verbose)
        return
    with Live(board.table(), console=console, refresh_per_second=10) as live:
        yield lambda _event, _line: live.update(board.table())


def _lines(*, verbose: bool) -> _Shows:
    def show(event: Event, line: str) -> None:
        if verbose or not isinstance(event, ProgressEvent):
            print(line, file=sys.stderr)

    return show


def _show(board: Board) -> None:
    terminal.show(found(board.reports))
    for report in board.reports[:SAMPLE_REPORTS]:
        print(f"\n{visible(report.document.title or report.source.name)}")
        for line in terminal.lines_of(figures(report, SAMPLE_FIGURES, terminal.width()), terminal.width()):
            print(line)


def _free_port() -> int:
    """A port for the page that nobody has just now: the usual one may be that of a real service."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _invite(home: Path, url: str, port: int | None) -> None:
    rows = [
        (say("demo.page"), _address(port) if port else extra.INSTALL),
        (say("demo.inbox"), str(home / "inbox")),
        (say("demo.subscribe"), subscribe_command(url)),
        ("", f"ZHIBIAO_REDIS_URL={shlex.quote(url)} zhibiao tail --json"),
    ]
    print()
    for row in rows:
        print(terminal.columns(row, [10]))
    print(f"\n{say('demo.drop')}", flush=True)


def _say_what_is_next() -> None:
    print(f"\n{say('demo.next')}")
    rows = [(command, say(f"demo.{name}")) for name, command in NEXT]
    if not shutil.which("zhibiao"):
        rows.insert(0, (f"source {shlex.quote(str(Path(sys.prefix) / 'bin/activate'))}", say("demo.activate")))
    widest = max(cell_len(command) for command, _ in rows)
    for row in rows:
        print(f"  {terminal.padded(row, [widest + 2])}")
    sys.stdout.flush()


def _stay(board: Board, events: "SimpleQueue[Event]", service: Service, *, verbose: bool) -> None:
    show = _lines(verbose=verbose)
    try:
        while True:
            service.check()
            _take(board, events, show)
    except KeyboardInterrupt:
        return
