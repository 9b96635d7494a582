"""The JSON that lies beside a filed report: its figures, why it failed, or what it repeats."""

import json
from typing import Any

from watcher.ledger import FileRow


def for_published(row: FileRow, event: str | None) -> bytes:
    """The report itself; where the event has been trimmed from the stream, where it was published."""
    if event is not None:
        return _as_bytes(json.loads(event)["data"])
    return _as_bytes({**_about(row), "event_id": row.event_id, "entry_id": row.entry_id})


def for_quarantined(row: FileRow, event: str | None) -> bytes:
    """Code, message, stage, place, attempts and trace of the failure."""
    reason: dict[str, Any] = {"code": row.code or "unknown", "message": row.detail or "the reason is no longer known"}
    if event is not None:
        reason = json.loads(event)["data"]
    keys = ("code", "message", "stage", "place", "attempts", "trace")
    return _as_bytes({**{key: reason.get(key) for key in keys}, **_about(row), "event_id": row.event_id})


def for_duplicate(row: FileRow, original: FileRow) -> bytes:
    """Which report has the same content."""
    where = {"id": original.document, "revision": original.revision, "path": original.path}
    return _as_bytes({"duplicate_of": {**where, "event_id": original.event_id}, **_about(row)})


def _about(row: FileRow) -> dict[str, Any]:
    return {
        "id": row.document,
        "revision": row.revision,
        "round": row.round,
        "path": row.path,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
    }


def _as_bytes(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
