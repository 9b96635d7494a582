"""OFD, China's fixed-layout format (GB/T 33190-2016): XML in a ZIP archive, text placed by millimetres."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from worker.readers import archive, paged
from worker.readers.archive import Entries
from worker.readers.layout import LaidLine, without_running_lines
from worker.readers.linear import Linear
from worker.readers.ofd_text import find_pieces
from worker.readers.paged import Table
from worker.readers.placed import Piece, lines_and_tables
from worker.readers.reading import Reading, refusal
from worker.readers.xml_tree import local, parse

MEDIA_TYPE = "application/ofd"
MOST_PAGES = 3000
MOST_PIECES = 1_000_000  # of text, those of a template once for each page that shows it
_ROOT = "OFD.xml"
_ENCRYPTIONS = "Encryptions.xml"

Item = LaidLine | Table


def read(data: bytes) -> Reading:
    """The text of an OFD: wrapped lines joined, what stands in columns as tables, page headers and numbers left out.

    A page shows its templates, too: of a form they hold the labels.

    Raises:
        BadReport: ``damaged_archive``, ``encrypted``, ``too_complex``, ``damaged_file``, ``needs_ocr``.
    """
    with archive.opened(data) as entries:
        if any(posixpath.basename(name) == _ENCRYPTIONS for name in entries.names):
            raise refusal("encrypted", "the OFD is encrypted; one without a password would be right")
        pages = list(_Pages(entries).read())
    if not any(pages):
        raise refusal(
            "needs_ocr",
            f"{len(pages)} pages without text: they are images or drawn glyphs; print it to PDF, and have a text layer made, as with "
            "ocrmypdf -l chi_sim in.pdf out.pdf",
            "page 1",
        )
    kept = without_running_lines([[item for item in page if isinstance(item, LaidLine)] for page in pages])
    linear = Linear()
    paged.write(linear, [_without(page, lines) for page, lines in zip(pages, kept, strict=True)])
    return linear.reading(MEDIA_TYPE)


def _without(page: Sequence[Item], kept: Sequence[LaidLine]) -> list[Item]:
    held = set(map(id, kept))
    return [item for item in page if isinstance(item, Table) or id(item) in held]


@dataclass
class _Pages:
    """The pages of all documents in the file; each part of the archive is read once."""

    entries: Entries
    left: int = field(default_factory=lambda: MOST_PIECES)
    templates: dict[str, Sequence[Piece]] = field(default_factory=dict)

    def read(self) -> Iterator[list[Item]]:
        """What stands on each page."""
        for name, templates in _page_names(self.entries):
            page = parse(self.entries.read(name), name)
            pieces = list(find_pieces(page))
            for used in dict.fromkeys(element.get("TemplateID", "") for element in page if _is(element, "Template")):
                pieces += self._of_template(templates.get(used))
            self.left -= len(pieces)
            if self.left < 0:
                raise refusal(
                    "too_complex", f"more than {MOST_PIECES} pieces of text on the pages; so many are allowed"
                )
            yield lines_and_tables(pieces)

    def _of_template(self, name: str | None) -> Sequence[Piece]:
        if name is None:
            return ()
        if name not in self.templates:
            self.templates[name] = list(find_pieces(parse(self.entries.read(name), name)))
        return self.templates[name]


def _page_names(entries: Entries) -> list[tuple[str, Mapping[str, str]]]:
    """Each page's entry, and the entries of its document's templates by their ids."""
    root = parse(entries.read(_ROOT), _ROOT)
    names: list[tuple[str, Mapping[str, str]]] = []
    for link in _texts(root, "DocRoot"):
        document_name = _resolved(_ROOT, link)
        document = parse(entries.read(document_name), document_name)
        templates = {page.get("ID", ""): name for page, name in _linked(document, document_name, "TemplatePage")}
        names += [(name, templates) for _, name in _linked(document, document_name, "Page")]
        if len(names) > MOST_PAGES:
            raise refusal("too_complex", f"{len(names)} pages; {MOST_PAGES} are allowed")
    return names


def _linked(document: Element, document_name: str, kind: str) -> Iterator[tuple[Element, str]]:
    for element in _named(document, kind):
        if link := element.get("BaseLoc"):
            yield element, _resolved(document_name, link)


def _resolved(base: str, link: str) -> str:
    if link.startswith("/"):
        return link[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), link))


def _is(element: Element, name: str) -> bool:
    return local(element.tag) == name


def _named(root: Element, name: str) -> Sequence[Element]:
    return [element for element in root.iter() if _is(element, name)]


def _texts(root: Element, name: str) -> Iterator[str]:
    return ((element.text or "").strip("\r\n\t") for element in _named(root, name))
