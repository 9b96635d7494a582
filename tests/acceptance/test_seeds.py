"""The main job: a file into the inbox, a message out; for every seed, whatever is bad among them."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from delivery.connect import connect
from schemas import names
from schemas.events import FailedEvent, ReportEvent
from schemas.ids import document_id
from tests.service_rig import ROOT, Home
from tests.waiting import eventually

pytestmark = pytest.mark.service

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
GOLD = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "tests" / "gold").glob("00*.json"))}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:3])
def test_a_seed_comes_out_as_an_event_and_is_filed(home: Home, seed: Path) -> None:
    """One event with figures that stand where they say; the file in processed/, the event's report beside it."""
    home.rename_in(seed, f"seeds/{seed.name}")

    event = ReportEvent.model_validate(home.event_of(f"seeds/{seed.name}"))
    filed = home.processed / "seeds" / seed.name
    eventually(lambda: not (home.inbox / "seeds" / seed.name).exists())

    report = event.data
    text = seed.read_bytes().decode("utf-8")
    assert report.id == document_id(f"seeds/{seed.name}")
    assert report.source.sha256 == hashlib.sha256(seed.read_bytes()).hexdigest()
    assert report.document.period == GOLD[f"{seed.name[:3]}.json"]["document"]["period"]
    assert len(report.metrics) > 20
    assert [metric.source.quote for metric in report.metrics] == [
        text[metric.source.start : metric.source.end] for metric in report.metrics
    ]
    assert filed.read_bytes() == seed.read_bytes()
    beside = json.loads(filed.with_name(f"{seed.name}.json").read_text("utf-8"))
    assert beside == json.loads(report.model_dump_json())


def test_results_reach_the_channels_of_region_and_period(home: Home, tmp_path: Path) -> None:
    """SUBSCRIBE on a region, PSUBSCRIBE on periods: each gets the event, and the same one."""
    with connect(home.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe(names.DEFAULT.results_channel, names.DEFAULT.region_channel("东方市"))
        pubsub.psubscribe(names.DEFAULT.period_channel("202?"))
        seed = tmp_path / "channels.txt"
        seed.write_bytes(SEEDS[2].read_bytes() + b"\n")
        home.rename_in(seed, "channels.txt")
        event = home.event_of("channels.txt")
        heard: dict[str, str] = {}

        def hear() -> bool:
            message = pubsub.get_message(timeout=0.1)
            if message and "message" in message["type"] and json.loads(message["data"])["subject"] == "channels.txt":
                heard[message["channel"]] = json.loads(message["data"])["id"]
            return len(heard) == 3

        eventually(hear)
    assert heard == dict.fromkeys(
        (names.DEFAULT.results_channel, names.DEFAULT.region_channel("东方市"), names.DEFAULT.period_channel("2020")),
        event["id"],
    )


BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "unsupported_format"),
    "undecodable.txt": (bytes([0xFF, 0xFE, 0xFD, 0x81, 0x20, 0x80]) * 400, "undecodable"),
    "large.txt": ("本年办理案件12件。".encode() * 50_000, "too_large"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_ends_in_quarantine_with_its_reason(home: Home, tmp_path: Path, name: str) -> None:
    """A failure event, the file in quarantine/, and code, message and stage beside it."""
    content, code = BAD[name]
    (tmp_path / name).write_bytes(content)
    home.rename_in(tmp_path / name, name)

    failure = FailedEvent.model_validate(home.event_of(name, names.DEFAULT.failures_stream)).data
    reason = home.quarantine / f"{name}.error.json"
    eventually(lambda: not (home.inbox / name).exists() and reason.exists())

    written = json.loads(reason.read_text("utf-8"))
    assert (failure.code, failure.disposition) == (code, "quarantined")
    assert (written["code"], written["message"], written["stage"]) == (code, failure.message, failure.stage)
    assert (home.quarantine / name).read_bytes() == content


def _make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("name", "make", "code"), [("link.txt", _make_link, "symlink"), ("pipe.txt", os.mkfifo, "fifo")]
)
def test_what_is_no_file_is_ignored_with_its_reason(home: Home, name: str, make: Any, code: str) -> None:
    """It is announced, it stays where it is, nothing of what it leads to is read, and nothing hangs."""
    make(home.inbox / name)

    failure = FailedEvent.model_validate(home.event_of(name, names.DEFAULT.failures_stream)).data
    status = json.loads(home.run("status", name, "--json").stdout)

    assert (failure.code, failure.disposition) == (code, "ignored")
    assert status["state"] == "ignored"
    assert os.path.lexists(home.inbox / name)
    assert not any(event["subject"] == name for event in home.events())
    (home.inbox / name).unlink()


def test_a_report_without_figures_is_published_with_a_warning(home: Home, tmp_path: Path) -> None:
    """It says nothing wrong, and says so."""
    (tmp_path / "words.txt").write_text("关于法治政府建设的说明\n\n本单位认真学习有关规定，不断改进工作。\n", "utf-8")
    home.rename_in(tmp_path / "words.txt", "words.txt")

    report = ReportEvent.model_validate(home.event_of("words.txt")).data

    assert report.metrics == ()
    assert [warning.code for warning in report.warnings] == ["no_metrics"]


def test_the_same_content_again_is_a_duplicate(home: Home, tmp_path: Path) -> None:
    """No second event; the second file points to the first."""
    content = tmp_path / "content"
    content.write_bytes(SEEDS[4].read_bytes() + "\n重复件。\n".encode())
    home.rename_in(content, "first.txt")
    event = home.event_of("first.txt")
    home.rename_in(content, "second.txt")
    sidecar = home.processed / "second.txt.json"
    eventually(sidecar.exists)

    pointer = json.loads(sidecar.read_text("utf-8"))["duplicate_of"]
    assert (pointer["path"], pointer["event_id"]) == ("first.txt", event["id"])
    assert [seen["subject"] for seen in home.events()].count("first.txt") == 1
    assert not any(seen["subject"] == "second.txt" for seen in home.events())


def test_new_content_under_a_name_is_the_next_revision(home: Home, tmp_path: Path) -> None:
    """The document keeps its id; the new event says what it supersedes."""
    for revision, addition in ((1, "甲"), (2, "乙")):
        draft = tmp_path / addition
        draft.write_bytes(SEEDS[4].read_bytes() + f"\n附注{addition}。\n".encode())
        home.rename_in(draft, "revised.txt")
        eventually(lambda revision=revision: home.event_of("revised.txt")["data"]["revision"] == revision)
        eventually(lambda: not (home.inbox / "revised.txt").exists())

    first, second = (event["data"] for event in home.events() if event["subject"] == "revised.txt")
    assert first["id"] == second["id"]
    assert (first["supersedes"], second["supersedes"]) == (None, 1)


def test_a_copied_in_file_waits_until_it_is_whole(home: Home, tmp_path: Path) -> None:
    """Plain cp, as people do it: one event, of the whole content."""
    shutil.copyfile(SEEDS[3], tmp_path / "copied.txt")
    content = (tmp_path / "copied.txt").read_bytes() + b"\n\n"
    with (home.inbox / "copied.txt").open("wb") as target:
        target.write(content[:9000])
        target.flush()
        assert json.loads(home.run("status", "copied.txt", "--json").stdout)["state"] in ("waiting", "unnoticed")
        target.write(content[9000:])

    assert home.event_of("copied.txt")["data"]["source"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert [event["subject"] for event in home.events()].count("copied.txt") == 1
