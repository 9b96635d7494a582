"""Sinks behind the record: every event at least once, in order, whatever is killed; and Redis never waits for one."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from delivery import plugins
from delivery.connect import connect
from delivery.publish import Publisher
from delivery.relay import signs
from delivery.sink import name_of
from schemas import names
from schemas.handover import HandOver
from tests import forks
from tests.plugin_rig import install, install_example
from tests.waiting import wait_for
from tests.watcher_rig import failed_event, report_event
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service


class Relaying:
    """Relays of one sink, started and killed at will."""

    def __init__(self, folder: Path, url: str, sink: str, **environ: str) -> None:
        self.folder, self.url, self.sink = folder, url, sink
        path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
        known = {"ZHIBIAO_REDIS_URL": url, "ZHIBIAO_SINKS": sink, "PYTHONPATH": path, "ZHIBIAO_LOG_FORMAT": "json"}
        self.environ = {**os.environ, **known, **environ}
        self.processes: list[forks.Program] = []

    def start(self) -> forks.Program:
        with (self.folder / "relay.log").open("ab") as log:
            command = [sys.executable, "-m", "delivery.relay", "1"]
            self.processes.append(forks.popen(command, env=self.environ, stdout=log, stderr=log))
        return self.processes[-1]

    def said(self) -> str:
        return (self.folder / "relay.log").read_text("utf-8")

    def sign(self) -> str | None:
        with connect(self.url) as client:
            return signs(client, [name_of(self.sink)])[name_of(self.sink)]

    def left(self) -> int:
        """Entries that were taken and not acknowledged."""
        with connect(self.url) as client:
            return int(
                client.xpending(names.DEFAULT.results_stream, names.DEFAULT.sink_group(name_of(self.sink)))["pending"]
            )

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def relaying(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Relaying]:
    found = Relaying(tmp_path, server.url, f"jsonl://{tmp_path}/results.jsonl")
    yield found
    found.end()


def handover(name: str) -> HandOver:
    return HandOver(id=name, revision=1, path=name, sha256="0" * 64, size_bytes=1)


def publish(server: EmbeddedRedis, *given: str, site: str = "") -> None:
    with connect(server.url, site) as client:
        for name in given:
            Publisher(client).report(report_event(handover(name)))


def subjects(folder: Path) -> list[str]:
    file = folder / "results.jsonl"
    return [json.loads(line)["subject"] for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_events_of_both_streams_come_as_they_stand_there(
    tmp_path: Path, server: EmbeddedRedis, relaying: Relaying
) -> None:
    """Those of before it was set as well; entries of others are passed over."""
    publish(server, "a", "b")
    with connect(server.url) as client:
        client.xadd(names.DEFAULT.results_stream, {names.EVENT_FIELD: "no event"})
        client.xadd(names.DEFAULT.results_stream, {"other": "field"})
        Publisher(client).failure(failed_event(handover("torn")))
    relay = relaying.start()
    publish(server, "c")

    wait_for(lambda: sorted(subjects(tmp_path)) == ["a", "b", "c", "torn"])
    lines = (tmp_path / "results.jsonl").read_text("utf-8").splitlines()
    with connect(server.url) as client:
        entries: Any = [*client.xrange(names.DEFAULT.results_stream), *client.xrange(names.DEFAULT.failures_stream)]
        stored = [fields[names.EVENT_FIELD] for _, fields in entries if len(fields.get(names.EVENT_FIELD, "")) > 20]
    assert sorted(lines) == sorted(stored)
    wait_for(lambda: (relaying.sign(), relaying.left()) == ("", 0))
    relay.terminate()
    assert relay.wait(60) == 0


def test_kills_lose_nothing_double_nothing_and_keep_the_order(
    tmp_path: Path, server: EmbeddedRedis, relaying: Relaying
) -> None:
    """Killed at whatever it is at, while events come."""
    given = [f"r{number:03}" for number in range(300)]
    for begun in range(10):
        relay = relaying.start()
        publish(server, *given[30 * begun : 30 * begun + 30])
        wait_for(lambda begun=begun: len(subjects_so_far(tmp_path)) >= 30 * begun + 5 + begun)  # type: ignore[misc]
        relay.send_signal(signal.SIGKILL)
        relay.wait()
    relaying.start()

    wait_for(lambda: len(subjects_so_far(tmp_path)) >= len(given))
    wait_for(lambda: relaying.left() == 0)
    assert subjects(tmp_path) == given


def subjects_so_far(folder: Path) -> list[str]:
    """As :func:`subjects`, while a line may be half there."""
    file = folder / "results.jsonl"
    whole = file.read_text("utf-8", "replace").rpartition("\n")[0] if file.exists() else ""
    return whole.splitlines()


def test_what_redis_has_lost_comes_again(tmp_path: Path, server: EmbeddedRedis, relaying: Relaying) -> None:
    """Emptied and restored, its connections cut, its group destroyed: at least once, and in order."""
    relaying.start()
    publish(server, "a", "b")
    wait_for(lambda: subjects(tmp_path) == ["a", "b"])
    with connect(server.url) as client:
        client.flushall()
    publish(server, "a", "b", "c")
    wait_for(lambda: subjects(tmp_path)[2:] == ["a", "b", "c"])
    with connect(server.url) as client:
        client.xgroup_destroy(names.DEFAULT.results_stream, names.DEFAULT.sink_group(name_of(relaying.sink)))
    wait_for(lambda: subjects(tmp_path)[5:] == ["a", "b", "c"])
    with connect(server.url) as client:
        client.client_kill_filter(skipme=True, _type="normal")
    publish(server, "d")
    wait_for(lambda: subjects(tmp_path)[8:] == ["d"])


def test_a_folder_that_is_missing_is_waited_for(tmp_path: Path, server: EmbeddedRedis) -> None:
    """With the reason in the sign of life; Redis has the reports meanwhile."""
    relaying = Relaying(tmp_path, server.url, f"jsonl://{tmp_path}/disk/results.jsonl")
    try:
        relaying.start()
        publish(server, "a", "b")
        wait_for(lambda: "a: FileNotFoundError" in (relaying.sign() or ""))
        (tmp_path / "disk").mkdir()
        wait_for(lambda: subjects(tmp_path / "disk") == ["a", "b"])
        wait_for(lambda: relaying.sign() == "")
    finally:
        relaying.end()


def test_another_redis_has_each_event_once(tmp_path: Path, server: EmbeddedRedis) -> None:
    """And is waited for while it is away: the relay's own Redis is another."""
    with EmbeddedRedis(tmp_path / "other") as other:
        relaying = Relaying(tmp_path, server.url, other.url)
        try:
            relaying.start()
            publish(server, "a")
            with connect(other.url) as client:
                wait_for(lambda: client.xlen(names.DEFAULT.results_stream) == 1)
            other.stop()
            publish(server, "b")
            wait_for(lambda: "b: ConnectionError" in (relaying.sign() or ""))
            other.start()
            with connect(server.url) as client:
                client.xgroup_destroy(names.DEFAULT.results_stream, names.DEFAULT.sink_group(name_of(relaying.sink)))
            publish(server, "c")
            with connect(other.url) as client:
                wait_for(lambda: client.xlen(names.DEFAULT.results_stream) == 3)
                wait_for(lambda: relaying.sign() == "" and relaying.left() == 0)
                entries: Any = client.xrange(names.DEFAULT.results_stream)
                assert [json.loads(fields["data"])["subject"] for _, fields in entries] == ["a", "b", "c"]
                assert client.get(names.DEFAULT.latest_key("a")) == "1"
        finally:
            relaying.end()


