"""What an entry of the queue must be before Celery sees it: one hand-over for the one task, in the form that Celery gives it.

Whoever may write to the queue may write anything. Celery and kombu take an entry to be what they wrote themselves: of what
is not, some fails after it has been counted as one in hand, and a worker that may have one in hand takes nothing more.
So each entry is checked as a whole and made anew from what was understood; no other value reaches them.

The form is that of Celery's task protocol 2 over kombu's virtual transport
(https://docs.celeryq.dev/en/stable/internals/protocol.html#version-2).
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, Json, TypeAdapter, ValidationError

from schemas import names
from schemas.handover import HandOver

#: Nothing that waits for its time waits longer: the queue would give it to another by then.
LONGEST_WAIT = timedelta(seconds=60)
_SHOWN = 5


class NoHandOver(ValueError):
    """The entry is none; as text which fields are wrong and how, without what they hold."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Headers(_Strict):
    task: Literal["zhibiao.read_report"]
    id: str = Field(min_length=1, max_length=300)
    retries: int = Field(default=0, ge=0, le=1_000_000)
    eta: Annotated[AwareDatetime, Field(strict=False)] | None = None
    redelivered: bool = False


class _Address(_Strict):
    exchange: Literal[""]
    routing_key: Literal["reports"]
    redelivered: bool = False


class _Properties(_Strict):
    delivery_tag: str = Field(min_length=1, max_length=100)
    delivery_info: _Address
    body_encoding: Literal["base64"]
    priority: Literal[0] = 0


class _Entry(_Strict):
    body: Annotated[Base64Bytes, Field(strict=False, max_length=1_000_000)]
    content_type: Literal["application/json"] = Field(alias="content-type")
    content_encoding: Literal["utf-8"] = Field(alias="content-encoding")
    headers: _Headers
    properties: _Properties


_Nobody = dict[Literal["callbacks", "errbacks", "chain", "chord"], None]
_BODY: TypeAdapter[tuple[tuple[HandOver], dict[str, Any], _Nobody]] = TypeAdapter(
    Json[tuple[tuple[HandOver], Annotated[dict[str, Any], Field(max_length=0)], _Nobody]]
)


def checked(entry: object, now: datetime) -> dict[str, Any]:
    """The entry (JSON, parsed) as a message for kombu, made anew.

    A time to wait for is at most ``LONGEST_WAIT`` off. Time limits are the worker's own, and no hand-over expires.

    Raises:
        NoHandOver: it is something else.
    """
    try:
        seen = _Entry.model_validate(entry)
        (handover,), _, _ = _BODY.validate_python(seen.body)
    except ValidationError as error:
        raise NoHandOver(_complaints(error)) from None
    return _message(seen.headers, seen.properties, handover, now)


def written(id_: str, handover: HandOver, delivery_tag: str) -> dict[str, Any]:
    """The entry for a new hand-over: what :func:`checked` makes of the one that Celery's own end would write.

    ``id_`` is the task's, ``delivery_tag`` the broker's name for this delivery, of which no two are the same.
    """
    headers = _Headers(task="zhibiao.read_report", id=id_)
    address = _Address(exchange="", routing_key="reports")
    properties = _Properties(delivery_tag=delivery_tag, delivery_info=address, body_encoding="base64")
    return _message(headers, properties, handover, datetime.now(UTC))


def _message(headers: _Headers, properties: _Properties, handover: HandOver, now: datetime) -> dict[str, Any]:
    nobody = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    body = json.dumps([[handover.model_dump(mode="json")], {}, nobody]).encode()
    eta = min(headers.eta, now + LONGEST_WAIT) if headers.eta else None
    info = {"exchange": "", "routing_key": names.QUEUE}
    again = {"redelivered": True} if headers.redelivered or properties.delivery_info.redelivered else {}
    return {
        "body": base64.b64encode(body).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {
            "lang": "py",
            "task": names.READ_TASK,
            "id": headers.id,
            "root_id": headers.id,
            "parent_id": None,
            "retries": headers.retries,
            "eta": eta.isoformat() if eta else None,
            "expires": None,
            "timelimit": [None, None],
            "argsrepr": "",
            "kwargsrepr": "",
            **again,
        },
        "properties": {
            "correlation_id": headers.id,
            "delivery_mode": 2,
            "delivery_info": {**info, **again},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": properties.delivery_tag,
        },
    }


def _complaints(error: ValidationError) -> str:
    rows = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, row['loc']))[:50] or 'entry'}: {row['type']}" for row in rows[:_SHOWN])
