"""XML of strangers: no document type, no entities of its own, no depth that a walk could not bear."""

from xml.etree import ElementTree  # expat holds entities back until a document type declares them, which is refused

from worker.readers.reading import refusal

MOST_BYTES = 48 * 1024 * 1024
MOST_DEPTH = 256


class _Builder(ElementTree.TreeBuilder):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise refusal(
            "too_complex",
            f"{self.name} declares a document type ({name}); no Office or OFD document does, and entities can be made to "
            "grow without end",
            self.name,
        )

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
        line, column = error.position
        raise refusal(
            "damaged_file", f"{name} is no well-formed XML: {error}", f"line {line}, column {column}"
        ) from error
    return root


def local(tag: str) -> str:
    """A tag's name without its namespace.

    >>> local("{http://www.ofdspec.org/2016}TextCode")
    'TextCode'
    """
    return tag.rpartition("}")[2]
