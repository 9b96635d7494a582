"""What a file is, told by its first bytes, by what its archive holds, or by its markup; and what is told of none."""

import io
import zipfile

import pytest

from worker.errors import BadReport
from worker.readers.sniff import Format, is_html, is_saved_page, other_form, sniff

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1").ljust(1024, b"\1")
# As the formats' own writers begin their files.
HEADS = [
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Format("PDF", "pdf")),
    (b"\r\n" * 500 + b"%PDF-1.4\n", Format("PDF", "pdf")),
    (b"PK\5\6" + b"\1" * 18, Format("empty ZIP archive", None)),
    (rb"{\rtf1\ansi\ansicpg936 ", Format("RTF document", "office")),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Format("PNG image", None)),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", Format("JPEG image", None)),
    (b"\xff\xd8\xff\xe1\1\x10Exif", Format("JPEG image", None)),
    (b"GIF87a\x10", Format("GIF image", None)),
    (b"GIF89a\x10", Format("GIF image", None)),
    (b"II*\0\x08", Format("TIFF image", None)),
    (b"MM\0*\x08", Format("TIFF image", None)),
    (b"RIFF\x24\x08WEBPVP8 ", Format("RIFF file (WebP, WAV or AVI)", None)),
    (b"AT&TFORM\1\1DJVM", Format("DjVu document", None)),
    (b"7z\xbc\xaf\x27\x1c\0\4", Format("7z archive", None)),
    (b"Rar!\x1a\x07\0\xcf", Format("RAR archive", None)),
    (b"Rar!\x1a\x07\1\0\x33", Format("RAR archive", None)),
    (b"\x1f\x8b\x08\x08\x11", Format("gzip file", None)),
    (b"BZh11AY&SY\x11", Format("bzip2 file", None)),
    (b"BZh91AY&SY\x11", Format("bzip2 file", None)),
    (b"\xfd7zXZ\0\0\4", Format("xz file", None)),
    (b"\x28\xb5\x2f\xfd\4\x11", Format("Zstandard file", None)),
    (b"a.txt".ljust(257, b"0") + b"ustar\x0000", Format("tar archive", None)),
    (b"SQLite format 3\0\x10", Format("SQLite database", None)),
    (b"\x7fELF\2\1\1", Format("ELF program", None)),
    (b"\0\0\0\x18ftypheic", Format("MP4 or HEIF file", None)),
    (b"\0\0\0\x20ftypisom", Format("MP4 or HEIF file", None)),
    (b"%!PS-Adobe-3.0\n", Format("PostScript document", None)),
    (b"CAJ\0\1\2", Format("CAJ document", None)),
]
TEXTS = [
    b"\n" * 2000 + b"%PDF",
    b"BZh is a Latin word",
    b"BZh9 and 1AY&SY",
    b"ustar".ljust(300, b"a"),
    b"ftyp is no box",
    "GIF 图像 12 件".encode("utf-16"),
    "全年办结1204件。".encode(),
]
ENTRIES = [
    ({"word/document.xml": ""}, Format("DOCX document", "docx")),
    ({"xl/workbook.xml": ""}, Format("XLSX workbook", "spreadsheet")),
    ({"xl/workbook.bin": ""}, Format("XLSB workbook", "spreadsheet")),
    ({"OFD.xml": ""}, Format("OFD document", "ofd")),
    ({"ppt/presentation.xml": ""}, Format("PowerPoint presentation", None)),
    (
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
        Format("ODS spreadsheet", "spreadsheet"),
    ),
    ({"mimetype": "application/vnd.oasis.opendocument.text\n"}, Format("ODT document", "office")),
    ({"mimetype": "application/epub+zip"}, Format("ZIP archive (application/epub+zip)", None)),
    ({"mimetype": ""}, Format("ZIP archive", None)),
    ({"报告.txt": "全年办结1204件。", "word/other.xml": ""}, Format("ZIP archive", None)),
]
STREAMS = [
    ("EncryptedPackage", Format("encrypted Office document", "encrypted")),
    ("WordDocument", Format("Word 97-2003 or WPS document", "office")),
    ("Workbook", Format("Excel 97-2003 workbook", "spreadsheet")),
    ("Book", Format("Excel 5.0 workbook", "spreadsheet")),
    ("PowerPoint Document", Format("PowerPoint 97-2003 presentation", None)),
    ("Bookmarks", Format("OLE2 document", None)),
]


@pytest.mark.parametrize(("head", "found"), HEADS, ids=lambda one: None if isinstance(one, bytes) else one.name)
def test_a_format_is_told_by_its_first_bytes(head: bytes, found: Format) -> None:
    assert sniff(head + b"\1" * 40) == found


@pytest.mark.parametrize("data", TEXTS)
def test_bytes_that_are_no_formats_may_be_text(data: bytes) -> None:
    """Those in the wrong place, and those that only begin like one."""
    assert sniff(data) is None


@pytest.mark.parametrize(("entries", "found"), ENTRIES, ids=lambda one: one.name if isinstance(one, Format) else None)
def test_an_archive_is_told_by_what_it_holds(entries: dict[str, str], found: Format) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)

    assert sniff(data.getvalue()) == found


@pytest.mark.parametrize(("stream", "found"), STREAMS)
def test_an_old_office_document_is_told_by_its_streams(stream: str, found: Format) -> None:
    assert sniff(OLE2 + stream.encode("utf-16-le").ljust(64, b"\0")) == found


