"""Finds the relations of a draft and says them in the terms of the report."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from schemas.report import Relation, RelationMember, ReportWarning, Suggestion
from worker.draft import Draft
from worker.extract.damaged import TORN
from worker.relations.arithmetic import Finding
from worker.relations.bounds import find_subsets, find_thresholds
from worker.relations.changes import find_changes
from worker.relations.grammar import Grammar
from worker.relations.ratios import find_ratios
from worker.relations.repetition import find_repetitions
from worker.relations.sums import find_sums
from worker.relations.table_sums import find_table_sums
from worker.relations.terms import LONGEST, Row, Term, terms_of_prose

_SIX_DECIMALS = Decimal("0.000001")


def related(draft: Draft, grammar: Grammar) -> Draft:
    """The draft with the relations of its figures, and with a warning on each member of one that does not hold."""
    rows = terms_of_prose(draft)
    sound = [[figure for figure in row if not figure.damage] for row in rows]
    findings = [*find_relations([row for row in sound if row], grammar), *find_table_sums(draft, grammar)]
    suggested = list(_proved(rows, draft, grammar)) if any(figure.damage for row in rows for figure in row) else []
    relations = [_relation(finding, draft) for finding in findings] + suggested
    relations.sort(key=lambda relation: max(member.start for member in relation.members))
    return draft.having(relations=tuple(relations)).warned(*_warnings(relations, draft))


def find_relations(rows: Sequence[Row], grammar: Grammar) -> Iterator[Finding]:
    """Every relation that grammar and arithmetic together bear out, and every one that grammar alone demands."""
    sums = list(find_sums(rows, grammar))
    strong = [*sums, *find_ratios(rows, sums, grammar), *find_changes(rows, grammar)]
    yield from strong
    told = {frozenset((one.start, other.start)) for found in strong for one in found.members for other in found.members}
    for finding in find_subsets(rows, grammar):
        if frozenset(member.start for member in finding.members) not in told:
            yield finding
    yield from find_thresholds(rows, grammar)
    yield from find_repetitions(rows)


def _proved(rows: Sequence[Row], draft: Draft, grammar: Grammar) -> Iterator[Relation]:
    """Relations that one damaged number completes, with the value that they prove for it.

    Its digits are tried as they stand, a torn number's also without its first pieces; what no reading of the digits
    gives, or has none, follows from a sum that must hold.
    """
    damaged = [figure for row in rows for figure in row if figure.damage]
    pieces = {figure.start: _pieces(figure, draft) for figure in damaged}
    proved: set[int] = set()
    for reading in (_as_one, _last_piece, _unknown):
        values = {start: reading(found) for start, found in pieces.items()}
        read = [[figure.having_value(values.get(figure.start, figure.value)) for figure in row] for row in rows]
        kept = [[figure for figure in row if not figure.damage or _is_tried(figure, reading)] for row in read]
        for finding in find_relations([row for row in kept if row], grammar):
            at = [place for place, member in enumerate(finding.members) if member.damage]
            if len(at) != 1 or finding.members[at[0]].start in proved:
                continue
            found = finding if reading is not _unknown else _solved(finding, at[0], pieces)
            if found and found.verdict == "holds" and found.kind in _PROVING:
                proved.add(found.members[at[0]].start)
                yield _relation(found, draft, at[0])


#: Kinds that leave a number no choice; a bound leaves it many.
_PROVING = frozenset({"sum", "difference", "ratio", "growth"})


def _is_tried(figure: Term, reading: object) -> bool:
    return figure.value is not None or (reading is _unknown and figure.damage != TORN)


def _as_one(pieces: Sequence[str]) -> Fraction | None:
    return Fraction("".join(pieces)) if pieces else None


def _last_piece(pieces: Sequence[str]) -> Fraction | None:
    return Fraction(pieces[-1]) if len(pieces) > 1 else None


def _unknown(pieces: Sequence[str]) -> Fraction | None:
    return None


def _pieces(figure: Term, draft: Draft) -> list[str]:
    """The digits that are left of a number, in one run or in several."""
    place = figure.figure.place
    return re.findall("[0-9]+", draft.text.raw[place.raw_start : min(place.raw_end, place.raw_start + LONGEST)])


def _solved(finding: Finding, at: int, pieces: Mapping[int, Sequence[str]]) -> Finding | None:
    """The sum with its lost member filled in, where that gives a count that has the digits which are left."""
    if finding.kind != "sum" or finding.verdict != "contradicts":
        return None
    total, *parts = finding.members
    others = sum((part.amount for part in parts), Fraction(0))
    value = others if at == 0 else total.amount - others
    if value <= 0 or value.denominator != 1 or not all(member.exact for member in finding.members):
        return None
    left = iter(str(value))
    if not all(digit in left for piece in pieces[finding.members[at].start] for digit in piece):
        return None
    members = list(finding.members)
    members[at] = members[at].having_value(value)
    stated = members[0].amount
    return replace(finding, members=tuple(members), stated=stated, computed=stated, verdict="holds")


def _relation(finding: Finding, draft: Draft, suggested: int | None = None) -> Relation:
    suggestion = None
    if suggested is not None:
        member = finding.members[suggested]
        suggestion = Suggestion(member=suggested, value=_decimal(member.amount), unit=member.unit)
    return Relation(
        kind=finding.kind,
        members=tuple(
            RelationMember(metric=member.index, start=member.figure.place.raw_start, end=member.figure.place.raw_end)
            for member in finding.members
        ),
        formula=finding.formula,
        stated=_decimal(finding.stated),
        computed=_decimal(finding.computed),
        verdict=finding.verdict,
        suggestion=suggestion,
    )


def _decimal(value: Fraction) -> str:
    """The value to six decimals, without zeros at its end."""
    with localcontext() as context:
        context.prec = 60 + len(str(abs(value.numerator)))
        written = format(
            (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_SIX_DECIMALS, ROUND_HALF_UP), "f"
        )
    return written.rstrip("0").rstrip(".")


def _warnings(relations: Sequence[Relation], draft: Draft) -> Iterator[ReportWarning]:
    for relation in relations:
        if relation.verdict != "contradicts":
            continue
        said = ", ".join(_named(relation, draft))
        for member in relation.members:
            yield ReportWarning(
                code="relation_contradicts",
                message=f"{relation.kind}: {relation.formula} gives {relation.computed} and the text {relation.stated}; "
                f"with {said}",
                start=member.start,
                end=member.end,
            )


def _named(relation: Relation, draft: Draft) -> Iterator[str]:
    for place, member in enumerate(relation.members):
        yield f"{chr(ord('a') + place)} = {draft.text.raw[member.start : member.end]}"


def verdicts_of(relations: Sequence[Relation]) -> Mapping[int, tuple[str, ...]]:
    """For each figure in a relation, by its place, the verdicts of its relations."""
    found: dict[int, tuple[str, ...]] = {}
    for relation in relations:
        for member in relation.members:
            if member.metric is not None:
                found[member.metric] = (*found.get(member.metric, ()), relation.verdict)
    return found
