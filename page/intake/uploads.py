"""The inbox's form, taken in while it arrives: each file goes straight to the disk it is meant for."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from page.intake.archives import is_archive, unpack
from page.intake.inbox import Growing, Inbox
from page.intake.refused import Refused
from schemas.paths import to_wire

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES: Final = 1000
_MOST_FIELD_BYTES: Final = 4096
_MOST_HEADER_BYTES: Final = 16_384


@dataclass
class Dropped:
    """What became of one form: places below the inbox, and what was refused."""

    taken: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class NoForm(Exception):
    """It is no form of ours: its token is missing or wrong, or it cannot be read; the key of the sentence about it."""

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key, status)
        self.key = key
        self.status = status


async def take(
    content_type: str,
    body: AsyncIterator[bytes],
    inbox: Inbox,
    is_token: Callable[[str], bool] | None,
    most_bytes: int,
) -> Dropped:
    """Take in a form of ``multipart/form-data``; the fields ``form_token`` and ``folder`` come before the files.

    Without ``is_token`` no token is asked for: the one who sends it is known otherwise.

    Raises:
        NoForm: it cannot be read, is larger than ``most_bytes``, or its token is not that of the one who sends it.
    """
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise NoForm("guard.form_kind", 415)
    form = _Form(inbox, is_token)
    size = 0
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in body:
            size += len(chunk)
            if size > most_bytes:
                raise NoForm("refused.upload_size", 413)
            parser.write(chunk)
            await form.work()
        parser.finalize()
        await form.work()
    except (FormParserError, ClientDisconnect):
        raise NoForm("refused.form", 400) from None
    finally:
        await run_in_threadpool(form.close)
    if not form.is_ours:
        raise NoForm("guard.form_token", 403)
    if not form.is_whole:
        raise NoForm("refused.form", 400)
    return form.dropped


class _Form:
    """Parts as the parser tells of them; what is to be done on the disk waits in ``_work`` for a thread."""

    def __init__(self, inbox: Inbox, is_token: Callable[[str], bool] | None) -> None:
        self.dropped = Dropped()
        self.is_ours = is_token is None
        self.is_whole = False
        self._inbox, self._is_token = inbox, is_token
        self._work: list[Callable[[], None]] = []
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = bytearray(), bytearray()
        self._field, self._text = "", bytearray()
        self._is_file, self._files = False, 0
        self._folder = ""
        self._growing: Growing | None = None

    def callbacks(self) -> "MultipartCallbacks":
        """For the parser."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._more(self._header, data[start:end], _MOST_HEADER_BYTES),
            "on_header_value": lambda data, start, end: self._more(self._value, data[start:end], _MOST_HEADER_BYTES),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._data(bytes(data[start:end])),
            "on_part_end": self._end,
            "on_end": self._end_form,
        }

    async def work(self) -> None:
        """Do what waits."""
        if self._work:
            waiting, self._work = self._work, []
            await run_in_threadpool(lambda: [act() for act in waiting])

    def close(self) -> None:
        """Forget a file that did not arrive whole."""
        if self._growing:
            self._growing.__exit__(None, None, None)
            self._growing = None

    def _begin(self) -> None:
        self._headers, self._text = {}, bytearray()
        self._header, self._value = bytearray(), bytearray()

    def _more(self, to: bytearray, data: bytes, most: int) -> None:
        to += data
        if len(to) > most:
            raise NoForm("refused.form", 400)

    def _end_header(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if not self._is_file:
            return
        if not self.is_ours:
            raise NoForm("guard.form_token", 403)
        name = unquote_quotes(options[b"filename"].decode("utf-8", "replace"))
        self._files += 1
        if self._files > MOST_FILES:
            raise NoForm("refused.many_files", 413)
        self._work.append(lambda: self._begin_file(name))

    def _data(self, data: bytes) -> None:
        if self._is_file:
            self._work.append(lambda: self._write(data))
        else:
            self._more(self._text, data, _MOST_FIELD_BYTES)

    def _end_form(self) -> None:
        self.is_whole = True

    def _end(self) -> None:
        if self._is_file:
            self._work.append(self._end_file)
        elif self._field == "form_token" and self._is_token:
            self.is_ours = self._is_token(self._text.decode("latin-1"))
        elif self._field == "folder":
            self._folder = self._text.decode("utf-8", "replace").strip("/")

    # In a thread

    def _begin_file(self, name: str) -> None:
        if not name:
            return  # a form without a chosen file sends an empty one
        below = f"{self._folder}/{name}" if self._folder else name
        try:
            self._growing = self._inbox.begin(below)
        except Refused as refused:
            self.dropped.refused.append(refused)

    def _write(self, data: bytes) -> None:
        if self._growing:
            try:
                self._growing.write(data)
            except Refused as refused:
                self.dropped.refused.append(refused)
                self.close()

    def _end_file(self) -> None:
        growing = self._growing
        if growing is None:
            return
        try:
            if is_archive(growing.name):
                self._unpack(growing)
            else:
                self.dropped.taken.append(to_wire(growing.finish()))
        except Refused as refused:
            self.dropped.refused.append(refused)
        finally:
            self.close()

    def _unpack(self, growing: Growing) -> None:
        growing.close()
        for found in unpack(growing.partial, growing.name, self._inbox):
            if isinstance(found, Refused):
                self.dropped.refused.append(found)
            else:
                self.dropped.taken.append(to_wire(found))


def unquote_quotes(name: str) -> str:
    """A file name as browsers send it: of what may not stand in quotes only the quote and line breaks are escaped.

    >>> unquote_quotes("100%25 %22a%22.txt")
    '100%25 "a".txt'
    """
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
