"""The AsyncAPI document has the structure of version 3.0, and all that it refers to is there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas import generate, names
from schemas.events import ReportEvent

DOCUMENT = json.loads((generate.FOLDER / "asyncapi.json").read_bytes())
STRUCTURE = json.loads(Path(__file__).with_name("asyncapi_structure.json").read_bytes())


def test_structure_is_that_of_the_specification() -> None:
    jsonschema.Draft202012Validator(STRUCTURE).validate(DOCUMENT)


def test_structure_test_notices_a_misspelt_key() -> None:
    wrong = {**DOCUMENT, "operation": DOCUMENT["operations"]}

    with pytest.raises(jsonschema.ValidationError, match="'operation' was unexpected"):
        jsonschema.Draft202012Validator(STRUCTURE).validate(wrong)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def resolved(reference: str) -> Any:
    if reference.startswith("./"):
        return json.loads((generate.FOLDER / reference).read_bytes())
    place = DOCUMENT
    for key in reference.removeprefix("#/").split("/"):
        place = place[key]
    return place


def test_every_reference_leads_somewhere() -> None:
    found = {reference: resolved(reference) for reference in references(DOCUMENT)}

    assert "./report-event.v1.json" in found
    assert all(found.values())


def test_every_name_is_described() -> None:
    addresses = {(channel["x-redis"]["kind"], channel["address"]) for channel in DOCUMENT["channels"].values()}

    assert addresses == {
        ("pubsub", names.DEFAULT.results_channel),
        ("pubsub", names.DEFAULT.region_channel("{region}")),
        ("pubsub", names.DEFAULT.period_channel("{period}")),
        ("pubsub", names.DEFAULT.failures_channel),
        ("pubsub", names.DEFAULT.withdrawals_channel),
        ("pubsub", names.DEFAULT.progress_channel),
        ("stream", names.DEFAULT.results_stream),
        ("stream", names.DEFAULT.failures_stream),
        ("stream", names.DEFAULT.withdrawals_stream),
        ("stream", names.DEFAULT.files_stream),
        ("stream", names.DEFAULT.reviews_stream),
        ("stream", names.DEFAULT.outcomes_stream),
        ("key", names.DEFAULT.report_key("{id}", 7).replace("7", "{revision}")),
        ("key", names.DEFAULT.reading_key("{id}", 7).replace("7", "{revision}")),
    }


def test_parameters_are_those_of_the_address() -> None:
    for channel in DOCUMENT["channels"].values():
        assert all(f"{{{name}}}" in channel["address"] for name in channel.get("parameters", {}))
        assert channel["address"].count("{") == len(channel.get("parameters", {}))


def test_a_report_goes_to_described_channels_only() -> None:
    """The channels that an event names are the described addresses with their parameters filled in."""
    event = ReportEvent.model_validate(generate.example("report-event.v1.json"))
    document = event.data.document
    filled = {
        channel["address"].format(region=document.region, period=document.period)
        for channel in DOCUMENT["channels"].values()
        if channel["x-redis"]["kind"] == "pubsub" and "report" in channel["messages"]
    }

    assert set(event.channels()) == filled


def test_every_channel_has_one_operation() -> None:
    used = sorted(operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values())

    assert used == sorted(f"#/channels/{name}" for name in DOCUMENT["channels"])


@pytest.mark.parametrize("name", DOCUMENT["components"]["messages"])
def test_message_examples_are_valid(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    schema = resolved(message["payload"]["schema"]["$ref"])

    for example in message["examples"]:
        jsonschema.Draft202012Validator(schema).validate(example["payload"])
