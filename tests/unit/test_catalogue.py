"""The catalogue of canonical indicators is unambiguous, and its formulas are sound."""

import ast
import re
from collections import Counter
from typing import Any

import pytest

from worker.facts import load_facts

INDICATORS: list[dict[str, Any]] = load_facts("catalogue")["indicator"]
BY_ID = {entry["id"]: entry for entry in INDICATORS}
FORMULAS = [(entry["id"], formula) for entry in INDICATORS for formula in entry.get("formulas", [])]

OPTIONAL = {"formulas", "growth", "beside", "near", "unless"}
FIELDS = {"id", "name", "aliases", "unit_kind", "direction", "source"}
UNIT_KINDS = {
    *("count", "person", "visit", "money", "percent", "ratio", "duration", "length", "area", "volume", "mass"),
    *("energy", "power", "score", "intensity"),
}
DIRECTIONS = {"higher_better", "lower_better", "neutral"}
ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
ARITHMETIC = (ast.Expression, ast.BinOp, ast.Add, ast.Sub, ast.Div, ast.Attribute, ast.Name, ast.Load, ast.Constant)


def operands(formula: str) -> list[str]:
    return [match.group() for match in ID.finditer(formula)]


def test_ids_are_unique_and_none_is_the_stem_of_another() -> None:
    ids = [entry["id"] for entry in INDICATORS]

    assert [i for i, times in Counter(ids).items() if times > 1] == []
    assert [i for i in ids if not ID.fullmatch(i)] == []
    assert [(a, b) for a in ids for b in ids if b.startswith(f"{a}.")] == []


def test_every_entry_has_the_same_fields_and_known_words() -> None:
    assert [e["id"] for e in INDICATORS if e.keys() - OPTIONAL != FIELDS] == []
    assert {e["unit_kind"] for e in INDICATORS} <= UNIT_KINDS
    assert {e["direction"] for e in INDICATORS} == DIRECTIONS
    assert [e["id"] for e in INDICATORS if not e["source"].strip()] == []


def test_a_wording_belongs_to_one_indicator_only() -> None:
    beside = [name for e in INDICATORS for row in e.get("beside", ()) for name in row["names"]]
    wordings = Counter([w for e in INDICATORS for w in [e["name"], *e["aliases"], *e.get("growth", ())]] + beside)

    assert [w for w, times in wordings.items() if times > 1] == []
    assert [w for w in wordings if w != w.strip() or re.search(r"[（），：\s]", w)] == []


def test_the_catalogue_covers_what_it_promises() -> None:
    """At least 700 indicators, with each kind of report among them."""
    heads = {entry["id"].split(".")[0] for entry in INDICATORS}

    assert len(INDICATORS) >= 700
    assert heads >= {
        *("reconsideration", "litigation", "enforcement", "mediation", "petition", "legal_aid", "legal_service"),
        *("service", "legislation", "normative", "publicity", "disclosure", "fiscal", "department", "economy"),
        *("employment", "income", "agriculture", "environment", "court", "procuratorate", "police", "expenditure"),
    }


@pytest.mark.parametrize(("owner", "formula"), FORMULAS, ids=[f"{i}-{n}" for n, (i, _) in enumerate(FORMULAS)])
def test_formula_is_arithmetic_over_other_indicators_of_fitting_kind(owner: str, formula: str) -> None:
    """A quotient gives a percentage or a ratio; a sum or difference keeps the kind of its parts."""
    parts = operands(formula)
    kind = BY_ID[owner]["unit_kind"]

    assert all(isinstance(node, ARITHMETIC) for node in ast.walk(ast.parse(formula, mode="eval")))
    assert [p for p in parts if p not in BY_ID] == []
    assert owner not in parts
    if "/" in formula:
        assert kind in {"percent", "ratio"}
    else:
        assert {BY_ID[p]["unit_kind"] for p in parts} == {kind}


def test_a_source_is_a_norm_or_a_place() -> None:
    """A norm in its brackets or with the body that sets it, or a report with the offset of the figure."""
    norm_or_place = re.compile(r"[\u4e00-\u9fff]{2}|, \d+$|^common wording of ")

    assert [e["id"] for e in INDICATORS if not norm_or_place.search(e["source"])] == []


def test_formulas_do_not_run_in_circles() -> None:
    """Otherwise a check of one figure would rest on itself."""
    uses = {owner: {p for o, f in FORMULAS if o == owner for p in operands(f)} for owner, _ in FORMULAS}

    def reaches(start: str) -> set[str]:
        found: set[str] = set()
        front = set(uses.get(start, ()))
        while front:
            found |= front
            front = {p for i in front for p in uses.get(i, ())} - found
        return found

    assert [owner for owner in uses if owner in reaches(owner)] == []
