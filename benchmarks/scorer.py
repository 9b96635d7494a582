"""Compares extracted figures with annotated ones; the annotation guide (docs/annotation.md) says what the fields mean.

quantity   a figure and an annotation match when their spans overlap and value, upper value and unit agree. Annotations
           marked optional neither help nor hurt.
indicator  of the matched: the indicator holds every word asked for, and its characters, in whatever order, agree with
           the annotated indicator's to an F1 of 0.6.
hard       of the matched: qualifier, change and period together, but only where the right answer is not the default
           (exact, no change, the report's own year), so that a constant answer earns nothing.
status     of the matched: achieved where the annotation leaves it out.
record     F1 that counts only figures right in every field.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Record = Mapping[str, Any]

INDICATOR_AGREEMENT = 0.6
FIELDS = ("qualifier", "change", "period")

# Units that mean the same; each row's first name stands for all.
_SAME_UNITS = {
    name: row[0]
    for row in (
        ("工作日", "个工作日"),
        ("%", "％", "百分比"),
        ("个百分点", "百分点"),
        ("元", "人民币元"),
        ("人次", "人(次)"),
        ("平方米", "㎡", "m2", "m²"),
    )
    for name in row
}


@dataclass(frozen=True)
class Fault:
    """One disagreement; ``kind`` is missed, wrong quantity, spurious, a field's name, or ``document.`` and a field."""

    kind: str
    wanted: Record | None
    got: Record | None


