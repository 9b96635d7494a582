"""Figures of the store as people have reviewed them: a corrected one with what is right, a struck one told.

The store has what was read. Figures that people have added stand in no store: panels and exports have them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exports.reviewed import STRUCK, Record, deciding, fitted, overlaid
from schemas.report import Report, SourceFile
from schemas.review import Review
from store.tables import Found, row_of
from store.views import OF_READINGS, Views

#: Columns of the store that a review may change, or that follow from them.
_CHANGED = ("value", "value_high", "unit", "base_unit", "indicator", "indicator_id", "period", "year", "measure")
_CHANGED_TOO = ("change", "status", "review", "read_value", "read_as", "review_note", "reviewed_by", "reviewed_at")
_TEXT = ("unit", "base_unit", "indicator")  # never None in the store


class Reviewing:
    """Turns figures that the store found into reviewed ones; asks it for all figures of a report that has any review."""

    def __init__(self, views: Views, reviews: Iterable[Review]) -> None:
        reviews = tuple(reviews)
        self._views = views
        self._record = Record(reviews)
        self._spoken_of = {key for review in reviews for key in (review.document, review.sha256) if key}
        self._known: dict[int, dict[int, Review]] = {}

    def of(self, rows: Sequence[Found]) -> list[Found]:
        """The figures, in their order; those that were struck, too."""
        return [self.one(row) for row in rows]

    def one(self, found: Found) -> Found:
        """A figure."""
        if found["id"] not in self._spoken_of and found["sha256"] not in self._spoken_of:
            return found
        review = self._of_reading(found).get(found["number"])
        return found if review is None else _changed(found, review)

    def _of_reading(self, found: Found) -> dict[int, Review]:
        """By the number of a figure, the review that decides on it."""
        reading = found["reading"]
        if reading not in self._known:
            every = self._views.rows(f"{OF_READINGS} WHERE readings.reading = ? ORDER BY figures.figure", [reading])
            report = _report(found)
            reviews = self._record.of(report, found["title"])
            of_row = fitted(reviews, report, [row_of(row) for row in every]).of_row
            decided = {every[at]["number"]: deciding(said) for at, said in of_row.items()}
            self._known[reading] = {number: review for number, review in decided.items() if review}
        return self._known[reading]


def is_struck(found: Found) -> bool:
    """Whether a person has taken a figure out."""
    return review_of(found) == STRUCK


def review_of(found: Found) -> str:
    """What a person has said of a figure: confirmed, corrected or struck; empty for nothing."""
    return str(found["review"] or "") if isinstance(found, Mapping) and "review" in found else ""


def _changed(found: Found, review: Review) -> dict[str, Any]:
    row = overlaid(row_of(found), review)
    said = {name: row[name] for name in (*_CHANGED, *_CHANGED_TOO)}
    return {**dict(found), **said, **{name: said[name] or "" for name in _TEXT}}


def _report(found: Found) -> Report:
    """As much of the report as reviews are held against."""
    source: dict[str, Any] = {"sha256": found["sha256"]}
    report: dict[str, Any] = {"id": found["id"], "source": SourceFile.model_construct(**source)}
    return Report.model_construct(**report)
