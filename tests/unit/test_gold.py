"""The gold annotations keep to the form that docs/annotation.md describes."""

import hashlib
import itertools
import json
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks import annotated
from benchmarks.annotated import PASSAGES, invented, unseen
from schemas.metric import DECIMAL
from worker.stages.decode import read

ROOT = Path(__file__).parents[2]
SEED_GOLD = sorted((ROOT / "tests/gold").glob("*.json"))
UNSEEN_GOLD = sorted(path for folder in PASSAGES for path in (ROOT / "tests/gold" / folder).glob("*.json"))
TABLE_GOLD = sorted((ROOT / "tests/gold/tables").glob("*.json"))
INVENTED_GOLD = sorted((ROOT / "tests/gold/invented").glob("*/*.json"))

DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
PERIOD = re.compile(rf"{DAY}|\d{{4}}(H[12]|Q[1-4])|{DAY}/{DAY}|\.\.{DAY}")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMERAL = re.compile(r"[\d零〇○一二两兩三四五六七八九十百千万萬亿億兆半几幾数數壹贰貳叁參肆伍陆陸柒捌玖拾廿翻倍上]")

NEEDED = {"start", "end", "value", "unit", "qualifier", "change", "indicator", "must", "period"}
ALTERNATIVES = {"value_alt", "unit_alt", "qualifier_alt", "change_alt", "indicator_alt", "period_alt", "status_alt"}
ALLOWED = NEEDED | ALTERNATIVES | {"value_high", "optional", "status"}
SEED_TEXT = {"q", "ctx"}
DOCUMENT = {"title", "issuer", "region", "period", "document_number", "published", "signed", "script"}
CHANGES = {None, "increase", "decrease", "to"}
QUALIFIERS = {"exact", "about", "over", "under"}
STATUSES = {"ongoing", "planned", "required"}