@dataclass
class Tally:
    """Counts over one or more documents."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.counts + other.counts, self.faults + other.faults)

    def rates(self) -> dict[str, float]:
        """Shares between 0 and 1, by name."""
        found = self.counts
        matched = found["matched"]
        return {
            "precision": _share(matched, found["extracted"]),
            "recall": _share(matched, found["annotated"]),
            "quantity_f1": _f1(matched, found["extracted"], found["annotated"]),
            **{name: _share(found[name], matched) for name in ("indicator", *FIELDS)},
            "own_year": _share(found["own_year"], matched),
            "status": _share(found["status_right"], matched),
            "hard": _share(found["hard_right"], found["hard"]) if found["hard"] else 1.0,
            "record_f1": _f1(found["record"], found["extracted"], found["annotated"]),
            "document": _share(found["document_right"], found["document"]) if found["document"] else 1.0,
        }


def is_judged(gold: Record, start: int, end: int) -> bool:
    """Whether an annotation decides on a figure at this place of the raw text.

    One with a ``passage`` decides on what starts in it, one with ``no_figures`` only on its records and on those places:
    the numbers of a table that were drawn by lot.
    """
    passage = gold.get("passage")
    if passage and not passage[0] <= start < passage[1]:
        return False
    if "no_figures" not in gold:
        return True
    drawn = [*((one["start"], one["end"]) for one in gold["metrics"]), *gold["no_figures"]]
    return any(start < other_end and other_start < end for other_start, other_end in drawn)


def compare(gold: Record, report: Record) -> Tally:
    """Score one report against its annotation, where that decides."""
    tally = Tally()
    figures = sorted(report.get("metrics", ()), key=lambda figure: figure["source"]["start"])
    figures = [one for one in figures if is_judged(gold, one["source"]["start"], one["source"]["end"])]
    taken: set[int] = set()
    for wanted in gold["metrics"]:
        near = [at for at, figure in enumerate(figures) if at not in taken and _overlap(wanted, figure)]
        hit = next((at for at in near if _same_quantity(wanted, figures[at])), None)
        if wanted.get("optional"):
            taken.update(near)
            continue
        tally.counts["annotated"] += 1
        if hit is None:
            tally.faults.append(
                Fault("wrong quantity" if near else "missed", wanted, figures[near[0]] if near else None)
            )
        else:
            taken.add(hit)
            _compare_fields(gold, wanted, figures[hit], tally)
            own_year = (gold.get("document") or report.get("document") or {}).get("period")
            tally.counts["own_year"] += _field_right(wanted, {"period": own_year}, "period")
    optional = [wanted for wanted in gold["metrics"] if wanted.get("optional")]
    tally.counts["extracted"] += sum(not any(_overlap(wanted, figure) for wanted in optional) for figure in figures)
    tally.faults += [Fault("spurious", None, figure) for at, figure in enumerate(figures) if at not in taken]
    _compare_documents(gold.get("document") or {}, report.get("document") or {}, tally)
    return tally


def _compare_fields(gold: Record, wanted: Record, figure: Record, tally: Tally) -> None:
    tally.counts["matched"] += 1
    right = {"indicator": _indicator_right(wanted, figure)} | {
        name: _field_right(wanted, figure, name) for name in FIELDS
    }
    if _status(figure) in (_status(wanted), *wanted.get("status_alt", ())):
        tally.counts["status_right"] += 1
    else:
        tally.faults.append(Fault("status", wanted, figure))
    defaults = {"qualifier": "exact", "change": None, "period": (gold.get("document") or {}).get("period")}
    for name in FIELDS:
        if (wanted.get(name) or None) != defaults[name]:
            tally.counts["hard"] += 1
            tally.counts["hard_right"] += right[name]
    for name, good in right.items():
        tally.counts[name] += good
        if not good:
            tally.faults.append(Fault(name, wanted, figure))
    tally.counts["record"] += all(right.values())


def _compare_documents(wanted: Record, got: Record, tally: Tally) -> None:
    for name, value in wanted.items():
        if name.endswith("_alt"):
            continue
        tally.counts["document"] += 1
        if (got.get(name) or None) in (value, *wanted.get(name + "_alt", ())):
            tally.counts["document_right"] += 1
        else:
            tally.faults.append(Fault("document." + name, {"value": value}, {"value": got.get(name)}))


def _overlap(wanted: Record, figure: Record) -> bool:
    source = figure["source"]
    return bool(source["start"] < wanted["end"] and wanted["start"] < source["end"])


def _same_quantity(wanted: Record, figure: Record) -> bool:
    units = {unit_name(unit) for unit in (wanted["unit"], *wanted.get("unit_alt", ()))}
    values = {_number(value) for value in (wanted["value"], *wanted.get("value_alt", ()))}
    return (
        _number(figure.get("value")) in values
        and _number(figure.get("value_high")) == _number(wanted.get("value_high"))
        and unit_name(figure.get("unit")) in units
    )


def _indicator_right(wanted: Record, figure: Record) -> bool:
    name = figure.get("indicator") or ""
    accepted = (wanted["indicator"], *wanted.get("indicator_alt", ()))
    if max(character_f1(name, one) for one in accepted) < INDICATOR_AGREEMENT:
        return False
    return all(any(word in name for word in words.split("|")) for words in wanted["must"])


def _status(record: Record) -> str:
    return record.get("status") or "achieved"


def _field_right(wanted: Record, figure: Record, name: str) -> bool:
    return (figure.get(name) or None) in (wanted.get(name) or None, *wanted.get(name + "_alt", ()))


def character_f1(one: str, other: str) -> float:
    """Agreement of two strings as bags of characters, 0 to 1.

    >>> character_f1("调解成功", "成功调解")
    1.0
    """
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if one and other else 0.0


def _number(written: str | None) -> Fraction | None:
    try:
        return Fraction(written.replace(",", "")) if written else None
    except (ValueError, ZeroDivisionError):
        return None


def unit_name(name: str | None) -> str:
    """The one name for units that mean the same.

    >>> unit_name("个工作日")
    '工作日'
    """
    name = (name or "").strip()
    return _SAME_UNITS.get(name, name)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(right: int, extracted: int, annotated: int) -> float:
    return 2 * right / (extracted + annotated) if extracted + annotated else 0.0


def total(tallies: Iterable[Tally]) -> Tally:
    """All tallies in one."""
    result = Tally()
    for tally in tallies:
        result += tally
    return result


def lines_of(faults: Sequence[Fault]) -> list[str]:
    """The faults as lines for people."""
    return [f"{fault.kind}: wanted [{_brief(fault.wanted)}] got [{_brief(fault.got)}]" for fault in faults]


def _brief(record: Record | None) -> str:
    if record is None:
        return "-"
    names = ("q", "value", "value_high", "unit", "qualifier", "change", "period", "status", "indicator")
    words = [str(record[name]) for name in names if record.get(name) is not None]
    quote = (record.get("source") or {}).get("quote") if isinstance(record.get("source"), Mapping) else None
    return " ".join([quote, *words] if quote else words)
