"""Log lines: one form for all, nothing secret, nothing that moves a terminal's cursor."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from delivery import logs
from delivery.settings import SharedSettings


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def settings(log_format: str) -> SharedSettings:
    return SharedSettings.model_validate({"log_format": log_format})


def test_lines_are_json_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and a library's alike."""
    logs.configure(settings("auto"), "worker")
    structlog.get_logger("worker").info("read", report="报告.txt", metrics=73)
    logging.getLogger("library").warning("went to %s", "redis://user:secret@host/0")
    structlog.get_logger("worker").debug("too quiet to be seen")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {
        "message": "read",
        "report": "报告.txt",
        "metrics": 73,
        "level": "info",
        "logger": "worker",
        "process": "worker",
    }
    assert theirs["message"] == "went to redis://user:***@host/0"
    assert theirs["level"] == "warning"


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_exception_shows_neither_passwords_nor_values(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback may quote a URL, and the pretty ones show local variables."""
    logs.configure(settings(log_format))
    token, url = "local-" + "secret", "redis://user:{}@host/0".format("hun" + "ter2")
    try:
        raise ValueError(f"cannot reach {url}, {len(token)}")
    except ValueError:
        structlog.get_logger("x").exception("failed")
    err = capsys.readouterr().err
    assert "ValueError" in err
    assert "redis://user:***@host/0" in err
    assert "hunter2" not in err
    assert "local-secret" not in err


def test_text_shows_control_and_bidi_marks_instead_of_obeying_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger's file name may hold either."""
    logs.configure(settings("text"), "watcher")
    structlog.get_logger("watcher").info("seen", file="a\x1b[2J\u202etxt.exe")
    err = capsys.readouterr().err
    assert "\x1b[2J" not in err
    assert "\u202e" not in err
    assert err.split(" ", 1)[1] == "[info     ] seen [watcher] file=a\\x1b[2J\\u202etxt.exe process=watcher\n"


@pytest.mark.parametrize("name", ["file", "event"])
def test_json_has_them_as_escapes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``docker logs`` shows a line as it is; a program reads the value as it was."""
    hostile = "报告\x1b[2J\u202e\u200b\x9b\x7f\u2028\ud800.txt"
    logs.configure(settings("json"), "worker")
    structlog.get_logger("worker").info(**{"event": "seen", name: hostile})
    logging.getLogger("library").warning("read %s", hostile)
    ours, theirs = capsys.readouterr().err.splitlines()
    assert all(char.isprintable() for char in ours + theirs)
    assert "报告" in ours
    assert json.loads(ours)["message" if name == "event" else name] == hostile
    assert json.loads(theirs)["message"] == f"read {hostile}"


def test_a_value_cannot_write_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback keeps its lines."""
    logs.configure(settings("text"), "worker")
    try:
        raise ValueError("a\x1b[2J")
    except ValueError:
        structlog.get_logger("worker").exception("failed", why="one\nlevel=error two")
    lines = capsys.readouterr().err.splitlines()
    assert "level=error two" in lines[0]
    assert lines[-1] == r"ValueError: a\x1b[2J"


def test_setting_up_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Celery sets logging up in its own time."""
    logs.configure(settings("json"))
    logs.configure(settings("json"))
    logging.getLogger("library").warning("once")
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    "name", ["celery.worker.strategy", "celery.app.trace", "celery.redirected", "kombu.connection", "amqp"]
)
@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_what_tells_of_every_task_is_quieter(name: str, level: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes wrong is told of it as of all others; and nothing is louder than was set."""
    logs.configure(SharedSettings.model_validate({"log_format": "json", "log_level": level}))
    for tell in (logging.getLogger(name).info, logging.getLogger(name).warning, logging.getLogger("library").info):
        tell("said")
    logging.getLogger(name).error("wrong")
    told = [(line["logger"], line["level"]) for line in map(json.loads, capsys.readouterr().err.splitlines())]
    assert told == [*([(name, "warning"), ("library", "info")] if level == "DEBUG" else []), (name, "error")]


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("log_format", ["auto", "json", "text"])
def test_a_terminal_has_text_unless_told_otherwise(log_format: str, *, is_terminal: bool) -> None:
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal  # type: ignore[method-assign]
    logs.configure(settings(log_format), "worker", stream)
    logging.getLogger("library").warning("said")
    is_json = stream.getvalue().startswith('{"')

    assert "said" in stream.getvalue()
    assert is_json is (log_format == "json" or (log_format == "auto" and not is_terminal))
