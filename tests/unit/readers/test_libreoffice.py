"""Older Office formats as LibreOffice itself writes and reads them; skipped where it is not installed."""

import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from worker.readers.reading import Reading
from worker.stages.decode import read

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

CHANGED = (
    "<w:p><w:r><w:t>办件</w:t></w:r>"
    '<w:ins w:id="1" w:author="a" w:date="2023-01-01T00:00:00Z"><w:r><w:t>300</w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="a" w:date="2023-01-01T00:00:00Z"><w:r><w:delText>200</w:delText></w:r></w:del>'
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>77</w:t></w:r><w:r><w:t>件。</w:t></w:r></w:p>"
)
ROWS = [["类别v", "收入|2"], ["^", "2022年", "2023年"], ["税收", "120", "98.5%"]]
TEXT = "2023年法治政府建设情况的报告\n办件300件。\n类别\t收入\n2022年\t2023年\n税收\t120\t98.5%\n以上。\n"
SHEET: dict[str, str | float] = {"A1": "地区", "B1": "2022年", "C1": "2023年", "A2": "赤坎区", "B2": 120, "C2": 135.5}


def converted(sources: dict[str, bytes], suffix: str, target: str, folder: Path) -> dict[str, bytes]:
    """The files by their names as LibreOffice, started once, writes them in another format."""
    assert SOFFICE is not None
    paths = [folder / f"{name}{suffix}" for name in sources]
    for path, source in zip(paths, sources.values(), strict=True):
        path.write_bytes(source)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", target, "--outdir", f"{folder}/made", *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {name: (folder / "made" / f"{name}.{target}").read_bytes() for name in sources}


def figures(reading: Reading) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(reading.text.raw[c.start : c.end], c.column, c.row) for c in reading.cells if c.column or c.row]


@pytest.mark.parametrize(
    ("target", "media_type", "deleted"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b""),
        ("doc", "application/msword", "200".encode("utf-16-le")),
        ("rtf", "application/rtf", b"200"),
        ("odt", "application/vnd.oasis.opendocument.text", b""),
    ],
)
def test_documents(packages: ModuleType, tmp_path: Path, target: str, media_type: str, deleted: bytes) -> None:
    """Tracked deletions and hidden text are in the file, and are not read; the table has its merged headers."""
    body = (
        packages.paragraph("2023年法治政府建设情况的报告")
        + CHANGED
        + packages.table(ROWS)
        + packages.paragraph("以上。")
    )
    data = converted({"report": packages.whole(packages.docx(body))}, ".docx", target, tmp_path)["report"]
    assert deleted in data

    reading = read(data)

    assert (reading.media_type, reading.text.raw) == (media_type, TEXT)
    assert figures(reading) == [("120", ("收入", "2022年"), ("税收",)), ("98.5%", ("收入", "2023年"), ("税收",))]


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xlsm", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xls", "application/vnd.ms-excel"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_workbooks(packages: ModuleType, tmp_path: Path, target: str, media_type: str) -> None:
    """The hidden sheet is not read."""
    data = converted({"report": packages.whole(packages.xlsx(SHEET))}, ".xlsx", target, tmp_path)["report"]
    reading = read(data)

    assert (reading.media_type, reading.text.raw) == (media_type, "表1\n地区\t2022年\t2023年\n赤坎区\t120\t135.5\n")
    assert figures(reading) == [("120", ("2022年",), ("赤坎区",)), ("135.5", ("2023年",), ("赤坎区",))]


def test_pdf(packages: ModuleType, tmp_path: Path) -> None:
    """As it writes one of a document, with a font that the machine has."""
    said = {"one": ["2023年，全市办结案件513件。"], "two": ["全县收入12.5亿元。", "同比增长3.2%。"]}
    documents = {
        name: packages.whole(packages.docx("".join(map(packages.paragraph, sentences))))
        for name, sentences in said.items()
    }
    readings = {name: read(data) for name, data in converted(documents, ".docx", "pdf", tmp_path).items()}

    # It sets numbers and letters a little apart from characters, which PDFium gives as blanks.
    written = {name: (one.media_type, "".join(one.text.raw.split())) for name, one in readings.items()}
    assert written == {name: ("application/pdf", "".join(sentences)) for name, sentences in said.items()}


def test_no_other_file_is_read(tmp_path: Path) -> None:
    """A document may name files of the machine; what is in them does not come into its text."""
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    field = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{secret}"}}{{\\fldrslt old}}}}'

    reading = read(f"{{\\rtf1\\ansi A {field} \\u27491?\\u25991?\\par}}".encode())

    assert reading.text.raw == "A old 正文\n"
