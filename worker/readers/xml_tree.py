"""XML of strangers: no document type, no entities of its own, no depth that a walk could not bear."""

from typing import Protocol
from xml.etree import ElementTree  # expat holds entities back until a document type declares them, which is refused
from xml.parsers import expat

from worker.errors import BadReport
from worker.readers import damage
from worker.readers.reading import refusal

MOST_BYTES = 48 * 1024 * 1024
MOST_DEPTH = 256


class _Builder(ElementTree.TreeBuilder):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _doctype_refused(self.name, name)

    def start(self, tag: str, attrs: dict[str, str]) -> ElementTree.Element:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise refusal("too_complex", f"{self.name} nests elements more than {MOST_DEPTH} deep", self.name)
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def parse(data: bytes, name: str) -> ElementTree.Element:
    """The root element of an entry of an archive.

    Raises:
        BadReport: ``too_complex`` for a document type, for depth or size; ``damaged_file`` for what is no XML.
    """
    if len(data) > MOST_BYTES:
        raise refusal("too_complex", f"{name} holds {len(data)} bytes of XML; {MOST_BYTES} are allowed", name)
    parser = ElementTree.XMLParser(target=_Builder(name))  # noqa: S314 - document types are refused above
    try:
        parser.feed(data)
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        damage.pass_on(error)
        raise _malformed(name, error, error.position) from error
    return root


class XmlGauge(Protocol):
    """Told of each element; raises what the parsing is to end with."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""

    def text(self, text: str) -> None:
        """Text in the element that was started last, or a piece of it."""

    def end(self, tag: str) -> None:
        """An end tag."""


def refuse_malformed(data: bytes, name: str, watcher: XmlGauge | None = None) -> None:
    """For a reader that is not ours: some never come back from a tag that is not closed.

    Raises:
        BadReport: ``too_complex`` for a document type; ``damaged_file`` for what is no XML; what the watcher raises.
    """
    parser = expat.ParserCreate()

    def refuse_doctype(doctype: str, *_declared: object) -> None:
        raise _doctype_refused(name, doctype)

    parser.StartDoctypeDeclHandler = refuse_doctype
    if watcher:
        parser.StartElementHandler = watcher.start
        parser.EndElementHandler = watcher.end
        parser.CharacterDataHandler = watcher.text
    try:
        parser.Parse(data, True)  # noqa: FBT003 - Parse takes no names
    except expat.ExpatError as error:
        damage.pass_on(error)
        raise _malformed(name, error, (error.lineno, error.offset)) from error


def _doctype_refused(name: str, doctype: str) -> BadReport:
    return refusal(
        "too_complex",
        f"{name} declares a document type ({doctype}); no Office or OFD document does, and entities can be made to "
        "grow without end",
        name,
    )


def _malformed(name: str, error: Exception, position: tuple[int, int]) -> BadReport:
    line, column = position
    return refusal("damaged_file", f"{name} is no well-formed XML: {error}", f"line {line}, column {column}")


def local(tag: str) -> str:
    """A tag's name without its namespace or the prefix for it.

    >>> local("{http://www.ofdspec.org/2016}TextCode"), local("table:p")
    ('TextCode', 'p')
    """
    return tag.rpartition("}")[2].rpartition(":")[2]
