"""A worker of endless speed: publishes reports that were read before, so that all the time left is the service's own.

    python -m benchmarks.null_worker REDIS_URL

Takes hand-overs from the real queue and publishes through the real publisher, as ``tests/watcher_rig.py`` has it: what
it publishes has the size and the form of a real report, with the ids of the file that was handed over. The files are
not opened.
"""

import base64
import gzip
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from delivery.connect import UNREACHABLE, connect, names_of
from delivery.publish import Publisher
from schemas.events import ReportEvent, utc_now
from schemas.handover import HandOver
from schemas.report import Report
from worker.pipeline import read
from worker.report_writer import Origin
from worker.tools import load_tools

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_STAMP = re.compile(rb'\{"schema_version":"1","id":"[^"]*","revision":\d+,"sha256":"[^"]*",')


def prepared() -> list[tuple[Report, bytes]]:
    """The seeds' reports, and their readings without the first fields, compressed."""
    tools = load_tools()
    done = []
    for path in sorted(SEEDS.glob("*.txt")):
        report, reading = read(path.read_bytes(), Origin("x", path.name, path.name, "0" * 64), tools, time.perf_counter)
        rest = _STAMP.sub(b"", gzip.decompress(reading.packed()), count=1)
        done.append((report, gzip.compress(rest, mtime=0)))
    return done


def publish(publisher: Publisher, handover: HandOver, report: Report, rest: bytes) -> None:
    """Publish a prepared report as that of a hand-over."""
    about = {"path": handover.path, "sha256": handover.sha256, "size_bytes": handover.size_bytes}
    source = report.source.model_copy(update=about)
    own = report.model_copy(update={"id": handover.id, "revision": handover.revision, "source": source})
    head = {"schema_version": "1", "id": handover.id, "revision": handover.revision, "sha256": handover.sha256}
    stamp = json.dumps(head, separators=(",", ":"))[:-1] + f',"pipeline_version":"{report.pipeline.version}",'
    # Two members of one gzip file: what is the same for all is compressed once.
    start = gzip.compress(stamp.encode(), mtime=0)
    publisher.report(ReportEvent.of(own, utc_now()), handover, start + rest)


def main(url: str) -> None:
    """Serve the queue until the server is gone."""
    client = connect(url)
    publisher = Publisher(client)
    reports = prepared()
    print("ready", flush=True)
    number = 0
    while True:
        try:
            taken: Any = client.brpop([names_of(client).queue_key], timeout=1)
        except UNREACHABLE:
            return
        if taken:
            arguments, _, _ = json.loads(base64.b64decode(json.loads(taken[1])["body"]))
            publish(publisher, HandOver.model_validate(arguments[0]), *reports[number % len(reports)])
            number += 1


if __name__ == "__main__":
    main(sys.argv[1])
