"""The generated contract is up to date, valid in itself, and true of real messages."""

import hashlib
import json
import shutil
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas import generate
from schemas.base import Message
from schemas.events import SCHEMA_BASE, FailedEvent, ProgressEvent, ReportEvent
from schemas.reading import Reading, stamp_of
from worker.pipeline import read, read_report
from worker.report_writer import Origin
from worker.tools import load_tools

SEEDS = Path(__file__).parents[3] / "seeds"

MESSAGES = pytest.mark.parametrize(("name", "message"), generate.MESSAGES.items(), ids=str)


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((generate.FOLDER / name).read_bytes())
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def test_generated_files_are_up_to_date() -> None:
    """After a change of the schemas: make generate, and read the diff as a consumer would."""
    assert list(generate.stale()) == []


def test_stale_files_are_named_and_mended(tmp_path: Path) -> None:
    folder = tmp_path / "generated"
    shutil.copytree(generate.FOLDER, folder)
    (folder / "outcome.v1.json").unlink()
    (folder / "report.v1.json").write_text("{}")
    (folder / "gone.v1.json").write_text("{}")

    assert list(generate.stale(folder)) == ["gone.v1.json", "outcome.v1.json", "report.v1.json"]
    generate.write(folder)
    assert list(generate.stale(folder)) == []


def test_command_checks_and_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0
    assert generate.main(["--chekc"]) == 2
    assert capsys.readouterr().err == "usage: python -m schemas.generate [--check]\n"


def test_command_names_the_stale_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate.stale, "__defaults__", (tmp_path,))
    (tmp_path / "old.json").write_text("{}")

    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("stale: asyncapi.json, failed-event.v1.json,")


def test_generating_twice_gives_the_same() -> None:
    assert generate.documents() == generate.documents()


@MESSAGES
def test_schema_is_a_schema_and_accepts_its_example(name: str, message: type[Message]) -> None:
    jsonschema.Draft202012Validator.check_schema(validator(name).schema)
    validator(name).validate(generate.example(name))


@MESSAGES
def test_example_is_what_the_message_writes(name: str, message: type[Message]) -> None:
    """No field is missing from the example, and none is in it that the message does not have."""
    example = generate.example(name)

    assert json.loads(message.model_validate_json(json.dumps(example)).model_dump_json()) == example


def _changed(example: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = json.loads(json.dumps(example))
    *parents, last = path.split("/")
    place = changed
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value
    return dict(changed)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("report-event.v1.json", "type", "io.zhibiao.failed.v1"),
        ("report-event.v1.json", "specversion", "0.3"),
        ("report-event.v1.json", "data/metrics/0/value", "1.28万"),
        ("report-event.v1.json", "data/metrics/0/value", 9),
        ("report-event.v1.json", "data/metrics/0/source/start", -1),
        ("report-event.v1.json", "data/metrics/0/qualifier", "roughly"),
        ("report-event.v1.json", "data/revision", 0),
        ("failed-event.v1.json", "data/disposition", "lost"),
        ("progress-event.v1.json", "data/state", "half"),
        ("hand-over.v1.json", "size_bytes", -1),
        ("outcome.v1.json", "status", "maybe"),
    ],
)
def test_schema_and_message_refuse_the_same(name: str, path: str, value: Any) -> None:
    wrong = _changed(generate.example(name), path, value)

    assert not validator(name).is_valid(wrong)
    with pytest.raises(ValueError, match=path.rsplit("/", 1)[-1]):
        generate.MESSAGES[name].model_validate_json(json.dumps(wrong))


@pytest.mark.parametrize("name", ["report-event.v1.json", "failed-event.v1.json", "progress-event.v1.json"])
@pytest.mark.parametrize("attribute", ["specversion", "type", "id", "subject", "data"])
def test_an_event_must_say_what_it_is(name: str, attribute: str) -> None:
    event = generate.example(name)
    del event[attribute]

    assert [error.message for error in validator(name).iter_errors(event)] == [f"'{attribute}' is a required property"]


@pytest.mark.parametrize("event", [ReportEvent, FailedEvent, ProgressEvent])
def test_dataschema_names_a_generated_file(event: type[Message]) -> None:
    dataschema = event.model_fields["dataschema"].default

    assert validator(dataschema.removeprefix(SCHEMA_BASE)).schema["$id"] == dataschema


def test_example_points_to_its_places_in_the_seed() -> None:
    report = ReportEvent.model_validate(generate.example("report-event.v1.json")).data
    text = (SEEDS / report.source.path).read_text("utf-8")

    assert len(report.metrics) > 1
    for metric in report.metrics:
        assert text[metric.source.start : metric.source.end] == metric.source.quote


def test_example_agrees_with_the_reading_made_by_hand() -> None:
    report = ReportEvent.model_validate(generate.example("report-event.v1.json")).data
    gold = json.loads((SEEDS.parent / "tests/gold/000.json").read_bytes())
    by_hand = {(row["start"], row["end"]): row for row in gold["metrics"]}

    for metric in report.metrics:
        row = by_hand[metric.source.start, metric.source.end]
        assert (metric.value, metric.unit, metric.qualifier) == (row["value"], row["unit"], row["qualifier"])


def test_example_is_what_the_pipeline_finds() -> None:
    """Shortened, never invented. Only what is measured is compared: the wording of an indicator may become better."""
    example = ReportEvent.model_validate(generate.example("report-event.v1.json")).data
    origin = Origin(example.id, example.source.name, example.source.path, example.source.sha256)
    found = read_report((SEEDS / example.source.path).read_bytes(), origin, load_tools(), time.perf_counter)

    assert {(metric.value, metric.unit, metric.source) for metric in example.metrics} <= {
        (metric.value, metric.unit, metric.source) for metric in found.metrics
    }


def test_example_of_a_reading_is_what_the_pipeline_writes() -> None:
    """All of it, but for the version: a rule's name may change with that."""
    example = Reading.model_validate(generate.example("reading.v1.json"))
    origin = Origin(example.id, "a.html", "a.html", example.sha256)
    found = read(example.raw.encode(), origin, load_tools(), time.perf_counter).reading

    assert example.sha256 == hashlib.sha256(example.raw.encode()).hexdigest()
    assert found.model_copy(update={"pipeline_version": example.pipeline_version}) == example
    assert example.stamp == stamp_of(example.packed())
