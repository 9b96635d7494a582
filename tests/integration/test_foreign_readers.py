"""Readers of other packages in a real worker: whatever they do, the others' reports come out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery import plugins
from tests.plugin_rig import install
from tests.worker_rig import WorkerRig

pytestmark = pytest.mark.service

# Takes files that begin with a byte of its own, and does what the rest says.
READER = """
import os, signal, time
from worker.edits import Text
from worker.readers.reading import Reading

def read(data):
    if data[:1] != b"\\x16":
        return None
    match data[1:].strip(b"\\0").decode():
        case "hang":
            while True:
                time.sleep(0.01)
        case "swallow":
            try:
                time.sleep(600)
            except Exception:
                return Reading("application/x-odd", None, Text.of("2023年，全市共办结行政复议案件9999件。"))
        case "stuck":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
            time.sleep(600)
        case "end":
            os._exit(3)
        case "exit":
            raise SystemExit
        case "raise":
            raise ArithmeticError("odd bytes")
        case "nonsense":
            return "2023年"
    return Reading("application/x-odd", None, Text.of("2023年，全市共办结行政复议案件1234件。"))
"""
NAME = "reader 'odd' of odd-reader 1.0"
FILES = {
    what: b"\x16" + what.encode() + bytes(300)
    for what in ("hang", "swallow", "stuck", "end", "exit", "raise", "nonsense", "good")
}


@pytest.fixture
def rig(tmp_path: Path, make_worker_rig: Callable[..., WorkerRig]) -> WorkerRig:
    install(tmp_path, "odd_reader", READER, plugins.READERS, "odd", "read")
    return make_worker_rig(soft_time_limit_s=2, hard_time_limit_s=4, max_attempts=2)


def path_with(folder: Path) -> str:
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))


def test_a_reader_that_fails_is_named_and_harms_nobody(rig: WorkerRig) -> None:
    """One that hangs, too, one that swallows the time limit and would have published, and one that ends its process."""
    rig.start(concurrency=2, PYTHONPATH=path_with(rig.folder.parent))
    handovers = [rig.give(what, data) for what, data in FILES.items()]
    text = rig.give("a.txt", "2023年，全市共办结行政复议案件1234件。\n".encode())
    rig.ended(len(FILES) + 1)

    rig.assert_one_event_each(*handovers, text)
    assert {event["subject"] for event in rig.events()} == {"good", "a.txt"}
    (good,) = [event["data"] for event in rig.events() if event["subject"] == "good"]
    assert [metric["value"] for metric in good["metrics"]] == ["1234"]
    assert "foreign_reader" in [warning["code"] for warning in good["warnings"]]
    failures = {failure["source"]["path"]: (failure["code"], failure["message"]) for failure in rig.failures()}
    assert {what: code for what, (code, _) in failures.items()} == {
        **dict.fromkeys(("hang", "swallow"), "out_of_time"),
        **dict.fromkeys(("stuck", "end"), "too_many_attempts"),
        **dict.fromkeys(("exit", "raise", "nonsense"), "damaged_file"),
    }
    named = {what for what, (_, message) in failures.items() if NAME in message}
    assert named == failures.keys() - {"swallow"}
    (trace,) = [failure["trace"] for failure in rig.failures() if failure["source"]["path"] == "swallow"]
    assert any(place.startswith("odd_reader:read:") for place in trace)
    assert [line["of"] for line in rig.log_lines() if line["message"] == "foreign_reader"] == ["odd-reader 1.0"]


def test_turned_off_it_is_never_asked(rig: WorkerRig) -> None:
    rig.start(PYTHONPATH=path_with(rig.folder.parent), ZHIBIAO_PLUGINS="false")
    rig.give("good", FILES["good"])
    rig.ended(1)

    assert [failure["code"] for failure in rig.failures()] == ["unsupported_format"]
