"""`zhibiao up` with sinks: what one does not take is published and filed all the same, and comes to it later."""

import json
from pathlib import Path

import pytest

from schemas import names
from tests.service_rig import ROOT, Home, eventually, running

pytestmark = pytest.mark.service
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))[:2]


def _kept(file: Path) -> list[str]:
    whole = file.read_text("utf-8").rpartition("\n")[0] if file.exists() else ""
    return [json.loads(line)["subject"] for line in whole.splitlines()]


@pytest.mark.faults
def test_a_sink_that_fails_holds_nothing_up(tmp_path: Path) -> None:
    good, late = tmp_path / "good.jsonl", tmp_path / "disk" / "late.jsonl"
    sinks = f"jsonl://{good},jsonl://{late}"
    with running(tmp_path, anew=True, ZHIBIAO_SINKS=sinks, ZHIBIAO_WORKERS="1") as home:
        for seed in SEEDS:
            home.rename_in(seed, seed.name)
        (tmp_path / "cut").write_bytes(b"PK\x03\x04 cut off")
        home.rename_in(tmp_path / "cut", "cut.docx")
        dropped = {*(seed.name for seed in SEEDS), "cut.docx"}
        for seed in SEEDS:
            eventually(lambda seed=seed: (home.processed / seed.name).exists())  # type: ignore[misc]
        eventually(lambda: dropped <= set(_kept(good)))
        eventually(
            lambda: "late.jsonl: " in home.run("status").stdout and "FileNotFoundError" in home.run("status").stdout
        )
        late.parent.mkdir()
        eventually(lambda: dropped <= set(_kept(late)))
        eventually(lambda: "late.jsonl" not in home.run("status").stdout)

        stored = [
            event["subject"]
            for stream in (names.DEFAULT.results_stream, names.DEFAULT.failures_stream)
            for event in home.events(stream)
        ]
        assert sorted(_kept(good)) == sorted(_kept(late)) == sorted(stored)
        workers = {line["pid"] for line in home.log() if line.get("part") == "worker1" and "pid" in line}
        assert workers
        for pid in workers:
            assert b"ZHIBIAO_SINKS" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_sink_that_there_is_not_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path, ZHIBIAO_SINKS="parquet:///x")
    refused = home.run("up")

    assert refused.returncode == 2
    assert "there is no sink 'parquet'" in refused.stderr
