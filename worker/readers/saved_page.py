"""Saved pages (MHTML, .mht): the web page in a MIME message, as browsers and Word write it (RFC 2557)."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import errors, message_from_bytes
from email.message import Message

from worker.errors import BadReport
from worker.readers import web_page
from worker.readers.charset import decode_bytes
from worker.readers.reading import Reading, refusal

MEDIA_TYPE = "multipart/related"
#: Parts in parts, and the length of a header that says what a part is: the parser's work is their square.
MOST_NESTED, MOST_HEADER = 16, 4096
_TYPE = re.compile(rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_HOLDS_PARTS = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_TORN_BASE64 = (
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
)


def read(data: bytes) -> Reading:
    """The report in the page that the message holds; of several, frames as a rule, the first with text that is shown.

    ``text.raw`` is the page's source as its part has it, so offsets count its characters, tags included.

    Raises:
        BadReport: ``unsupported_format`` for a message without a page, ``damaged_file`` for one that is cut off or whose
            page is, ``too_complex``, and as for a web page.
    """
    _refuse_nests(data)
    message = message_from_bytes(data.removeprefix(BOM_UTF8))
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        seen = message.get_content_type()
        raise refusal(
            "unsupported_format", f"a MIME message ({seen}) without a web page; save the page as HTML or MHTML"
        )
    _refuse_cut(message, pages)
    return replace(_first_with_text(pages), media_type=MEDIA_TYPE, encoding=None)


def _first_with_text(pages: Sequence[Message]) -> Reading:
    *others, last = pages
    for page in others:
        try:
            return _page(page)
        except BadReport as refused:
            if refused.code != "empty":
                raise
    return _page(last)


def _page(part: Message) -> Reading:
    return web_page.of_decoded(decode_bytes(_content(part)))


def _refuse_nests(data: bytes) -> None:
    nested = 0
    for header in _TYPE.finditer(data):
        if len(header.group()) > MOST_HEADER:
            seen = f"a header of {len(header.group())} bytes says what a part is; {MOST_HEADER} are allowed"
            raise refusal("too_complex", seen, f"byte {header.start()}")
        nested += bool(_HOLDS_PARTS.match(header.group()))
        if nested > MOST_NESTED:
            raise refusal("too_complex", f"more than {MOST_NESTED} parts hold parts", f"byte {header.start()}")


def _refuse_cut(message: Message, pages: list[Message]) -> None:
    """Where the message ends before it says so, its last part is cut off: no page may be that."""
    *_, last = message.walk()
    if last in pages and any(isinstance(defect, errors.CloseBoundaryNotFoundDefect) for defect in _defects(message)):
        raise refusal("damaged_file", "the message ends in the middle of its page; save the page again")


def _defects(message: Message) -> Iterator[object]:
    for part in message.walk():
        yield from part.defects


def _content(page: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    content = page.get_payload(decode=True)
    if any(isinstance(defect, _TORN_BASE64) for defect in page.defects) or not isinstance(content, bytes):
        raise refusal("damaged_file", "the page's base64 is torn: all that follows may be wrong; save the page again")
    return content
