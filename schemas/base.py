"""The one base of every message: immutable, checked when it is made, open to newer fields."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

#: Largest integer that every reader of JSON keeps as it is (RFC 8259, section 6), Redis's Lua among them.
GREATEST = 2**53 - 1
Whole = Annotated[int, Field(ge=0, le=GREATEST)]
Counted = Annotated[int, Field(ge=1, le=GREATEST)]


class Message(BaseModel):
    """An immutable record whose readers ignore fields they do not know.

    New fields get a default and a field's type never changes, so that an old
    consumer reads a new message and a new consumer reads an old one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
