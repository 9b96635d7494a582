"""The channels and streams as an AsyncAPI 3.0 document.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas import names

JSON_SCHEMA = "application/schema+json;version=2020-12"

Json = dict[str, Any]


class _Channel(NamedTuple):
    kind: str  # pubsub, or stream and key: two namespaces in Redis, so that an address may stand in both
    address: str
    message: str
    summary: str


# message -> (file of its schema, title, what it says)
_MESSAGES = {
    "report": ("report-event.v1.json", "Report read", "A report has been read: its document data and its figures."),
    "reportData": ("report.v1.json", "Report", "What the event of a report carries as its data."),
    "failed": ("failed-event.v1.json", "File failed", "A file gave no report; says why and what would be right."),
    "withdrawn": (
        "withdrawn-event.v1.json",
        "Document taken back",
        "What was published of a document holds no longer.",
    ),
    "progress": ("progress-event.v1.json", "Progress", "A report has moved on by one step. Not kept anywhere."),
    "fileStep": ("file-step.v1.json", "Step of a file", "A file has come so far. Kept for a while."),
    "review": ("review.v1.json", "Review", "What a person has said of a figure, or of a cell of a panel."),
    "reading": ("reading.v1.json", "Reading", "How a report was read: its text, its figures' places, rules and words."),
    "outcome": ("outcome.v1.json", "Outcome", "How one hand-over to a worker ended."),
}

_CHANNELS = {
    "results": _Channel("pubsub", names.DEFAULT.results_channel, "report", "Every report, as it is published."),
    "resultsByRegion": _Channel(
        "pubsub", names.DEFAULT.region_channel("{region}"), "report", "The reports about one place."
    ),
    "resultsByPeriod": _Channel(
        "pubsub", names.DEFAULT.period_channel("{period}"), "report", "The reports about one year."
    ),
    "failures": _Channel("pubsub", names.DEFAULT.failures_channel, "failed", "Every failure, as it is published."),
    "withdrawals": _Channel(
        "pubsub", names.DEFAULT.withdrawals_channel, "withdrawn", "Every document that was taken back."
    ),
    "progress": _Channel("pubsub", names.DEFAULT.progress_channel, "progress", "Every step of every report."),
    "resultsStream": _Channel("stream", names.DEFAULT.results_stream, "report", "Every report, kept."),
    "failuresStream": _Channel("stream", names.DEFAULT.failures_stream, "failed", "Every failure, kept."),
    "withdrawalsStream": _Channel(
        "stream", names.DEFAULT.withdrawals_stream, "withdrawn", "Every document that was taken back, kept."
    ),
    "filesStream": _Channel(
        "stream", names.DEFAULT.files_stream, "fileStep", "Every step of every file; the last 100 000 or so."
    ),
    "reviewsStream": _Channel(
        "stream", names.DEFAULT.reviews_stream, "review", "Every review as it is written down; the last 10 000 or so."
    ),
    "reports": _Channel(
        "key", names.DEFAULT.report_key("{id}", 0)[:-1] + "{revision}", "reportData", "The report of one revision."
    ),
    "readings": _Channel(
        "key", names.DEFAULT.reading_key("{id}", 0)[:-1] + "{revision}", "reading", "How it was read, gzipped."
    ),
    "outcomesStream": _Channel("stream", names.DEFAULT.outcomes_stream, "outcome", "For the watcher alone; trimmed."),
}

_PARAMETERS = {
    "region": {
        "description": "The place as document.region gives it, in simplified script.",
        "examples": ["湛江市"],
    },
    "period": {"description": "The year as document.period gives it.", "examples": ["2019"]},
    "id": {"description": "The document's id, data.id of its events.", "examples": ["42ee291e14ded751d308"]},
    "revision": {"description": "The revision, data.revision of its event.", "examples": ["1"]},
}


def asyncapi(schemas: Mapping[str, Json]) -> Json:
    """The whole document. ``schemas`` are the JSON Schemas by file name; it refers to them and shows their examples."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Zhibiao",
            "version": "1",
            "description": "Figures of Chinese government reports on Redis. A stream is the record: read it to miss "
            "nothing. A pub/sub channel is the bell: it rings once, for whoever listens. The addresses are those of a service "
            "without a site on database 0; with ZHIBIAO_SITE=gz, zhibiao.gz: takes the place of zhibiao:, and channels of "
            "database 1 begin with zhibiao@1: or zhibiao.gz@1:.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "redis": {
                "host": "localhost:6379",
                "protocol": "redis",
                "description": "The Redis that ZHIBIAO_REDIS_URL names; rediss:// is TLS.",
            }
        },
        "channels": {name: _channel(channel) for name, channel in _CHANNELS.items()},
        "operations": {_operation_name(name): _operation(name, channel) for name, channel in _CHANNELS.items()},
        "components": {"messages": {name: _message(name, schemas) for name in _MESSAGES}},
    }


def _channel(channel: _Channel) -> Json:
    parameters = {name: text for name, text in _PARAMETERS.items() if f"{{{name}}}" in channel.address}
    return {
        "address": channel.address,
        "summary": channel.summary,
        "servers": [_ref("servers", "redis")],
        "messages": {channel.message: _ref("components", "messages", channel.message)},
        **({"parameters": parameters} if parameters else {}),
        "x-redis": {"kind": channel.kind, **({"field": names.EVENT_FIELD} if channel.kind == "stream" else {})},
    }


def _operation(name: str, channel: _Channel) -> Json:
    how = _HOW[channel.kind]
    return {
        "action": "send",
        "channel": _ref("channels", name),
        "summary": how,
        "messages": [_ref("channels", name, "messages", channel.message)],
    }


_HOW = {
    "pubsub": "PUBLISH, to whoever listens at that moment",
    "stream": "XADD, once per event id",
    "key": "SET, in one step with the event",
}


def _operation_name(channel: str) -> str:
    return "send" + channel[0].upper() + channel[1:]


def _message(name: str, schemas: Mapping[str, Json]) -> Json:
    file, title, summary = _MESSAGES[name]
    return {
        "name": name,
        "title": title,
        "summary": summary,
        "contentType": "application/json",
        "payload": {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"./{file}"}},
        "examples": [{"name": name, "payload": example} for example in schemas[file]["examples"]],
    }


def _ref(*path: str) -> Json:
    return {"$ref": "#/" + "/".join(path)}
