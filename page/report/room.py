"""What the room of one report shows: a pure function of the report and of how it was read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from page.report.blocks import Block, Line, blocks_of
from page.report.evidence import Place, is_named_by_labels, places_of
from page.report.pieces import Marks, pieces_of
from page.shown.gaps import by_place, end_of, gaps_of, share_of
from page.shown.numbers import grouped
from schemas.metric import Metric
from schemas.reading import FigureReading, Reading
from schemas.report import Relation, Report, ReportWarning

#: A figure below this wants a reader's eye.
SURE = 0.8
#: A member of a formula, a number, a sign.
_WORD = re.compile(r"[a-z]|\d+|<=|>=|[-+*/=()]")
_SIGNS = {"*": "×", "/": "÷", "<=": "≤", ">=": "≥", "-": "−"}


@dataclass(frozen=True)
class Why:
    """How one field was decided: its value, the rule, the report's words that the rule went by."""

    field: str
    value: str | None
    rule: str
    words: str


class Figure(NamedTuple):
    """A figure as the room shows it; ``number`` counts from 1, as people do."""

    number: int
    metric: Metric
    reading: FigureReading
    relations: tuple[int, ...]

    @property
    def is_sure(self) -> bool:
        """Whether it needs no second look."""
        return self.metric.confidence is not None and self.metric.confidence >= SURE

    @property
    def is_of_table(self) -> bool:
        """Whether labels of a table name it, and no sentence."""
        return is_named_by_labels(self.reading)

    @property
    def why(self) -> Iterator[Why]:
        """Each field that rules decide."""
        for said in self.reading.decided:
            yield Why(said.field, getattr(self.metric, said.field, None), said.rule, said.words)


@dataclass(frozen=True)
class Sum:
    """A relation with its arithmetic written out: words, each with the figure that it is the value of, None for a sign."""

    relation: Relation
    terms: tuple[tuple[str, int | None], ...]

    @property
    def arithmetic(self) -> str:
        """All of it as text."""
        return " ".join(word for word, _ in self.terms)


@dataclass(frozen=True)
class Rejected:
    """A number that is no figure."""

    number: int
    quote: str
    around: tuple[str, str]
    start: int
    end: int
    number_class: str
    reason: str
    rule: str


class Warned(NamedTuple):
    """A place that warnings tell of, with what stands there."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Room:
    """The report and its reading, ready to be shown."""

    report: Report
    reading: Reading

    @cached_property
    def gaps(self) -> list[tuple[ReportWarning, ...]]:
        """The places of it that could not be read."""
        return gaps_of(self.report.warnings)

    @property
    def share_unread(self) -> float:
        """How much of its text these are, from 0 to 1."""
        return share_of(self.gaps, len(self.reading.raw))

    @property
    def damaged(self) -> int:
        """How many numbers were left out beside damage."""
        return sum(number.number_class == "damaged" for number in self.reading.rejected)

    @cached_property
    def blocks(self) -> list[Block]:
        """The text."""
        figures = [(metric.source.start, metric.source.end) for metric in self.report.metrics]
        rejected = [(number.start, number.end) for number in self.reading.rejected]
        pieces = pieces_of(self.reading, Marks(figures, rejected))
        return blocks_of(self.reading, self.report.sections, pieces)

    @cached_property
    def anchors(self) -> dict[int, int]:
        """Section -> the section whose anchor stands nearest before it: several may begin in one line."""
        held = [block.section for block in self.blocks if isinstance(block, Line) and block.section is not None]
        found, last = dict[int, int](), held[0] if held else 0
        for number in range(len(self.report.sections)):
            last = number if number in held else last
            found[number] = last
        return found

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, in reading order."""
        held = self._relations_of_figures
        return tuple(
            Figure(number, metric, reading, held.get(number, ()))
            for number, (metric, reading) in enumerate(zip(self.report.metrics, self.reading.figures, strict=True), 1)
        )

    @property
    def doubtful(self) -> int:
        """How many figures want a second look."""
        return sum(not figure.is_sure for figure in self.figures)

    def places(self, figure: Figure) -> tuple[Place, ...]:
        """Where the report says what a figure is."""
        return places_of(figure.metric, figure.reading, self.reading)

    def labels(self, figure: Figure, role: str) -> list[str]:
        """What stands in the places that play one part in a figure."""
        text, origin = self.reading.text, self.reading.origin
        spans = [origin.now_span(place.start, place.end) for place in self.places(figure) if place.role == role]
        return [text[start:end] for start, end in spans]

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Its relations."""
        return tuple(_sum(relation, self.report.metrics) for relation in self.report.relations)

    @cached_property
    def rejected(self) -> tuple[Rejected, ...]:
        """The numbers that are no figures, with a few characters around each."""
        text, origin = self.reading.text, self.reading.origin
        found = []
        for number, one in enumerate(self.reading.rejected):
            start, end = origin.now_span(one.start, one.end)
            before = text[max(0, start - 12) : start].rpartition("\n")[2]
            behind = text[end : end + 12].partition("\n")[0]
            found.append(
                Rejected(
                    number,
                    text[start:end],
                    (before, behind),
                    one.start,
                    one.end,
                    one.number_class,
                    one.reason,
                    one.rule,
                )
            )
        return tuple(found)

    @cached_property
    def warnings(self) -> list[tuple[ReportWarning, ...]]:
        """What a careful reader should know, by place: several may tell of one."""
        return by_place(self.report.warnings)

    def warned(self, group: Sequence[ReportWarning]) -> Warned | None:
        """The place of warnings that tell of one, None where it is the whole report."""
        starts = [warning.start for warning in group if warning.start is not None]
        if not starts:
            return None
        start, end = min(starts), max(map(end_of, group))
        return Warned(start, end, self.reading.raw[start:end] if any(warning.end for warning in group) else "")

    @cached_property
    def _relations_of_figures(self) -> dict[int, tuple[int, ...]]:
        held: dict[int, tuple[int, ...]] = {}
        for number, relation in enumerate(self.report.relations):
            for member in relation.members:
                if member.metric is not None:
                    held[member.metric + 1] = (*held.get(member.metric + 1, ()), number)
        return held


def _sum(relation: Relation, metrics: Sequence[Metric]) -> Sum:
    values = ["?" if member.metric is None else grouped(metrics[member.metric].value) for member in relation.members]
    if relation.suggestion is not None:
        values[relation.suggestion.member] = grouped(relation.suggestion.value)
    terms = list[tuple[str, int | None]]()
    for word in _WORD.findall(relation.formula):
        if word.isalpha():
            at = ord(word) - ord("a")
            metric = relation.members[at].metric
            terms.append((values[at], None if metric is None else metric + 1))
        else:
            terms.append((_SIGNS.get(word, word), None))
    return Sum(relation, tuple(terms))
