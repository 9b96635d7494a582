"""A folder of reports as JSON: the newest of each document, and what is no report."""

import json
from pathlib import Path

import pytest

from exports.folder import Archive, Unread
from schemas.report import Document, PipelineInfo, Report, SourceFile


def put(folder: Path, path: str, id_: str, revision: int, *, indent: int | None = 2) -> None:
    name = Path(path).name
    source = SourceFile(name=name, path=path, sha256="0" * 64, size_bytes=1, media_type="text/plain", encoding="utf-8")
    report = Report(
        id=id_ * 20, revision=revision, source=source, document=Document(), pipeline=PipelineInfo(version="4")
    )
    file = folder / f"{path}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report.model_dump_json(indent=indent), "utf-8")


@pytest.mark.parametrize("indent", [2, None])
def test_the_newest_revision_of_each_document(tmp_path: Path, indent: int | None) -> None:
    """Whatever its file is called, and however its JSON is laid out."""
    put(tmp_path, "z.txt", "a", 1, indent=indent)
    put(tmp_path, "2023/a.txt", "a", 3, indent=indent)
    put(tmp_path, "b.txt", "a", 2, indent=indent)
    put(tmp_path, "c.txt", "b", 1, indent=indent)
    newest, every = Archive(tmp_path), Archive(tmp_path, every_revision=True)

    assert [(report.id[0], report.revision) for _, report in newest.reports()] == [("a", 3), ("b", 1)]
    assert [(report.id[0], report.revision) for _, report in every.reports()] == [
        ("a", 3),
        ("a", 2),
        ("b", 1),
        ("a", 1),
    ]
    assert newest.unread == every.unread == []


def test_what_tells_of_something_else_is_left_out(tmp_path: Path) -> None:
    """Why a file failed, what it repeats, its reading, a table, a link, and a hidden file that is being written."""
    put(tmp_path, "a.txt", "a", 1)
    (tmp_path / "b.txt.error.json").write_text("{}", "utf-8")
    (tmp_path / "a.txt.reading.gz").write_text("{}", "utf-8")
    repeats = {"duplicate_of": {"id": "a" * 20, "revision": 7, "path": "a.txt"}}
    (tmp_path / "c.txt.json").write_text(json.dumps(repeats), "utf-8")
    for name in (
        ".zhibiao-1.json",
        "t.metadata.json",
        ".git/x.json",
        "d/.git/x.json",
        "folder.json/a.txt",
        "a.json.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{", "utf-8")
    (tmp_path / "rows.json").write_text('[\n{"province": null, "city": null, "place": "a"}]', "utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.txt.json")
    (tmp_path / "dangling.json").symlink_to(tmp_path / "none")
    archive = Archive(tmp_path)

    assert [report.revision for _, report in archive.reports()] == [1]
    assert archive.unread == []


def test_what_should_be_a_report_and_is_none_is_told(tmp_path: Path) -> None:
    """The others are read all the same."""
    put(tmp_path, "a.txt", "a", 1)
    (tmp_path / "b.json").write_text("[1, 2", "utf-8")
    others = {"c": {"id": 5}, "d": {"id": "d" * 20}, "e": {"id": "d" * 20}, "f": {"revision": 2}, "g": {"revision": 3}}
    for name, content in others.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    archive = Archive(tmp_path)

    assert len(list(archive.reports())) == 1
    assert [unread.path for unread in archive.unread] == [f"{name}.json" for name in "bcdefg"]
    assert all(unread.reason.startswith("it is not the JSON of a report: ") for unread in archive.unread)
    assert isinstance(archive.unread[0], Unread)


def test_reports_are_found_by_their_id_or_their_path(tmp_path: Path) -> None:
    """As a whole; and only files that speak of one of them are read."""
    for path, id_ in (("2023/报告.txt", "a"), ("2024/报告.txt", "b"), ("c.txt", "c")):
        put(tmp_path, path, id_, 1, indent=None)
    (tmp_path / "d.json").write_text("[1, 2", "utf-8")
    (tmp_path / "e.json").write_text('{"path": "c.txt"', "utf-8")

    def named(*names: str) -> tuple[list[str], list[str]]:
        archive = Archive(tmp_path)
        found = [(report.id[0], file.relative_to(tmp_path).as_posix()) for file, report in archive.reports_named(names)]
        assert all(file.removesuffix(".json").startswith(("2023", "2024", "c")) for _, file in found)
        return [id_ for id_, _ in found], [one.path for one in archive.unread]

    assert named("2023/报告.txt") == (["a"], [])
    assert named("报告.txt") == ([], [])
    assert named("b" * 20, "2023/报告.txt") == (["a", "b"], [])
    assert named("c.txt") == (["c"], ["e.json"])
    assert named() == ([], [])


def test_a_file_that_cannot_be_opened_is_told_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt", "a", 1)
    put(tmp_path, "b.txt", "b", 1)
    errors = {"a.txt.json": OSError(5, "Input/output error"), "b.txt.json": OSError("odd")}

    def refuse(file: Path) -> bytes:
        raise errors[file.name]

    monkeypatch.setattr(Path, "read_bytes", refuse)
    archive = Archive(tmp_path)
    assert list(archive.reports()) == []
    assert archive.unread == [Unread("a.txt.json", "Input/output error"), Unread("b.txt.json", "it cannot be read")]


def test_of_two_files_of_one_revision_the_later_path_is_kept(tmp_path: Path) -> None:
    for path in ("a.txt", "b.txt", "c.txt"):
        put(tmp_path, path, "a", 1 if path == "c.txt" else 2)

    assert [file.name for file, _ in Archive(tmp_path).reports()] == ["b.txt.json"]


def test_only_the_head_of_a_file_is_looked_at_before_it_is_read(tmp_path: Path) -> None:
    """What stands behind it, as that it repeats another, is not asked."""
    mark = '"duplicate_of"'
    for name, before in (("in.json", 4096 - len(mark)), ("out.json", 4097 - len(mark))):
        (tmp_path / name).write_text("{" + " " * (before - 1) + mark, "utf-8")
    archive = Archive(tmp_path)

    assert list(archive.reports()) == []
    assert [unread.path for unread in archive.unread] == ["out.json"]
