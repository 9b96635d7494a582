"""Rings when a review has been written down. The record is a file; this stream only says that it has grown."""

import redis

from delivery.connect import FAULTS, names_of
from schemas import names
from schemas.review import Review

#: Reviews that the stream keeps, about.
REVIEWS_KEPT = 10_000


def ring(client: redis.Redis, review: Review) -> str:
    """Add a review to its stream; what is wrong where that cannot be done, "" where nothing is. Never an error: the review stands."""
    fields = {names.EVENT_FIELD: review.model_dump_json()}
    try:
        client.xadd(names_of(client).reviews_stream, fields, maxlen=REVIEWS_KEPT)  # type: ignore[arg-type]
    except FAULTS as error:
        return str(error) or type(error).__name__
    return ""
