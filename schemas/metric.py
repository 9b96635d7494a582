"""A figure of a report: what was counted, how much, in which unit, for which period, and where it stands."""

from typing import Literal

from pydantic import Field

from schemas.base import Message

Qualifier = Literal["exact", "about", "over", "under"]
Change = Literal["increase", "decrease", "to"]
Measure = Literal["level", "difference", "rate_of_change", "yearly_mean", "share"]
Status = Literal["achieved", "ongoing", "planned", "required"]

DECIMAL = r"^-?\d+(\.\d+)?$|^\d+/\d+$"


class MetricSource(Message):
    """Where a figure stands in the file: ``decoded_text[start:end] == quote``.

    Offsets are half-open and count code points of the file's decoded text
    before any cleaning.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str = Field(description="the raw text between start and end, damage included")
    page: int | None = Field(default=None, description="page of the file, from 1, where it has pages")
    sentence: str | None = Field(
        default=None,
        description="the figure's sentence in the file's own script, where that is another; damage is repaired in it too",
    )


class Metric(Message):
    """A number with its unit and its meaning, as the report states it.

    Text fields are in simplified script with damage repaired;
    ``source.quote`` is raw, and ``source.sentence`` keeps the file's script.
    """

    indicator: str = Field(description="what the number measures: a short noun phrase in the report's words")
    value: str = Field(
        pattern=DECIMAL,
        description="plain decimal with 万/亿 multiplied out (1.28万人 is 12800), or a fraction (2/3); per cent as written",
    )
    value_high: str | None = Field(default=None, pattern=DECIMAL, description="upper end, only where a range is stated")
    unit: str = Field(description="unit without multiplier: 人, 件次, 元, %, 个百分点; empty where the number has none")
    qualifier: Qualifier = "exact"
    change: Change | None = Field(
        default=None, description="increase or decrease where the number is a change, to where it is the level reached"
    )
    measure: Measure = Field(
        default="level",
        description="what kind of quantity the number is: a level; a difference from an earlier or another's level, in "
        "percentage points for a rate; a rate of change; a mean over years; a share of a whole",
    )
    period: str | None = Field(
        default=None, description="2023, 2023H1, 2023-06, 2023-01/2023-11 (a span), ..2023-12 (as at), 2020/2021"
    )
    status: Status = Field(
        default="achieved",
        description="whether the figure is reached, under way, a target or forecast, or demanded by a rule",
    )
    status_words: str | None = Field(default=None, description="the report's words that decided the status")
    scope: str | None = Field(default=None, description="whose figure it is, where stated: 全市, 市直, 各县")
    actor: str | None = Field(default=None, description="who did what is counted, where stated: 市司法局")
    section: tuple[str, ...] = Field(default=(), description="headings above the figure, outermost first")
    sentence: str = Field(description="the sentence the figure was read from, cleaned")
    source: MetricSource
    indicator_id: str | None = Field(
        default=None,
        description="the same quantity's id in every report (worker/data/catalogue.toml), where it is sure; "
        "a part that a standard form gives stands after a slash",
    )
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="how likely all fields of the figure are right, 0 to 1"
    )
    confidence_reasons: tuple[str, ...] = Field(
        default=(), description="what speaks for it (+) and against it (-), as +relation_holds or -unit_unknown"
    )
