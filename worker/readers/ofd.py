"""OFD, China's fixed-layout format (GB/T 33190-2016): XML in a ZIP archive, text placed by millimetres."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from worker.readers import archive
from worker.readers.archive import Entries
from worker.readers.layout import Line, paragraphs, without_running_lines
from worker.readers.linear import Linear
from worker.readers.reading import Reading, refusal
from worker.readers.xml_tree import local, parse

MEDIA_TYPE = "application/ofd"
MOST_PAGES = 3000
_ROOT = "OFD.xml"
_ENCRYPTIONS = "Encryptions.xml"
_SAME_LINE = 0.4  # of a character's height: by so much the pieces of one line may be shifted
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def read(data: bytes) -> Reading:
    """The text of an OFD, wrapped lines joined, page headers and numbers left out.

    Raises:
        BadReport: ``damaged_archive``, ``encrypted``, ``too_complex``, ``damaged_file``, ``needs_ocr``.
    """
    with archive.opened(data) as entries:
        if any(posixpath.basename(name) == _ENCRYPTIONS for name in entries.names):
            raise refusal("encrypted", "the OFD is encrypted; one without a password would be right")
        pages = [_lines(parse(entries.read(name), name)) for name in _page_names(entries)]
    if not any(pages):
        raise refusal("needs_ocr", f"{len(pages)} pages without text: they are images or drawn glyphs", "page 1")
    linear = Linear()
    numbered = [(number, line) for number, page in enumerate(without_running_lines(pages)) for line in page]
    for paragraph in paragraphs(numbered):
        linear.paragraph(paragraph)
    return linear.reading(MEDIA_TYPE)


def _page_names(entries: Entries) -> list[str]:
    root = parse(entries.read(_ROOT), _ROOT)
    names = []
    for document in _texts(root, "DocRoot"):
        document_name = _resolved(_ROOT, document)
        pages = _named(parse(entries.read(document_name), document_name), "Page")
        names += [_resolved(document_name, page.get("BaseLoc", "")) for page in pages if page.get("BaseLoc")]
    if len(names) > MOST_PAGES:
        raise refusal("too_complex", f"{len(names)} pages; {MOST_PAGES} are allowed")
    return names


def _resolved(base: str, link: str) -> str:
    if link.startswith("/"):
        return link[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), link))


def _lines(page: Element) -> list[Line]:
    """The lines of a page, its pieces of text joined where they stand beside each other."""
    lines: list[Line] = []
    for piece in sorted(_pieces(page), key=lambda piece: (round(piece.top), piece.left)):
        last = lines[-1] if lines else None
        if last and abs(last.top - piece.top) < _SAME_LINE * last.size and piece.left >= last.left:
            gap = "  " if piece.left - last.right > 1.5 * last.size else ""
            lines[-1] = Line(last.text + gap + piece.text, last.left, piece.right, last.top, last.bottom)
        else:
            lines.append(piece)
    return lines


def _pieces(page: Element) -> Iterator[Line]:
    for piece in _named(page, "TextObject"):
        text = "".join(_texts(piece, "TextCode")).strip("\r\n")
        numbers = [float(number) for number in _NUMBER.findall(piece.get("Boundary", ""))]
        if text.strip() and len(numbers) == 4:
            left, top, width, height = numbers
            size = _NUMBER.match(piece.get("Size", ""))
            tall = min(height, float(size.group())) if size and float(size.group()) > 0 else height
            yield Line(text, left, left + width, top, top + tall)


def _named(root: Element, name: str) -> Sequence[Element]:
    return [element for element in root.iter() if local(element.tag) == name]


def _texts(root: Element, name: str) -> Iterator[str]:
    return ((element.text or "").strip("\r\n\t") for element in _named(root, name))
