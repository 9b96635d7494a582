"""Forms in which reports come, before a real worker: each is read, or refused with a reason that says what would be right."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.fixtures import packages
from tests.fixtures.pdf import PdfPage, pdf
from tests.watcher_rig import tell
from tests.worker_rig import WorkerRig

pytestmark = [pytest.mark.faults, pytest.mark.service]

SENTENCE = "2023年，全市共办结行政复议案件1234件。"
SHEET: dict[str, str | float] = {"A1": "项目", "B1": "2023年（件）", "A2": "行政复议案件", "B2": 1234}
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + b"\1" * 504
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def old_document(*streams: str) -> bytes:
    """An OLE2 document that holds streams of these names, and nothing that can be read."""
    return OLE2 + b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)


def open_document(kind: str) -> bytes:
    return packages.package({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<a/>"})


def cells() -> str:
    """Rows of an ODS."""
    rows = (("项目", "2023年（件）"), ("行政复议案件", "1234"))
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    return "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)


def with_a_second_directory() -> bytes:
    """Another whole archive behind the first: readers that look from the front would see that one."""
    first = packages.docx(packages.paragraph(SENTENCE.replace("1234", "999")))
    return first + packages.docx(packages.paragraph(SENTENCE))


def with_names_in_other_case() -> bytes:
    made = io.BytesIO(packages.xlsx(SHEET))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr("XL/worksheets/Sheet1.xml", "<worksheet/>")
    return made.getvalue()


def of_page(*, text: bool) -> bytes:
    page = PdfPage().image()
    return pdf([page.text(50, 100, SENTENCE) if text else page], scanned=True)


#: What is read, whatever the file is called: WPS Office gives its names to files of these forms.
READ = {
    "表.xlsx": lambda: packages.xlsx(SHEET),
    "表.xlsb": lambda: packages.xlsb({0: {0: "项目", 1: "2023年（件）"}, 1: {0: "行政复议案件", 1: 1234.0}}),
    "表.ods": lambda: packages.ods(cells()),
    "新表.et": lambda: packages.xlsx(SHEET),
    "新文.wps": lambda: packages.docx(packages.paragraph(SENTENCE)),
    "扫描.pdf": lambda: of_page(text=True),
    "两份.docx": with_a_second_directory,
}
REFUSED = {
    "works.wps": (lambda: old_document("CONTENTS", "MatOST"), "unsupported_format"),
    "演示.dps": (lambda: old_document("PowerPoint Document"), "unsupported_format"),
    "加密.et": (lambda: old_document("Workbook", "EncryptedPackage"), "encrypted"),
    "空.et": (lambda: old_document("Workbook"), "damaged_file"),
    "模板.ots": (lambda: open_document("spreadsheet-template"), "unsupported_format"),
    "平.fods": (lambda: b'<?xml version="1.0"?><office:document/>', "unsupported_format"),
    "表.slk": (lambda: 'ID;PWXL;N;E\r\nC;Y1;X1;K"办结"\r\nC;Y2;K1234\r\nE\r\n'.encode("gbk"), "unsupported_format"),
    "表.dif": (lambda: 'TABLE\n0,1\n"办结1234件"\nVECTORS\n0,4\n""\n'.encode(), "unsupported_format"),
    "扫描件.pdf": (lambda: of_page(text=False), "needs_ocr"),
    "大小写.xlsx": (with_names_in_other_case, "damaged_archive"),
}
#: How a reason says what would be right.
ADVICE = ("would be right", "as with ocrmypdf", "save it anew as")


def test_each_form_is_read_or_says_what_would_be_right(worker_rig: WorkerRig) -> None:
    """One process takes all in turn and is never replaced; what is read gives the figure once, and the same one."""
    worker = worker_rig.start()
    (child,) = worker.children()
    given = [worker_rig.give(name, make()) for name, make in READ.items()]
    given += [worker_rig.give(name, make()) for name, (make, _code) in REFUSED.items()]
    worker_rig.ended(len(given))

    worker_rig.assert_one_event_each(*given)
    values = {
        event["data"]["source"]["name"]: [m["value"] for m in event["data"]["metrics"]] for event in worker_rig.events()
    }
    failures = {failure["source"]["name"]: failure for failure in worker_rig.failures()}
    for name in READ:
        tell(f"form {name}", f"read: {', '.join(values.get(name, []))}")
    for name in REFUSED:
        tell(f"form {name}", f"{failures[name]['code']}: {failures[name]['message'].rpartition(': ')[2]}")
    assert values == {name: ["1234"] for name in READ}
    assert {name: failure["code"] for name, failure in failures.items()} == {
        name: code for name, (_make, code) in REFUSED.items()
    }
    for name, failure in failures.items():
        assert any(words in failure["message"] for words in ADVICE), (name, failure["message"])
    assert worker.children() == [child]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_files_as_libreoffice_saves_them(worker_rig: WorkerRig, tmp_path: Path) -> None:
    """Under the names that WPS Office gives them, too; macros, templates and all."""
    document, sheet = tmp_path / "文.docx", tmp_path / "表.xlsx"
    document.write_bytes(packages.whole(packages.docx(packages.paragraph(SENTENCE))))
    sheet.write_bytes(packages.whole(packages.xlsx(SHEET)))
    for source, target in [(document, kind) for kind in ("doc", "odt", "rtf", "pdf")] + [
        (sheet, kind) for kind in ("xls", "xlt", "ods", "xlsm")
    ]:
        command = [SOFFICE or "", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += ["--convert-to", target, "--outdir", str(tmp_path / "made"), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    made = tmp_path / "made"
    shutil.copy(made / "文.doc", made / "旧文.wps")
    shutil.copy(made / "表.xls", made / "旧表.et")
    files = sorted(made.iterdir())
    worker_rig.start()
    given = [worker_rig.give(path.name, path.read_bytes()) for path in files]
    worker_rig.ended(len(given))

    worker_rig.assert_one_event_each(*given)
    values = {
        event["data"]["source"]["name"]: [m["value"] for m in event["data"]["metrics"]] for event in worker_rig.events()
    }
    tell("files as LibreOffice saves them", f"read: {', '.join(sorted(values))}")
    assert values == {path.name: ["1234"] for path in files}
