"""Messages of earlier versions still mean what they meant.

The files beside this one are messages as some version wrote them. They are never edited: a message that no longer
fits is a break of the contract, and the new form gets a new major version in `type` and `dataschema`.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas import generate

FILES = sorted(Path(__file__).parent.glob("*.json"))
MESSAGES = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def schema_name(file: Path) -> str:
    """``outcome.smallest.json`` is a message of ``outcome.v1.json``."""
    return file.name.split(".")[0] + ".v1.json"


def parsed(file: Path, content: Any) -> Any:
    message = generate.MESSAGES[schema_name(file)].model_validate_json(json.dumps(content))
    return json.loads(message.model_dump_json())


def only(whole: Any, part: Any) -> Any:
    """``whole`` without the fields that ``part`` does not have."""
    if isinstance(part, dict):
        return {key: only(whole[key], value) for key, value in part.items()}
    if isinstance(part, list):
        assert len(whole) == len(part)
        return [only(*pair) for pair in zip(whole, part, strict=True)]
    return whole


def with_strangers(part: Any) -> Any:
    """The message as a later version might write it: with a further field in every object."""
    if isinstance(part, dict):
        return {**{key: with_strangers(value) for key, value in part.items()}, "zz_added_later": {"a": [1]}}
    if isinstance(part, list):
        return [with_strangers(item) for item in part]
    return part


@MESSAGES
def test_old_message_still_parses(file: Path) -> None:
    old = json.loads(file.read_bytes())

    assert only(parsed(file, old), old) == old


@MESSAGES
def test_old_message_fits_the_schema_of_today(file: Path) -> None:
    jsonschema.Draft202012Validator(json.loads(generate.documents()[schema_name(file)])).validate(
        json.loads(file.read_bytes())
    )


@MESSAGES
def test_fields_of_later_versions_are_passed_over(file: Path) -> None:
    old = json.loads(file.read_bytes())
    later = with_strangers(old)
    if timings := later.get("data", {}).get("pipeline", {}).get("timings_ms"):
        del timings["zz_added_later"]  # a map from stage to milliseconds, not an object with fields

    assert parsed(file, later) == parsed(file, old)
    jsonschema.Draft202012Validator(json.loads(generate.documents()[schema_name(file)])).validate(later)


def test_every_message_that_travels_has_an_old_form() -> None:
    travelling = {name for name in generate.MESSAGES if name.replace(".v1", "-event.v1") not in generate.MESSAGES}

    assert {schema_name(file) for file in FILES} == travelling
