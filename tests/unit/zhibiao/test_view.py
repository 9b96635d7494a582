"""``zhibiao view``: one file out, whole or not at all, and a clear word where it cannot be."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas.report import Document, PipelineInfo, Report, SourceFile
from zhibiao.cli import main
from zhibiao.commands import one_report
from zhibiao.settings import ServiceSettings

SEED = next((Path(__file__).parents[3] / "seeds").glob("000*.txt"))


def test_a_report_becomes_one_file(tmp_path: Path) -> None:
    target = tmp_path / "r.html"

    done = CliRunner().invoke(main, ["view", str(SEED), "-o", str(target), "--language", "en"])

    html = target.read_text("utf-8")
    assert done.exit_code == 0
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert html.count("<mark id=") == html.count("<template id=") == 40
    assert "form_token" not in html
    assert list(tmp_path.iterdir()) == [target]


def test_standard_input_is_read(tmp_path: Path) -> None:
    target = tmp_path / "r.html"

    done = CliRunner().invoke(main, ["view", "-", "-o", str(target)], input=SEED.read_bytes())

    assert done.exit_code == 0
    assert "stdin" in target.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "place", "why"),
    [(b"\x7fELF" + bytes(99), "r.html", "ELF program"), ("某市报告".encode(), "no/such/r.html", "No such file")],
)
def test_what_cannot_be_written_is_told_and_leaves_nothing(
    tmp_path: Path, content: bytes, place: str, why: str
) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(content)

    done = CliRunner().invoke(main, ["view", str(source), "-o", str(tmp_path / place)])

    assert done.exit_code == 1
    assert why in done.output
    assert list(tmp_path.iterdir()) == [source]


def test_a_report_is_named_by_its_file_wherever_it_is_called_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the folder, with or without the end of its JSON; a file elsewhere, or none at all, is a name as it is."""
    folder = tmp_path / "processed"
    (folder / "2023").mkdir(parents=True)
    for place in (folder / "2023" / "a.txt.json", tmp_path / "b.txt"):
        place.touch()
    monkeypatch.chdir(folder)
    inside = {"2023/a.txt", "2023/a.txt.json"}

    for document, others in (
        ("2023/a.txt.json", inside), (str(folder / "2023" / "a.txt.json"), inside), ("../processed/2023/a.txt.json", inside),
        ("2023", set()), ("c.txt", set()), ("../b.txt", set()), (str(tmp_path / "b.txt"), set()),
    ):  # fmt: skip
        assert one_report._names(document, folder) == {document} | others


@pytest.mark.parametrize("document", ["a" * 20, "a.txt"])
def test_the_newest_revision_of_a_report_is_meant(tmp_path: Path, document: str) -> None:
    """Whatever its file is called."""
    for name, revision in (("b.json", 1), ("c.json", 3), ("d.json", 2)):
        about = {"name": "a.txt", "path": "a.txt", "media_type": "text/plain", "encoding": None}
        source = SourceFile(sha256="0" * 64, size_bytes=1, **about)
        said = {"id": "a" * 20, "revision": revision, "source": source, "document": Document()}
        report = Report(pipeline=PipelineInfo(version="4"), **said)
        (tmp_path / name).write_text(report.model_dump_json(), "utf-8")
    settings = ServiceSettings(_env_file=None)
    found, file = one_report.find(settings, tmp_path, document)

    assert (found.revision, file) == (3, tmp_path / "c.json")