def test_a_workbook_that_is_encrypted_is_no_workbook() -> None:
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in ("Workbook", "EncryptedPackage"))

    assert sniff(OLE2 + names) == Format("encrypted Office document", "encrypted")


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
def test_zeros_of_a_wide_encoding_are_no_hole(encoding: str) -> None:
    """Of Latin letters in UTF-32 three bytes of four are zero, in UTF-16 every second."""
    assert sniff("\ufeffGDP 1204, 1.2% ".encode(encoding) * 40) is None


@pytest.mark.parametrize("share", [0.7, 0.95])
def test_a_file_with_holes_is_refused(share: float) -> None:
    zeros = int(1000 * share)
    with pytest.raises(BadReport) as caught:
        sniff(b"\0" * zeros + b"a" * (1000 - zeros))

    assert caught.value.code == "unsupported_format"
    assert caught.value.message == f"{zeros} of 1000 bytes are zero: a file with holes, or no text"


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<html><head></head></html>",
        "\ufeff  <html>",
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN'>",
        "<!-- saved from url -->\n<!-- by a site -->\n<div class='main'>全年办结1204件",
        "<% page %><TABLE>",
        "<p>一、概况",
        "<h3>一、概况",
        "<br/>全年办结1204件。<BR>调解12件。<br />",
        "全年办结1204件。</p>调解12件。</P >复议3件。</p>",
        "<b>报告</b><tr><td>12</td><td>3</td></tr>",
        "概况</span></div></li>",
    ],
)
def test_a_page_is_told_by_its_markup(text: str) -> None:
    """By the first element, or by three tags anywhere in its beginning: a fragment may begin with words."""
    assert is_html(text)


@pytest.mark.parametrize(
    "name",
    [
        "html",
        "head",
        "title",
        "meta",
        "link",
        "style",
        "script",
        "body",
        "div",
        "table",
        "p",
        "span",
        "center",
        "font",
        "h1",
        "h4",
        "h6",
        "section",
        "article",
    ],
)
@pytest.mark.parametrize("end", [">", " lang='zh'>", "/>"])
def test_any_element_that_a_page_begins_with_tells(name: str, end: str) -> None:
    assert is_html(f"<{name}{end}全年办结1204件。")


@pytest.mark.parametrize("name", ["p", "div", "td", "tr", "li", "span", "table", "body", "html"])
def test_the_ends_of_any_element_tell(name: str) -> None:
    assert is_html(f"全年办结</{name}>1204</{name} >件。</{name.upper()}>")


@pytest.mark.parametrize(
    "text",
    [
        "<关于优化营商环境的意见>",
        "<paragraph>全年",
        "<preface>",
        "全年办结1204件。<br>调解12件。</p>复议3件。",
        "全年办结1204件。" * 600 + "</p></p></p>",
        "报告 <html>",
        "",
    ],
)
def test_what_only_looks_like_markup_is_text(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<?xml version='1.0'?><a/>", "XML document"),
        ("\ufeff \n<?xml version='1.0'?><a/>", "XML document"),
        ("<?xmlns?>", None),
        ("附注：<?xml version='1.0'?>", None),
        ("全年办结1204件。", None),
        ('ID;PWXL;N;E\r\nP;PGeneral\r\nP;P0.00\r\nF;P0;DG0G8\r\nB;Y2;X2\r\nC;Y1;X1;K"镇"\r\nE\r\n', "SYLK spreadsheet"),
        ('ID;PCALCOOO32\nC;X1;Y1;K"项目"\nC;X2;K1234\nE\n', "SYLK spreadsheet"),
        ("ID;PMP\nNN;Nall;ER1C1\nC;K-12;X3;Y2\nE\n", "SYLK spreadsheet"),
        ("ID;PWXL\r" + "P;PGeneral\r" * 90 + "P;" + "P0" * 4000, "SYLK spreadsheet"),
        ("ID;Produkt;Preis\n1;Papier;8\n", None),
        ("ID;Person;Geschlecht\nF;Anna;1234\nC;Kurt;8\nP;Peter;9\n", None),
        ("ID;P2023年全市共办结1204件。\n", None),
        ('TABLE\n0,1\n"EXCEL"\nVECTORS\n0,4\n""\nTUPLES\n0,3\n""\nDATA\n0,0\n""\n-1,0\nBOT\n', "DIF spreadsheet"),
        ('\ufeffTABLE\r\n0,1\r\n"表一"\r\nTUPLES\r\n0,12\r\n""\r\n', "DIF spreadsheet"),
        ("TABLE\n0,1\n0,2\n", None),
        ("TABLE 1\n2023年，全市共办结1204件。\n", None),
        ('TABLE\n0,1\n"办结"\n1204,97\n', None),
    ],
)
def test_text_of_another_form_has_a_name(text: str, name: str | None) -> None:
    """By how its first lines are made, whatever their ends; what only begins like it is text."""
    form = other_form(text)

    assert (form[0] if form else None) == name


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        ("MIME-Version: 1.0\nContent-Type: text/html\n", True),
        ("From: <Saved by a browser>\nSubject: =?gb2312?B?\n =?\nmime-version: 1.0\n", True),
        ("\ufeffMIME-Version: 1.0\r\n", True),
        ("办法: 一\n\nMIME-Version: 1.0\n", False),
        ("<html>\nMIME-Version: 1.0\n", False),
    ],
)
def test_a_message_begins_with_headers(text: str, *, saved: bool) -> None:
    assert is_saved_page(text) == saved
