"""What a worker counts for Prometheus, and the folder that it counts in."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from prometheus_client import values

from worker import telemetry
from worker.errors import BadReport, Unavailable
from worker.pipeline import STAGES
from worker.telemetry import ERRORS, OUTCOMES, PREFIX, WorkerTelemetry


@pytest.fixture
def counted() -> WorkerTelemetry:
    return WorkerTelemetry()


def value(counted: WorkerTelemetry, name: str, **labels: str) -> float | None:
    return counted.registry.get_sample_value(PREFIX + name, labels)


def report(metrics: int, **timings_ms: float) -> Any:
    return SimpleNamespace(metrics=[None] * metrics, pipeline=SimpleNamespace(timings_ms=timings_ms))


def test_every_series_is_there_from_the_start(counted: WorkerTelemetry) -> None:
    assert [value(counted, "reports_total", outcome=one) for one in OUTCOMES] == [0] * 4
    assert [value(counted, "failed_attempts_total", error=one) for one in ERRORS] == [0] * len(ERRORS)
    assert [value(counted, "read_seconds_count", stage=stage) for stage, _ in STAGES] == [0] * len(STAGES)
    for name in ("suppressed_duplicates", "rejected_entries", "figures"):
        assert value(counted, f"{name}_total") == 0
    told = {
        metric.name.removeprefix(PREFIX): (metric.type, metric.documentation[:11])
        for metric in counted.registry.collect()
    }
    assert told == {
        "reports": ("counter", "Hand-overs "), "suppressed_duplicates": ("counter", "Hand-overs "), "figures": ("counter", "Figures in "),
        "failed_attempts": ("counter", "Attempts th"), "rejected_entries": ("counter", "Entries of "),
        "read_seconds": ("histogram", "Time that a"), "queue_wait_seconds": ("histogram", "Time from t"),
    }  # fmt: skip


def test_a_report_is_counted_with_its_figures_or_as_one_that_was_there(counted: WorkerTelemetry) -> None:
    """Seconds of its stages count in either case."""
    counted.read(report(7, clean=1500.0, link=20.0), fresh=True)
    counted.read(report(5, clean=500.0), fresh=False)
    counted.ended("failed")
    counted.rejected()

    assert [value(counted, "reports_total", outcome=one) for one in OUTCOMES] == [1, 1, 0, 0]
    assert [value(counted, f"{one}_total") for one in ("figures", "suppressed_duplicates", "rejected_entries")] == [
        7,
        1,
        1,
    ]
    assert value(counted, "read_seconds_sum", stage="clean") == 2.0
    assert value(counted, "read_seconds_sum", stage="link") == 0.02
    assert value(counted, "read_seconds_count", stage="decode") == 0


def test_times_are_counted_in_buckets(counted: WorkerTelemetry) -> None:
    """From hundredths to two minutes of a stage, and to two hours of waiting; clocks that differ give no time below 0."""
    for bounds, name, labels, told in (
        ("0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 60.0 120.0 +Inf", "read_seconds", {"stage": "clean"}, lambda s: counted.read(report(0, clean=s * 1000), fresh=False)),
        ("0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 60.0 300.0 1800.0 7200.0 +Inf", "queue_wait_seconds", {}, counted.waited),
    ):  # fmt: skip
        for seconds in (0.0, 50.0):
            told(seconds)
        rows = bounds.split()
        assert [value(counted, f"{name}_bucket", le=bound, **labels) for bound in rows] == [
            2 if float(bound) >= 50 else 1 for bound in rows
        ]
    counted.waited(-3.0)
    assert value(counted, "queue_wait_seconds_sum") == 50.0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SoftTimeLimitExceeded(), "SoftTimeLimitExceeded"), (MemoryError(), "MemoryError"), (RecursionError(), "RecursionError"),
        (Unavailable("a", "b", "c"), "Unavailable"), (UnicodeDecodeError("a", b"", 0, 1, "b"), "UnicodeError"), (FileNotFoundError(), "OSError"),
        (KeyError(), "LookupError"), (ZeroDivisionError(), "ArithmeticError"), (ValueError(), "ValueError"), (TypeError(), "TypeError"),
        (AttributeError(), "AttributeError"), (AssertionError(), "AssertionError"), (RuntimeError(), "other"), (BadReport("a", "b", "c"), "other"),
    ],
)  # fmt: skip
def test_an_attempt_that_failed_is_counted_by_the_class_of_its_error(
    counted: WorkerTelemetry, error: BaseException, told: str
) -> None:
    """The nearest of those that are told apart."""
    counted.attempt_failed(error)

    assert [one for one in ERRORS if value(counted, "failed_attempts_total", error=one)] == [told]


def test_folders_that_nobody_holds_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what is another user's, a link, no folder of ours, or in use; one that cannot be looked at stops nothing."""
    for name in ("zhibiao-metrics-a", "zhibiao-metrics-held", "zhibiao-metrics-z", "other-metrics", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lock").touch()
        (tmp_path / name / "counter_0.db").touch()
    (tmp_path / "zhibiao-metrics-bare").mkdir()
    (tmp_path / "zhibiao-metrics-folder" / "lock").mkdir(parents=True)
    (tmp_path / "zhibiao-metrics-link").symlink_to(tmp_path / "elsewhere")
    held = telemetry._locked(tmp_path / "zhibiao-metrics-held" / "lock")
    assert held is not None
    assert telemetry._locked(tmp_path / "zhibiao-metrics-held" / "lock") is None
    before = sorted(path.name for path in tmp_path.iterdir())

    with monkeypatch.context() as other:
        other.setattr(os, "getuid", lambda: -1)
        telemetry._sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before

    locked, failing = telemetry._locked, sorted(tmp_path.glob("zhibiao-metrics-*"))[0] / "lock"
    with monkeypatch.context() as broken:
        broken.setattr(
            telemetry, "_locked", lambda path: locked(tmp_path / "gone" / "lock" if path == failing else path)
        )
        telemetry._sweep(tmp_path)
    assert sorted({*before} - {path.name for path in tmp_path.iterdir()}) == ["zhibiao-metrics-z"]

    telemetry._sweep(tmp_path)
    assert sorted({*before} - {path.name for path in tmp_path.iterdir()}) == ["zhibiao-metrics-a", "zhibiao-metrics-z"]
    held.close()
    telemetry._sweep(tmp_path)
    assert not (tmp_path / "zhibiao-metrics-held").exists()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What is served is handed to a stand-in; what prometheus_client keeps for the process is as before afterwards."""
    started: list[Any] = []
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stopped = SimpleNamespace(stop=lambda: started.append("stopped"))

    def start(*about: Any) -> Any:
        started.append(about)
        return stopped

    monkeypatch.setattr("worker.telemetry.Exposition.start", start)
    telemetry.worker_telemetry.cache_clear()
    yield started
    telemetry.worker_telemetry.cache_clear()


@pytest.mark.parametrize(("index", "file"), [(None, "0"), (0, "0"), (3, "3")])
def test_each_process_counts_in_files_of_its_own(
    served: list[Any], tmp_path: Path, index: int | None, file: str
) -> None:
    """The parent's are those of the first; all are added up, with whether the worker is well."""
    gone = tmp_path / "zhibiao-metrics-killed"
    gone.mkdir()
    (gone / "lock").touch()
    serving = telemetry.Serving("127.0.0.1", 9, lambda: index)
    serving.stop()
    serving.prepare(sender=None)
    (folder,) = tmp_path.glob("zhibiao-metrics-*")
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(folder)
    assert telemetry._locked(folder / "lock") is None
    telemetry.worker_telemetry().rejected()
    assert {path.name for path in folder.glob("*.db")} == {f"counter_{file}.db", f"histogram_{file}.db"}

    serving.serve(sender=None)
    ((registry, address, port),) = served
    assert (address, port) == ("127.0.0.1", 9)
    assert registry.get_sample_value(PREFIX + "rejected_entries_total") == 1
    assert registry.get_sample_value(PREFIX + "healthy") in (0, 1)

    serving.stop(sender=None)
    assert served[1:] == ["stopped"]
    assert list(tmp_path.glob("zhibiao-metrics-*")) == []
