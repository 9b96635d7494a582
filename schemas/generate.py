"""Writes the contract down for other languages: JSON Schema of every message, and AsyncAPI of the channels.

``python -m schemas.generate`` writes ``schemas/generated/``; ``--check`` only says which files are stale.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas.asyncapi import asyncapi
from schemas.base import Message
from schemas.events import (
    SCHEMA_BASE,
    FailedEvent,
    Failure,
    FileStep,
    Progress,
    ProgressEvent,
    ReportEvent,
    Withdrawal,
    WithdrawnEvent,
)
from schemas.handover import HandOver, Outcome
from schemas.reading import Reading
from schemas.report import Report
from schemas.review import Review

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).with_name("generated")
EXAMPLES = Path(__file__).with_name("data")  # one real message a file, under the names of MESSAGES

# The files of the four payloads carry the names that the events give in `dataschema`.
MESSAGES: Mapping[str, type[Message]] = {
    "report.v1.json": Report,
    "failed.v1.json": Failure,
    "withdrawn.v1.json": Withdrawal,
    "progress.v1.json": Progress,
    "report-event.v1.json": ReportEvent,
    "failed-event.v1.json": FailedEvent,
    "withdrawn-event.v1.json": WithdrawnEvent,
    "progress-event.v1.json": ProgressEvent,
    "reading.v1.json": Reading,
    "file-step.v1.json": FileStep,
    "review.v1.json": Review,
    "hand-over.v1.json": HandOver,
    "outcome.v1.json": Outcome,
}


def json_schema(name: str, message: type[Message]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a message, whole in itself.

    It accepts every message of the same major version, older ones too. So fields that have a default are
    optional, although today's Zhibiao writes them all, and further fields are allowed.
    """
    schema = message.model_json_schema(mode="validation")
    _require_constants(schema)
    return {"$schema": DIALECT, "$id": SCHEMA_BASE + name, **schema, "examples": [example(name)]}


def example(name: str) -> Any:
    """A message as it was once sent, shortened; that of a payload is what its event carries."""
    own = EXAMPLES / name
    if own.exists():
        return json.loads(own.read_bytes())
    event = EXAMPLES / name.replace(".v1", "-event.v1")
    return json.loads(event.read_bytes())["data"]


def documents() -> dict[str, str]:
    """Every generated file: its name and its content."""
    schemas = {name: json_schema(name, message) for name, message in MESSAGES.items()}
    return {name: _pretty(document) for name, document in {**schemas, "asyncapi.json": asyncapi(schemas)}.items()}


def stale(folder: Path = FOLDER) -> Iterator[str]:
    """Names of the files in ``folder`` that differ from what would be generated, are missing or are not known."""
    wanted = documents()
    found = {path.name for path in folder.glob("*")}
    for name in sorted(wanted.keys() | found):
        if name not in wanted or name not in found or (folder / name).read_text("utf-8") != wanted[name]:
            yield name


def write(folder: Path = FOLDER) -> None:
    """Write every file and remove those that are no longer generated."""
    folder.mkdir(exist_ok=True)
    wanted = documents()
    for path in folder.glob("*"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_text(content, "utf-8", newline="\n")


def _require_constants(schema: Any) -> None:
    """Make fields with one possible value required: they tell what a message is."""
    if isinstance(schema, list):
        for part in schema:
            _require_constants(part)
    elif isinstance(schema, dict):
        for part in schema.values():
            _require_constants(part)
        properties = schema.get("properties", {})
        constants = [name for name, field in properties.items() if isinstance(field, dict) and "const" in field]
        if constants:
            schema["required"] = sorted({*schema.get("required", ()), *constants})


def _pretty(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Exit status: 0 written or up to date, 1 stale, 2 unknown argument."""
    if arguments == ["--check"]:
        names = list(stale())
        if names:
            sys.stderr.write(f"stale: {', '.join(names)}; run python -m schemas.generate\n")
        return 1 if names else 0
    if arguments:
        sys.stderr.write("usage: python -m schemas.generate [--check]\n")
        return 2
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
