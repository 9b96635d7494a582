"""Reviews become annotations that the scorer loads, and that today's reading passes or fails as the person said."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.annotated import reviewed
from benchmarks.score import score
from exports.columns import rows_of
from exports.reviewed import fitted
from panels.gold import annotation
from panels.reviews import Review, Reviews
from tests.unit.panels.made import growth, metric, report
from tests.unit.test_gold import SEED_TEXT, file_faults
from zhibiao.cli import main
from zhibiao.commands.extract import read

TEXT = """长沙市2023年法治政府建设年度报告
2023年，全市共收到行政复议申请905件，审结895件，调解成功率达到62.5%。办理信访二百一十三件次，热线电话12345。
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one report."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIBIAO_SITE", raising=False)
    monkeypatch.setenv("ZHIBIAO_STATE", "state")
    file = tmp_path / "reports" / "长沙" / "2023.txt"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, "utf-8")
    return tmp_path / "reports"


def say(quote: str, action: Any, **more: Any) -> None:
    at = TEXT.index(quote)
    found = read(TEXT.encode(), "长沙/2023.txt")
    about = {"at": "2026-01-01", "document": found.id, "sha256": found.source.sha256, "title": found.document.title}
    review = Review(action=action, start=at, end=at + len(quote), quote=quote, **{**about, **more})
    Reviews(Path("state/reviews.jsonl")).add(review)


def test_what_was_reviewed_comes_back_as_a_score(folder: Path, tmp_path: Path) -> None:
    """What was confirmed is right, what was put right or added is a fault until it is read so, what was struck must not be read."""
    say("905件", "confirm")
    say("895件", "correct", value="896", unit="件")
    say("62.5%", "strike")
    say("12345", "add", value="12345", indicator="热线电话", period="2023")
    done = CliRunner().invoke(main, ["gold", "export", "reports", "-o", "cases.jsonl"])
    assert done.exit_code == 0, done.stderr
    assert "3 figures and 1 places without one, of 1 reports" in done.stderr

    [one] = list(reviewed(tmp_path / "cases.jsonl", folder))
    tally = score(one)

    assert file_faults(dict(one.gold), SEED_TEXT) == []
    assert (one.group, one.is_held, one.gold["sha256"]) == (
        "reviewed",
        False,
        hashlib.sha256(TEXT.encode()).hexdigest(),
    )
    assert {record["q"]: TEXT[record["start"] : record["end"]] for record in one.gold["metrics"]} == {
        quote: quote for quote in ("905件", "895件", "12345")
    }
    assert (tally.counts["annotated"], tally.counts["matched"]) == (3, 1)
    kinds = sorted((fault.kind, (fault.wanted or fault.got or {})["value"]) for fault in tally.faults)
    assert kinds == [("missed", "12345"), ("spurious", "62.5"), ("spurious", "895"), ("wrong quantity", "896")]


def test_a_reading_that_is_as_the_person_says_passes(folder: Path, tmp_path: Path) -> None:
    """All that is reviewed as it was read is right in every field."""
    for quote in ("905件", "895件", "62.5%"):
        say(quote, "confirm")
    CliRunner().invoke(main, ["gold", "export", "reports", "-o", "cases.jsonl"])

    [one] = list(reviewed(tmp_path / "cases.jsonl", folder))

    assert (score(one).faults, score(one).counts["record"]) == ([], 3)


