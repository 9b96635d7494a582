"""What people have said of figures and cells: one record, a line of JSON each, that every later panel and export respects."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from schemas.review import Anchor, Review

__all__ = ["FILE_NAME", "Review", "Reviews", "ReviewsError"]

FILE_NAME = "reviews.jsonl"  # in the state folder
_LONGEST_LINE = 1_000_000  # bytes


class ReviewsError(ValueError):
    """The file of reviews has a line that is none."""


def _no_bell(_: Review) -> str:
    return ""


class Reviews:
    """The reviews in a file; the last one of a figure and cell holds.

    ``ring`` tells others that one was added, as :func:`delivery.review_bell.ring` with a client does: what is wrong, "" if nothing.
    """

    def __init__(self, file: Path, ring: Callable[[Review], str] = _no_bell) -> None:
        self._file = file
        self._ring = ring

    def read(self) -> tuple[Review, ...]:
        """Those that hold, in the order in which they came.

        Raises:
            ReviewsError: a line is no review; a last line without an end is one that was being written, and is left out.
        """
        return tuple(self.by_line().values())

    def by_line(self) -> dict[int, Review]:
        """The same by the number of the line that each stands in, from 1: what a person calls it by.

        Raises:
            ReviewsError: as :meth:`read`.
        """
        try:
            text = self._file.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            raise ReviewsError(f"{self._file}, byte {error.start}: it is not UTF-8; save it as UTF-8") from None
        holding: dict[Anchor, tuple[int, Review]] = {}
        *lines, last = text.split("\n")
        # A person's editor may leave the last end out; what is no review there was being written.
        lines += [last] if _is_review(last.encode()) else []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            review = _parsed(line, f"{self._file}, line {number}")
            holding.pop(review.anchor, None)
            if review.action != "withdraw":
                holding[review.anchor] = number, review
        return dict(holding.values())

    def add(self, review: Review) -> str:
        """Write a review at the end, so that it is there after a power cut, and ring; writers wait for each other.

        What is wrong with the bell comes back, "" if nothing: the review is there all the same.

        Raises:
            OSError: it cannot be written.
        """
        line = review.model_dump_json() + "\n"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            whole, rest = _whole_lines(out.fileno())
            if _is_review(rest):
                line = f"\n{line}"
            else:
                out.truncate(whole)  # a writer that died has said to nobody that its line is there
            out.write(line.encode())
            out.flush()
            os.fsync(out.fileno())
        return self._ring(review)


def _whole_lines(descriptor: int) -> tuple[int, bytes]:
    """How many bytes of the file are lines that end, and what stands after them."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _LONGEST_LINE, max(0, size - _LONGEST_LINE))
    if b"\n" not in tail and size > len(tail):
        return size, b""
    _, _, rest = tail.rpartition(b"\n")
    return size - len(rest), rest


def _is_review(line: bytes) -> bool:
    try:
        Review.model_validate_json(line)
    except ValidationError:
        return False
    return True


def _parsed(line: str, where: str) -> Review:
    try:
        return Review.model_validate_json(line)
    except ValidationError as error:
        row = error.errors()[0]
        field = ".".join(map(str, row["loc"]))
        raise ReviewsError(f"{where}: it is no review: {f'{field}: ' if field else ''}{row['msg']}") from error
