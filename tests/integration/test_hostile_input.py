"""Real workers before strangers' documents that are traps, and before a broker that is somebody else's."""

import base64
import hashlib
import io
import json
import os
import pickle
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from delivery.queue import task_id
from schemas import names
from schemas.handover import HandOver
from schemas.ids import document_id
from tests.fixtures import packages
from tests.worker_rig import QUEUE, UNACKED, WorkerRig, wait_for

pytestmark = pytest.mark.service

GOOD = "2023年，全市共办结行政复议案件1234件。".encode()
OFFICE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def billion_laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><w:document {OFFICE}><w:body>&l9;</w:body></w:document>'


def quadratic_blowup() -> str:
    return f'<!DOCTYPE d [<!ENTITY a "{"a" * 100_000}">]><w:document {OFFICE}>{"&a;" * 100_000}</w:document>'


def zip_bomb() -> bytes:
    """A gigabyte of blanks in a megabyte, as the body of a DOCX."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file, file.open("word/document.xml", "w") as entry:
        for _ in range(1000):
            entry.write(b" " * 1_000_000)
    return buffer.getvalue()


def traps() -> dict[str, bytes]:
    """Made by the test that needs them: the bomb alone takes seconds, which every process would spend that collects."""
    return {
        "bomb.docx": zip_bomb(),
        "laughs.docx": packages.package({"word/document.xml": billion_laughs()}),
        "blowup.docx": packages.package({"word/document.xml": quadratic_blowup()}),
        "laughs.xml": b'<?xml version="1.0"?>' + billion_laughs().encode(),
        "external.docx": packages.package(
            {"word/document.xml": f'<!DOCTYPE d SYSTEM "file:///etc/passwd"><w:document {OFFICE}/>'}
        ),
        "sheet.xlsx": packages.xlsx({"A1": "甲", "XFD1048576": "乙"}),
        "hangs.ods": packages.ods("</tcelable:table>"),
        "nested.html": b"<html><body>" + b"<div>" * 100_000 + GOOD,
        "slow.txt": ("一、" * 20_000).encode(),
    }


#: What is read in spite of all.
READ = {"nested.html", "slow.txt"}


@pytest.mark.faults
def test_traps_end_within_their_limits_and_harm_no_other(worker_rig: WorkerRig) -> None:
    """One process reads all of them in turn, with one good file at the end; it is never replaced."""
    worker = worker_rig.start()
    (child,) = worker.children()
    given = [worker_rig.give(name, content) for name, content in traps().items()]
    good = worker_rig.give("good.txt", GOOD)
    worker_rig.ended(len(given) + 1)

    worker_rig.assert_one_event_each(*given, good)
    failed = {failure["source"]["name"]: failure["code"] for failure in worker_rig.failures()}
    assert failed == {
        "bomb.docx": "too_complex",
        "laughs.docx": "too_complex",
        "blowup.docx": "too_complex",
        "laughs.xml": "unsupported_format",
        "external.docx": "too_complex",
        "sheet.xlsx": "too_complex",
        "hangs.ods": "damaged_file",
    }
    assert {event["subject"] for event in worker_rig.events()} == {*READ, "good.txt"}
    assert worker.children() == [child]
    peak_kib = int(_status(child)["VmHWM"].split()[0])
    assert peak_kib < 1_000_000


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


class _Planted:
    """Unpickled, it would leave a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self._path),))


def message(body: bytes, content_type: str = "application/json", encoding: str = "utf-8", **headers: Any) -> str:
    """A task as Celery writes it into the queue."""
    tag = str(uuid.uuid4())
    return json.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-encoding": encoding,
            "content-type": content_type,
            "headers": {"lang": "py", "task": names.READ_TASK, "id": tag, "root_id": tag, "parent_id": None, **headers},
            "properties": {
                "correlation_id": tag,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": names.QUEUE},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": tag,
            },
        }
    )


def arguments(*values: Any) -> bytes:
    return json.dumps([values, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]).encode()


def test_a_pickled_task_is_never_unpickled(staffed: WorkerRig, tmp_path: Path) -> None:
    """Whatever it calls itself, its bytes run nothing; the worker goes on."""
    planted = tmp_path / "planted"
    body = pickle.dumps([[_Planted(planted)], {}, {}])
    (worker,) = staffed.workers
    for content_type in ("application/x-python-serialize", "application/json", "application/x-yaml", "text/plain"):
        staffed.client.lpush(QUEUE, message(body, content_type, "binary"))
    staffed.give("good.txt", GOOD)
    staffed.ended(1)
    wait_for(lambda: staffed.left() == 0, what="an empty queue")

    assert [event["subject"] for event in staffed.events()] == ["good.txt"]
    assert not planted.exists()
    assert worker.process.poll() is None


def test_what_is_no_message_is_dropped(staffed: WorkerRig) -> None:
    """One line for each, and the worker's main process stays."""
    entries = ("not json", "[]", "7", "{}", "[" * 100_000, '{"body": 1, "headers": {}, "properties": {}}', b"\xff\xfe")
    (worker,) = staffed.workers
    for entry in entries:
        staffed.client.lpush(QUEUE, entry)
    staffed.give("good.txt", GOOD)
    staffed.ended(1)
    wait_for(lambda: staffed.left() == 0, what="an empty queue")

    assert [event["subject"] for event in staffed.events()] == ["good.txt"]
    assert len([line for line in staffed.log_lines() if line["message"] == "no_hand_over"]) == len(entries)
    assert worker.process.poll() is None


