"""What a stranger's text may do to a terminal: nothing."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest
from rich.cells import cell_len

from schemas.visible import safe_json, visible
from zhibiao.terminal import columns, shortened

HOSTILE = "报告\x1b]0;title\x07\x1b[2J\r\n\x9b31m\u202egnp.exe\u200b\u2028\U000e0041\ud800"


@pytest.mark.parametrize("text", ["2023年法治政府建设报告.txt", "湛江市 100%", "𠀀〇", ""])
def test_harmless_text_stays(text: str) -> None:
    """Letters of all scripts, digits, signs and blanks are shown as they are."""
    assert visible(text) == text


def test_nothing_that_acts_or_hides_is_shown() -> None:
    """Escape sequences, line ends, bidi marks, invisible characters and half characters become readable escapes."""
    assert visible(HOSTILE) == (r"报告\x1b]0;title\x07\x1b[2J\x0d\x0a\x9b31m\u202egnp.exe\u200b\u2028\U000e0041\ud800")


def test_json_keeps_its_value_without_characters_that_act() -> None:
    """The escaped text reads back as the same value, is printable, and still shows Chinese."""
    text = json.dumps({"title": HOSTILE[:-1]}, ensure_ascii=False)
    safe = safe_json(text)

    assert json.loads(safe) == {"title": HOSTILE[:-1]}
    assert all(char.isprintable() for char in safe)
    assert "报告" in safe


def test_json_written_over_lines_keeps_them() -> None:
    """Line ends and indentation are the form, not the content."""
    assert safe_json('{\n  "a": 1\n}') == '{\n  "a": 1\n}'


def test_columns_count_wide_characters_twice() -> None:
    """A Chinese character takes two columns; a cell that is too wide is cut, the last one only by the limit."""
    assert columns(["湛江市", "2023"], [8]) == "湛江市   2023"
    assert columns(["湛江市人民政府", "x"], [8]) == "湛江市人 x"
    assert columns(["a", "湛江市人民政府"], [1], limit=8) == "a 湛江 …"
    assert [columns(["a", "湛江市"], [1], limit=limit) for limit in (7, 8, 9)] == ["a 湛江…", "a 湛江市", "a 湛江市"]


@pytest.mark.parametrize(("count", "paged"), [(30, True), (5, False)])
def test_what_is_longer_than_the_screen_goes_through_the_pager(count: int, tmp_path: Path, *, paged: bool) -> None:
    """On a terminal; what fits is printed as it is."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 80, 0, 0))
    code = f"from zhibiao import terminal; terminal.page([f'指标 {{n}}' for n in range({count})])"
    kept = tmp_path / "kept"
    environ = {**os.environ, "PAGER": f"tee {kept}", "PYTHONUTF8": "1"}
    environ.pop("LINES", None)
    with subprocess.Popen([sys.executable, "-c", code], env=environ, stdin=slave, stdout=slave) as process:
        os.close(slave)
        shown = b""
        with suppress(OSError):  # how a terminal says that nobody writes any more
            while data := os.read(master, 65536):
                shown += data
    os.close(master)

    lines = [f"指标 {number}" for number in range(count)]
    assert shown.decode().split("\r\n")[:count] == lines
    assert process.returncode == 0
    assert (kept.read_text("utf-8").splitlines() if kept.exists() else []) == (lines if paged else [])


@pytest.mark.parametrize(
    ("text", "most"), [("湛江市2023年法治政府建设报告.txt", 16), ("一" * 40, 9), ("a" * 40, 2), ("ab", 1), ("", 4)]
)
def test_a_name_is_shortened_in_its_middle_to_what_fits(text: str, most: int) -> None:
    """Wide characters count twice; what fits stays."""
    short = shortened(text, most)

    assert cell_len(short) <= most
    assert short == text or "…" in short
    assert shortened(short, most) == short
