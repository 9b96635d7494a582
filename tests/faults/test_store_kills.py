"""The store's process killed twenty times while two thousand reports come."""

import random
from collections.abc import Iterator
from pathlib import Path
from threading import Semaphore, Thread

import pytest

from delivery.connect import connect
from delivery.publish import Publisher
from schemas.events import ReportEvent
from store.rebuild import rebuild
from tests.integration.test_store_live import COUNTS, ROWS, Keeping
from tests.unit.store.made import WHEN, failed, metric, report
from tests.waiting import eventually, wait_for
from tests.watcher_rig import tell
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = [pytest.mark.service, pytest.mark.faults]

REPORTS, KILLS, FIGURES, EACH_FAILS = 2000, 20, 8, 100
DOCUMENTS = REPORTS // 2  # each comes in two revisions
SEED = 7


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    """What keeps a store over a server of the test's own."""
    (tmp_path / "processed").mkdir()
    with EmbeddedRedis(tmp_path / "redis") as server:
        found = Keeping(tmp_path, server.url)
        yield found
        found.end()


def prepared() -> list[ReportEvent]:
    """Events of reports in two revisions, the second of each after all of the first."""
    events = []
    for number in range(REPORTS):
        revision, document = 1 + number // DOCUMENTS, number % DOCUMENTS
        figures = [metric(f"事项{document}之{index}", str(number + index), period="2025") for index in range(FIGURES)]
        made = report(
            *figures, path=f"{document}.txt", revision=revision, sha=str(revision), place=f"第{document % 40}市"
        )
        events.append(ReportEvent.of(made, WHEN))
    return events


def publish(url: str, folder: Path, events: list[ReportEvent], may_go_on: Semaphore) -> None:
    """As workers do, with the JSON in the archive as the watcher files it; a failure now and then; a part for each kill."""
    with connect(url) as client:
        publisher = Publisher(client)
        for number, event in enumerate(events):
            if number % (REPORTS // KILLS) == 0:
                may_go_on.acquire()
            publisher.report(event)
            (folder / "processed" / f"{number}.json").write_text(event.data.model_dump_json(), "utf-8")
            if number % EACH_FAILS == 0:
                publisher.failure(failed(f"bad{number}.txt"))


def test_killed_twenty_times_while_reports_come_it_equals_a_rebuild(tmp_path: Path, keeping: Keeping) -> None:
    """Row for row: figures, revisions, what can be searched and counts; no failure is lost, and none is there twice."""
    events, chance = prepared(), random.Random(SEED)
    url = keeping.environ["ZHIBIAO_REDIS_URL"]
    may_go_on = Semaphore(0)
    coming = Thread(target=publish, args=(url, tmp_path, events, may_go_on))
    coming.start()
    seen = []
    for kill in range(1, KILLS + 1):
        # However slow a process begins, not all is there before it; and however fast it is, there is something more for it.
        may_go_on.release()
        process = keeping.start()
        had = keeping.readings()
        least = min(kill * REPORTS // KILLS, had + 1 + chance.randrange(REPORTS // KILLS))
        eventually(lambda least=least: keeping.readings() >= least)  # type: ignore[misc]
        process.kill()
        process.wait()
        seen.append(keeping.readings())
    last = keeping.start()
    coming.join()
    wait_for(lambda: keeping.readings() == REPORTS)
    wait_for(lambda: len(keeping.asked("SELECT 1 FROM failures")) == REPORTS // EACH_FAILS)
    last.terminate()
    assert last.wait(60) == 0

    again = Keeping(tmp_path, url)
    again.file = tmp_path / "again.sqlite"
    assert rebuild(again.file, tmp_path / "processed")[0] == REPORTS
    assert len(keeping.asked(ROWS)) == REPORTS * FIGURES
    assert keeping.asked(ROWS) == again.asked(ROWS)
    assert keeping.asked(COUNTS) == again.asked(COUNTS)
    midway = [count for count in seen if count < REPORTS]
    tell(
        f"store killed {KILLS} times in {REPORTS} reports",
        f"{len(midway)} with reports on their way; equal to a rebuild",
    )
    assert len(midway) >= KILLS // 2
