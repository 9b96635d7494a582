"""Logging in with the page's secret: a form, and a cookie that only who knows the secret can have made."""

import hashlib
import hmac
import re
import time
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from page.rendering import page_of

COOKIE = "zhibiao_login"
LASTS_S = 30 * 24 * 3600
_COOKIE = re.compile(r"(\d{1,12})\.([0-9a-f]{64})")
# A path of this page: two slashes, or one and a backslash, would begin the address of another.
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def is_valid(cookie: str, secret: str) -> bool:
    """Whether a cookie was made with the secret, and not too long ago."""
    match = _COOKIE.fullmatch(cookie)
    if match is None or not -60 < time.time() - int(match[1]) < LASTS_S:
        return False
    return hmac.compare_digest(match[2], _sign(match[1], secret))


def made(secret: str) -> str:
    """The cookie of somebody who has just shown the secret."""
    issued = str(int(time.time()))
    return f"{issued}.{_sign(issued, secret)}"


def address_for(request: Request) -> str:
    """Where to log in, to come back to what was asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/login?next={quote(request.url.path + query, safe='/')}"


def own_path(wanted: str) -> str:
    """A path of this page to go on to; its front where another page is meant."""
    return wanted if _OWN_PATH.fullmatch(wanted) else "/"


def _sign(issued: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"zhibiao page {issued}".encode(), hashlib.sha256).hexdigest()


def _form(request: Request) -> Response:
    return page_of(request, "login.html", next=own_path(request.query_params.get("next", "/")), is_wrong=False)


async def _enter(request: Request) -> Response:
    secret = request.app.state.settings.page_token
    form = await request.form()
    onward = own_path(str(form.get("next", "/")))
    given = str(form.get("token", "")).strip().encode("utf-8", "replace")
    if secret is None or not hmac.compare_digest(given, secret.get_secret_value().encode()):
        return page_of(request, "login.html", status=403, next=onward, is_wrong=True)
    response = RedirectResponse(onward, 303)
    response.set_cookie(
        COOKIE,
        made(secret.get_secret_value()),
        max_age=LASTS_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _leave(_request: Request) -> Response:
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


ROUTES: tuple[BaseRoute, ...] = (
    Route("/login", _form, methods=["GET"]),
    Route("/login", _enter, methods=["POST"]),
    Route("/logout", _leave, methods=["POST"]),
)
