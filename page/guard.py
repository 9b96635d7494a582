"""Who may ask for what: known names of this machine, forms of its own pages, people who have logged in.

It stands around all rooms, so that none can forget it. A room's POST takes a form of ``application/x-www-form-urlencoded``
with the field ``form_token``; only the inbox takes ``multipart/form-data``, and looks for the token itself.
"""

import hmac
import ipaddress
import re
import secrets
from urllib.parse import parse_qsl, urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from page import login, wording, wrong
from page.settings import LOOPBACK, PageSettings

#: The one address that takes files.
UPLOADS = "/inbox"
FORM_FIELD = "form_token"
FORM_COOKIE = "zhibiao_form"
#: Pasted text is the largest form; Chinese is nine bytes a character in one.
MOST_FORM_BYTES = 4_000_000
#: What a browser may load and do on a page: nothing that is not this page's own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # none at all would take the origin off our own forms, too
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}
_OPEN = ("/login", "/health")
_READING = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+?)\.?(?::\d{1,5})?")
_FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_FIELDS, _LONGEST_TOKEN = 1000, 200
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

_log = structlog.get_logger("page")


class Guard:
    """Lets a request through to ``app``, or answers it itself."""

    def __init__(self, app: ASGIApp, settings: PageSettings) -> None:
        self._app = app
        self._hosts = Hosts(settings)
        self._secret = settings.page_token.get_secret_value() if settings.page_token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = form_token_of(request)
        is_program = self._is_program(request)
        form_token = token or secrets.token_urlsafe(32)
        may_enter = is_program or self._secret is None or self._is_logged_in(request)
        scope.setdefault("state", {}).update(
            form_token=form_token,
            has_login=bool(self._secret) and may_enter,
            is_program=is_program,
            may_enter=may_enter,
        )
        send = _dressed(send, None if token else form_token)
        refused = self._refusal(request, is_program=is_program)
        if refused is None and request.method not in _READING and not is_program:
            receive, refused = await self._form(request, receive)
        if refused:
            await refused(scope, receive, send)
        else:
            await self._through(request, receive, send)

    async def _through(self, request: Request, receive: Receive, send: Send) -> None:
        """Let the rooms answer; where one fails, its reader is told so, with the headers of every answer."""
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(request.scope, receive, watched)
        except Exception:
            if not has_begun:
                await wrong.answer(request, 500)(request.scope, receive, send)
            raise

    def _refusal(self, request: Request, *, is_program: bool) -> Response | None:
        """An answer to what need not be read further; None for what may go on."""
        host = request.headers.getlist("host")
        if len(host) != 1 or not self._hosts.has(host[0]):
            _log.warning("refused", why="host", host=host)
            return refusal(request, 421, "guard.host")
        if request.method not in _READING and not is_program and not is_from_here(request):
            _log.warning("refused", why="origin", origin=request.headers.get("origin"), path=request.url.path)
            return refusal(request, 403, "guard.origin")
        if not request.state.may_enter and not _is_open(request.url.path):
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                return RedirectResponse(login.address_for(request), 303)
            return refusal(request, 401, "guard.login")
        return None

    def _is_logged_in(self, request: Request) -> bool:
        return self._secret is not None and login.is_valid(request.cookies.get(login.COOKIE, ""), self._secret)

    def _is_program(self, request: Request) -> bool:
        """Whether it brings the secret itself, which no browser does by itself for another page."""
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        return self._secret is not None and kind.lower() == "bearer" and same(given.strip(), self._secret)

    async def _form(self, request: Request, receive: Receive) -> tuple[Receive, Response | None]:
        """What the room is to receive, or a refusal of a form without its token."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == _MULTIPART and request.url.path == UPLOADS:
            return receive, None
        if kind != _URLENCODED:
            return receive, told(request, 415, "guard.form_kind")
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_FORM_BYTES:
                    return receive, told(request, 413, "guard.form_size", limit=MOST_FORM_BYTES // 1_000_000)
        except ClientDisconnect:
            return receive, told(request, 400, "refused.form")
        if not is_token_of(request, _token_in(body)):
            return receive, told(request, 403, "guard.form_token")
        return _again(bytes(body), receive), None


class Hosts:
    """The names that the page may be called by; any other is a stranger's page whose name leads here."""

    def __init__(self, settings: PageSettings) -> None:
        listed = (name.strip().lower() for name in settings.page_hosts.split(","))
        self._names = {*LOOPBACK, settings.page_address.lower(), *filter(None, listed)}
        self._is_local = settings.is_local

    def has(self, header: str) -> bool:
        """Whether a ``Host`` header names this page. Addresses in figures cannot be made to lead elsewhere."""
        match = _HOST.fullmatch(header.strip())
        if match is None:
            return False
        name = match[1].strip("[]").lower()
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self._is_local


def is_from_here(request: Request) -> bool:
    """Whether a browser says that one of our own pages sent this; without a word of it, it is not.

    A page cannot choose either header. An origin may be hidden as ``null``; the site alone is told then.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    is_same = origin is not None and urlsplit(origin).netloc.lower() == request.headers["host"].strip().lower()
    if site is None:
        return is_same
    return site == "same-origin" and (is_same or origin in (None, "null"))


def form_token_of(request: Request) -> str:
    """The token that the forms of this browser have; empty for none."""
    token = request.cookies.get(FORM_COOKIE, "")
    return token if _FORM_TOKEN.fullmatch(token) else ""


def is_token_of(request: Request, given: str) -> bool:
    """Whether a form's token is that of the browser that sends it."""
    token = form_token_of(request)
    return bool(token) and same(given, token)


def same(left: str, right: str) -> bool:
    """Compared in a time that says nothing of where they differ."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def refusal(request: Request, status: int, key: str, **values: object) -> Response:
    """A refusal in the words of the one who asked; no page of ours, for it may be shown to a stranger."""
    return PlainTextResponse(wording.of(wording.wanted_by(request))(key, **values) + "\n", status)


def told(request: Request, status: int, key: str, **values: object) -> Response:
    """A refusal of a form that a page of ours has sent: a page again, with the way back."""
    return wrong.answer(request, status, wording.of(wording.wanted_by(request))(key, **values))


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith("/static/")


def _token_in(body: bytearray) -> str:
    """The token of a form; what else it holds, as a long text, is for its room to decode."""
    fields = body.split(b"&", _MOST_FIELDS)
    short = (field for field in fields[:_MOST_FIELDS] if len(field) < _LONGEST_TOKEN)
    found = (parse_qsl(field.decode("latin-1")) for field in short)
    return next((value for pairs in found for name, value in pairs if name == FORM_FIELD), "")


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already once more, then what else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _dressed(send: Send, new_token: str | None) -> Send:
    """Sends with the headers that every answer has; a page brings the form token along where there was none."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            is_page = headers.get("content-type", "").startswith("text/html")
            if is_page:
                headers.setdefault("cache-control", "no-store")
            if is_page and new_token:
                headers.append("set-cookie", f"{FORM_COOKIE}={new_token}; Path=/; HttpOnly; SameSite=Strict")
        await send(message)

    return dressed