def load(path: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return gold


def number(value: str) -> float:
    over, _, under = value.partition("/")
    return float(over) / float(under or 1)


def record_faults(record: dict[str, Any], text_fields: set[str]) -> list[str]:
    """What is wrong with one record; nothing if it is well formed."""
    faults = [f"needs {field}" for field in sorted((NEEDED | text_fields) - record.keys())]
    faults += [f"does not know {field}" for field in sorted(record.keys() - ALLOWED - text_fields)]
    if faults:
        return faults
    values = [record["value"], *record.get("value_alt", [])]
    high = record.get("value_high")
    indicators = [record["indicator"], *record.get("indicator_alt", [])]
    checks = {
        "an empty span": record["start"] >= record["end"],
        "value": not all(re.fullmatch(DECIMAL, v) for v in values),
        "value_high": high is not None and not number(high) > number(record["value"]),
        "qualifier": not {record["qualifier"], *record.get("qualifier_alt", [])} <= QUALIFIERS,
        "change": not {record["change"], *record.get("change_alt", [])} <= CHANGES,
        "status": record.get("status", "planned") not in STATUSES
        or not {*record.get("status_alt", [])} <= {"achieved", *STATUSES},
        "optional": record.get("optional", True) is not True,
        "period": not all(p is None or PERIOD.fullmatch(p) for p in [record["period"], *record.get("period_alt", [])]),
        "must": not 1 <= len(record["must"]) <= 3,
        "blank in a name": any(name != name.strip() or not name for name in [*indicators, *record["must"]]),
        "an alternative that is the answer": any(
            record[field] in record.get(f"{field}_alt", [])
            for field in ("value", "unit", "change", "period", "indicator")
        )
        or record.get("status", "achieved") in record.get("status_alt", []),
    }
    faults += [name for name, wrong in checks.items() if wrong]
    faults += [
        f"must {w} is not in {n}" for n in indicators for w in record["must"] if not any(a in n for a in w.split("|"))
    ]
    return faults


def file_faults(gold: dict[str, Any], text_fields: set[str]) -> list[str]:
    """What is wrong with the records of a file, each with the place it starts at."""
    records = gold["metrics"]
    faults = [f"{r.get('start')}: {fault}" for r in records for fault in record_faults(r, text_fields)]
    faults += [f"{b['start']}: overlaps" for a, b in pairwise(records) if b["start"] < a["end"]]
    return faults


@pytest.mark.parametrize("path", SEED_GOLD, ids=lambda p: p.stem)
def test_seed_records_are_well_formed_and_quote_their_seed(path: Path) -> None:
    gold = load(path)
    text = (ROOT / "seeds" / gold["source"]).read_bytes().decode("utf-8")

    assert file_faults(gold, SEED_TEXT) == []
    assert [r["q"] for r in gold["metrics"]] == [text[r["start"] : r["end"]] for r in gold["metrics"]]


@pytest.mark.parametrize("path", UNSEEN_GOLD, ids=lambda p: p.stem)
def test_unseen_records_are_well_formed_and_carry_no_text(path: Path) -> None:
    gold = load(path)
    start, end = gold["passage"]

    assert file_faults(gold, set()) == []
    assert all(start <= r["start"] and r["end"] <= end for r in gold["metrics"])
    read_by_reader = {"text_sha256"} if gold["encoding"] is None else set()
    assert set(gold) == {"file", "sha256", "encoding", "passage", "split", "document", "metrics"} | read_by_reader
    assert gold["split"] in {"dev", "held"}


@pytest.mark.parametrize("path", TABLE_GOLD, ids=lambda p: p.stem)
def test_table_records_are_well_formed_and_carry_no_text(path: Path) -> None:
    gold = load(path)
    start, end = gold.get("passage", (0, 10**9))
    drawn = sorted([[r["start"], r["end"]] for r in gold["metrics"]] + gold.get("no_figures", []))

    assert file_faults(gold, set()) == []
    assert all(start <= low < high <= end for low, high in drawn)
    assert all(one[1] <= other[0] for one, other in pairwise(drawn))
    read_by_reader = {"passage", "text_sha256"} if gold["encoding"] is None else set()
    assert set(gold) - {"no_figures"} == {"file", "sha256", "encoding", "split", "document", "metrics"} | read_by_reader
    assert gold["split"] == "dev"


@pytest.mark.parametrize("path", INVENTED_GOLD, ids=lambda p: p.stem)
def test_invented_records_are_well_formed_and_quote_the_text_beside_them(path: Path) -> None:
    gold = load(path)
    data = (path.parent / gold["file"]).read_bytes()
    text = data.decode(gold["encoding"])

    assert file_faults(gold, {"q"}) == []
    assert [r["q"] for r in gold["metrics"]] == [text[r["start"] : r["end"]] for r in gold["metrics"]]
    assert [r["q"] for r in gold["metrics"] if not NUMERAL.match(r["q"]) or r["q"] != r["q"].strip()] == []
    assert set(gold) == {"file", "sha256", "encoding", "split", "document", "metrics"}
    assert gold["sha256"] == hashlib.sha256(data).hexdigest(), "the text was changed after it was annotated"
    assert gold["split"] == path.parent.name


def test_the_score_reads_every_invented_report_in_its_own_group() -> None:
    found = {(one.name, one.group, one.is_held) for one in invented()}

    assert found == {(p.stem, f"invented {p.parent.name}", p.parent.name == "held") for p in INVENTED_GOLD}
    assert {group for _, group, _ in found} == {"invented dev", "invented held"}


def test_passages_of_both_folders_are_read_in_groups_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether a passage is held is said by its split, whatever its group is called."""
    monkeypatch.setattr(annotated, "GOLD", tmp_path)
    (tmp_path / "a.txt").write_bytes(b"")
    empty = hashlib.sha256(b"").hexdigest()
    for folder, split in itertools.product(PASSAGES, ("dev", "held")):
        path = tmp_path / folder / f"{folder}-{split}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"file": "a.txt", "sha256": empty, "split": split}), encoding="utf-8")

    assert [(one.name, one.group, one.is_held) for one in unseen(tmp_path)] == [
        ("unseen-dev", "dev", False),
        ("unseen-held", "held", True),
        ("unseen2-dev", "dev2", False),
        ("unseen2-held", "held2", True),
    ]
    assert list(unseen(None)) == []
    assert capsys.readouterr().err == "skipped 4 passages of other people's reports, as no folder of theirs is named\n"


@pytest.mark.parametrize("path", SEED_GOLD + UNSEEN_GOLD + INVENTED_GOLD, ids=lambda p: p.stem)
def test_document_fields_are_complete(path: Path) -> None:
    document = load(path)["document"]

    assert {field for field in document if not field.endswith("_alt")} == DOCUMENT
    assert {field.removesuffix("_alt") for field in document} == DOCUMENT
    assert document["script"] in {"simplified", "traditional"}
    assert PERIOD.fullmatch(document["period"])
    assert all(document[f] is None or ISO_DATE.fullmatch(document[f]) for f in ("published", "signed"))


def test_both_splits_have_passages_and_no_report_is_in_both() -> None:
    files: dict[str, set[str]] = {"dev": set(), "held": set()}
    for path in UNSEEN_GOLD:
        gold = load(path)
        files[gold["split"]].add(gold["file"])

    assert len(files["dev"]) >= 4
    assert len(files["held"]) >= 4
    assert files["dev"] & files["held"] == set()


def test_no_annotation_of_the_second_folder_is_mended_unseen() -> None:
    """Whoever mends one sets its hash in the README anew, where it shows."""
    folder = ROOT / "tests/gold/unseen2"
    told = re.findall(
        r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (folder / "README.md").read_text(encoding="utf-8"), re.M
    )

    assert told
    assert told == [(name, hashlib.sha256((folder / f"{name}.json").read_bytes()).hexdigest()) for name, _ in told]


@pytest.mark.parametrize("path", UNSEEN_GOLD + TABLE_GOLD, ids=lambda p: p.stem)
@pytest.mark.skipif("ZHIBIAO_REPORTS" not in os.environ, reason="ZHIBIAO_REPORTS names no folder of reports")
def test_places_point_at_numerals_in_the_file_that_was_annotated(path: Path) -> None:
    gold = load(path)
    raw = (Path(os.environ["ZHIBIAO_REPORTS"]) / gold["file"]).read_bytes()
    text = raw.decode(gold["encoding"]) if gold["encoding"] else read(raw).text.raw
    passage = text[slice(*gold.get("passage", (0, None)))]

    assert hashlib.sha256(raw).hexdigest() == gold["sha256"]
    if gold["encoding"] is None:
        assert hashlib.sha256(passage.encode()).hexdigest() == gold["text_sha256"], "the reader gives another text"
    assert [r["start"] for r in gold["metrics"] if not NUMERAL.match(text, r["start"])] == []
    assert [
        r["start"] for r in gold["metrics"] if text[r["start"] : r["end"]] != text[r["start"] : r["end"]].strip()
    ] == []


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"end": 5}, ["an empty span"]),
        ({"value": "1.2万"}, ["value"]),
        ({"value_high": "2"}, ["value_high"]),
        ({"qualifier": "near"}, ["qualifier"]),
        ({"change": "up"}, ["change"]),
        ({"status": "achieved"}, ["status"]),
        ({"status_alt": ["done"]}, ["status"]),
        ({"optional": False}, ["optional"]),
        ({"period": "2023Q5"}, ["period"]),
        ({"period_alt": ["2023"]}, ["an alternative that is the answer"]),
        ({"must": ["诉讼"]}, ["must 诉讼 is not in 行政复议申请收到"]),
        ({"ctx": "收到3件"}, ["does not know ctx"]),
    ],
)
def test_a_malformed_record_is_noticed(change: dict[str, Any], faults: list[str]) -> None:
    """The checks above would pass on anything if this did not hold."""
    record = {
        "start": 5,
        "end": 7,
        "value": "3",
        "unit": "件",
        "qualifier": "exact",
        "change": None,
        "indicator": "行政复议申请收到",
        "must": ["复议"],
        "period": "2023",
    }

    assert record_faults(record | change, set()) == faults
