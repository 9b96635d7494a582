"""What people have said of cells: one record, a line of JSON each, that every later panel respects.

A review holds on to the document, the place of the figure in its decoded text and the words there. So it outlives a loss of
Redis, a re-reading by newer rules and a revision that moves the figure; what no longer fits anything is told, never dropped.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from exports.columns import Row

Action = Literal["confirm", "correct", "strike", "withdraw"]
ACTIONS: tuple[Action, ...] = get_args(Action)
_LONGEST_LINE = 1_000_000  # bytes
_CLOSE = 4000  # characters that a figure may have moved in a later revision


@dataclass(frozen=True)
class Review:
    """One review. ``series``, ``year`` and ``status`` name the cell, ``start``, ``end`` and ``quote`` the figure that it is about.

    ``value`` is the right one, in the unit that the figure is published in, for ``correct``; ``withdraw`` takes the last review
    of the same figure and cell back.
    """

    at: str
    action: Action
    document: str
    series: str
    year: str
    status: str
    start: int
    end: int
    quote: str
    value: str | None = None
    note: str = ""
    by: str = ""

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
            text = self._file.read_text("utf-8")
        except FileNotFoundError:
            return ()
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
        line = json.dumps(asdict(review), ensure_ascii=False) + "\n"
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
    names = {field.name for field in fields(Review)}
    try:
        said = json.loads(line)
        review = Review(**{name: value for name, value in said.items() if name in names})
    except (ValueError, TypeError, AttributeError) as error:
        raise ReviewsError(f"{where}: it is no review: {error}") from error
    if review.action not in ACTIONS:
        raise ReviewsError(f"{where}: the action is {review.action!r}; one of {', '.join(ACTIONS)} would be right")
    return review


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
