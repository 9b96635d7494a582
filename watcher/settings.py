"""The watcher's own settings, beside the shared ones."""

import os
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import NoDecode

from delivery.settings import SinkSettings, listed

#: What the watcher refuses to start with, by the names of :mod:`watcher.risks` and :mod:`watcher.running.identity`.
RiskCode = Literal[
    "eviction",
    "no-persistence",
    "unsaved-writes",
    "clock",
    "read-only-inbox",
    "short-quiet-time",
    "remote-state",
    "other-service",
]


class WatcherSettings(SinkSettings):
    """When a file counts as complete, how often the folders are walked, how much is handed over at once."""

    settle_s: float = Field(default=2.0, gt=0, description="seconds a written file must be quiet after its last close")
    settle_unknown_s: float = Field(
        default=5.0, gt=0, description="the same where nobody can tell whether a writer still holds the file"
    )
    empty_grace_s: float = Field(
        default=10.0, ge=0, description="seconds an empty file, or one of zero bytes, may take to get its content"
    )
    reconcile_s: float = Field(default=30.0, gt=0, description="seconds between walks of the inbox")
    poll_s: float = Field(
        default=5.0, gt=0, description="the same where file events do not come: network shares, unwatched folders"
    )
    order: Literal["newest", "oldest"] = Field(
        default="newest", description="which waiting file is taken in and handed over first when there is a backlog"
    )
    max_outstanding: int = Field(default=256, ge=1, description="hand-overs in the queue or at work at any time")
    redeliver_after_s: float = Field(
        default=10.0, gt=0, description="seconds without a sign of life before a hand-over is repeated"
    )
    ignore: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description='more name patterns to leave alone, as *.bak,*.old or as a JSON list: ["a,b.txt"]'
    )
    max_pending_events: int = Field(
        default=50_000, ge=100, description="file events kept in memory; past this the inbox is walked instead"
    )
    accept_risks: Annotated[tuple[RiskCode, ...], NoDecode] = Field(
        default=(), description="dangers to start with all the same, as no-persistence,clock"
    )

    @field_validator("ignore", "accept_risks", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        return listed(value)

    @model_validator(mode="after")
    def _folders_lie_apart(self) -> Self:
        inbox = os.path.realpath(self.inbox)
        for name in ("processed", "quarantine", "state"):
            folder = os.path.realpath(getattr(self, name))
            if os.path.commonpath([inbox, folder]) == inbox:
                raise ValueError(f"{name} is {folder}, inside the inbox {inbox}; choose a folder outside of it")
        return self