@pytest.mark.parametrize(("site", "others"), [("gz", ["", "sz"]), ("", ["gz"]), ("sink", ["", "gz"])])
def test_a_sink_gets_what_its_site_publishes(
    tmp_path: Path, server: EmbeddedRedis, site: str, others: list[str]
) -> None:
    """And nothing of others on the same Redis, whose watchers see no sign of it; another Redis has it under its names."""
    own = names.Names(site)
    with EmbeddedRedis(tmp_path / "other") as other:
        sink = f"jsonl://{tmp_path}/results.jsonl"
        relaying = [Relaying(tmp_path, server.url, to, ZHIBIAO_SITE=site) for to in (sink, other.url)]
        try:
            for one in others:
                publish(server, f"of-{one}", site=one)
            publish(server, "a", "b", site=site)
            for relay in relaying:
                relay.start()
            wait_for(lambda: subjects(tmp_path) == ["a", "b"])
            with connect(other.url) as client:
                wait_for(lambda: client.xlen(own.results_stream) == 2)
                entries: Any = client.xrange(own.results_stream)
                events = [json.loads(fields["data"]) for _, fields in entries]
                assert [(event["subject"], event["source"]) for event in events] == [
                    ("a", own.source),
                    ("b", own.source),
                ]
                prefix = own.results_stream.removesuffix("results")
                assert not [key for key in client.scan_iter() if not key.startswith(prefix)]
            with connect(server.url, site) as client:
                wait_for(lambda: signs(client, [name_of(sink)]) == {name_of(sink): ""})
            for one in others:
                with connect(server.url, one) as client:
                    assert signs(client, [name_of(sink)]) == {name_of(sink): None}
                    assert client.xinfo_groups(names.Names(one).results_stream) == []
        finally:
            for relay in relaying:
                relay.end()