@pytest.mark.parametrize("change", ["", "另"])
def test_a_report_that_is_not_at_hand_is_told(
    folder: Path, tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gone, or another text."""
    say("905件", "confirm")
    CliRunner().invoke(main, ["gold", "export", "reports", "-o", "cases.jsonl"])
    file = folder / "长沙" / "2023.txt"
    if change:
        file.write_text(TEXT + change, "utf-8")
    else:
        file.unlink()

    assert list(reviewed(tmp_path / "cases.jsonl", folder)) == []
    assert list(reviewed(tmp_path / "cases.jsonl", None)) == []
    assert capsys.readouterr().err.count("skipped ") == 2


CELL = {"series": "growth", "year": "2025", "status": "planned"}


@pytest.mark.parametrize(
    ("said", "metrics", "none"),
    [
        ({"action": "confirm"}, [("5.2", "2024", None)], []),
        ({"action": "confirm", **CELL}, [("5.2", "2025", "planned")], []),
        ({"action": "correct", "value": "5.3", **CELL}, [("5.3", "2025", "planned")], []),
        ({"action": "correct", "period": "2023", "status": "ongoing"}, [("5.2", "2023", "ongoing")], []),
        ({"action": "strike"}, [], [[0, 4]]),
    ],
)
def test_a_case_says_what_the_person_said(said: dict[str, Any], metrics: list[Any], none: list[Any]) -> None:
    """Of a cell its year and status."""
    of = report(growth("5.2", period="2024"))
    rows = list(rows_of(of))
    review = Review(**{"at": "2026-01-01", "document": of.id, "start": 0, "end": 4, "quote": "5.2%", **said})
    made = annotation(of, rows, fitted([review], of, rows))

    assert made is not None
    assert [(one["value"], one["period"], one.get("status")) for one in made["metrics"]] == metrics
    assert made["no_figures"] == none
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize(
    ("figure", "said"),
    [(growth("5.2"), {"action": "strike", **CELL}), (metric("", "5.2", "%"), {"action": "confirm"})],
)
def test_what_says_nothing_of_the_figure_itself_is_no_case(figure: Any, said: dict[str, Any]) -> None:
    """Taken out of a cell; confirmed without a name."""
    of = report(figure)
    rows = list(rows_of(of))
    review = Review(**{"at": "2026-01-01", "document": of.id, "start": 0, "end": 4, "quote": "5.2%", **said})

    assert annotation(of, rows, fitted([review], of, rows)) is None


def test_no_case_at_all_is_told(folder: Path) -> None:
    """With what there is instead."""
    say("905件", "confirm", document="0" * 20, sha256=None)

    done = CliRunner().invoke(main, ["gold", "export", "reports"])

    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        "no review of a report below reports makes a case\n1 reviews are of documents that are not here" in done.stderr
    )


@pytest.mark.parametrize(
    ("name", "must"),
    [("就业", ["就业"]), ("新就业", ["新就", "就业"]), ("城镇新增就业", ["城镇", "就业"]), ("率", ["率"])],
)
def test_a_case_is_told_from_its_neighbours_by_the_ends_of_its_name(name: str, must: list[str]) -> None:
    """With all else that reading is measured by; what goes without saying is not said."""
    of = report(metric(name, "5", "", at=3, quote="5至7", value_high="7", status="planned", qualifier="about"))
    rows = list(rows_of(of))
    review = Review(at="2026-01-01", action="confirm", document=of.id, start=3, end=6, quote="5至7")
    made = annotation(of, rows, fitted([review], of, rows))

    assert made is not None
    assert made["metrics"] == [
        {
            "q": "5至7", "ctx": f"{name}5至7。", "start": 3, "end": 6, "value": "5", "unit": "", "qualifier": "about",
            "change": None, "indicator": name, "must": must, "period": "2025", "value_high": "7", "status": "planned",
        }
    ]  # fmt: skip
    assert {key: made[key] for key in ("file", "sha256", "encoding", "split", "document")} == {
        "file": "a.txt", "sha256": "0" * 64, "encoding": "utf-8", "split": "dev", "document": {"period": "2025"},
    }  # fmt: skip


def test_of_cases_that_overlap_the_first_is_one() -> None:
    """Those that touch are two; all in reading order."""
    of = report(*(metric("就业", "5", "人", at=at, quote="五个人") for at in (9, 0, 2, 3)))
    rows = list(rows_of(of))
    reviews = [
        Review(at="2026-01-01", action="confirm", document=of.id, start=at, end=at + 3, quote="五个人")
        for at in (9, 0, 2, 3)
    ]
    made = annotation(of, rows, fitted(reviews, of, rows))

    assert made is not None
    assert [one["start"] for one in made["metrics"]] == [0, 3, 9]
