"""Marks in a new report become places in its annotation."""

import hashlib
import json
from pathlib import Path

import pytest

from benchmarks.place import place, placed


def test_the_marks_go_and_the_places_come(tmp_path: Path) -> None:
    """In the file's own encoding, with its line ends as they are."""
    report, annotation = tmp_path / "a.txt", tmp_path / "a.json"
    report.write_bytes("受理⟦12件⟧，\r\n办结⟦9件⟧。".encode("gb18030"))
    gold = {"file": "a.txt", "encoding": "gb18030", "split": "dev", "metrics": [{"value": "12"}, {"value": "9"}]}
    annotation.write_text(json.dumps(gold), encoding="utf-8")

    assert place(annotation) == 2
    assert report.read_bytes().decode("gb18030") == "受理12件，\r\n办结9件。"
    assert json.loads(annotation.read_text("utf-8")) == gold | {
        "sha256": hashlib.sha256(report.read_bytes()).hexdigest(),
        "metrics": [
            {"q": "12件", "start": 2, "end": 5, "value": "12"},
            {"q": "9件", "start": 10, "end": 12, "value": "9"},
        ],
    }


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("受理⟦12件⟧，办结⟦9件⟧", "2 marked numbers, 1 records; each number needs one of each"),
        ("受理12件", "0 marked numbers, 1 records; each number needs one of each"),
        ("受理⟦12件⟧，办结⟦9件", "a mark without its other half: '受理12件，办结⟦9件'"),
    ],
)
def test_marks_that_do_not_pair_off_are_refused(marked: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        placed(marked, [{"value": "12"}])

    assert str(refused.value) == message
