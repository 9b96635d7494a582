"""A report as it was read: its document data, its figures, and what was done to its text."""

from typing import Literal

from pydantic import Field

from schemas.base import Message
from schemas.metric import DECIMAL, Metric

Script = Literal["simplified", "traditional"]


class SourceFile(Message):
    """The file a report was read from."""

    name: str = Field(description="file name, fit for display")
    path: str = Field(description="path below the inbox, with / between its parts; see schemas.paths")
    sha256: str = Field(description="of the file's bytes, in hex")
    size_bytes: int = Field(ge=0)
    media_type: str = Field(description="told by content: text/plain, text/html, application/pdf ...")
    encoding: str | None = Field(
        description="character encoding that the bytes were decoded with, null where a format has none"
    )


class OriginalNames(Message):
    """Names in the file's own script, before they were brought into simplified; damage is repaired in them too."""

    title: str | None = None
    issuer: str | None = None
    region: str | None = None


class Document(Message):
    """What the report says about itself; null where it does not say."""

    title: str | None = None
    issuer: str | None = Field(default=None, description="发文机关, who reports")
    region: str | None = Field(
        default=None,
        description="the place reported on: its own name without the levels above it, in full where it is known by a "
        "short one (广州 is 广州市); 全国 for the whole country",
    )
    period: str | None = Field(default=None, description="the year reported on")
    document_number: str | None = Field(default=None, description="文号, as 东府〔2021〕4号")
    published: str | None = Field(default=None, description="ISO date that the page gives for its publication")
    signed: str | None = Field(default=None, description="ISO date at the end of the report")
    script: Script = "simplified"
    kind: str | None = Field(
        default=None,
        description="rule_of_law, government_work, statistical_communique, disclosure, plan_execution, audit, budget, "
        "final_accounts, economic_analysis, court_work, procuratorate_work, proceedings or news; further kinds may come",
    )
    region_code: str | None = Field(
        default=None,
        pattern=r"^\d{6}$",
        description="the region's code of GB/T 2260 in the year reported on, where name and surroundings leave one",
    )
    province: str | None = Field(
        default=None, description="full name, in the year reported on, of the province that the region is or lies in"
    )
    city: str | None = Field(
        default=None,
        description="full name, in the year reported on, of the prefecture (地级市, 地区, 自治州, 盟) that the region is or "
        "lies in; null for a province, for what lies in 北京市, 天津市, 上海市 or 重庆市, and right below a province",
    )
    original: OriginalNames | None = Field(
        default=None, description="names in the script of the file; null for a report in simplified script"
    )


class Section(Message):
    """A heading and the part of the file it covers, in offsets of the raw decoded text."""

    number: str = Field(
        description="as written, without the stop after it: 一, (一), 1, 一是, 第一章; empty for 【…】 and run-in headings"
    )
    title: str
    level: int = Field(ge=1, description="1 is outermost")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    original: str | None = Field(default=None, description="the title in the script of the file, where that is another")


class RepairExample(Message):
    """One edit: ``raw[start:end]`` was read as ``now``."""

    start: int
    end: int
    was: str
    now: str


class Repair(Message):
    """How often one kind of edit was made, with the first few."""

    kind: str
    count: int
    examples: tuple[RepairExample, ...] = ()


class ReportWarning(Message):
    """Something a careful reader should know; ``start`` and ``end`` are null where it concerns the whole report."""

    code: str = Field(
        description="what kind of thing it is, as unread_number or decode_damage; not_a_report says that the file is "
        "something else, and that its numbers were left out; further codes may come"
    )
    message: str
    start: int | None = None
    end: int | None = None


RelationKind = Literal["sum", "difference", "ratio", "complement", "growth", "subset", "threshold", "repetition"]
Verdict = Literal["holds", "holds_truncated", "holds_within_rounding", "contradicts"]


class RelationMember(Message):
    """A figure in a relation. ``metric`` is null for a number that damage keeps from being a metric."""

    metric: int | None = Field(description="its place in the report's metrics, from 0")
    start: int = Field(ge=0, description="in the raw decoded text, as in MetricSource")
    end: int = Field(ge=0)


class Suggestion(Message):
    """A value that the relation proves for the one member that damage has destroyed or left in doubt.

    It is offered for a reader's eye, and never put into the metrics.
    """

    member: int = Field(ge=0, description="place in the relation's members, from 0")
    value: str = Field(pattern=DECIMAL)
    unit: str


class Relation(Message):
    """How figures hang together, and whether they do. The formula names members a, b, c in their order.

    ``holds_truncated``: a share was cut off, not rounded. ``holds_within_rounding``: it holds if figures given as
    余, 近 or in 万 are allowed their imprecision. With a suggestion, the verdict is the one its value leads to.
    """

    kind: RelationKind
    members: tuple[RelationMember, ...]
    formula: str = Field(description="a = b + c, a = b / c * 100, a = (1 - b / c) * 100, a <= b ...")
    stated: str = Field(description="the formula's left side, as a decimal")
    computed: str = Field(description="its right side, to six decimals; the bound, for <= and >=")
    verdict: Verdict
    suggestion: Suggestion | None = None


class PipelineInfo(Message):
    """Which reading produced the report, and how long each stage took in milliseconds."""

    version: str
    timings_ms: dict[str, float] = Field(default_factory=dict)


class Report(Message):
    """One revision of one document. ``revision`` counts from 1; ``supersedes`` is the revision that it replaces."""

    schema_version: Literal["1"] = "1"
    id: str = Field(description="stable id of the document, from its path in the inbox")
    revision: int = Field(default=1, ge=1)
    supersedes: int | None = None
    repeats: int | None = Field(
        default=None,
        description="the earlier revision that had the same content and was published, where the document was set back "
        "to it; null for content that the document has not had before",
    )
    replaces: str | None = Field(
        default=None,
        description="the event id of the earlier reading of this content that this one, by other rules, stands in place of; "
        "null for a first reading. A revision has one reading that holds: the last one",
    )
    source: SourceFile
    document: Document
    sections: tuple[Section, ...] = ()
    metrics: tuple[Metric, ...] = Field(
        default=(), description="in reading order; empty where a warning says not_a_report"
    )
    relations: tuple[Relation, ...] = ()
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()
    pipeline: PipelineInfo
