"""Figures as people have reviewed them: confirmed, corrected, struck or added.

A review holds on to the document, the place of the figure in its decoded text and the words there. So it outlives a loss of
Redis, a re-reading by newer rules and a revision that moves the figure; what no longer fits anything is told, never dropped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from exports import units
from exports.columns import COLUMNS, Row, year_of
from schemas.metric import Metric, MetricSource
from schemas.report import Report
from schemas.review import SAID, Review

#: What the column ``review`` says.
CONFIRMED, CORRECTED, STRUCK, ADDED = "confirmed", "corrected", "struck", "added"
_CLAUSE = re.compile("[，,；;。：:、]")
#: What a corrected file adds to its title; a year in brackets tells one report from another.
_REMARK = re.compile(
    r"[(（\[【〔](?:[^()（）\[\]【】〔〕\d]*(?:修订|修改|修正|更正|订正|勘误|重发|更新)[^()（）\[\]【】〔〕\d]*)[)）\]】〕]|\s"
)
_CLOSE = 4000  # characters that a figure may have moved in a later revision


@dataclass
class Fitted:
    """The reviews of one report: ``of_row`` by the place of its row, ``added`` figures, ``lost`` what fits no figure any more."""

    of_row: dict[int, list[Review]] = field(default_factory=dict)
    added: list[Review] = field(default_factory=list)
    lost: list[Review] = field(default_factory=list)


class Record:
    """The reviews that hold, to be asked report by report; knows which of them were of none."""

    def __init__(self, reviews: Iterable[Review]) -> None:
        self._reviews = tuple(reviews)
        self._by_document: dict[str, list[int]] = {}
        for at, review in enumerate(self._reviews):
            for key in filter(None, (review.document, review.sha256)):
                self._by_document.setdefault(key, []).append(at)
        self._met: set[int] = set()

    def of(self, report: Report, title: str | None) -> list[Review]:
        """Those of a document, by its id or by the bytes of its file: the id goes by the folder that was named.

        ``title`` is that which was read, whatever people say it is.
        """
        known = {*self._by_document.get(report.id, ()), *self._by_document.get(report.source.sha256, ())}
        found = [at for at in sorted(known) if _is_of(self._reviews[at], report, title)]
        self._met.update(found)
        return [self._reviews[at] for at in found]

    def strangers(self) -> list[Review]:
        """Those of documents that were never asked for."""
        return [review for at, review in enumerate(self._reviews) if at not in self._met]


def _is_of(review: Review, report: Report, title: str | None) -> bool:
    """Whether a document is the one that was reviewed; two folders may each have a file of one name, and so one id."""
    if review.sha256 is None or review.sha256 == report.source.sha256:
        return True
    return title is not None and review.title is not None and _plain(review.title) == _plain(title)


def _plain(title: str) -> str:
    """A title without blanks and without the remark that the file was corrected."""
    return _REMARK.sub("", title)


def fitted(reviews: Iterable[Review], report: Report, rows: Sequence[Row]) -> Fitted:
    """The reviews of a report, each with the row of ``rows`` that it is about.

    A figure that stands where it stood is meant; else the nearest of the same words in the same clause, where a revision or
    another reading of the file has moved it.
    """
    found = Fitted()
    for review in reviews:
        if review.action == "add":
            _add(review, report, rows, found)
            continue
        at = _in_place(review, report, rows)
        if at is None:
            at = _moved(review, rows)
        if at is None:
            found.lost.append(review)
        else:
            found.of_row.setdefault(at, []).append(review)
    return found


def _in_place(review: Review, report: Report, rows: Sequence[Row]) -> int | None:
    """The figure that stands where it stood; in other bytes it is led by the same words."""
    same_bytes = review.sha256 in (None, report.source.sha256)
    for at, row in enumerate(rows):
        if (row["start"], row["end"], row["quote"]) == (review.start, review.end, review.quote):
            return at if same_bytes or _says_the_same(review, row) else None
    return _lies_there(review, report, rows)


def _says_the_same(review: Review, row: Row) -> bool:
    """Whether a figure of the same words is of the same matter: in the same sentence, or led by the same words of its clause."""
    if review.sentence in (None, row["sentence"]):
        return True
    before, now = _leads(str(review.sentence), review.quote), _leads(str(row["sentence"] or ""), review.quote)
    return len(before) == 1 and before == now


def _leads(sentence: str, quote: str) -> set[str]:
    """What stands before a quote in its clause, wherever in the sentence it stands; nothing for one that begins its clause."""
    clauses = (_CLAUSE.split(sentence[: match.start()])[-1] for match in re.finditer(re.escape(quote), sentence))
    return {lead.strip() for lead in clauses} - {""}


def _over(review: Review, rows: Sequence[Row]) -> list[int]:
    """The rows of figures that a place covers in part."""
    return [
        at for at, row in enumerate(rows) if int(row["start"] or 0) < review.end and review.start < int(row["end"] or 0)
    ]


def _lies_there(review: Review, report: Report, rows: Sequence[Row]) -> int | None:
    """The one figure over the same place of the same bytes, where newer rules take more or fewer characters to it."""
    over = _over(review, rows) if review.sha256 == report.source.sha256 else []
    if len(over) != 1:
        return None
    quote = str(rows[over[0]]["quote"])
    return over[0] if quote in review.quote or review.quote in quote else None


def _moved(review: Review, rows: Sequence[Row]) -> int | None:
    """The nearest figure of the same words in the same clause; of a review that knows no sentence, of the same words."""
    near = [
        (abs(int(row["start"] or 0) - review.start), at)
        for at, row in enumerate(rows)
        if row["quote"] == review.quote and _says_the_same(review, row)
    ]
    distance, at = min(near, default=(_CLOSE + 1, -1))
    return at if distance <= _CLOSE else None


def _add(review: Review, report: Report, rows: Sequence[Row], found: Fitted) -> None:
    """A figure that a person has added: a correction of one that newer rules read there, lost where the bytes are others."""
    read = [at for at in _over(review, rows) if rows[at]["value"] == review.value]
    if len(read) == 1:
        found.of_row.setdefault(read[0], []).append(review)
    elif review.sha256 in (None, report.source.sha256):
        found.added.append(review)
    else:
        found.lost.append(review)


def deciding(reviews: Sequence[Review]) -> Review | None:
    """The review that decides on a figure as such, whatever panel it stands in; None where there is none.

    What was said of the figure does, or a later correction in a cell. Without either a correction in a cell, then a
    confirmation, then a strike: what is right in one cell is no wrong figure because it was taken out of another.
    """
    of_cells = [review for review in reviews if review.series is not None]
    own = max((at for at, review in enumerate(reviews) if review.series is None), default=-1)
    later = [review for review in reviews[own + 1 :] if review.action in ("correct", "add")]
    if later:
        return later[-1]
    if own >= 0:
        return reviews[own]
    return next(
        (said for action in ("confirm", "strike") for said in reversed(of_cells) if said.action == action), None
    )


def overlaid(row: Row, review: Review) -> Row:
    """A row as a review has it; what was read in place of it stays in ``read_value`` and ``read_as``."""
    if review.action in ("confirm", "strike"):
        return {**row, **_told(review)}
    said: Row = {name: getattr(review, name) for name in SAID if getattr(review, name) is not None}
    if review.value is not None:
        said["value_high"] = review.value_high
    if review.series is None and review.status is not None:
        said["status"] = review.status
    if review.indicator not in (None, row["indicator"]):
        said["indicator_id"] = None
    changed = [f"{name}={row[name] or ''}" for name in said if name != "value" and said[name] != row[name]]
    read: Row = {"read_value": row["value"] if "value" in said else None, "read_as": "; ".join(changed) or None}
    return _completed({**row, **said, **_told(review), **read})


def _told(review: Review) -> Row:
    states = {"confirm": CONFIRMED, "correct": CORRECTED, "strike": STRUCK, "add": ADDED}
    by: Row = {"review_note": review.note or None, "reviewed_by": review.by or None, "reviewed_at": review.at}
    return {"review": states[review.action], **by}


def _completed(row: Row) -> Row:
    """The columns that follow from others, set anew."""
    value, unit = str(row["value"]), str(row["unit"] or "")
    base = {"base": units.decimal_text(units.in_base(value, unit)), "base_unit": units.base_of(unit) or None}
    return {**row, **base, "year": year_of(None if row["period"] is None else str(row["period"]))}


def added_row(report: Report, review: Review) -> Row:
    """The row of a figure that a person has added."""
    said = {name: told for name in (*SAID, "status") if (told := getattr(review, name)) is not None}
    source = MetricSource(start=review.start, end=review.end, quote=review.quote)
    given = {"unit": "", "period": review.year, "sentence": review.sentence or review.quote, "source": source}
    metric = Metric.model_validate(given | said)
    return {**{column.name: column.of(report, metric) for column in COLUMNS}, **_told(review)}


@dataclass
class Reviewing:
    """Turns the rows of reports into reviewed ones, and counts what that did."""

    record: Record
    with_struck: bool = False
    struck: int = 0
    lost: list[Review] = field(default_factory=list)

    def rows(self, report: Report, rows: Iterable[Row], title: str | None) -> Iterator[Row]:
        """The rows of a report as they were reviewed; those that were struck are left out, unless they are wanted.

        ``title`` as for :meth:`Record.of`.
        """
        reviews = self.record.of(report, title)
        if not reviews:
            yield from rows
            return
        rows = list(rows)
        found = fitted(reviews, report, rows)
        self.lost += found.lost
        every = [
            row if (said := deciding(found.of_row.get(at, ()))) is None else overlaid(row, said)
            for at, row in enumerate(rows)
        ]
        if found.added:
            every += [added_row(report, review) for review in found.added]
            every.sort(key=lambda row: int(row["start"] or 0))
        for row in every:
            self.struck += row["review"] == STRUCK
            if self.with_struck or row["review"] != STRUCK:
                yield row
