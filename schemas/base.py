"""The one base of every message: immutable, checked when it is made, open to newer fields."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """An immutable record whose readers ignore fields they do not know.

    New fields get a default and a field's type never changes, so that an old
    consumer reads a new message and a new consumer reads an old one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