class _Hook(BaseHTTPRequestHandler):
    """Refuses everything twice."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server: Any = self.server
        server.asked.append(json.loads(body)["subject"])
        self.send_response(204 if server.asked.count(server.asked[-1]) > 2 else 503)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


def test_the_example_of_the_page_posts_events(tmp_path: Path, server: EmbeddedRedis) -> None:
    """Ten lines, found by the package's entry point; what is refused is posted again before what comes after it."""
    code = install_example(tmp_path, plugins.SINKS)
    assert len(code.splitlines()) <= 12
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hook) as hook:
        hook.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        relaying = Relaying(tmp_path, server.url, f"http://127.0.0.1:{hook.server_port}/events")
        try:
            publish(server, "a", "b")
            relaying.start()
            wait_for(lambda: hook.asked == ["a", "a", "a", "b", "b", "b"])  # type: ignore[attr-defined]
            assert "HTTP Error 503" in relaying.said()
        finally:
            relaying.end()
            hook.shutdown()


HANGING = """
import time
from pathlib import Path

class Sink:
    def __init__(self, url):
        self.folder = Path(url.partition("://")[2])
    def deliver(self, event):
        with open(self.folder / "asked", "a") as asked:
            asked.write(event.subject + "\\n")
        if event.subject == "b" and not (self.folder / "mended").exists():
            while True:
                time.sleep(1000)
"""


def test_a_sink_that_hangs_is_ended_and_told(tmp_path: Path, server: EmbeddedRedis) -> None:
    """Its process ends with a trace of where it hangs; the next one tells before it meets it again."""
    install(tmp_path, "hanging_sink", HANGING, plugins.SINKS, "hanging", "Sink")
    # The limit is given where a test can: the relay of one process with a shorter one.
    program = (
        "import sys, delivery.relay as r\n"
        "made = r.Relay.__init__\n"
        "r.Relay.__init__ = lambda self, *given: made(self, *given, limit_s=1)\n"
        "r.main('1')"
    )
    relaying = Relaying(tmp_path, server.url, f"hanging://{tmp_path}")
    publish(server, "a", "b", "c")
    asked = tmp_path / "asked"

    def run() -> forks.Program:
        with (tmp_path / "relay.log").open("ab") as log:
            process = forks.popen([sys.executable, "-c", program], env=relaying.environ, stdout=log, stderr=log)
        relaying.processes.append(process)
        return process

    try:
        assert run().wait(120) == 1
        assert "hanging_sink.py" in relaying.said()
        second = run()
        wait_for(lambda: relaying.sign() == "b: was taken before, and not finished")
        assert second.wait(120) == 1
        assert asked.read_text().split() == ["a", "b", "b"]
        assert relaying.sign() == "b: was taken before, and not finished"
        (tmp_path / "mended").touch()
        run()
        wait_for(lambda: asked.read_text().split()[3:] == ["b", "c"])
        wait_for(lambda: relaying.sign() == "")
    finally:
        relaying.end()


@pytest.mark.parametrize(
    ("sinks", "environ", "said"),
    [
        ("nowhere://x", {}, "there is no sink 'nowhere'; one of these would be right: jsonl, redis, rediss, unix"),
        ("hanging:///x", {"ZHIBIAO_PLUGINS": "false"}, "there is no sink 'hanging'"),
        ("nowhere://me:secret@x", {}, "nowhere://me:***@x"),
        ("", {}, "ZHIBIAO_SINKS has 0"),
    ],
)
def test_a_sink_that_there_is_not_is_refused(
    tmp_path: Path, sinks: str, environ: dict[str, str], said: str, server: EmbeddedRedis
) -> None:
    install(tmp_path, "hanging_sink", HANGING, plugins.SINKS, "hanging", "Sink")
    relaying = Relaying(tmp_path, server.url, sinks, **environ)

    assert relaying.start().wait(120) == 2
    assert said in relaying.said()
    assert "secret" not in relaying.said()
