"""Ids that come out the same wherever and however often they are made."""

import hashlib
from collections.abc import Iterable


def document_id(wire_path: str, site: str = "") -> str:
    """Id of the document at a path below the inbox of a site: 20 hex digits.

    >>> document_id("report.txt")
    '8aaf162e351a6dcbfb43'
    >>> document_id("report.txt", site="gz")
    '4a61dc5dec330722bc57'
    """
    return _digest("document", *([site] if site else []), wire_path)[:20]


def report_event_id(document: str, sha256: str, pipeline_version: str, again_as: int | None = None) -> str:
    """Id of the event that announces one reading of one content of one document.

    ``again_as`` is the revision, for content that the document had before as another revision; None the first time.
    """
    again = () if again_as is None else (str(again_as),)
    return _digest("report", document, sha256, pipeline_version, *again)[:32]


def failure_event_id(document: str, sha256: str, pipeline_version: str, round_: int) -> str:
    """Id of the event that says a content could not be read; a retry by hand opens a new round."""
    return _digest("failed", document, sha256, pipeline_version, str(round_))[:32]


def withdrawn_event_id(document: str, events: Iterable[str]) -> str:
    """Id of the event that says a document was taken back, with these events of its reports."""
    return _digest("withdrawn", document, *events)[:32]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
