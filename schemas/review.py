"""What a person says of a figure, or of a cell of a panel: a line of ``state/reviews.jsonl``, and the bell that rings for it."""

import re
from fractions import Fraction
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from schemas.base import Message, Whole
from schemas.metric import DECIMAL, Change, Measure, Status

Action = Literal["confirm", "correct", "strike", "add", "withdraw"]
#: What a person may say of a figure in place of what was read.
SAID = ("value", "value_high", "unit", "indicator", "period", "measure", "change")
_MULTIPLIED = re.compile("[万亿].")
_PERIOD = r"^(\.\.)?\d{4}(H[12]|Q[1-4]|-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$"


class Anchor(NamedTuple):
    """What a review is about; the last review of an anchor holds. ``added`` is the name of a figure that a person has added."""

    document: str
    series: str | None
    year: str | None
    status: str | None
    start: int
    end: int
    added: str | None


class Review(Message):
    """One review.

    It is about the figure at ``start``, ``end``; with ``series``, ``year`` and ``status`` about that figure in one cell of a panel.
    """

    at: str = Field(max_length=40, description="when it was said, RFC 3339")
    action: Action = Field(
        description="confirm; correct, with what is right; strike, for what is none; add, for a figure that was not read; "
        "withdraw, which takes the last review of the same figure and cell back"
    )
    document: str = Field(max_length=40, description="document id")
    series: str | None = Field(default=None, max_length=200, description="key of a codebook's series, for a cell")
    year: str | None = Field(default=None, pattern=r"^\d{4}$", description="year of the cell")
    status: Status | None = Field(
        default=None,
        description="of the cell, achieved or planned; of a figure that is corrected or added, the right one",
    )
    start: Whole = Field(description="place of the figure in the decoded text, in code points")
    end: Whole
    quote: str = Field(max_length=10_000, description="what stands there")
    value: str | None = Field(
        default=None, pattern=DECIMAL, description="the right one; in unit, or without that in the figure's own"
    )
    value_high: str | None = Field(default=None, pattern=DECIMAL)
    unit: str | None = Field(default=None, max_length=100)
    indicator: str | None = Field(default=None, max_length=1000)
    period: str | None = Field(default=None, pattern=_PERIOD)
    measure: Measure | None = None
    change: Change | None = None
    sentence: str | None = Field(default=None, max_length=10_000, description="the figure's sentence")
    sha256: str | None = Field(default=None, max_length=64, description="of the file's bytes, when it was said")
    title: str | None = Field(default=None, max_length=1000, description="title of the document")
    path: str | None = Field(default=None, max_length=4096, description="path of the document, for people")
    note: str = Field(default="", max_length=10_000)
    by: str = Field(default="", max_length=200)

    @property
    def anchor(self) -> Anchor:
        """What it is about."""
        # Of what is corrected as a figure, the status is a part of what is said.
        status = self.status if self.series is not None else None
        added = self.indicator if self.action in ("add", "withdraw") else None
        return Anchor(self.document, self.series, self.year, status, self.start, self.end, added)

    def taken_back(self, at: str, by: str = "") -> "Review":
        """The review that withdraws this one."""
        kept = {name: getattr(self, name) for name in ("document", "series", "year", "start", "end", "quote", "sha256")}
        status = self.status if self.series is not None else None
        added = self.indicator if self.action == "add" else None
        about = {"title": self.title, "path": self.path}
        return Review(at=at, by=by, action="withdraw", status=status, indicator=added, **kept, **about)

    @model_validator(mode="after")
    def _says_what_it_can(self) -> Self:
        for wrong in (self._wrong_cell(), self._wrong_said(), self._wrong_number()):
            if wrong:
                raise ValueError(wrong)
        return self

    def _wrong_cell(self) -> str:
        if (self.series is None) != (self.year is None):
            return "series, year and status name a cell together"
        if self.series is not None and self.status not in ("achieved", "planned"):
            return "the status of a cell is achieved or planned"
        if self.series is None and self.status is not None and self.action not in ("correct", "add"):
            return "a status without a series is said by correct and add alone"
        return ""

    def _wrong_said(self) -> str:
        said = [name for name in SAID if getattr(self, name) is not None]
        if self.action == "withdraw":
            said = [name for name in said if name != "indicator"]
        if self.action == "add" and (self.value is None or not self.indicator or not self.quote):
            return "add comes with a quote, a value and an indicator"
        if self.action == "add" and self.start >= self.end:
            return "what is added stands somewhere: end is after start"
        if self.action == "correct" and not said and self.status is None:
            return "correct comes with what is right"
        if self.action == "correct" and self.series is not None and self.value is None:
            return "correct comes with a value where it is about a cell"
        if self.unit is not None and _MULTIPLIED.match(self.unit):
            return f"the unit of a figure is without {self.unit[0]}, which is multiplied out in its value"
        if self.action in ("confirm", "strike", "withdraw") and said:
            return f"{self.action} comes without {' and '.join(said)}; correct and add come with them"
        return ""

    def _wrong_number(self) -> str:
        ends = [end for end in (self.value, self.value_high) if end is not None]
        if any(re.search(r"/0+$", end) for end in ends):
            return "a fraction of nothing is no value"
        if self.value_high is not None and (self.value is None or Fraction(self.value_high) <= Fraction(self.value)):
            return "value_high is above value"
        return ""
