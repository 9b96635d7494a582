"""Two services on one Redis are told apart, by site or database, or the second is refused; they are never mixed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from delivery import owner
from delivery.connect import connect, names_of
from schemas import names
from schemas.ids import document_id
from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from zhibiao.running import embedded

pytestmark = pytest.mark.service

SAME_NAME = "2024/年报.txt"


def zhibiao(rig: Rig, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhibiao", *words]
    return forks.run(command, cwd=rig.folder, env={**rig.environ(), **environ}, timeout=LONG_S)


def refused(rig: Rig) -> str:
    """What a watcher says that does not start."""
    process = rig.start(wait=False)
    assert process.wait(LONG_S) == 2
    return str(rig.log_lines("refused")[-1]["why"])


def published(client: redis.Redis) -> list[dict[str, Any]]:
    entries: Any = client.xrange(names_of(client).results_stream)
    return [json.loads(fields["data"]) for _, fields in entries]


def test_a_second_service_is_refused_and_the_first_comes_back(tmp_path: Path, redis_url: str) -> None:
    """While the first runs, and while it does not; with its name, and the ways out."""
    with Rig(tmp_path / "one", redis_url) as one, Rig(tmp_path / "two", redis_url) as two:
        one.start()
        why = refused(two)
        assert f"belongs to the service over {one.state} on " in why
        assert "which runs: both would overwrite each other's reports" in why
        assert "ZHIBIAO_SITE" in why
        assert "ZHIBIAO_REDIS_URL" in why
        assert "ZHIBIAO_ACCEPT_RISKS" not in why
        up = zhibiao(two, "up")
        assert up.returncode == 2
        assert "which runs" in up.stderr
        two.settings = two.settings.model_copy(update={"accept_risks": ("other-service",)})
        assert "which runs" in refused(two)

        one.stop()  # its sign of life goes with it
        two.settings = two.settings.model_copy(update={"accept_risks": ()})
        why = refused(two)
        assert "which does not run now" in why
        assert "where that folder is gone for good" in why
        one.start()
        one.stop()

        two.settings = two.settings.model_copy(update={"accept_risks": ("other-service",)})
        two.start()
        assert f"belongs to the service over {two.state} on " in refused(one)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that go with their process")
def test_a_second_service_over_the_same_inbox_is_refused(tmp_path: Path, redis_url: str) -> None:
    """Also where Redis could not tell, as with one of its own; it may watch once the first has ended."""
    with Rig(tmp_path / "one", redis_url) as one, Rig(tmp_path / "two", redis_url, site="gz") as two:
        two.settings = two.settings.model_copy(update={"inbox": one.inbox})
        one.start()
        why = refused(two)
        assert why.startswith(f"inbox {one.inbox}: is watched by the service over ")
        assert "both would read every file" in why
        up = zhibiao(two, "up")
        assert up.returncode == 2
        assert "is watched by the service over" in up.stderr
        one.stop()
        two.start()
        assert "is watched by the service over" in refused(one)


def test_replay_and_doctor_name_the_other_service(tmp_path: Path, redis_url: str) -> None:
    """An archive is not published into another service's streams."""
    with Rig(tmp_path / "one", redis_url) as one, Rig(tmp_path / "two", redis_url) as two:
        two.start()
        two.stop()
        one.redis.flushall()
        one.start()
        replay = zhibiao(two, "replay", "--since", "1h")
        assert (replay.returncode, replay.stdout) == (1, "")
        assert f"nothing was sent: Redis at {redis_url} belongs to the service over {one.state}" in replay.stderr
        checks = json.loads(zhibiao(two, "doctor", "--json").stdout)["checks"]
        [site] = [check for check in checks if check["name"] == "site"]
        assert site["level"] == "fail"
        assert str(one.state) in site["seen"]
        checks = json.loads(zhibiao(one, "doctor", "--json").stdout)["checks"]
        assert [check["level"] for check in checks if check["name"] == "site"] == ["ok"]


