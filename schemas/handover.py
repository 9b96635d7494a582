"""What watcher and worker tell each other: one file to read, and how that ended."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas import ids
from schemas.base import Counted, Message, Whole
from schemas.events import Failure

DocumentId = Annotated[str, Field(max_length=128)]
EventId = Annotated[str, Field(max_length=128)]
Digest = Annotated[str, Field(max_length=64)]
#: A place in a stream, each half below 2**64.
EntryId = Annotated[str, Field(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$")]


class HandOver(Message):
    """The argument of the read task: which content of which document to read. Never the text itself.

    A worker that finds other bytes than ``sha256`` at ``path`` reads nothing:
    the file has changed, and the watcher will hand over the new content.
    """

    id: DocumentId = Field(description="document id")
    revision: Counted
    supersedes: Counted | None = None
    repeats: Counted | None = Field(
        default=None, description="the earlier revision with this content, where that was published; see the report"
    )
    path: str = Field(max_length=16_384, description="wire path below the inbox (schemas.paths)")
    sha256: Digest
    size_bytes: Whole
    round: Counted = Field(
        default=1, description="grows each time the same content is to be read anew, never with a redelivery"
    )
    keep: bool = Field(
        default=False,
        description="the event may be out and its report nowhere to be had: read all the same, and keep the report under "
        "its key, without a second event",
    )
    replaces: EventId | None = Field(
        default=None,
        description="the event of an earlier reading of the same content, which is to be read anew with today's rules; null "
        "for content that has not been read",
    )
    place: str | None = Field(
        default=None,
        max_length=16_384,
        description="wire path below the inbox where a copy of the file lies; null where it lies under its own path",
    )
    queued_at: AwareDatetime | None = Field(default=None, description="when it was handed over, for measuring the wait")

    def report_event_id(self, pipeline_version: str) -> str:
        """Id of the event that a reading by this pipeline leads to."""
        again_as = None if self.repeats is None else self.revision
        return ids.report_event_id(self.id, self.sha256, pipeline_version, again_as)


OutcomeStatus = Literal["published", "failed", "changed", "missing"]


class Outcome(Message):
    """How a hand-over ended. ``changed`` and ``missing``: the file no longer held the content handed over."""

    id: DocumentId
    revision: Counted
    round: Counted
    sha256: Digest
    status: OutcomeStatus
    event_id: EventId | None = Field(default=None, description="the event published for it, now or before")
    entry_id: EntryId | None = Field(default=None, description="that event's entry in its stream")
    failure: Failure | None = Field(
        default=None,
        description="why it failed, where this hand-over did: its stream may be trimmed before it is filed",
    )
