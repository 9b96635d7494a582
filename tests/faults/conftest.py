"""A real worker for many tests; and a table at the end: a line for each case with what holds and what was seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery.connect import connect
from tests.watcher_rig import Rig
from tests.worker_rig import WorkerRig
from zhibiao.running.embedded import EmbeddedRedis

_PARTS = ("tests/faults/", "tests/integration/test_watcher_faults.py", "tests/integration/test_watcher_recovery.py")


@pytest.fixture(scope="session")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerRig]:
    """A worker that reads what lies below the link ``inbox`` of its folder, and its server."""
    folder = tmp_path_factory.mktemp("staff")
    with EmbeddedRedis(folder / "redis") as server:
        (folder / "worker").mkdir()
        (folder / "inbox").symlink_to(folder)
        with WorkerRig(folder / "worker", server.url, faulty=True, inbox=folder / "inbox") as staff:
            staff.start()
            yield staff


@pytest.fixture
def staffed(tmp_path: Path, staff: WorkerRig) -> Iterator[Rig]:
    """Folders and an empty server, with a real worker over them; the watcher is the test's to start."""
    with connect(staff.url) as client:
        client.flushall()
    with Rig(tmp_path, staff.url) as rig:
        link = staff.folder.parent / "inbox"
        link.unlink(missing_ok=True)
        link.symlink_to(rig.inbox)
        yield rig


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What holds is said by the test's docstring; its report carries it, also from another process."""
    for item in items:
        told = getattr(getattr(item, "function", None), "__doc__", None) or ""
        holds = " ".join(told.strip().partition("\n\n")[0].split()) or "as the name says"
        item.user_properties.append(("holds", holds.replace("|", "/")))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table. Tests print ``| case | what was seen |``, which pytest captures; what holds goes between."""
    lines = [
        line
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
        if report.nodeid.startswith(_PARTS) and (report.when == "call" or outcome != "passed")
        for line in _lines(report)
    ]
    if lines:
        terminalreporter.write_sep("=", "what was done, and what was seen")
        terminalreporter.write_line("\n".join(["| case | what holds | seen |", "| --- | --- | --- |", *lines]))


def _lines(report: pytest.TestReport) -> Iterator[str]:
    told = [line.strip("| ").split(" | ", 1) for line in report.capstdout.splitlines() if line.startswith("| ")]
    name = report.nodeid.rpartition("/")[2].replace(".py::test_", ": ").replace("_", " ")
    if report.failed:
        told = [[case, f"FAILED; seen: {seen}"] for case, seen in told] or [[name, "FAILED"]]
    elif not told:
        told = [[name, "skipped" if report.skipped else f"as it should be, {report.duration:.1f} s"]]
    holds = dict(report.user_properties)["holds"]
    for case, seen in told:
        yield f"| {case} | {holds} | {seen} |"
