"""Tells what a file is by its content; its name is not asked."""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from worker.facts import load_facts
from worker.readers import archive
from worker.readers.reading import refusal

_MOST_ZEROS = 0.6  # in UTF-16, every second byte of Latin letters and digits is one
_HEAD = 4096  # characters of text looked at for markup
_MARKUP_FIRST = re.compile(
    r"[\ufeff\s]*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*|<%.*?%>\s*)*"
    r"<(?:!doctype\s+html|html|head|title|meta|link|style|script|body|div|table|p|span|center|font|h[1-6]|section|article)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING = re.compile(r"</(?:p|div|td|tr|li|span|table|body|html)\s*>|<br\s*/?>", re.IGNORECASE)
_FEW_TAGS = 3
_XML = re.compile(r"[\ufeff\s]*<\?xml\s")
_MIME = re.compile(r"\ufeff?(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)


@dataclass(frozen=True)
class Format:
    """``name`` is for people; ``reader`` is None where nothing can read it."""

    name: str
    reader: str | None


def sniff(data: bytes) -> Format | None:
    """The format of a file that is not text, or None: then it may be text.

    Raises:
        BadReport: ``empty``; ``damaged_archive`` for a ZIP file without a readable directory.
    """
    if not data.strip(b"\0\t\n\r "):
        raise refusal("empty", f"{len(data)} bytes, none of them text; a report would be right")
    found = next((entry for entry in load_facts("formats")["magic"] if _has_magic(data, entry)), None)
    if found is None:
        _refuse_zeros(data)
        return None
    if found.get("reader") == "zip":
        return _zip_format(data)
    if found.get("reader") == "ole2":
        return _ole2_format(data, found["name"])
    return _format(found)


def _refuse_zeros(data: bytes) -> None:
    zeros = data.count(0)
    if zeros > _MOST_ZEROS * len(data) and not data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refusal("unsupported_format", f"{zeros} of {len(data)} bytes are zero: a file with holes, or no text")


def is_html(text: str) -> bool:
    """Whether the text is a page or a fragment of one.

    >>> is_html("<p>一、概况</p>"), is_html("<关于优化营商环境的意见>")
    (True, False)
    """
    head = text[:_HEAD]
    return bool(_MARKUP_FIRST.match(head)) or len(_CLOSING.findall(head)) >= _FEW_TAGS


def other_form(text: str) -> tuple[str, str] | None:
    """The name of a format in text that is neither HTML nor prose, and what would be right where that is its own to say.

    >>> other_form("ID;PWXL;N;E\\nP;PGeneral\\nC;Y1;X1;K8\\nE\\n")
    ('SYLK spreadsheet', 'open it in a spreadsheet program and save it anew as XLSX or CSV')
    >>> other_form("ID;Produkt;Preis\\n1;Papier;8\\n")
    """
    head = text[:_HEAD].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _XML.match(head):
        return "XML document", ""
    forms = load_facts("formats")["text"]
    return next(((form["name"], form["advice"]) for form in forms if re.match(form["pattern"], head)), None)


def is_saved_page(text: str) -> bool:
    """Whether the text is a MIME message, as browsers save a page: headers first, and among them its version.

    >>> is_saved_page("MIME-Version: 1.0\\nContent-Type: multipart/related"), is_saved_page("办法: 一\\n\\nMIME-Version: 1.0")
    (True, False)
    """
    return bool(_MIME.match(text[:_HEAD]))


def _has_magic(data: bytes, entry: dict[str, Any]) -> bool:
    magic = bytes.fromhex(entry["bytes"])
    if "within" in entry:
        return magic in data[: entry["within"]]
    start = entry.get("at", 0)
    if not data.startswith(magic, start):
        return False
    return data.startswith(bytes.fromhex(entry.get("followed_by", "")), start + len(magic) + entry.get("skip", 0))


def _zip_format(data: bytes) -> Format:
    with archive.opened(data) as entries:
        for entry in load_facts("formats")["zip"]:
            if entry["entry"] in entries.names:
                return _format(entry)
        media_type = entries.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in entries.names else ""
        for entry in load_facts("formats")["opendocument"]:
            if media_type == entry["media_type"]:
                return _format(entry)
        return Format(f"ZIP archive ({media_type})" if media_type else "ZIP archive", None)


def _ole2_format(data: bytes, name: str) -> Format:
    for entry in load_facts("formats")["ole2"]:
        # A directory entry holds its name in 64 bytes of UTF-16, ended by a zero.
        if f"{entry['stream']}\0".encode("utf-16-le") in data:
            return _format(entry)
    return Format(name, None)


def _format(entry: dict[str, Any]) -> Format:
    return Format(entry["name"], entry.get("reader"))
