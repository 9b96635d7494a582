"""The programs in examples/ beside a real service: their tables hold what the inbox was given last."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.service_rig import ROOT, Home, eventually

pytestmark = pytest.mark.service

REPORT = "湛江市2023年法治政府建设报告\n一、概况\n2023年，全市共办结{what}{number}件。\n湛江市司法局\n2024年1月5日\n"


@contextmanager
def running(home: Home, example: str, output: Path, *arguments: str) -> Iterator[None]:
    with output.open("w") as out, output.with_suffix(".err").open("w") as err:
        command = [sys.executable, str(ROOT / "examples" / example), *arguments]
        environ = {**home.environ, "ZHIBIAO_REDIS_URL": home.url, "PYTHONUTF8": "1"}
        process = subprocess.Popen(command, cwd=output.parent, env=environ, stdout=out, stderr=err)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def table(file: Path) -> list[tuple[str, int, str]]:
    """Path, revision and value of every figure that holds."""
    with closing(sqlite3.connect(file)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'reports'").fetchone():
            return []
        rows = connection.execute("SELECT path, revision, report FROM reports ORDER BY path").fetchall()
    return [(path, revision, one["value"]) for path, revision, text in rows for one in json.loads(text)["metrics"]]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("what", "numbers"), [("行政复议案件", (11, 12, 11)), ("法律援助案件", (4080, 408, 4080, 408, 4080))]
)
def test_a_document_that_is_set_back_changes_their_tables_back(
    fresh_home: Home, tmp_path: Path, what: str, numbers: tuple[int, ...]
) -> None:
    """Also where what came first lies under another name; and a second delivery changes nothing."""
    home = fresh_home
    live, stored, kept = tmp_path / "live.txt", tmp_path / "stored.txt", tmp_path / "reports.sqlite"
    with (
        running(home, "subscribe.py", live),
        running(home, "consume.py", stored, "tester"),
    ):
        eventually(lambda: "listening" in live.with_suffix(".err").read_text("utf-8"))
        (tmp_path / "other").write_text(REPORT.format(what=what, number=777), "utf-8")
        home.rename_in(tmp_path / "other", "other.txt")
        for revision, number in enumerate((*numbers, 777), start=1):
            (tmp_path / "report").write_text(REPORT.format(what=what, number=number), "utf-8")
            home.rename_in(tmp_path / "report", "r.txt")
            expected = [("other.txt", 1, "777"), ("r.txt", revision, str(number))]
            eventually(lambda expected=expected: table(kept) == expected)  # type: ignore[misc]
        replayed = home.run("replay")

        assert replayed.returncode == 0, replayed.stderr
        last = f"r.txt\t{len(numbers) + 1}\t"
        eventually(lambda: live.read_text("utf-8").count(last) == 2)
        shown = [line.split("\t") for line in live.read_text("utf-8").splitlines()]
        values = [parts[2] for parts in shown if parts[0] == "" and parts[2] != "777"]
        assert values == [str(number) for number in numbers]
        # The replay rang for all once more: only what is not older than what holds was taken.
        revisions = [int(parts[1]) for parts in shown if parts[0] == "r.txt"]
        assert revisions == [*range(1, len(numbers) + 2), len(numbers) + 1]
        assert table(kept) == [("other.txt", 1, "777"), ("r.txt", len(numbers) + 1, "777")]
