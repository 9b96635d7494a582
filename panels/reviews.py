"""What people have said of cells: one record, a line of JSON each, that every later panel respects.

A review holds on to the document, the place of the figure in its decoded text and the words there. So it outlives a loss of
Redis, a re-reading by newer rules and a revision that moves the figure; what no longer fits anything is told, never dropped.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from exports.columns import Row
from schemas.base import Message, Whole
from schemas.metric import DECIMAL

Action = Literal["confirm", "correct", "strike", "withdraw"]
_LONGEST_LINE = 1_000_000  # bytes
_CLOSE = 4000  # characters that a figure may have moved in a later revision


class Review(Message):
    """One review. ``series``, ``year`` and ``status`` name the cell, ``start``, ``end`` and ``quote`` the figure that it is about.

    ``value`` is the right one, in the unit that the figure is published in, for ``correct``; ``withdraw`` takes the last review
    of the same figure and cell back.
    """

    at: str
    action: Action
    document: str
    series: str
    year: str = Field(pattern=r"^\d{4}$")
    status: Literal["achieved", "planned"]
    start: Whole
    end: Whole
    quote: str
    value: str | None = Field(default=None, pattern=DECIMAL)
    note: str = ""
    by: str = ""

    @model_validator(mode="after")
    def _has_its_value(self) -> Self:
        if (self.action == "correct") != (self.value is not None):
            raise ValueError("correct comes with a value, and nothing else does")
        if self.value is not None and self.value.endswith("/0"):
            raise ValueError("a fraction of nothing is no value")
        return self

    @property
    def anchor(self) -> tuple[str, str, str, str, int, int]:
        """What it is about."""
        return self.document, self.series, self.year, self.status, self.start, self.end


class ReviewsError(ValueError):
    """The file of reviews has a line that is none."""


class Reviews:
    """The reviews in a file; the last one of a figure and cell holds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> tuple[Review, ...]:
        """Those that hold, in the order in which they came.

        Raises:
            ReviewsError: a line is no review; a last line without an end is one that was being written, and is left out.
        """
        try:
            text = self._file.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return ()
        except UnicodeDecodeError as error:
            raise ReviewsError(f"{self._file}, byte {error.start}: it is not UTF-8; save it as UTF-8") from None
        holding: dict[tuple[str, str, str, str, int, int], Review] = {}
        lines = text.split("\n")
        for number, line in enumerate(lines[:-1], 1):
            if not line.strip():
                continue
            review = _parsed(line, f"{self._file}, line {number}")
            holding.pop(review.anchor, None)
            if review.action != "withdraw":
                holding[review.anchor] = review
        return tuple(holding.values())

    def add(self, review: Review) -> None:
        """Write a review at the end, so that it is there after a power cut; writers wait for each other.

        Raises:
            OSError: it cannot be written.
        """
        line = review.model_dump_json() + "\n"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            out.truncate(_whole_lines(out.fileno()))  # a writer that died has said to nobody that its line is there
            out.write(line.encode())
            out.flush()
            os.fsync(out.fileno())


def _whole_lines(descriptor: int) -> int:
    """How many bytes of the file are lines that end."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _LONGEST_LINE, max(0, size - _LONGEST_LINE))
    return size - len(tail) + tail.rfind(b"\n") + 1 if b"\n" in tail or size == len(tail) else size


def _parsed(line: str, where: str) -> Review:
    try:
        return Review.model_validate_json(line)
    except ValidationError as error:
        row = error.errors()[0]
        field = ".".join(map(str, row["loc"]))
        raise ReviewsError(f"{where}: it is no review: {f'{field}: ' if field else ''}{row['msg']}") from error


def matched(reviews: Iterable[Review], rows: Iterable[Row]) -> tuple[dict[int, list[Review]], list[Review]]:
    """The reviews of each figure, by ``id()`` of its row, and those of documents at hand that fit none.

    A figure that stands where it stood is meant; else the nearest of the same words, where a revision has moved it.
    """
    rows = list(rows)
    documents = {row["id"] for row in rows}
    by_place = {(row["id"], row["start"], row["end"], row["quote"]): row for row in rows}
    found: dict[int, list[Review]] = {}
    orphans = []
    for review in reviews:
        if review.document not in documents:
            continue
        row = by_place.get((review.document, review.start, review.end, review.quote)) or _moved(review, rows)
        if row is None:
            orphans.append(review)
        else:
            found.setdefault(id(row), []).append(review)
    return found, orphans


def _moved(review: Review, rows: list[Row]) -> Row | None:
    near = [row for row in rows if row["id"] == review.document and row["quote"] == review.quote]
    near = [row for row in near if abs(int(row["start"] or 0) - review.start) <= _CLOSE]
    return min(near, key=lambda row: abs(int(row["start"] or 0) - review.start), default=None)
