"""What a person says of a cell in a form, as the review that is written down."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from exports.columns import Row
from exports.units import decimal_text
from page.coding.archive import Made
from panels.cells import Cell, Key, Stated
from schemas.review import Review

ACTIONS = ("confirm", "correct", "strike", "withdraw")
_NUMBER = re.compile(r"([-−]?)(\d[\d,]*(?:\.\d+)?|\d+/\d+)(万亿|萬億|亿|億|万|萬)?", re.ASCII)
_POWERS = {"万亿": 12, "萬億": 12, "亿": 8, "億": 8, "万": 4, "萬": 4}


class NotSaid(ValueError):
    """It cannot be said of the cell; the key of the sentence that says why."""


@dataclass(frozen=True)
class Form:
    """What the form has: the action, the place of the figure that is meant, and what is said of it."""

    action: str
    document: str
    start: int
    end: int
    value: str = ""
    note: str = ""
    by: str = ""


def review_of(made: Made, key: Key, form: Form) -> Review:
    """The review that a form means. What it is about is taken from the panel, never from the form.

    Raises:
        NotSaid: the cell or the figure is not there, the value is none, or nothing is there to take back.
    """
    cell = made.panel.cells.get(key)
    if cell is None or form.action not in ACTIONS:
        raise NotSaid("coding.wrong.gone")
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if form.action == "withdraw":
        return _held(cell, form).taken_back(at, form.by)
    figure = _figure(cell, form)
    row, source = figure.as_read, figure.source.report.source
    return Review(
        at=at,
        action=form.action,
        document=str(row["id"]),
        series=key.series,
        year=key.year,
        status=key.status,
        start=int(row["start"] or 0),
        end=int(row["end"] or 0),
        quote=str(row["quote"]),
        sentence=str(row["sentence"] or "")[:10_000] or None,
        sha256=source.sha256,
        title=figure.source.title[:1000],
        path=source.path,
        note=form.note[:1000],
        by=form.by[:200],
        **_right(form, row),
    )


def _right(form: Form, row: Row) -> dict[str, str]:
    """The right value, in the unit that the figure has in its report; newer rules may read another unit there."""
    return {"value": value_of(form.value), "unit": str(row["unit"] or "")} if form.action == "correct" else {}


def value_of(text: str) -> str:
    """A number as a person writes it, as messages have it.

    >>> value_of("1,234.50"), value_of("1.2万"), value_of("2/3"), value_of("−3")
    ('1234.5', '12000', '2/3', '-3')

    Raises:
        NotSaid: it is none.
    """
    match = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match is None or re.search(r"/0+$", match[2]):
        raise NotSaid("coding.wrong.value")
    digits = match[2].replace(",", "")
    if "/" in digits:
        if match[1] or match[3]:
            raise NotSaid("coding.wrong.value")
        return digits
    number = Fraction(digits) * 10 ** _POWERS.get(match[3] or "", 0)
    return decimal_text(-number if match[1] else number)


def _figure(cell: Cell, form: Form) -> Stated:
    stated = (*cell.figures, *cell.also, *([cell.candidate] if cell.candidate else []), *cell.akin)
    for figure in stated:
        row = figure.as_read
        if (row["id"], row["start"], row["end"]) == (form.document, form.start, form.end):
            return figure
    raise NotSaid("coding.wrong.gone")


def _held(cell: Cell, form: Form) -> Review:
    reviews = [cell.review, *(figure.review for figure in (*cell.figures, *cell.also))]
    for review in reviews:
        if review and (review.document, review.start, review.end) == (form.document, form.start, form.end):
            return review
    raise NotSaid("coding.wrong.gone")
