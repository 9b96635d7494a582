"""Sending again what was published: from the stream, from the archive, and what nobody has."""

import json
from pathlib import Path

import pytest

from delivery.connect import connect
from schemas import names
from tests.service_rig import ROOT, Home
from tests.waiting import eventually

pytestmark = pytest.mark.service

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


@pytest.mark.faults
def test_replay_sends_again_and_restores(fresh_home: Home, tmp_path: Path) -> None:
    """From the stream while it holds them, from the archive when it does not; restored once, with the same ids.

    The first of two failures of one file lies in no folder any more.
    """
    (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    fresh_home.rename_in(tmp_path / "bad.txt", "bad.txt")
    eventually(lambda: [*fresh_home.quarantine.glob("*.error.json")])
    fresh_home.run("retry", "bad.txt")
    eventually(lambda: len(fresh_home.events(names.DEFAULT.failures_stream)) == 2)
    eventually(lambda: [*fresh_home.quarantine.glob("*.error.json")])
    failures = fresh_home.events(names.DEFAULT.failures_stream)
    for number in (0, 1):
        fresh_home.rename_in(SEEDS[number], f"{number}.txt")
    events = [fresh_home.event_of(f"{number}.txt") for number in (0, 1)]
    eventually(lambda: len([*fresh_home.processed.glob("*.json")]) == 2)
    (fresh_home.processed / "forged.json").write_text(json.dumps(events[0]["data"]), "utf-8")

    printed = fresh_home.run("replay", "--print")
    with connect(fresh_home.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe(names.DEFAULT.results_channel)
        sent = fresh_home.run("replay", "--json")
        heard: list[str] = []

        def hear() -> bool:
            message = pubsub.get_message(timeout=0.1)
            if message and message["type"] == "message":
                heard.append(json.loads(message["data"])["id"])
            return len(heard) == 2

        eventually(hear)
        client.delete(names.DEFAULT.results_stream, names.DEFAULT.done_key(events[0]["id"]))
        client.delete(names.DEFAULT.failures_stream, *(names.DEFAULT.done_key(event["id"]) for event in failures))
        restored = fresh_home.run("replay", "--json")
    again = fresh_home.run("replay", "--json")

    ids = {event["id"] for event in events}
    in_order = sorted(events, key=lambda event: event["time"]) + failures
    assert [json.loads(line) for line in printed.stdout.splitlines()] == in_order
    assert json.loads(sent.stdout) == {"sent": 4, "restored": 0, "unreadable": 0, "unread": []}
    assert set(heard) == ids
    assert json.loads(restored.stdout) == {"sent": 1, "restored": 3, "unreadable": 0, "unread": []}
    assert json.loads(again.stdout) == {"sent": 4, "restored": 0, "unreadable": 0, "unread": []}
    assert [event["id"] for event in fresh_home.events()] == [events[0]["id"]]
    assert [event["data"] for event in fresh_home.events(names.DEFAULT.failures_stream)] == [
        event["data"] for event in failures
    ]


@pytest.mark.faults
def test_replay_names_what_the_archive_does_not_have(fresh_home: Home) -> None:
    """JSON of an earlier version that is none, and JSON taken away: a copy of each file mends both, without an event."""
    files = {"d/0.txt": SEEDS[0], "公报.txt": SEEDS[1]}
    for name, seed in files.items():
        fresh_home.rename_in(seed, name)
        eventually(lambda name=name: (fresh_home.processed / f"{name}.json").exists())  # type: ignore[misc]
    eventually(lambda: not [*fresh_home.inbox.rglob("*.txt")])
    events = [fresh_home.event_of(name) for name in files]
    (fresh_home.processed / "d/0.txt.json").write_text(json.dumps({"event_id": events[0]["id"], "entry_id": "1-1"}))
    (fresh_home.processed / "公报.txt.json").unlink()
    with connect(fresh_home.url) as client:
        client.xtrim(names.DEFAULT.results_stream, maxlen=0, approximate=False)
    said, told = fresh_home.run("replay"), fresh_home.run("replay", "--json")

    assert (said.returncode, said.stdout, told.returncode) == (1, "0 sent again, 0 restored\n", 1)
    assert said.stderr == (
        "processed/d/0.txt: only where the report was published is known, nobody has kept it; put a copy of the file "
        "into the inbox as d/0.txt, and it is read again, without a second event\n"
        "processed/公报.txt: No such file or directory; put a copy of the file into the inbox as 公报.txt, and it is "
        "read again, without a second event\n"
        "2 events cannot be read and were left out\n"
    )
    unread = json.loads(told.stdout)["unread"]
    assert [(one["path"], one["place"]) for one in unread] == [(name, f"processed/{name}") for name in files]
    for name in files:
        fresh_home.rename_in(fresh_home.processed / name, name)
    eventually(lambda: len([*fresh_home.processed.rglob("*.2.txt.json")]) == 2)
    eventually(lambda: not [*fresh_home.inbox.rglob("*.txt")])
    printed = fresh_home.run("replay", "--print")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert {json.loads(line)["id"] for line in printed.stdout.splitlines()} == {event["id"] for event in events}
    assert fresh_home.events() == []


@pytest.mark.faults
def test_replay_advises_no_step_back(fresh_home: Home) -> None:
    """What newer content has replaced must not come into the inbox again: it would win."""
    for number in (0, 1):
        fresh_home.rename_in(SEEDS[number], "r.txt")
        eventually(lambda number=number: len([*fresh_home.processed.glob("*.json")]) == number + 1)  # type: ignore[misc]
    (fresh_home.processed / "r.txt.json").unlink()
    with connect(fresh_home.url) as client:
        client.xtrim(names.DEFAULT.results_stream, maxlen=0, approximate=False)
    said = fresh_home.run("replay")

    assert said.returncode == 1
    assert "revision 2 has replaced it, so it is not read again" in said.stderr
