"""Commands of a few lines: what they ask of the parts behind them, and what they say of what came of it."""

import hashlib
import json
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from exports.folder import Unread
from schemas.events import ReportEvent
from schemas.ids import document_id
from schemas.metric import Metric, MetricSource
from store.writing import FILE_NAME, StoreError
from zhibiao import cli
from zhibiao.commands import codebook, documents, export, gold, panel, review, view
from zhibiao.commands import page as page_command
from zhibiao.commands import store as store_command
from zhibiao.exits import Failed
from zhibiao.running import supervisor
from zhibiao.running.embedded import EmbeddedRedisError
from zhibiao.running.process_lock import hold
from zhibiao.settings import ServiceSettings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServiceSettings:
    monkeypatch.chdir(tmp_path)
    for name in ("processed", "state"):
        (tmp_path / name).mkdir()
    return ServiceSettings(_env_file=None)  # type: ignore[call-arg]


def test_a_store_is_built_from_the_archive_and_says_what_it_could_not_read(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[Any] = []
    unread = [Unread("a\x1b.json", "it is none"), Unread("b.json", "it is odd")]
    monkeypatch.setattr(store_command, "build", lambda *where: given.append(where) or (7, unread))
    store_command.rebuild(settings)
    file = settings.state / FILE_NAME

    assert given == [(file, settings.processed)]
    assert capsys.readouterr().err.splitlines() == [
        f"7 reports in {file}", r"not read: a\x1b.json: it is none", "not read: b.json: it is odd",
    ]  # fmt: skip


@pytest.mark.parametrize("error", [StoreError("kept by a service"), OSError(28, "No space left")])
def test_a_store_that_cannot_be_built_says_why(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(store_command, "build", refuse)
    with pytest.raises(Failed) as failed:
        store_command.rebuild(settings)
    assert str(failed.value) == str(error)
    settings.processed.rmdir()
    with pytest.raises(Failed, match="processed"):
        store_command.rebuild(settings)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_store_says_how_much_is_in_it(
    settings: ServiceSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    as_json: bool,
) -> None:
    opened: list[Any] = []
    views = SimpleNamespace(sizes=lambda: {"documents": 2, "figures": 30}, close=lambda: opened.append("closed"))
    monkeypatch.setattr(store_command, "Views", lambda file: opened.append(file) or views)
    store_command.status(settings, as_json=as_json)
    told = capsys.readouterr().out
    assert opened == [settings.state / FILE_NAME, "closed"]
    if as_json:
        assert json.loads(told) == {"documents": 2, "figures": 30}
    else:
        assert told == "documents     2\nfigures       30\n"


def test_without_a_store_the_reason_is_given(settings: ServiceSettings) -> None:
    with pytest.raises(Failed, match=r"store\.sqlite"):
        store_command.status(settings, as_json=False)


def test_the_page_asks_for_the_redis_of_its_folder_and_says_why_it_cannot_begin(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from page import serving

    given: list[Any] = []
    page_settings = page_command.PageSettings(_env_file=None)  # type: ignore[call-arg]
    monkeypatch.setattr(page_command.logs, "configure", lambda *what: given.append(what))
    monkeypatch.setattr(page_command, "find_redis", lambda one: one)
    monkeypatch.setattr(serving, "serve", lambda one, find: given.append((one, find())))
    page_command.page(page_settings)
    assert given == [(page_settings, "page"), (page_settings, page_settings)]
    for error, why in (
        (serving.PortTaken("port 8480 is taken"), "port 8480 is taken"),
        (
            OSError(99, "Cannot assign requested address"),
            "http://127.0.0.1:8480/: Cannot assign requested address; mend",
        ),
        (OSError("odd"), "http://127.0.0.1:8480/: odd; mend ZHIBIAO_PAGE_ADDRESS"),
    ):

        def refuse(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(serving, "serve", refuse)
        with pytest.raises(Failed) as failed:
            page_command.page(page_settings)
        assert str(failed.value).startswith(why)


@pytest.mark.parametrize("site", ["", "gz"])
def test_a_view_is_of_the_document_that_the_service_would_publish(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    (tmp_path / "inbox" / "2023").mkdir(parents=True)
    file = tmp_path / "inbox" / "2023" / "a.txt"
    file.write_text("某市2023年报告\n共12件。\n", "utf-8")
    given: list[Any] = []

    def read(data: bytes, origin: Any, *_: object) -> Any:
        given.append((data, origin))
        raise view.IngestError("odd", "decode", "none")

    monkeypatch.setattr(view, "read", read)
    with pytest.raises(Failed):
        view.view(settings.model_copy(update={"site": site}), file, tmp_path / "v.html", "en")
    [(data, origin)] = given
    wire = "2023/a.txt"
    assert data == file.read_bytes()
    assert [*vars(origin).values()][:4] == [document_id(wire, site), "a.txt", wire, hashlib.sha256(data).hexdigest()]


@pytest.mark.parametrize("strangers", [0, 2])
@pytest.mark.parametrize("file", [None, "g.jsonl"])
def test_cases_are_written_and_counted(
    settings: ServiceSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    strangers: int,
    file: str | None,
) -> None:
    """To standard output where no file is named; a review of a document that is not here is no case, and is told."""
    cases = [{"metrics": [1, 2], "no_figures": [[0, 1]], "名": "甲"}, {"metrics": [3], "no_figures": []}]
    monkeypatch.setattr(gold, "_cases", lambda *_: cases)
    monkeypatch.setattr(gold.Record, "strangers", lambda _: ["review"] * strangers)
    gold.export(settings, settings.processed, Path(file) if file else None)
    out, err = capsys.readouterr()
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    assert (Path(file).read_text("utf-8") if file else out) == text
    told = f"{strangers} reviews are of documents that are not here"
    lines = " ".join(err.split())
    assert "3 figures and 1 places without one, of 2 reports" in lines
    assert (told in lines) is bool(strangers)
    cases.clear()
    with pytest.raises(Failed) as failed:
        gold.export(settings, settings.processed, None)
    assert str(failed.value).split("\n") == [
        f"no review of a report below {settings.processed} makes a case", *([told] if strangers else []),
    ]  # fmt: skip


def test_cases_that_cannot_be_written_are_said(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gold, "_cases", lambda *_: [{"metrics": [], "no_figures": []}])
    with pytest.raises(Failed, match=f"^{tmp_path}/none/g: No such file or directory$"):
        gold.export(settings, settings.processed, tmp_path / "none" / "g")


@pytest.mark.parametrize(("number", "more"), [(0, None), (5, None), (8, 3)])
def test_rows_of_no_report_are_named_up_to_some(
    number: int, more: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    unused = [f"{at}.txt" for at in range(number)]
    documents.tell_unused(SimpleNamespace(unused=lambda paths: unused if paths == ["p"] else []), ["p"])  # type: ignore[arg-type]
    lines = capsys.readouterr().err.splitlines()
    named = [f"documents.csv: no report has the path {path}" for path in unused[:5]]
    assert lines == [*named, *([f"and {more} more rows are of no report"] if more else [])]


@pytest.mark.parametrize(("number", "more"), [(0, None), (10, None), (11, 1)])
def test_files_that_were_not_read_are_named_up_to_some(number: int, more: int | None) -> None:
    unread = [Unread(f"{at}\x1b.txt", "odd") for at in range(number)]
    named = [rf"not read: {at}\x1b.txt: odd" for at in range(min(number, 10))]
    assert export._not_read(unread) == [*named, *([f"and {more} more were not read"] if more else [])]


@pytest.mark.parametrize(("left_out", "more"), [(0, None), (10, None), (11, 1)])
def test_a_panel_says_what_is_in_it_and_what_is_not(
    left_out: int, more: int | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing only where there is something to say of it."""
    monkeypatch.setattr(panel.terminal, "err", lambda: SimpleNamespace(print=print))
    monkeypatch.setattr(panel, "why_left_out", lambda source: f"because {source.at}")
    states = [*["stated"] * 3, *["not_stated"] * 2, "not_found"]
    keys = [("a", 2023), ("a", 2024), ("b", 2023), ("b", 2024), ("c", 2023), ("c", 2024)]
    cells: Any = {
        SimpleNamespaceKey(place, year): SimpleNamespace(state=state)
        for (place, year), state in zip(keys, states, strict=True)
    }
    sources = [
        SimpleNamespace(at=at, why_not="x", report=SimpleNamespace(source=SimpleNamespace(path=f"{at}.txt")))
        for at in range(left_out)
    ]
    kept = SimpleNamespace(why_not="")
    made: Any = SimpleNamespace(cells=cells, sources=[*sources, kept], orphans=[], strangers=[], of_others=[])
    panel._tell(made, Path("p.xlsx"), 0)
    few = capsys.readouterr().out.splitlines()
    assert [word for word in few[0].split() if word.isdecimal()] == ["3", "2", "6"]
    assert [word.strip(",;") for word in few[1].split() if word.strip(",;").isdecimal()] == ["3", "2", "1", "0"]
    named = few[2 : 2 + min(left_out, 10)]
    assert [("because" in line, f"{at}.txt" in line) for at, line in enumerate(named)] == [(True, True)] * len(named)
    ends = [f"and {more} more were left out; the sheet 来源 lists them"] if more else []
    assert few[2 + len(named) :] == ends
    made.orphans, made.strangers, made.of_others = [1], [1, 2], [1, 2, 3]
    panel._tell(made, Path("p.xlsx"), 4)
    told = capsys.readouterr().out.splitlines()[len(few) :]
    assert [line.split()[0] for line in told] == ["4", "1", "2", "3"]
    assert told[2:] == [
        "2 reviews are of documents that are not here",
        "3 reviews are of series that this codebook does not have",
    ]


class SimpleNamespaceKey:
    """The part of a cell's key that is counted."""

    def __init__(self, place_key: str, year: int) -> None:
        self.place_key, self.year = place_key, year


@pytest.mark.parametrize(
    "typed",
    [
        "tail -n 1", "status --limit 0", "export --jobs 1", "export --min-confidence 0", "export --min-confidence 1",
        "review confirm a.txt --figure 1", "review undo 1", "panel rule_of_law -o p.csv --jobs 1", "codebook new --jobs 1",
    ],
)  # fmt: skip
def test_the_least_and_the_most_may_be_asked_for(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        ("tail", "tail"), ("status", "status"), ("export", "export"), ("review", "judge"), ("review", "undo"),
        ("panel", "panel"), ("codebook", "draft"),
    ):  # fmt: skip
        monkeypatch.setattr(f"zhibiao.commands.{module}.{name}", lambda *_, **__: None)
    result = CliRunner().invoke(cli.main, typed.split(), catch_exceptions=False)
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("typed", ["tail -n 0", "codebook new --jobs 0", "export --min-confidence -0.1"])
def test_less_than_the_least_is_refused(typed: str) -> None:
    result = CliRunner().invoke(cli.main, typed.split(), catch_exceptions=False)
    assert (result.exit_code, "is not in the range" in result.output) == (2, True)


def test_one_service_at_a_time_runs_over_a_folder(tmp_path: Path) -> None:
    with supervisor.only_one(tmp_path):
        pass
    with (
        hold(tmp_path / "service.lock"),
        pytest.raises(Failed, match=f"{tmp_path}"),
        supervisor.only_one(tmp_path),
    ):
        pytest.fail("two at once")


@pytest.mark.parametrize("is_ignored", [False, True])
def test_signals_are_put_into_a_queue_and_back_where_they_were(
    monkeypatch: pytest.MonkeyPatch, *, is_ignored: bool
) -> None:
    """One that is ignored stays so: a program in the background is not stopped by Ctrl-C."""
    before = dict.fromkeys((*supervisor.STOP, signal.SIGCHLD), "theirs")
    if is_ignored:
        before[signal.SIGINT] = signal.SIG_IGN  # type: ignore[assignment]
    handlers: dict[Any, Any] = dict(before)

    def put(number: Any, handler: Any) -> Any:
        old, handlers[number] = handlers[number], handler
        return old

    signals = SimpleNamespace(
        getsignal=handlers.__getitem__, signal=put, SIGCHLD=signal.SIGCHLD, SIG_IGN=signal.SIG_IGN
    )
    monkeypatch.setattr(supervisor, "signal", signals)
    with supervisor.signals_to_stop() as received:
        watched = [number for number, handler in handlers.items() if handler is not before[number]]
        assert set(watched) == set(before) - ({signal.SIGINT} if is_ignored else set())
        for number in watched:
            handlers[number](number, None)
        assert [received.get_nowait() for _ in watched] == watched
    assert handlers == before


@pytest.mark.parametrize("moved", [None, Path("/s/redis.damaged-1")])
def test_a_redis_of_ones_own_is_begun_and_told(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, moved: Path | None
) -> None:
    from structlog.testing import capture_logs

    given: list[Any] = []

    class Server:
        pid, moved_aside = 7, moved

        def __init__(self, *where: Any) -> None:
            given.append(where)

        def start(self) -> None:
            if len(given) > 1:
                raise EmbeddedRedisError("none")

    monkeypatch.setattr(supervisor, "EmbeddedRedis", Server)
    of = settings.model_copy(update={"redis_port": 6399})
    with capture_logs() as logs:
        assert isinstance(supervisor.start_redis(of), Server)
    assert given == [(of.state, 6399)]
    told = [{key: line[key] for key in line if key != "what"} for line in logs]
    damaged = {"event": "redis_data_damaged", "log_level": "error", "moved_to": str(moved)}
    begun = {"event": "started", "log_level": "info", "part": "redis", "pid": 7}
    assert told == [*([damaged] if moved else []), begun]
    with pytest.raises(Failed, match=r"^Redis: none$"):
        supervisor.start_redis(of)


def test_a_report_from_elsewhere_is_published_whole(report_event: Callable[..., ReportEvent]) -> None:
    """What is told of a figure on a screen is of its own side."""
    from zhibiao.commands.extract import figures

    columns = {column.header: column for column in figures(report_event().data, 1, 200).columns}
    assert [columns[name].justify for name in ("value", "unit", "period", "status", "sure")] == [
        "right", "left", "left", "left", "right",
    ]  # fmt: skip
    assert [column.no_wrap for column in columns.values()] == [True, False, True, True, True, True, True, False]
    assert len(figures(report_event().data, 1, 109).columns) == len(columns) - 1
    assert len(figures(report_event().data, 1, 110).columns) == len(columns)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"value": "3.2", "unit": "%", "measure": "rate_of_change", "change": "decrease"}, "−3.2"),
        ({"value": "12", "unit": "件", "measure": "difference", "change": "increase", "qualifier": "over"}, "≥+12"),
        ({"value": "5", "value_high": "8", "measure": "yearly_mean", "change": "decrease"}, "−5–8"),
        ({"value": "120", "measure": "level", "change": "to"}, "120"),
        ({"value": "-30", "measure": "level"}, "-30"),
        ({"value": "10", "unit": "名", "qualifier": "over"}, "≥10"),
        ({"value": "10", "unit": "名", "qualifier": "under"}, "≤10"),
        ({"value": "10", "unit": "名", "qualifier": "about"}, "≈10"),
    ],
)
def test_a_value_on_a_screen_has_the_signs_of_its_change_and_of_how_exact_it_is(
    report_event: Callable[..., ReportEvent], changed: dict[str, str], text: str
) -> None:
    from zhibiao.commands.extract import figures

    source = MetricSource(start=0, end=4, quote="3.2%")
    metric = Metric.model_validate({"indicator": "利润", "unit": "", "sentence": "", "source": source, **changed})
    table = figures(report_event().data.model_copy(update={"metrics": (metric,)}), 1, 200)
    values = next(column for column in table.columns if column.header == "value")
    assert [str(cell) for cell in values.cells] == [text]


@pytest.mark.parametrize("command", ["review", "gold", "codebook"])
def test_what_people_work_on_is_the_newest_of_each_document(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Of the folder that was named, a file at a time or with so many processes; no table of ours lies in between."""
    given: list[Any] = []
    reports = SimpleNamespace(reports=lambda *how: given.append(how) or [])

    def of(*arguments: Any, **options: Any) -> Any:
        given.append((arguments, options))
        return reports

    for module in (review, gold, codebook):
        monkeypatch.setattr(module, "Source", SimpleNamespace(of=of))
    place, most = settings.processed, settings.max_file_bytes
    if command == "review":
        assert [*review._reports(settings, place, place, [])] == []
    elif command == "gold":
        assert gold._cases(settings, place, gold.Record([])) == []
    else:
        with pytest.raises(Failed):
            codebook.draft(settings, place, 5)
    newest = ((place, settings), {"every_revision": False, "apart_from": None})
    assert given == [newest, (most, 5 if command == "codebook" else 1)]
