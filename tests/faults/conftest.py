"""Prints at the end what each fault case showed: the lines that the tests told, or else how long they took."""

from collections.abc import Iterator

import pytest

_PARTS = ("tests/faults/", "tests/integration/test_watcher_faults.py", "tests/integration/test_watcher_recovery.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table. Tests print its lines as ``| case | what was seen |``, which pytest captures."""
    lines = [
        line
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
        if report.nodeid.startswith(_PARTS) and (report.when == "call" or outcome != "passed")
        for line in _lines(report)
    ]
    if lines:
        terminalreporter.write_sep("=", "what was done, and what was seen")
        terminalreporter.write_line("\n".join(["| case | seen |", "| --- | --- |", *lines]))


def _lines(report: pytest.TestReport) -> Iterator[str]:
    told = [line for line in report.capstdout.splitlines() if line.startswith("| ")]
    name = report.nodeid.rpartition("/")[2].replace(".py::test_", ": ").replace("_", " ")
    if report.outcome == "failed":
        yield f"| {name} | FAILED |"
    elif report.outcome == "skipped":
        yield f"| {name} | skipped |"
    yield from told or ([f"| {name} | as it should be, {report.duration:.1f} s |"] if report.passed else [])
