"""Intake faults 20 and 21: a real watcher and real workers over a mix of good and bad documents."""

import json
import math
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from schemas import names
from tests.watcher_rig import Rig, tell, wait_for
from tests.worker_rig import WorkerRig

pytestmark = [pytest.mark.faults, pytest.mark.service]
SOFT_LIMIT_S = 2
MATTERS = ("行政复议案件", "行政诉讼案件", "行政处罚案件", "信访事项", "规范性文件", "执法检查", "人民调解案件")

# What a document does to its reader: how many of 200, and code and ending of the last of its attempts.
FAULTS = {
    "killed": (10, "too_many_attempts", "its process died without a word: signal 9 (SIGKILL)"),
    "hog": (10, "out_of_memory", "MemoryError"),
    "hang": (6, "out_of_time", "over the soft time limit"),
    "recurse": (6, "too_many_attempts", "RecursionError"),
}
PASSING = {"sleep 0.5": 4, "once": 6}
DOCUMENTS = 200


def report(number: int) -> str:
    """A made-up report of some 6 kB, as short ones are."""
    chance = random.Random(number)
    lines = [f"某县第{number}号法治政府建设年度报告", ""]
    for year in range(2004, 2024):
        lines += [f"{year}年", *(f"全县共办理{matter}{chance.randint(10, 99_999)}件。" for matter in MATTERS)]
    return "\n".join(lines)


def mixed() -> dict[str, bytes]:
    """The documents, the faulty ones strewn among the good ones."""
    words = [word for word, (count, *_) in FAULTS.items() for _ in range(count)]
    words += [word for word, count in PASSING.items() for _ in range(count)]
    words += [""] * (DOCUMENTS - len(words))
    random.Random(20).shuffle(words)
    kinds = [word.partition(" ")[0] or "good" for word in words]
    return {
        f"{kind}/{number}.txt": f"{word}\n{report(number)}".encode()
        for number, (word, kind) in enumerate(zip(words, kinds, strict=True))
    }


def test_20_mix_of_good_and_bad(tmp_path: Path, redis_url: str) -> None:
    """Every good one is published, every bad one ends in quarantine after its attempts, with its class."""
    documents = mixed()
    (tmp_path / "worker").mkdir()
    with (
        Rig(tmp_path / "watcher", redis_url, redeliver_after_s=60) as rig,
        WorkerRig(
            tmp_path / "worker",
            redis_url,
            faulty=True,
            inbox=rig.inbox,
            soft_time_limit_s=SOFT_LIMIT_S,
            hard_time_limit_s=2 * SOFT_LIMIT_S,
        ) as workers,
    ):
        rig.start()
        for _ in range(2):
            workers.start(concurrency=2)
        good = sum(path.startswith("good/") for path in documents)
        alone = {f"alone/{number}.txt": report(1000 + number).encode() for number in range(good)}
        normal_s = _waits(rig, alone)
        waits_s = _waits(rig, documents)
        good_s = {path: wait_s for path, wait_s in waits_s.items() if path.startswith("good/")}
        rig.assert_invariants({**alone, **documents})
        failures = {data["source"]["path"]: data for data in rig.events(names.DEFAULT.failures_stream)}
        ends = Counter((path.partition("/")[0], rig.state_of(path)) for path in documents)
        began = Counter(line.rpartition(" ")[0] for line in (workers.folder / "begun").read_text().splitlines())

    bad = {path for path in documents if path.partition("/")[0] in FAULTS}
    assert ends == Counter(
        {(word, "quarantined"): count for word, (count, *_) in FAULTS.items()}
        | {(word.partition(" ")[0], "published"): count for word, count in PASSING.items()}
        | {("good", "published"): len(good_s)}
    )
    assert set(failures) == bad
    for path, failure in failures.items():
        _, code, ending = FAULTS[path.partition("/")[0]]
        assert (failure["code"], failure["attempts"]) == (code, attempts_of(path))
        assert ending in failure["message"]
        assert json.loads((rig.quarantine / f"{path}.error.json").read_text("utf-8"))["code"] == failure["code"]
    assert all(began[path] == attempts_of(path) for path in bad), began
    assert all(began[path] == 2 for path in documents if path.startswith("once/")), began
    tell(
        "20 and 21: 200 documents, 32 of them bad, 6 failing once",
        f"{len(bad)} in quarantine, {DOCUMENTS - len(bad)} published; 95 % of the good within "
        f"{_p95(good_s):.1f} s, of as many good ones alone within {_p95(normal_s):.1f} s",
    )
    assert _p95(good_s) < 3 * _p95(normal_s)


def attempts_of(path: str) -> int:
    """Of a bad document: what the time limit ends is tried once more, and no third time."""
    return 2 if path.startswith("hang/") else 3


def _waits(rig: Rig, documents: dict[str, bytes]) -> dict[str, float]:
    """Drop all, wait until all are filed; gives the seconds from the drop to the end of each."""
    began = time.time()
    for path, content in documents.items():
        rig.drop(path, content)
    wait_for(lambda: all(rig.is_filed(path) for path in documents), 240)
    return {path: rig.rows(path)[0].changed_at - began for path in documents}


def _p95(waits_s: dict[str, float]) -> float:
    ordered = sorted(waits_s.values())
    return ordered[math.ceil(0.95 * len(ordered)) - 1]
