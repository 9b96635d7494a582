"""docs/messages.md shows real messages and real names."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas import generate, names
from worker.facts import load_facts

PAGE = (Path(__file__).parents[3] / "docs" / "messages.md").read_text("utf-8")
SHOWN = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
EXAMPLES = {
    example["type"]: example
    for name in generate.MESSAGES
    if name.endswith("-event.v1.json") and (example := generate.example(name))
}


def is_shortened(shown: Any, whole: Any) -> bool:
    """Whether ``shown`` is ``whole`` with fields and items left out."""
    if isinstance(shown, dict):
        return all(key in whole and is_shortened(value, whole[key]) for key, value in shown.items())
    if isinstance(shown, list) and shown and isinstance(shown[0], dict):
        return all(any(is_shortened(item, other) for other in whole) for item in shown)
    return bool(shown == whole)


def test_each_kind_of_event_is_shown() -> None:
    assert [event["type"] for event in SHOWN] == [
        names.REPORT_TYPE,
        names.FAILED_TYPE,
        names.WITHDRAWN_TYPE,
        names.PROGRESS_TYPE,
    ]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda event: event["type"])
def test_what_is_shown_is_the_real_message_shortened(shown: dict[str, Any]) -> None:
    assert is_shortened(shown, EXAMPLES[shown["type"]])


def test_shortened_is_not_changed() -> None:
    assert not is_shortened({"a": 1}, {"a": 2})
    assert not is_shortened({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
    assert not is_shortened({"b": 1}, {"a": 1})


@pytest.mark.parametrize(
    "name",
    [
        names.DEFAULT.results_stream,
        names.DEFAULT.failures_stream,
        names.DEFAULT.region_channel("<region>"),
        names.DEFAULT.period_channel("<year>"),
        names.DEFAULT.progress_channel,
        names.DEFAULT.withdrawals_channel,
        names.DEFAULT.report_key("<id>", 0).replace(":0", ":<revision>"),
        names.DEFAULT.latest_key("<id>"),
        names.DEFAULT.reading_key("<id>", 0).replace(":0", ":<revision>"),
        names.DEFAULT.files_stream,
        names.DEFAULT.reviews_stream,
    ],
)
def test_every_public_name_is_in_the_table(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_every_field_of_the_envelope_is_explained() -> None:
    for field in EXAMPLES[names.REPORT_TYPE]:
        assert f"| `{field}` |" in PAGE


def parts_of(schema: Any) -> set[str]:
    """The names of the fields of a schema, and the words that a field may be."""
    if isinstance(schema, list):
        return {part for one in schema for part in parts_of(one)}
    if not isinstance(schema, dict):
        return set()
    words = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    return {*schema.get("properties", ()), *map(str, words)} | parts_of(list(schema.values()))


@pytest.mark.parametrize("name", [name for name in generate.MESSAGES if name.endswith("-event.v1.json")])
def test_every_field_and_every_word_of_a_message_is_on_the_page(name: str) -> None:
    schema = json.loads((Path(generate.__file__).parent / "generated" / name).read_text("utf-8"))
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    named = {word for span in spans for word in (span, *re.findall(r"[\w-]+", span))}

    assert parts_of(schema) - named == set()


def test_the_field_beside_a_streams_data_is_explained() -> None:
    assert "beside `data`, a field `n`" in PAGE


def test_every_reason_for_a_confidence_is_in_its_table_and_no_other() -> None:
    """With what the data file says of it."""
    reasons = load_facts("confidence")["reason"]
    rows = re.findall(
        r"(?m)^\| `([a-z_]+)` \| (.+) \|$", PAGE.partition("### Confidence")[2].partition("### Places")[0]
    )

    assert rows == [(row["name"], row["why"]) for row in reasons]
