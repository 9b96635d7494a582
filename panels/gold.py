"""Reviews as annotations: each figure that a person has looked at becomes a case that reading is measured by."""

from collections.abc import Sequence
from typing import Any

from exports.columns import Row
from exports.reviewed import Fitted, added_row, deciding, overlaid
from schemas.report import Report
from schemas.review import Review

_PART = 2  # characters of a name's head and of its tail: they tell it from its neighbours' names


def annotation(report: Report, rows: Sequence[Row], found: Fitted) -> dict[str, Any] | None:
    """The annotation of a report, in the form that docs/annotation.md describes; None where nothing was said that makes one.

    It decides only on the figures that were reviewed: ``metrics`` are those that are right or were put right, ``no_figures``
    the places of those that a person has struck. A strike in a cell says where a figure does not belong, and is no case; nor is
    a figure without a name.
    """
    records = [_record(added_row(report, review)) for review in found.added]
    struck = []
    for at, reviews in found.of_row.items():
        said = deciding(reviews)
        if said is not None and said.action == "strike":
            struck += [[rows[at]["start"], rows[at]["end"]]] if said.series is None else []
        elif said is not None and (right := _of_cell(overlaid(rows[at], said), said))["indicator"]:
            records.append(_record(right))
    if not records and not struck:
        return None
    source = report.source
    return {
        "file": source.path,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "split": "dev",
        "document": {"period": report.document.period},
        "metrics": _apart(records),
        "no_figures": sorted(struck),
    }


def _of_cell(row: Row, review: Review) -> Row:
    """A figure that was confirmed in a cell is of the cell's year and status, whatever was read."""
    if review.series is None:
        return row
    year = {} if row["year"] == review.year else {"period": review.year}
    return {**row, **year, "status": review.status}


def _record(row: Row) -> dict[str, Any]:
    name = str(row["indicator"])
    optional = {
        "value_high": row["value_high"],
        "status": None if row["status"] == "achieved" else row["status"],
    }
    return {
        "q": row["quote"],
        "ctx": row["sentence"],
        "start": row["start"],
        "end": row["end"],
        "value": row["value"],
        "unit": row["unit"] or "",
        "qualifier": row["qualifier"],
        "change": row["change"],
        "indicator": name,
        "must": list(dict.fromkeys((name[:_PART], name[-_PART:]))),
        "period": row["period"],
        **{field: said for field, said in optional.items() if said is not None},
    }


def _apart(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In reading order; of those that overlap the first, because a place has one answer."""
    kept: list[dict[str, Any]] = []
    for record in sorted(records, key=lambda record: (record["start"], record["end"])):
        if not kept or record["start"] >= kept[-1]["end"]:
            kept.append(record)
    return kept
