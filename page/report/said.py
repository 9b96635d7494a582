"""What people have said of a report's figures, figure by figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from exports.columns import rows_of
from exports.reviewed import Record, deciding, fitted
from page.report.room import Figure, Room
from page.whole_numbers import whole
from schemas.metric import Metric
from schemas.report import Relation
from schemas.review import Review

#: What a form says of a figure that is corrected or added.
FIELDS = ("value", "value_high", "unit", "indicator", "period", "status", "measure", "change")
#: Of text that was selected: longer is no figure.
LONGEST_QUOTE = 200
_STATES = {"confirm": "confirmed", "correct": "corrected", "strike": "struck", "add": "corrected"}
_GAPS = str.maketrans("", "", ",， \u202f\u00a0")


class NotSaid(ValueError):
    """A form says what cannot be; ``why`` is the sentence that tells so, ``detail`` what it was about."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why, self.detail = why, detail


@dataclass(frozen=True)
class Said:
    """The review that decides on each figure, by its number; figures that were added; reviews that fit nothing any more."""

    of_figure: Mapping[int, Review] = field(default_factory=dict)
    added: tuple[Review, ...] = ()
    lost: tuple[Review, ...] = ()

    def state(self, number: int) -> str:
        """``confirmed``, ``corrected``, ``struck``, or nothing."""
        review = self.of_figure.get(number)
        return _STATES[review.action] if review else ""

    def metric(self, figure: Figure) -> Metric:
        """A figure as it holds: what was read, with what a person has put right in it."""
        review = self.of_figure.get(figure.number)
        if review is None or review.action != "correct":
            return figure.metric
        right = {name: getattr(review, name) for name in FIELDS if getattr(review, name) is not None}
        if review.series is not None:
            right.pop("status", None)  # of the cell
        if review.value is not None:
            right["value_high"] = review.value_high
        return figure.metric.model_copy(update=right)

    def has_changed(self, relation: Relation) -> bool:
        """Whether a person has put a value of a relation right, or struck it: its verdict is of what was read."""
        numbers = (member.metric + 1 for member in relation.members if member.metric is not None)
        reviews = (self.of_figure.get(number) for number in numbers)
        return any(one and (one.action == "strike" or one.value is not None) for one in reviews)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.of_figure) + len(self.added) + len(self.lost)


def said_of(reviews: Iterable[Review], room: Room) -> Said:
    """What holds of a report."""
    report = room.report
    held = Record(reviews).of(report, report.document.title)
    if not held:
        return Said()
    found = fitted(held, report, list(rows_of(report)))
    decided = ((at, deciding(of_row)) for at, of_row in sorted(found.of_row.items()))
    return Said({at + 1: review for at, review in decided if review}, tuple(found.added), tuple(found.lost))


def review_of(figure: Figure, room: Room, action: str, form: Mapping[str, str]) -> Review:
    """A review of a figure that was read.

    Raises:
        NotSaid: it cannot be said so.
    """
    metric = figure.metric
    told: dict[str, Any] = {}
    if action == "correct":
        told = {name: said for name, said in _told(form).items() if said != (getattr(metric, name) or "")}
        told = {name: said or None for name, said in told.items()}
        if "value_high" in told or "unit" in told or metric.value_high:
            told.setdefault("value", metric.value)
        if metric.value_high and "value_high" not in told:
            told["value_high"] = metric.value_high
        if not any(said is not None for said in told.values()):
            raise NotSaid("report.review.nothing")
    source = metric.source
    about = {"start": source.start, "end": source.end, "quote": source.quote, "sentence": metric.sentence}
    return _review(room, action, {**about, **told, "note": form.get("note", "").strip()})


def added(room: Room, form: Mapping[str, str]) -> Review:
    """A figure that was not read, at a place of the text.

    Raises:
        NotSaid: nothing stands there, or a figure was read there, or what is said of it cannot be.
    """
    start, end = (whole(form.get(name, "")) for name in ("start", "end"))
    raw = room.reading.raw
    if (
        start is None
        or end is None
        or not start < end <= len(raw)
        or end - start > LONGEST_QUOTE
        or not raw[start:end].strip()
    ):
        raise NotSaid("report.review.no_text")
    for figure in room.figures:
        source = figure.metric.source
        if source.start < end and start < source.end:
            raise NotSaid("report.review.read_there", source.quote)
    told = {name: said for name, said in _told(form).items() if said}
    if not told.get("value") or not told.get("indicator"):
        raise NotSaid("report.review.incomplete")
    first, last = room.reading.origin.now_span(start, end)
    text = room.reading.text
    line_start, line_end = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    sentence = text[line_start : line_end if line_end >= 0 else None].strip()[:10_000]
    return _review(room, "add", {"start": start, "end": end, "quote": raw[start:end], "sentence": sentence, **told})


def now() -> str:
    """The time of a review."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(form: Mapping[str, str]) -> dict[str, str]:
    """What a form says; values as people write them, with gaps or commas between thousands."""
    told = {name: form[name].strip() for name in FIELDS if name in form}
    return {name: said.translate(_GAPS) if name.startswith("value") else said for name, said in told.items()}


def _review(room: Room, action: str, told: Mapping[str, Any]) -> Review:
    report = room.report
    about = {"document": report.id, "sha256": report.source.sha256, "path": report.source.path}
    try:
        return Review.model_validate({"at": now(), "action": action, "title": report.document.title, **about, **told})
    except ValidationError as error:
        row = error.errors()[0]
        where = ".".join(map(str, row["loc"]))
        if where in ("period", "value", "value_high"):
            raise NotSaid(f"report.review.wrong_{where.partition('_')[0]}", str(told[where])) from error
        raise NotSaid("report.review.cannot", f"{where}: {row['msg']}" if where else row["msg"]) from error
