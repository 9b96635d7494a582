"""Names and ids are part of the contract: they are asserted letter by letter, so that a change is a decision."""

import pytest

from schemas import ids, names

DOCUMENT = "8aaf162e351a6dcbfb43"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (names.DEFAULT.results_stream, "zhibiao:results"),
        (names.DEFAULT.failures_stream, "zhibiao:failures"),
        (names.DEFAULT.outcomes_stream, "zhibiao:outcomes"),
        (names.EVENT_FIELD, "data"),
        (names.NUMBER_FIELD, "n"),
        (names.DEFAULT.count_key(names.DEFAULT.results_stream), "zhibiao:count:results"),
        (names.DEFAULT.results_channel, "zhibiao:results"),
        (names.DEFAULT.region_channel("湛江市"), "zhibiao:results:region:湛江市"),
        (names.DEFAULT.period_channel("2023"), "zhibiao:results:period:2023"),
        (names.DEFAULT.failures_channel, "zhibiao:failures"),
        (names.DEFAULT.progress_channel, "zhibiao:progress"),
        (names.DEFAULT.report_key(DOCUMENT, 2), "zhibiao:report:8aaf162e351a6dcbfb43:2"),
        (names.DEFAULT.reading_key(DOCUMENT, 2), "zhibiao:reading:8aaf162e351a6dcbfb43:2"),
        (names.DEFAULT.files_stream, "zhibiao:files"),
        (names.DEFAULT.reviews_stream, "zhibiao:reviews"),
        (names.DEFAULT.latest_key(DOCUMENT), "zhibiao:latest:8aaf162e351a6dcbfb43"),
        (names.DEFAULT.done_key("0f"), "zhibiao:done:0f"),
        (names.DEFAULT.ended_key(DOCUMENT, 2), "zhibiao:ended:8aaf162e351a6dcbfb43:2"),
        (names.DEFAULT.owner_key, "zhibiao:owner"),
        (names.DEFAULT.stream("outcomes"), "zhibiao:outcomes"),
        (names.DEFAULT.queue_key, "zhibiao:celery:reports"),
        (names.DEFAULT.unacked_key, "zhibiao:celery:unacked"),
        (names.DEFAULT.unacked_index_key, "zhibiao:celery:unacked_index"),
        (names.DEFAULT.source, "/zhibiao"),
        (names.DEFAULT.attempts_key(DOCUMENT, 2, 1), "zhibiao:attempts:8aaf162e351a6dcbfb43:2:1"),
        (names.DEFAULT.death_key(DOCUMENT, 2, 1), "zhibiao:attempts:8aaf162e351a6dcbfb43:2:1:death"),
        (names.DEFAULT.heartbeat_key(DOCUMENT, 2, 1), "zhibiao:heartbeat:8aaf162e351a6dcbfb43:2:1"),
        (names.DEFAULT.sink_group("jsonl-0f"), "zhibiao-sink-jsonl-0f"),
        (names.DEFAULT.sink_key("jsonl-0f"), "zhibiao:heartbeat:sink:jsonl-0f"),
        (names.Names("gz").sink_group("jsonl-0f"), "zhibiao.gz-sink-jsonl-0f"),
        (names.Names("gz").sink_key("jsonl-0f"), "zhibiao.gz:heartbeat:sink:jsonl-0f"),
    ],
)
def test_names_stay(name: str, text: str) -> None:
    assert name == text


def test_ids_stay() -> None:
    """Other numbers here would make every consumer see every old report as a new one."""
    assert ids.document_id("report.txt") == DOCUMENT
    assert ids.document_id("2023年/报告.txt") == "94da6387a50dbdee4e66"
    assert ids.report_event_id(DOCUMENT, "ab" * 32, "1") == "08c21a4ca2c2ff72c4f7bd846be8febf"
    assert ids.failure_event_id(DOCUMENT, "ab" * 32, "1", 1) == "e786a2a804a2df46557e2283334a8759"
    assert ids.withdrawn_event_id("d0c", ["e1", "e2"]) == "c88874369a5edea640578cccafd4e7d2"


@pytest.mark.parametrize(
    ("again_as", "id_"), [(3, "9854dd9421c962868f90e1eba27a5c1a"), (12, "80ca6610e9c5ba82fb215076c9a4a9d8")]
)
def test_ids_of_content_that_comes_again_stay(again_as: int, id_: str) -> None:
    """Each time that a document is set back it is another event."""
    assert ids.report_event_id(DOCUMENT, "ab" * 32, "1", again_as) == id_


def test_parts_of_an_id_do_not_run_together() -> None:
    assert ids.report_event_id("a", "bc", "1") != ids.report_event_id("ab", "c", "1")


def test_kinds_and_rounds_have_ids_of_their_own() -> None:
    same = (DOCUMENT, "ab" * 32, "1")

    assert len({ids.report_event_id(*same), ids.failure_event_id(*same, 1), ids.failure_event_id(*same, 2)}) == 3