def test_no_entry_stays_with_the_worker(staffed: WorkerRig) -> None:
    """Each kind before a good report of its own, which is read at once: a worker that may have one in hand has none."""
    hand = HandOver(id="d", revision=1, path="a.txt", sha256="", size_bytes=1).model_dump(mode="json")
    good = json.loads(message(arguments(hand)))
    address = good["properties"]["delivery_info"]
    odd = {
        "an object": message(b"{}"),
        "a number": message(b"7"),
        "no base64": json.dumps({**good, "body": "###"}),
        "no body": json.dumps({key: value for key, value in good.items() if key != "body"}),
        "a huge revision": message(arguments({**hand, "revision": 10**40})),
        "a huge count": message(arguments(hand), retries=10**400),
        "a far year": message(arguments(hand), eta="99999-01-01T00:00:00Z"),
        "a chain": message(json.dumps([[hand], {}, {"chain": [{}]}]).encode()),
        "a tag of lists": json.dumps({**good, "properties": {**good["properties"], "delivery_tag": [[1]]}}),
        "an exchange": json.dumps(
            {**good, "properties": {**good["properties"], "delivery_info": {**address, "exchange": "elsewhere"}}}
        ),
    }
    for number, entry in enumerate(odd.values(), 1):
        staffed.client.lpush(QUEUE, entry)
        staffed.give(f"{number}.txt", GOOD)
        staffed.ended(number)

    assert len([line for line in staffed.log_lines() if line["message"] == "no_hand_over"]) == len(odd)


def test_what_lies_among_the_taken_stops_no_giving_back(worker_rig: WorkerRig) -> None:
    """Entries that nobody can give back, older than one that a dead worker has left."""
    handover = worker_rig.drop("good.txt", GOOD)
    left = message(arguments(handover.model_dump(mode="json")))
    for tag, text in {"a": "not json", "b": "[1]", "c": "[null, 1, 2, 3]"}.items():
        worker_rig.client.hset(UNACKED, tag, text)
        worker_rig.client.zadd(f"{UNACKED}_index", {tag: 2.0})
    worker_rig.client.hset(UNACKED, "d", json.dumps([json.loads(left), "", names.QUEUE]))
    worker_rig.client.zadd(f"{UNACKED}_index", {"d": 1.0})
    worker_rig.start()
    worker_rig.ended(1)

    assert [event["subject"] for event in worker_rig.events()] == ["good.txt"]


WRONG: dict[str, Any] = {
    "nothing": None,
    "a list": [1, 2],
    "no path": {"id": "d", "revision": 1, "sha256": "", "size_bytes": 1},
    "other types": {"id": [], "revision": "many", "path": 7, "sha256": None, "size_bytes": -1},
    "a long path": {"id": "d", "revision": 1, "path": "长" * 1_000_000, "sha256": "", "size_bytes": 1},
    "half a character": {"id": "d", "revision": 1, "path": "\ud800", "sha256": "", "size_bytes": 1},
}


def test_what_is_no_hand_over_leaves_one_line_and_nothing_else(staffed: WorkerRig) -> None:
    """It is begun once, not again and again; the line says which field is wrong, and does not repeat it."""
    (worker,) = staffed.workers
    for value in WRONG.values():
        staffed.client.lpush(QUEUE, message(arguments(value)))
    staffed.client.lpush(QUEUE, message(arguments()))
    staffed.client.lpush(QUEUE, message(arguments(1, 2, 3)))
    staffed.client.lpush(QUEUE, message(arguments({}), task="os.system"))
    staffed.give("good.txt", GOOD)
    staffed.ended(1)
    wait_for(lambda: staffed.left() == 0, what="an empty queue")

    assert [event["subject"] for event in staffed.events()] == ["good.txt"]
    lines = [line["why"] for line in staffed.log_lines() if line["message"] == "no_hand_over"]
    assert len(lines) == len(WRONG) + 3
    assert max(map(len, staffed.log.read_text("utf-8").splitlines())) < 10_000
    assert worker.process.poll() is None


def test_a_path_never_leads_out_of_the_inbox(staffed: WorkerRig) -> None:
    """Even one whose content is known to the sender: nothing is read, nothing published."""
    outside = staffed.folder / "outside.txt"
    outside.write_bytes(GOOD)
    (staffed.inbox / "link.txt").symlink_to(outside)
    (staffed.inbox / "folder").symlink_to(staffed.folder)
    digest = hashlib.sha256(GOOD).hexdigest()
    paths = [
        *("../outside.txt", str(outside), "folder/outside.txt", "link.txt", "./../outside.txt", "a/../../outside.txt"),
        *("..%2Foutside.txt", "%2E%2E/outside.txt", "outside.txt%00", "", "/", "//" + str(outside), "."),
    ]
    handovers = [
        HandOver(id=document_id(path), revision=number, path=path, sha256=digest, size_bytes=len(GOOD))
        for number, path in enumerate(paths, 1)
    ]
    staffed.send(*handovers)
    staffed.ended(len(paths))

    assert {outcome.status for outcome in staffed.outcomes()} <= {"missing", "changed"}
    assert len({(outcome.id, outcome.revision) for outcome in staffed.outcomes()}) == len(paths)
    assert staffed.events() == staffed.failures() == []
    assert len({task_id(handover) for handover in handovers}) == len(paths)
