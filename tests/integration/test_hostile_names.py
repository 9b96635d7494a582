"""Names and words that would act on a terminal or in a shell, through the whole service and every command."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from schemas import names
from schemas.paths import from_wire, to_wire
from tests.service_rig import running
from tests.waiting import wait_for

pytestmark = pytest.mark.service

READABLE = [
    b"\x1b[31mred\x07.txt",
    "evil\u202etxt.exe.txt".encode(),
    "年".encode("gbk") + b".txt",
    b"new\nline.txt",
    b"-rf.txt",
    b"$(touch pwned).txt",
    b"a;b|c&d.txt",
    "zero\u200bwidth\u2028.txt".encode(),
    b"100%0A.txt",
]
BAD = b"\x1b]0;title\x07\x9b2J.png"
#: Words of a document that act, where a title, a name and a unit are read.
WORDS = (
    "\x1b[2J关于\u202e2023年工作\u2066的报告\n\n2023年，全市共办结\x1b[5m案件{}件\x07。\n"
    + "各部门认真学习有关规定。\n" * 20
)
#: Runs each of the command lines on standard input in a process of its own, without loading all anew for each.
RUN_ALL = """
import json, os, sys
import zhibiao.cli
from worker.tools import load_tools
from zhibiao.__main__ import run

load_tools()
for number, call in enumerate(json.load(sys.stdin)):
    child = os.fork()
    if not child:
        for stream in (1, 2):
            os.dup2(os.open(f"{number}.{stream}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["zhibiao", *call]
        try:
            run()
        except SystemExit:
            pass
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)  # without taking apart all that was loaded
    os.waitpid(child, 0)
"""
# Private use, half characters and separators, too: nobody knows what a terminal does with them.
_ACTS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def acting(output: bytes) -> set[str]:
    """The characters that a terminal would obey, or hide."""
    text = output.decode("utf-8", "surrogateescape")
    return {char for char in text if unicodedata.category(char) in _ACTS and char not in "\n\t"}


@pytest.mark.faults
def test_no_name_and_no_word_acts_on_a_terminal_or_in_a_log(tmp_path: Path) -> None:
    """Events carry the names as wire paths, from which the bytes come back; nothing else ever holds them bare."""
    with running(tmp_path, ZHIBIAO_LOG_LEVEL="DEBUG", ZHIBIAO_WORKERS="1") as home:
        for number, name in enumerate([*READABLE, BAD]):
            draft = tmp_path / "draft"
            draft.write_bytes(b"\x89PNG\r\n\x1a\n" + name if name == BAD else WORDS.format(number).encode())
            os.rename(draft, os.fsencode(home.inbox) + b"/" + name)
        wait_for(
            lambda: len(home.events()) == len(READABLE) and home.events(names.DEFAULT.failures_stream),
            what="all events",
        )
        wait_for(lambda: not os.listdir(home.inbox), what="an empty inbox")
        assert {from_wire(event["subject"]) for event in home.events()} == set(READABLE)

        calls = [
            ["status"],
            ["doctor"],
            ["tail", "--since", "0", "--count", str(len(READABLE))],
            ["replay", "--print"],
            ["replay", "--since", "1h"],
            *(["status", to_wire(name)] for name in [*READABLE[:4], BAD]),
            ["status", to_wire(BAD), "--json"],
            ["extract", "--table", os.fsdecode(os.fsencode(home.processed) + b"/" + READABLE[0])],
            ["extract", "--explain", os.fsdecode(os.fsencode(home.processed) + b"/" + READABLE[1])],
            ["extract", os.fsdecode(os.fsencode(home.processed) + b"/" + READABLE[1])],
            ["extract", os.fsdecode(os.fsencode(home.quarantine) + b"/" + BAD)],
            ["extract", os.fsdecode(b"absent" + BAD)],
            ["status", os.fsdecode(b"absent" + BAD)],
            ["retry", "--all"],
        ]
        command = [sys.executable, "-c", RUN_ALL]
        subprocess.run(command, cwd=tmp_path, env=home.environ, input=json.dumps(calls).encode(), check=True)
        seen = {}
        for number, call in enumerate(calls):
            said, complained = ((tmp_path / f"{number}.{stream}").read_bytes() for stream in (1, 2))
            assert said + complained, call
            assert b"Traceback" not in complained, call
            seen[" ".join(call)] = acting(said) | acting(complained)
        assert {call: found for call, found in seen.items() if found} == {}
        log = (tmp_path / "service.log").read_bytes()
    assert acting(log) == set()
    assert not list(tmp_path.rglob("pwned"))


def test_a_log_for_people_shows_what_acts(tmp_path: Path) -> None:
    """The same in the form that a terminal gets."""
    path = os.fsdecode(b"in/" + BAD)
    code = (
        "import structlog\nfrom delivery import logs\nfrom delivery.settings import SharedSettings\n"
        "logs.configure(SharedSettings(log_format='text'))\n"
        f"structlog.get_logger().warning({json.dumps(path)}, report={json.dumps(path)}, nested=[{json.dumps(path)}])\n"
        f"import logging; logging.getLogger('library').error('%s', {json.dumps(path)})\n"
        f"try:\n    raise ValueError({json.dumps(path)})\nexcept ValueError:\n    structlog.get_logger().exception('failed')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, env=_environ())
    assert acting(run.stderr) == set()
    assert run.stderr.count(b"title") >= 4


def _environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
