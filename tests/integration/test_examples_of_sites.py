"""The examples read what their own site publishes, and nothing of another on the same Redis."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from delivery.connect import connect, names_of
from delivery.publish import Publisher
from schemas.handover import HandOver
from tests.integration.test_examples_live import consumers
from tests.waiting import wait_for
from tests.watcher_rig import report_event

ROOT = Path(__file__).parents[2]


def publish(url: str, site: str, name: str) -> None:
    handover = HandOver(id=name, revision=1, path=name, sha256="0" * 64, size_bytes=1)
    with connect(url, site) as client:
        Publisher(client).report(report_event(handover))


@pytest.mark.service
@pytest.mark.parametrize("site", ["gz", "results", ""])
@consumers
def test_a_consumer_reads_its_own_site(tmp_path: Path, redis_url: str, program: str, site: str) -> None:
    for other in {"", "gz", "sz"} - {site}:
        publish(redis_url, other, f"other-{other}.txt")
    publish(redis_url, site, "own.txt")
    environ = {**os.environ, "ZHIBIAO_REDIS_URL": redis_url, "ZHIBIAO_SITE": site, "PYTHONUTF8": "1"}
    runner = "node" if program.endswith(".mjs") else sys.executable
    said = tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen([runner, str(ROOT / "examples" / program)], cwd=tmp_path, env=environ, stdout=out)
    try:
        wait_for(lambda: b"own.txt" in said.read_bytes(), what="its own report")
        assert said.read_bytes().count(b"\n") == 1
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("site", "url"), [("", "redis://h/0"), ("", "redis://h/3"), ("gz", "unix:///x?db=1"), ("gz", "redis://h")]
)
def test_a_listener_has_the_channel_of_its_site_and_database(
    monkeypatch: pytest.MonkeyPatch, site: str, url: str
) -> None:
    monkeypatch.setenv("ZHIBIAO_SITE", site)
    monkeypatch.setattr(sys, "argv", ["subscribe.py", "period:202?"])
    spec = importlib.util.spec_from_file_location("subscribe_example", ROOT / "examples" / "subscribe.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with connect(url, site) as client:
        wanted = names_of(client).period_channel("202?")
    with redis.Redis.from_url(url) as client:
        assert module.channel(client) == wanted