@pytest.fixture
def several_databases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of a server with more than the one database that the service's own has."""
    monkeypatch.setattr(embedded, "_CONFIG", embedded._CONFIG.replace("databases 1\n", "databases 3\n"))
    with embedded.EmbeddedRedis(tmp_path / "server") as server:
        yield server.url


@pytest.mark.parametrize(("site", "database"), [("gz", 0), ("", 1), ("results", 2)])
def test_sites_and_databases_are_told_apart(tmp_path: Path, several_databases: str, site: str, database: int) -> None:
    """The same name in two inboxes, with other content: each has its event, its report and its listeners."""
    redis_url = several_databases
    other_url = f"{redis_url}?db={database}"
    with (
        Rig(tmp_path / "one", redis_url) as one,
        Rig(tmp_path / "two", other_url, site=site) as two,
        connect(redis_url) as here,
        connect(other_url, site) as there,
        here.pubsub(ignore_subscribe_messages=True) as hears_all,
        Worker(redis_url, one.inbox) as first,
        Worker(other_url, two.inbox, site=site) as second,
    ):
        hears_all.psubscribe("zhibiao:*")
        hears_all.get_message(timeout=LONG_S)  # that it is subscribed
        one.start()
        two.start()
        one.drop(SAME_NAME, b"one")
        two.drop(SAME_NAME, b"two")
        for rig in (one, two):
            wait_for(lambda rig=rig: rig.is_filed(SAME_NAME), what="filed")  # type: ignore[misc]

        assert [handover.size_bytes for handover in (*first.handled, *second.handled)] == [3, 3]
        [of_one], [of_two] = published(here), published(there)
        sources = names.Names().source, names.Names(site).source
        assert (of_one["source"], of_two["source"]) == sources
        assert of_one["data"]["source"]["sha256"] != of_two["data"]["source"]["sha256"]
        assert of_one["data"]["id"] == document_id(SAME_NAME)
        assert of_two["data"]["id"] == document_id(SAME_NAME, site)
        for client, event in ((here, of_one), (there, of_two)):
            kept = client.get(names_of(client).report_key(event["data"]["id"], 1))
            assert kept
            assert json.loads(str(kept)) == event["data"]
        heard = [json.loads(str(m["data"])) for m in iter(lambda: hears_all.get_message(timeout=1), None)]
        assert {message["source"] for message in heard} == {"/zhibiao"}
        assert {message["data"]["id"] for message in heard} == {of_one["data"]["id"]}
        assert of_two["id"] not in {message["id"] for message in heard}


def test_names_that_another_service_has_taken_are_left_alone(tmp_path: Path, redis_url: str) -> None:
    """Redis was emptied, and the other was first: nothing is handed over, nor read, until that is settled."""
    with Rig(tmp_path / "one", redis_url) as one, Worker(redis_url, one.inbox):
        one.start()
        one.drop("a.txt", b"a")
        wait_for(lambda: one.is_filed("a.txt"), what="a.txt filed")
        other = owner.Service("another", "elsewhere", "/srv/other/state")
        one.redis.delete(names.DEFAULT.owner_sign_key, names.DEFAULT.owner_key)
        owner.claim(one.redis, other)
        wait_for(lambda: "other-service" in one.health().alarms, what="an alarm")
        assert "the service over /srv/other/state on elsewhere, which runs" in one.health().alarms["other-service"]
        one.drop("b.txt", b"b")
        wait_for(lambda: one.state_of("b.txt") == "accepted", what="b.txt taken in")
        one.until_walked()
        assert one.state_of("b.txt") == "accepted"
        assert "other-service" in zhibiao(one, "status").stdout

        one.redis.delete(names.DEFAULT.owner_sign_key, names.DEFAULT.owner_key)
        wait_for(lambda: one.is_filed("b.txt"), what="b.txt filed")
        wait_for(lambda: "other-service" not in one.health().alarms, what="no alarm")
